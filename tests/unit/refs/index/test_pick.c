/*
 * What is found by a pattern through the shards is what reading and folding
 * everything finds, in the same order, whatever the words around it look like.
 */
#include "cmd/action/recall/lines.h"
#include "lib/time/timestamp.h"
#include "objects/store/store.h"
#include "refs/index/recall.h"
#include "refs/trust/open.h"
#include "refs/write/write.h"
#include "tests/unit/version_fixture.h"

#define ROUNDS 12
#define N_OF(list) (sizeof(list) / sizeof((list)[0]))

static struct vault *vault;
static struct err err = ERR_INIT;
static uint64_t seed = 20261130;

/* Names in parts, runs that are cut, stop words, letters that are others'
 * small ones, more parts than anybody counts. */
static const char *const pieces[] = {
	"rose", "Rose", "roses", "ROSE", "primrose", "ro", "se", "the", "other",
	"theory", "read_file", "readFile", "src/loader.c", "parseHTTPHeader",
	"aGVsbG8gd29ybGQgcm9zZSBhbmQgcm9zZXMgaW4gdGhlIGdhcmRlbiBhbmQgbW9yZQ",
	"aBcDeFgHiJkLmNoPqRsTuVwXyZroSeAbCdEf", "a.b.c.d.e.f.g.h.i.j.k.l.rose.m",
	"rosesrosesrosesrosesrosesrosesrosesrosesrosesrosesrosesrosesrosesgarden",
	"ro\xc5\xbf" "e", "\xe2\x84\xaa" "elvin", "kelvin", "caf\xc3\xa9", "cafe\xcc\x81",
	"\xe5\x9b\xbe\xe4\xb9\xa6rose\xe9\xa6\x86", "it's", "Caroline's", "don't",
	"rose-garden", "2023", "x1y2z3", "\\n", "\\t", ".", "-", "\\r\\n"
};

static const struct {
	const char *text;
	unsigned flags;
} asked[] = {
	{ "rose", PATTERN_LITERAL }, { "rose", PATTERN_LITERAL | PATTERN_NO_CASE },
	{ "rose", PATTERN_LITERAL | PATTERN_WORDS },
	{ "ROSE", PATTERN_LITERAL }, { "oses", PATTERN_LITERAL },
	{ "the", PATTERN_LITERAL }, { "heo", PATTERN_LITERAL },
	{ "the theory", PATTERN_LITERAL }, { "dfile", PATTERN_NO_CASE },
	{ "d_file", PATTERN_LITERAL }, { "loader.c", PATTERN_LITERAL },
	{ "ader.c", PATTERN_LITERAL }, { "eHTTPH", PATTERN_LITERAL },
	{ "garden", PATTERN_LITERAL }, { "kelvin", PATTERN_NO_CASE },
	{ "kelvin", PATTERN_LITERAL }, { "Caroline's", PATTERN_LITERAL },
	{ "cafe", PATTERN_LITERAL }, { "n't", PATTERN_LITERAL },
	{ "cm9z", PATTERN_LITERAL | PATTERN_NO_CASE },
	{ "ABCDE", PATTERN_LITERAL | PATTERN_NO_CASE },
	{ "\xe4\xb9\xa6ro", PATTERN_LITERAL }, { "y2z", 0 },
	{ "^rose", 0 }, { "rose$", 0 }, { "roses?", 0 }, { "ros(e|a)s", 0 },
	{ "rose|the", 0 }, { "prim?rose\\b", 0 }, { "read.?file", PATTERN_NO_CASE },
	{ "[a-z]+garden", 0 }, { "(rose)+sgar", 0 }, { "\\d{4}", 0 },
	{ "ros{1,2}e", 0 }, { "(?i)ROSES", 0 }, { "\\Qsrc/loader\\E", 0 },
	{ "garde[n]", 0 }, { "x*", 0 },
};

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

/* xorshift64*: the same numbers in each run. */
static size_t below(size_t n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (size_t)((seed * UINT64_C(2685821657736338717)) >> 33) % n;
}

static void put_text(struct buf *out)
{
	size_t n = below(6);
	size_t i;

	for (i = 0; i <= n; i++)
		buf_putf(out, "%s%s", i && below(3) ? " " : "",
			 pieces[below(N_OF(pieces))]);
}

/* A session with a title, and the folder that it was in. */
static void write_session(struct writer *writer)
{
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	char at[HLC_TEXT_MAX];
	char entity[32];
	struct record_parts parts = { .type = "session:create", .at = at };

	snprintf(entity, sizeof(entity), "session:t:%zu", below(4));
	must(vault_now(vault, at, &err), "clock");
	buf_put_str(&data, "{\"native\":{\"cwd\":\"");
	buf_putf(&data, "/w/%zu\"},\"title\":\"", below(2));
	put_text(&data);
	buf_put_str(&data, "\"}");
	parts.entity = span_str(entity);
	parts.data = buf_span(&data);
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), "add");
	buf_release(&data);
}

static void write_one(struct writer *writer)
{
	static const char *const verbs[] = { "create", "create", "create",
					     "update", "delete" };
	bool is_message = below(3);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	char at[HLC_TEXT_MAX];
	char entity[64];
	char type[32];
	struct record_parts parts = { .type = type, .at = at };

	snprintf(type, sizeof(type), "%s:%s", is_message ? "message" :
		 "memory", verbs[below(N_OF(verbs))]);
	snprintf(entity, sizeof(entity), is_message ? "message:t:%zu/%zu" :
		 "memory:%zu/%zu", below(4), below(60));
	must(vault_now(vault, at, &err), "clock");
	buf_put_str(&data, "{\"content\":\"");
	put_text(&data);
	buf_putf(&data, "\",\"created\":\"2023-05-%02zuT10:00:00.000000Z\","
		 "\"index\":%zu,\"role\":\"user\",\"session\":\"session:t:%c\","
		 "\"visibility\":\"%s\"}", 1 + below(28), below(9),
		 is_message ? entity[10] : '0', below(8) ? "visible" : "thinking");
	parts.entity = span_str(entity);
	parts.data = buf_span(&data);
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), "add");
	buf_release(&data);
}

static void write_some(void)
{
	struct writer *writer = NULL;
	struct write_result result;
	size_t n = 4 + below(20);

	must(writer_new(vault, "nova", WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	write_session(writer);
	while (n--)
		write_one(writer);
	must(writer_commit(writer, "some", &result, &err), "commit");
	writer_free(writer);
}

static int holds(void *arg, struct span text, bool *out, struct err *why)
{
	return lines_hold(arg, text, out, why);
}

static struct recall *find(struct pattern *pattern, const char *run,
			   const struct recall_filter *filter,
			   struct view *view)
{
	const struct recall_pick pick = { holds, pattern };
	struct recall *recall = NULL;

	must(recall_new_picked(run, &pick, filter, &recall, &err), "new");
	must(recall_add(recall, view, &err), "add");
	must(recall_choose(recall, SIZE_MAX, &err), "choose");
	recall->pick = NULL;
	return recall;
}

static bool is_same(const struct recall *a, const struct recall *b)
{
	size_t i;

	if (a->hits_n != b->hits_n)
		return false;
	for (i = 0; i < a->hits_n; i++) {
		const struct row *x = &a->rows.at[a->hits[i].row];
		const struct row *y = &b->rows.at[b->hits[i].row];

		if (!span_equals(x->entity, y->entity) ||
		    memcmp(x->id, y->id, RECORD_ID_BYTES))
			return false;
	}
	return true;
}

/* Whether the index was of use, and whether the answer is the same. */
static bool check(size_t which, struct view *view, size_t *quick_n,
		  size_t *hits)
{
	const int64_t day = INT64_C(1683000000000000) +
			    (int64_t)below(20) * TIMESTAMP_DAY;
	const struct recall_filter filter = {
		.since = below(4) ? INT64_MIN : day,
		.until = below(4) ? INT64_MAX : day + 5 * TIMESTAMP_DAY,
		.with_all = below(2), .project = below(4) ? NULL : "/w/1",
		.role = below(6) ? NULL : "user",
		.session = below(6) ? NULL : "t:2",
	};
	struct pattern *pattern = NULL;
	struct buf run = BUF_INIT(BUF_NO_LIMIT);
	struct recall *plain;
	struct recall *quick;
	bool is_good;

	must(pattern_new(span_str(asked[which].text), asked[which].flags,
			 &pattern, &err), asked[which].text);
	must(pattern_needs(pattern, query_takes_run, &run, &err), "needs");
	plain = find(pattern, "", &filter, view);
	quick = find(pattern, buf_text(&run), &filter, view);
	is_good = is_same(plain, quick);
	if (!is_good)
		diag("'%s' by '%s': %zu hits, not %zu", asked[which].text,
		     buf_text(&run), quick->hits_n, plain->hits_n);
	*quick_n += run.len && !quick->is_plain;
	*hits += plain->hits_n;
	recall_free(plain);
	recall_free(quick);
	buf_release(&run);
	pattern_free(pattern);
	return is_good;
}

static void test_same(void)
{
	size_t wrong = 0;
	size_t quick = 0;
	size_t hits = 0;
	size_t i;
	size_t j;

	for (i = 0; i < ROUNDS; i++) {
		struct view *view = NULL;

		write_some();
		must(view_open(vault, "nova", &view, &err), "view");
		for (j = 0; j < N_OF(asked); j++)
			wrong += !check(j, view, &quick, &hits);
		view_free(view);
	}
	is_int(wrong, 0, "each answer is that of reading everything");
	ok(hits > 500 && quick > ROUNDS * N_OF(asked) / 2,
	   "%zu hits, %zu answers from the index", hits, quick);
}

int main(void)
{
	const struct vault_options options = {
		.keys_folder = NULL, .is_plain = true
	};
	struct vault_options own = options;

	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	must(store_init_library(&err), "library");
	own.keys_folder = in_scratch("keys");
	must(vault_create(in_scratch("v"), &own, &vault, &err), "vault");
	test_same();
	vault_close(vault);
	scratch_end();
	return done_testing();
}
