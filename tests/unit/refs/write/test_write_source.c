/*
 * What a source says again: known, or on top of what it said before; several
 * writers at once; a dry run.
 */
#include "refs/trust/open.h"
#include "refs/view/view.h"
#include "refs/write/write.h"
#include "tests/unit/version_fixture.h"

#define EARLY "2024-01-01T00:00:00.000000Z-0000-00000000"
#define LATE "2024-02-01T00:00:00.000000Z-0000-00000000"
#define SESSION "session:test:one"

static struct vault *vault;
static struct err err = ERR_INIT;

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

static struct writer *begin(const char *construct, unsigned flags)
{
	struct writer *writer = NULL;

	must(writer_new(vault, construct, WRITER_MAY_CREATE | flags, &writer,
			&err), "writer");
	return writer;
}

static struct write_result commit(struct writer *writer)
{
	struct write_result result;

	must(writer_commit(writer, "a test", &result, &err), "commit");
	writer_free(writer);
	return result;
}

/* Is it new? */
static bool say(struct writer *writer, const char *entity, const char *at,
		const char *data)
{
	struct record_parts parts = {
		.type = "session:create", .entity = span_str(entity),
		.at = at, .data = span_str(data),
	};
	bool is_new = false;

	must(writer_add_source(writer, &parts, &is_new, &err), "add");
	return is_new;
}

/* In a version of its own. */
static bool say_once(const char *construct, const char *at, const char *data)
{
	struct writer *writer = begin(construct, 0);

	say(writer, SESSION, at, data);
	return commit(writer).has_version;
}

struct seen {
	struct buf state;
	size_t records;
	size_t conflicts;
	size_t updates;
};

static int see(void *arg, const struct view_entity *entity, struct err *why)
{
	struct seen *seen = arg;
	size_t i;

	seen->records = entity->records_n;
	seen->conflicts = entity->conflicts;
	for (i = 0; i < entity->records_n; i++)
		seen->updates += span_equals(entity->records[i].record.verb,
					     span_str("update"));
	buf_reset(&seen->state);
	return buf_add_span(&seen->state, entity->state, why);
}

static struct seen look(const char *construct)
{
	struct seen seen = { .state = BUF_INIT(4096) };
	struct view_visitor visitor = { see, &seen };
	struct view *view = NULL;

	must(view_open(vault, construct, &view, &err), "view");
	must(view_one(view, span_str(SESSION), &visitor, &err), "one");
	view_free(view);
	return seen;
}

static void test_growth(void)
{
	struct seen seen;

	ok(say_once("grown", EARLY, "{\"title\":\"a\"}"), "said first");
	ok(!say_once("grown", EARLY, "{\"title\":\"a\"}"), "said again");
	ok(say_once("grown", LATE, "{\"title\":\"b\"}"), "said anew, later");
	ok(!say_once("grown", LATE, "{\"title\":\"b\"}"),
	   "said again, although it stands on another");
	seen = look("grown");
	is_int(seen.records, 2, "two records");
	is_int(seen.updates, 1, "of which one is an update");
	is_int(seen.conflicts, 0, "that do not conflict");
	is_str(buf_text(&seen.state), "{\"title\":\"b\"}", "the later counts");
	buf_release(&seen.state);
	ok(!say_once("grown", EARLY, "{\"title\":\"a\"}"),
	   "an old copy says nothing new");
	ok(say_once("grown", LATE, "{\"title\":\"c\"}"),
	   "another word of the same time");
	seen = look("grown");
	is_str(buf_text(&seen.state), "{\"title\":\"c\"}",
	       "the word that came later stands on the other");
	is_int(seen.conflicts, 0, "without a conflict");
	buf_release(&seen.state);
}

static void test_old_copy(void)
{
	struct seen seen;

	ok(say_once("old", LATE, "{\"title\":\"b\"}"), "the later first");
	ok(say_once("old", EARLY, "{\"title\":\"a\"}"), "then the earlier");
	seen = look("old");
	is_int(seen.records, 2, "both are kept");
	is_int(seen.updates, 0, "and neither stands on the other");
	is_str(buf_text(&seen.state), "{\"title\":\"b\"}", "the later counts");
	buf_release(&seen.state);
}

/* All in one run, as a folder of snapshots is read. */
static void test_one_run(void)
{
	struct writer *writer = begin("run", 0);
	struct write_result result;
	struct seen seen;

	ok(say(writer, SESSION, EARLY, "{\"title\":\"a\"}"), "first");
	ok(!say(writer, SESSION, EARLY, "{\"title\":\"a\"}"), "again");
	ok(say(writer, SESSION, LATE, "{\"title\":\"b\"}"), "later");
	ok(say(writer, SESSION, EARLY, "{\"title\":\"z\"}"), "an old word");
	ok(say(writer, SESSION, LATE, "{\"title\":\"c\"}"), "and a last one");
	result = commit(writer);
	is_int(result.records_new, 4, "four are new");
	is_int(result.records_known, 1, "one was known");
	seen = look("run");
	is_str(buf_text(&seen.state), "{\"title\":\"c\"}", "the last counts");
	buf_release(&seen.state);
	writer = begin("run", 0);
	ok(!say(writer, SESSION, EARLY, "{\"title\":\"a\"}"), "a is there");
	ok(!say(writer, SESSION, LATE, "{\"title\":\"b\"}"), "b is there");
	ok(!say(writer, SESSION, LATE, "{\"title\":\"c\"}"), "c is there");
	ok(!commit(writer).has_version, "no version for what is known");
}

static void test_dry_run(void)
{
	const size_t before = store_stats(vault->store).objects;
	struct writer *writer = begin("dry", WRITER_DRY_RUN);
	struct buf ref = BUF_INIT(4096);
	struct write_result result;
	struct view *view = NULL;

	ok(say(writer, SESSION, EARLY, "{\"title\":\"a\"}"), "new");
	ok(!say(writer, SESSION, EARLY, "{\"title\":\"a\"}"), "known");
	must(writer_add_blob(writer, span_str("bytes"), "text/plain", &ref,
			     &err), "blob");
	ok(span_begins(buf_span(&ref), "{\"$blob\":\"bafkrei"),
	   "a blob is named");
	buf_release(&ref);
	result = commit(writer);
	ok(!result.has_version, "no version");
	is_int(result.records_new, 1, "but the counts");
	is_int(result.records_known, 1, "of both");
	is_int(store_stats(vault->store).objects, before, "nothing written");
	is_int(view_open(vault, "dry", &view, NULL), ERR_NOT_FOUND,
	       "no construct");
}

/* They share the stage: neither takes from the other. */
static void test_together(void)
{
	struct writer *one = begin("one", 0);
	struct writer *two = begin("two", 0);
	struct writer *three = begin("three", 0);
	struct seen seen;

	say(one, SESSION, EARLY, "{\"title\":\"1\"}");
	say(two, SESSION, EARLY, "{\"title\":\"2\"}");
	say(three, SESSION, EARLY, "{\"title\":\"3\"}");
	ok(writer_waiting(one) > 0, "records wait in memory");
	must(writer_settle(one, &err), "settle");
	must(writer_settle(two, &err), "settle");
	is_int(writer_waiting(one), 0, "until they are settled");
	writer_free(three);
	ok(commit(two).has_version, "one commits");
	ok(commit(one).has_version, "so does the other");
	seen = look("one");
	is_str(buf_text(&seen.state), "{\"title\":\"1\"}", "the first's");
	buf_release(&seen.state);
	seen = look("two");
	is_str(buf_text(&seen.state), "{\"title\":\"2\"}", "the second's");
	buf_release(&seen.state);
	is_int(vault->writers, 0, "none is open");
}

static void test_all(bool is_plain)
{
	struct vault_options options = {
		.keys_folder = in_scratch("keys"), .is_plain = is_plain,
	};

	must(vault_create(in_scratch(is_plain ? "plain" : "sealed"), &options,
			  &vault, &err), "create");
	test_growth();
	test_old_copy();
	test_one_run();
	test_dry_run();
	test_together();
	vault_close(vault);
}

int main(void)
{
	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	must(store_init_library(&err), "libgit2");
	test_all(true);
	test_all(false);
	store_stop_library();
	scratch_end();
	return done_testing();
}
