/*
 * Documents that are written as changes to them.
 */
#include "cmd/import/copilot/oplog.h"
#include "tests/tap.h"

static struct buf out = BUF_INIT(1 << 20);

/*
 * Apply lines and return the document that they make; "!<message>" after the
 * first that does not fit, "?" after one of an unknown kind.
 */
static const char *replay(const char *lines)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span log = span_str(lines);
	struct oplog_place place = { log, NULL, 0 };
	struct oplog oplog = OPLOG_INIT;
	struct err err = ERR_INIT;
	struct jdoc *doc;
	const char *end;
	bool is_known = true;
	int rc = 0;

	buf_reset(&out);
	while (rc == 0 && is_known && *lines) {
		end = strchr(lines, '\n');
		doc = NULL;
		rc = jdoc_parse(span_of(lines, (size_t)(end - lines)),
				&options, &doc, &err);
		if (rc == 0) {
			place.from = lines;
			place.offset = (uint64_t)(lines - log.at);
			rc = oplog_apply(&oplog, jdoc_root(doc), &place,
					 &is_known, &err);
		}
		jdoc_free(doc);
		lines = end + 1;
	}
	if (rc < 0)
		rc = buf_printf(&out, NULL, "!%s", err.text);
	else if (!is_known)
		rc = buf_add_str(&out, "?", &err);
	if (rc >= 0 && out.len == 0)
		rc = oplog_write(&oplog, NULL, &out, &err);
	if (rc < 0)
		bail_out("%s", err.text);
	oplog_release(&oplog);
	return buf_text(&out);
}

#define DOC "{\"kind\":0,\"v\":{\"a\":[1,{\"b\":[]}],\"c\":\"x\"}}\n"

static void test_changes(void)
{
	is_str(replay(""), "", "nothing is no document");
	is_str(replay(DOC), "{\"a\":[1,{\"b\":[]}],\"c\":\"x\"}",
	       "the document");
	is_str(replay(DOC "{\"kind\":0,\"v\":[]}\n"), "[]", "another one");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"c\"],\"v\":null}\n"),
	       "{\"a\":[1,{\"b\":[]}],\"c\":null}", "set a member");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"d\\n\"],\"v\":2}\n"),
	       "{\"a\":[1,{\"b\":[]}],\"c\":\"x\",\"d\\n\":2}",
	       "set a new one");
	is_str(replay(DOC "{\"kind\":1,\"k\":[],\"v\":7}\n"), "7",
	       "set the whole");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"a\",0],\"v\":{}}\n"
		      "{\"kind\":1,\"k\":[\"a\",\"0\",\"z\"],\"v\":3}\n"),
	       "{\"a\":[{\"z\":3},{\"b\":[]}],\"c\":\"x\"}",
	       "numbers and digits name items");
	is_str(replay(DOC "{\"kind\":3,\"k\":[\"a\"]}\n"), "{\"c\":\"x\"}",
	       "delete a member");
	is_str(replay(DOC "{\"kind\":3,\"k\":[\"a\",0]}\n"),
	       "{\"a\":[null,{\"b\":[]}],\"c\":\"x\"}",
	       "an item leaves a hole");
	is_str(replay(DOC "{\"kind\":3,\"k\":[\"nothing\"]}\n"),
	       "{\"a\":[1,{\"b\":[]}],\"c\":\"x\"}",
	       "to delete what is not there is no fault");
}

static void test_arrays(void)
{
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"a\"],\"v\":[2,[3]]}\n"),
	       "{\"a\":[1,{\"b\":[]},2,[3]],\"c\":\"x\"}", "append");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"a\"],\"v\":[2],\"i\":1}\n"),
	       "{\"a\":[1,2],\"c\":\"x\"}", "cut, then append");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"a\"],\"i\":0}\n"),
	       "{\"a\":[],\"c\":\"x\"}", "cut alone");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"a\",1,\"b\"],\"v\":[4]}\n"
		      "{\"kind\":2,\"k\":[\"a\",1,\"b\"],\"v\":[5]}\n"),
	       "{\"a\":[1,{\"b\":[4,5]}],\"c\":\"x\"}", "deep inside");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"d\"],\"v\":[4]}\n"),
	       "{\"a\":[1,{\"b\":[]}],\"c\":\"x\",\"d\":[4]}",
	       "a new array");
	is_str(replay("{\"kind\":0,\"v\":[]}\n{\"kind\":2,\"v\":[1]}\n"),
	       "[1]", "the document itself is one");
}

static void test_faults(void)
{
	is_str(replay("{\"kind\":1,\"k\":[\"a\"],\"v\":1}\n"),
	       "!a change before the document", "no document");
	is_str(replay(DOC "{\"kind\":4,\"k\":[\"a\"],\"v\":1}\n"), "?",
	       "an unknown kind");
	is_str(replay(DOC "{\"kind\":\"1\"}\n"), "?", "a kind of text");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"a\"]}\n"),
	       "!a change without a value", "no value");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"a\",3],\"v\":1}\n"),
	       "!a path that leads behind the end of an array",
	       "behind the end");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"a\",-1],\"v\":1}\n"),
	       "!a path that leads behind the end of an array",
	       "before the begin");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"c\",\"d\"],\"v\":1}\n"),
	       "!a change inside a value that has no parts",
	       "inside a string");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"x\",\"d\"],\"v\":1}\n"),
	       "!a path that leads nowhere", "inside what is not there");
	is_str(replay(DOC "{\"kind\":1,\"k\":[\"\\ud800\"],\"v\":1}\n"),
	       "!a path with a step that is no name", "a torn name");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"c\"],\"v\":[1]}\n"),
	       "!a change inside a value that has no parts",
	       "items for a string");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"a\",1],\"v\":[1]}\n"),
	       "!items for what is no array", "items for an object");
	is_str(replay(DOC "{\"kind\":2,\"k\":[\"a\"],\"v\":[],\"i\":3}\n"),
	       "!an array is to be cut where it does not reach",
	       "cut behind the end");
}

/* A path of many steps is refused before anything is opened. */
static void test_depth(void)
{
	struct buf lines = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;
	int i;
	int rc;

	rc = buf_add_str(&lines, "{\"kind\":0,\"v\":[]}\n{\"kind\":1,\"k\":["
			 "0", &err);
	for (i = 0; rc >= 0 && i < OPLOG_PATH_MAX; i++)
		rc = buf_add_str(&lines, ",0", &err);
	if (rc >= 0)
		rc = buf_add_str(&lines, "],\"v\":1}\n", &err);
	if (rc < 0)
		bail_out("%s", err.text);
	is_str(replay(buf_text(&lines)), "!a path of too many steps",
	       "a path of too many steps");
	buf_reset(&lines);
	rc = buf_add_str(&lines, "{\"kind\":0,\"v\":[]}\n", &err);
	for (i = 0; rc >= 0 && i < OPLOG_PATH_MAX; i++) {
		int n;

		rc = buf_add_str(&lines, "{\"kind\":2,\"k\":[", &err);
		for (n = 0; rc >= 0 && n < i; n++)
			rc = buf_add_str(&lines, n ? ",0" : "0", &err);
		if (rc >= 0)
			rc = buf_add_str(&lines, "],\"v\":[[]]}\n", &err);
	}
	if (rc < 0)
		bail_out("%s", err.text);
	is_int((int)strlen(replay(buf_text(&lines))),
	       2 * (OPLOG_PATH_MAX + 1), "as deep as a path may lead");
	buf_release(&lines);
}

int main(void)
{
	test_changes();
	test_arrays();
	test_faults();
	test_depth();
	buf_release(&out);
	return done_testing();
}
