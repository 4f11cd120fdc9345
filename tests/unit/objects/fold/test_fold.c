/* The fold of one entity, by example. */
#include <time.h>

#include "tests/unit/fold_made.h"

#define RECORDS_MAX 10240

static void is_fold(const struct made *made, const char *want,
		    const char *name)
{
	char text[4096];

	is_str(fold_text(made->records, made->n, text, sizeof(text)), want,
	       name);
}

static void test_simple(struct made *made)
{
	made->n = 0;
	is_fold(made, "gone", "no records, no entity");
	make(made, "create", 1, NULL, "{\"a\":1,\"o\":{\"x\":[null],\"y\":2}}");
	is_fold(made, "{\"a\":1,\"o\":{\"x\":[null],\"y\":2}}",
		"a lone record is its state");
	make(made, "update", 2, PREV(0), "{\"a\":2,\"o\":{\"y\":null,\"z\":3}}");
	is_fold(made, "{\"a\":2,\"o\":{\"x\":[null],\"z\":3}}",
		"objects merge, null deletes");
	made->n = 0;
	make(made, "create", 1, NULL,
	     "{\"n\":null,\"o\":{\"n\":null},\"tags\":[\"b\",\"a\",\"b\"]}");
	is_fold(made, "{\"tags\":[\"a\",\"b\"]}",
		"a lone record: nulls go, sets are sorted and have no doubles");
	made->n = 0;
	make(made, "create", 1, NULL, "{}");
	is_fold(made, "{}", "a record without fields is an entity");
	made->n = 0;
	make(made, "create", 1, NULL, "{\"tags\":\"solo\"}");
	is_fold(made, "{\"tags\":[\"solo\"]}", "a set value that is no array");
	made->n = 0;
	make(made, "create", 1, NULL, "{\"t\":\"see:null and : null\"}");
	is_fold(made, "{\"t\":\"see:null and : null\"}", "null inside text");
}

static void test_names(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL,
	     "{\"\\u0000\":1,\"\\u0001\":2,\"\\n\":3,\"\\\"\":4,\"\\\\\":5,"
	     "\"\xf0\x9f\x98\x80\":6,\"\xee\x80\x80\":7,\"\xef\xac\xb3\":8}");
	make(made, "update", 2, PREV(0), "{\"\xee\x80\x80\":null,\"a\":{}}");
	make(made, "update", 3, PREV(1), "{\"\xee\x80\x80\":9}");
	is_fold(made,
		"{\"\\u0000\":1,\"\\u0001\":2,\"\\n\":3,\"\\\"\":4,\"\\\\\":5,"
		"\"a\":{},\"\xf0\x9f\x98\x80\":6,\"\xee\x80\x80\":9,"
		"\"\xef\xac\xb3\":8}", "names keep escapes and UTF-16 order");
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a/b\":{\"~\":1}}");
	make(made, "create", 2, NULL, "{\"a/b\":{\"~\":2}}");
	is_fold(made, "{\"a/b\":{\"~\":2}} /a~1b/~0:1>0",
		"conflicts are named by JSON Pointers");
}

/* The fields in dispute, each with its conflicts: "/a(2) /b(1)". */
static void is_gathered(const struct made *made, const char *want,
			const char *what)
{
	struct fold_conflicts conflicts = FOLD_CONFLICTS_INIT;
	struct buf out = BUF_INIT(1 << 20);
	struct buf got = BUF_INIT(4096);
	struct err err = ERR_INIT;
	bool is_live;
	size_t fields;
	size_t seen = 0;
	size_t i;
	size_t n;

	if (fold_entity(made->records, made->n, &out, &is_live, &conflicts,
			&err) < 0)
		bail_out("fold_entity: %s", err.text);
	fields = fold_conflicts_gather(&conflicts);
	for (i = 0; i < conflicts.n; i += n) {
		struct span field = fold_conflict_field(&conflicts.at[i]);

		for (n = 1; i + n < conflicts.n; n++) {
			if (!span_equals(field, fold_conflict_field(
						&conflicts.at[i + n])))
				break;
		}
		buf_putf(&got, "%s%.*s(%zu)", i ? " " : "", (int)field.len,
			 field.at, n);
		seen++;
	}
	is_str(buf_text(&got), want, what);
	is_int((long long)fields, (long long)seen, "and they are counted");
	fold_conflicts_release(&conflicts);
	buf_release(&out);
	buf_release(&got);
}

static void test_gather(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":{\"b\":1,\"c\":1}}");
	make(made, "create", 2, NULL, "{\"a\":\"x\",\"a-\":1}");
	make(made, "create", 3, NULL, "{\"a\":{\"b\":3},\"a-\":2,\"z\":1}");
	is_gathered(made, "/a(2) /a-(1)", "one field with what is below it");
	made->n = 0;
	make(made, "create", 3, NULL, "{\"a\":\"x\"}");
	make(made, "create", 1, NULL, "{\"a\":{\"b~\":{\"c/\":1},\"d\":2}}");
	is_gathered(made, "/a(2)", "the winner's is the shorter path");
	make(made, "delete", 1, NULL, "{}");
	is_gathered(made, "(1) /a(2)", "the entity as such is apart");
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":{\"$blob\":\"x\",\"size\":1},"
	     "\"size\":1}");
	make(made, "create", 2, NULL, "{\"a\":{\"$blob\":\"y\",\"size\":2},"
	     "\"size\":2}");
	is_gathered(made, "/a(2) /size(1)", "a blob is one value");
}

static void value_is(const char *data, const char *pointer, const char *want)
{
	struct span value;
	struct err err = ERR_INIT;
	bool is_there;

	is_int(fold_value_at(span_str(data), span_str(pointer), &value,
			     &is_there, &err), 0, pointer);
	ok(is_there == (want != NULL) &&
	   (!want || span_equals(value, span_str(want))), "it is '%s'",
	   want ? want : "absent");
}

static void test_values(void)
{
	static const char data[] =
		"{\"\\n\":4,\"a/b\":{\"c~\":[1]},\"d\":null,\"e\":{}}";

	value_is(data, "", data);
	value_is(data, "/a~1b/c~0", "[1]");
	value_is(data, "/a~1b", "{\"c~\":[1]}");
	value_is(data, "/a~1b/x", NULL);
	value_is(data, "/d/x/y", "null");
	value_is(data, "/e/x", NULL);
	value_is(data, "/\n", "4");
	value_is(data, "/", NULL);
}

static void test_time(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1}");
	make(made, "update", 3000, PREV(0), "{\"a\":\"future\"}");
	make(made, "update", 5, PREV(0), "{\"a\":\"now\"}");
	is_fold(made, "{\"a\":\"future\"} /a:1>2",
		"a far future wins over what has not seen it");
	make(made, "update", 6, PREV(1, 2), "{\"a\":\"edit\"}");
	is_fold(made, "{\"a\":\"edit\"}", "and only until the next edit");
	made->n = 0;
	make(made, "create", 9, PREV(-2), "{\"a\":1}");
	make(made, "update", 1, PREV(-2, 0), "{\"a\":2}");
	is_fold(made, "{\"a\":2}", "a missing prev counts as seen");
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1}");
	make(made, "update", 2, PREV(0), "{\"b\":2}");
	make(made, "update", 0, PREV(1), "{\"a\":3}");
	is_fold(made, "{\"a\":3,\"b\":2}", "prev counts transitively");
}

static void test_delete(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1,\"b\":1,\"tags\":[\"x\"]}");
	make(made, "delete", 2, PREV(0), "{\"reason\":\"old\"}");
	is_fold(made, "gone", "a delete takes what it has seen");
	make(made, "update", 1, PREV(0), "{\"a\":2,\"tags\":[\"x\",\"y\"]}");
	is_fold(made, "{\"a\":2,\"tags\":[\"y\"]} :2>1",
		"a concurrent update stands, with what it sets: a conflict");
	make(made, "update", 3, PREV(1, 2), "{\"a\":4}");
	is_fold(made, "{\"a\":4,\"tags\":[\"y\"]}",
		"until a later one has seen both");
	made->n--;
	make(made, "delete", 1, PREV(2), "{}");
	is_fold(made, "gone", "another delete takes that as well");
	make(made, "create", 1, PREV(1, 3), "{\"b\":3}");
	is_fold(made, "{\"b\":3}", "and a later record begins anew");
	made->n = 0;
	make(made, "delete", 1, NULL, "{}");
	is_fold(made, "gone", "a lone delete");
}

static void test_removals(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"tags\":[\"a\",\"b\",\"c\"]}");
	make(made, "update", 2, PREV(0), "{\"tags\":[\"a\",\"b\"]}");
	make(made, "update", 3, PREV(0), "{\"tags\":[\"a\",\"b\",\"c\",\"d\"]}");
	is_fold(made, "{\"tags\":[\"a\",\"b\",\"d\"]}",
		"one takes c away, another adds d: both happen");
	make(made, "update", 4, PREV(1, 2), "{\"tags\":[\"c\"]}");
	is_fold(made, "{\"tags\":[\"c\"]}", "who has seen both has the word");
	make(made, "update", 5, PREV(3), "{\"tags\":[]}");
	is_fold(made, "{\"tags\":[]}", "an emptied set is empty");
	make(made, "update", 6, PREV(4), "{\"tags\":null}");
	is_fold(made, "{}", "a deleted one is absent");
	make(made, "create", 0, NULL, "{\"tags\":[\"z\"]}");
	is_fold(made, "{\"tags\":[\"z\"]}",
		"an addition that no removal has seen stays");
}

static void test_above(struct made *made)
{
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;
	bool is_live = false;

	made->n = 0;
	make(made, "update", 1, NULL, "{\"traits\":{\"calm\":1,\"dry\":null}}");
	is_int(fold_entity_above(made->records, 1, &out, &is_live, NULL, &err),
	       0, "fold for laying on top");
	is_str(buf_text(&out), "{\"traits\":{\"calm\":1,\"dry\":null}}",
	       "keeps nulls");
	buf_release(&out);
}

/* A failure of memory in the caller's buffer leaves everything as it was. */
static void test_failure(struct made *made)
{
	struct fold_conflicts conflicts = FOLD_CONFLICTS_INIT;
	struct buf out = BUF_INIT(12);
	struct err err = ERR_INIT;
	bool is_live = false;

	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1,\"b\":\"long text here\"}");
	make(made, "create", 2, NULL, "{\"a\":2}");
	is_int(buf_add_str(&out, "before", &err), 0, "something in the buffer");
	is_int(fold_entity(made->records, 2, &out, &is_live, &conflicts, &err),
	       ERR_LIMIT, "a state that does not fit");
	is_str(buf_text(&out), "before", "the buffer is as before");
	is_int((long long)conflicts.n, 0, "no conflicts are left behind");
	ok(!is_live, "the answer is not set");
	fold_conflicts_release(&conflicts);
	buf_release(&out);
}

static void test_cycle(struct made *made)
{
	char text[512];
	char other[512];
	struct fold_record swapped[2];

	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1}");
	make(made, "update", 2, PREV(0), "{\"a\":2}");
	made->records[0].record.prev = made->records[1].record.prev;
	snprintf(made->prevs[0], sizeof(made->prevs[0]), "[\"%s\"]",
		 made->ids[1]);
	made->records[0].record.prev.at = made->prevs[0];
	fold_text(made->records, 2, text, sizeof(text));
	swapped[0] = made->records[1];
	swapped[1] = made->records[0];
	fold_text(swapped, 2, other, sizeof(other));
	is_str(text, other, "ids that lie in a circle end, and the same way");
}

/* More paths in one group of rivals than are asked for at once. */
static void test_wide(struct made *made)
{
	static char wide[4096];
	char want[4096];
	size_t len = 0;
	int i;

	made->n = 0;
	for (i = 0; i < 150; i++)
		len += (size_t)snprintf(wide + len, sizeof(wide) - len,
					"%s\"k%03d\":%d", i ? "," : "{\"a\":{",
					i, i);
	snprintf(wide + len, sizeof(wide) - len, "}}");
	make(made, "create", 1, NULL, wide);
	make(made, "update", 9, PREV(0), "{\"a\":\"flat\"}");
	is_fold(made, "{\"a\":\"flat\"}", "a value takes 150 fields below it");
	make(made, "update", 2, PREV(1), "{\"a\":{\"k140\":1,\"z\":2}}");
	is_fold(made, "{\"a\":{\"k140\":1,\"z\":2}}",
		"fields below take the value");
	made->n = 0;
	make(made, "create", 1, NULL, wide);
	make(made, "update", 2, PREV(0), "{\"a\":{\"k149\":\"new\"}}");
	make(made, "create", 0, NULL, "{\"a\":1}");
	snprintf(want, sizeof(want), "%s", wide);
	snprintf(strstr(want, "149}}"), 32, "\"new\"}} /a:1>2");
	is_fold(made, want, "a low value loses to all of them");
}

/* More additions of one element than are followed at once. */
static void test_additions(struct made *made)
{
	int i;

	made->n = 0;
	for (i = 0; i < 200; i++)
		make(made, "create", i, NULL, "{\"tags\":[\"x\"]}");
	for (i = 0; i < 199; i += 10) {
		int ten[11] = { i, i + 1, i + 2, i + 3, i + 4, i + 5,
				i + 6, i + 7, i + 8, i + 9, -1 };

		if (i == 190)
			ten[9] = -1;
		make(made, "update", 300, ten, "{\"tags\":[]}");
	}
	is_fold(made, "{\"tags\":[\"x\"]}", "one of 200 additions is unseen");
	make(made, "update", 301, PREV(199), "{\"tags\":[\"y\"]}");
	is_fold(made, "{\"tags\":[\"y\"]}", "and then that is removed too");
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void test_many(struct made *made)
{
	static char data[RECORDS_MAX][256];
	size_t chain = 10000;
	struct fold_conflicts conflicts = FOLD_CONFLICTS_INIT;
	struct buf out = BUF_INIT(1 << 24);
	struct err err = ERR_INIT;
	bool is_live;
	double start;
	size_t i;

	made->n = 0;
	for (i = 0; i < chain; i++) {
		int prev[2] = { (int)i - 1, -1 };

		snprintf(data[i], sizeof(data[i]), "{\"content\":%zu,"
			 "\"f%zu\":1,\"tags\":[\"t%zu\",\"u%zu\"]}", i,
			 i % 100, i % 7, i % 300);
		make(made, "update", (int)(i % 3600), i ? prev : NULL, data[i]);
	}
	start = seconds();
	is_int(fold_entity(made->records, chain, &out, &is_live, &conflicts,
			   &err), 0, "a chain of 10,000");
	ok(seconds() - start < 5, "a chain in good time: %.3f s",
	   seconds() - start);
	is_int((long long)conflicts.n, 0, "a chain has no conflicts");
	ok(strstr(buf_text(&out), "\"content\":9999,") != NULL, "its last wins");
	ok(strstr(buf_text(&out), "\"tags\":[\"t3\",\"u99\"]") != NULL,
	   "its last tags are the tags");
	buf_reset(&out);
	for (i = 0; i < chain; i++)
		made->records[i].record.prev = span_str("[]");
	start = seconds();
	is_int(fold_entity(made->records, chain, &out, &is_live, &conflicts,
			   &err), 0, "10,000 that have not seen each other");
	ok(seconds() - start < 5, "concurrent ones in good time: %.3f s",
	   seconds() - start);
	is_int((long long)conflicts.n, 9999, "each loser is a conflict");
	ok(strstr(buf_text(&out), "\"t6\",\"u0\"") != NULL, "all tags are there");
	fold_conflicts_release(&conflicts);
	buf_release(&out);
}

/*
 * Two lines that part and meet a hundred times: one lets go of the tags, where
 * they meet they are all there again. Each meeting adds them anew, since the
 * one who let go had seen the addition before; more holders than are followed
 * at a time, and more tags.
 */
static void test_meetings(struct made *made)
{
	static char tags[2048];
	static char text[4096];
	size_t len = 0;
	int i;

	for (i = 0; i < 100; i++)
		len += (size_t)snprintf(tags + len, sizeof(tags) - len,
					"%s\"t%02d\"", i ? "," : "", i);
	snprintf(text, sizeof(text), "{\"tags\":[%s]}", tags);
	made->n = 0;
	make(made, "create", 1, NULL, text);
	for (i = 0; i < 300; i += 3) {
		make(made, "update", i, PREV(i), text);
		make(made, "update", i, PREV(i), "{\"tags\":[]}");
		make(made, "update", i, PREV(i + 1, i + 2), text);
	}
	is_fold(made, text, "tags that are added anew at each meeting");
	make(made, "update", 301, PREV(298), "{\"tags\":[]}");
	is_fold(made, text, "who had not seen the last one removes nothing");
	make(made, "update", 302, PREV(300), "{\"tags\":[\"t01\"]}");
	is_fold(made, "{\"tags\":[\"t01\"]}", "who had, removes it");
}

/* Records of which each names all that came before. */
static void test_all_named(struct made *made)
{
	static char data[64][32];
	int prev[65];
	int i;

	made->n = 0;
	for (i = 0; i < 14; i++) {
		prev[i] = -1;
		snprintf(data[i], sizeof(data[i]), "{\"tags\":[\"t%d\",\"u\"]}",
			 i);
		make(made, "update", i, prev, data[i]);
		prev[i] = i;
	}
	is_fold(made, "{\"tags\":[\"t13\",\"u\"]}",
		"each has removed the last one's, and kept what all had");
}

int main(void)
{
	struct made made;

	made_init(&made, RECORDS_MAX);
	test_simple(&made);
	test_names(&made);
	test_time(&made);
	test_delete(&made);
	test_gather(&made);
	test_values();
	test_removals(&made);
	test_above(&made);
	test_failure(&made);
	test_cycle(&made);
	test_wide(&made);
	test_additions(&made);
	test_meetings(&made);
	test_all_named(&made);
	test_many(&made);
	made_release(&made);
	return done_testing();
}
