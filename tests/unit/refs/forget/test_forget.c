/*
 * Forgetting: what went is in no segment of the new tree, every verifier agrees
 * with it, everything else stands, and what went does not come back.
 */
#include <sodium.h>

#include "objects/blob/blob.h"
#include "refs/forget/forget.h"
#include "refs/trust/open.h"
#include "refs/upkeep/gc.h"
#include "refs/upkeep/verify_all.h"
#include "refs/write/write.h"
#include "tests/unit/refs/forget_fixture.h"
#include "tests/unit/version_fixture.h"

#define SECRET "hunter2-planted"
#define NESTED "bytes of a planted picture"
#define TIME_ONE "2026-01-01T00:00:00.000000Z-0000-00000000"
#define TIME_TWO "2026-01-02T00:00:00.000000Z-0000-00000000"

static struct vault *vault;
static struct err err = ERR_INIT;

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

static struct writer *begin(void)
{
	struct writer *writer = NULL;

	must(writer_new(vault, "nova", WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	return writer;
}

static struct write_result commit(struct writer *writer)
{
	struct write_result result;

	must(writer_commit(writer, "a test", &result, &err), "commit");
	writer_free(writer);
	return result;
}

/* As a source says it. */
static bool say(struct writer *writer, const char *entity, const char *at,
		const char *data)
{
	char type[32];
	struct record_parts parts = {
		.type = type, .entity = span_str(entity), .at = at,
		.data = span_str(data),
	};
	bool is_new = false;

	snprintf(type, sizeof(type), "%.*s:create",
		 (int)strcspn(entity, ":"), entity);
	must(writer_add_source(writer, &parts, &is_new, &err), "say");
	return is_new;
}

static void say_all(struct writer *writer)
{
	char entity[64];
	char data[128];
	size_t i;

	for (i = 0; i < 40; i++) {
		snprintf(entity, sizeof(entity), "message:x:talk/%zu", i);
		snprintf(data, sizeof(data), "{\"content\":\"line %zu%s\"}", i,
			 i == 7 ? " " SECRET : "");
		say(writer, entity, TIME_ONE, data);
	}
	say(writer, "session:x:talk", TIME_ONE, "{\"title\":\"old\"}");
	say(writer, "memory:keep", TIME_ONE, "{\"content\":\"kept\"}");
}

/* Everything that a tree holds, in clear text. */
struct opened {
	struct view *view;
	struct buf text;
};

static int open_segment(void *arg, const struct tree_segment *segment,
			struct err *why)
{
	struct opened *opened = arg;
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	char blobs[PLACE_NAME_LEN + 1];
	int rc = store_read(vault->store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, &bytes, why);

	codec_dir_name(opened->view->codec, BLOB_DIR, blobs);
	if (rc == 0)
		rc = codec_decode(opened->view->codec,
				  strcmp(segment->place.dir, blobs) ?
				  SEAL_SEGMENT : SEAL_BLOB,
				  buf_span(&bytes), &opened->text, why);
	buf_release(&bytes);
	return rc;
}

static bool tree_has(const char *text)
{
	struct opened opened = { NULL, BUF_INIT(BUF_NO_LIMIT) };
	const struct tree_visitor visitor = { open_segment, &opened };
	bool found;

	must(view_open(vault, "nova", &opened.view, &err), "view");
	must(tree_each(vault->store, &opened.view->tree, &visitor, &err),
	     "read all");
	found = span_has(buf_span(&opened.text), text);
	view_free(opened.view);
	buf_release(&opened.text);
	return found;
}

struct adding {
	struct forgetting *forgetting;
	const char *text;
};

static int add_if(void *arg, const struct fold_record *record,
		  struct err *why)
{
	struct adding *adding = arg;

	return !span_has(record->record.line, adding->text) ? 0 :
	       forgetting_add(adding->forgetting, &record->record, record->id,
			      NULL, why);
}

/* Each record that says so. */
static struct forget_result forget(const char *text)
{
	struct forget_result result = { .has_version = false };
	struct adding adding = { NULL, text };
	const struct view_record_visitor visitor = { add_if, &adding };
	struct view *view = NULL;

	must(view_open(vault, "nova", &view, &err), "view");
	must(forgetting_new(view, &adding.forgetting, &err), "begin");
	must(view_records(view, &visitor, &err), "records");
	must(forgetting_commit(adding.forgetting, "forget", &result, &err),
	     "forget");
	forgetting_free(adding.forgetting);
	view_free(view);
	return result;
}

static size_t problems(void)
{
	struct verify_options options = { .is_full = true };
	struct verify_report report;
	size_t n;
	size_t i;

	memset(&report, 0, sizeof(report));
	must(vault_verify(vault, &options, &report, &err), "verify");
	n = report.problems.n;
	for (i = 0; i < n; i++)
		diag("%s: %s", report.problems.at[i].code,
		     report.problems.at[i].message);
	verify_report_release(&report);
	return n;
}

static int count_one(void *arg, const struct fold_record *record,
		     struct err *why)
{
	(void)record;
	(void)why;
	(*(size_t *)arg)++;
	return 0;
}

static size_t count(const char *expression)
{
	size_t n = 0;
	const struct view_record_visitor visitor = { count_one, &n };
	struct view *view = NULL;

	must(view_open(vault, expression, &view, &err), expression);
	must(view_records(view, &visitor, &err), "records");
	view_free(view);
	return n;
}

/* One message of a session that was said in two portions. */
static void test_record(void)
{
	struct writer *writer = begin();
	struct write_result written;
	struct forget_result result;
	size_t before;

	say_all(writer);
	commit(writer);
	before = count("nova");
	ok(tree_has(SECRET), "the secret is in the tree");
	result = forget(SECRET);
	ok(result.has_version, "a version that forgets");
	is_int(result.records, 1, "one record went");
	ok(!tree_has(SECRET), "its words are in no segment");
	ok(tree_has("line 8"), "its neighbour's are");
	is_int(count("nova"), before, "the set lacks one, and has a "
	       "record that says so");
	is_int(count("nova~1"), before - 1,
	       "an older version does not show it");
	is_int(problems(), 0, "whoever verifies agrees");
	writer = begin();
	say_all(writer);
	written = commit(writer);
	ok(!written.has_version, "its source does not bring it back");
	is_int(written.records_forgotten, 1, "it is counted as forgotten");
	is_int(written.records_known, 41, "and the rest as known");
	ok(!forget("no such words").has_version, "nothing to forget");
}

static int try_word(void *arg, const struct fold_record *record,
		    struct err *why)
{
	struct adding *adding = arg;

	(void)why;
	if (!strcmp(record->record.kind->name, "forget"))
		is_int(forgetting_add(adding->forgetting, &record->record,
				      record->id, NULL, NULL), ERR_INVALID,
		       "what says that it went does not go");
	return 0;
}

static void test_words(void)
{
	struct adding adding = { NULL, NULL };
	const struct view_record_visitor visitor = { try_word, &adding };
	struct view *view = NULL;

	must(view_open(vault, "nova", &view, &err), "view");
	must(forgetting_new(view, &adding.forgetting, &err), "begin");
	must(view_records(view, &visitor, &err), "records");
	is_int(forgetting_count(adding.forgetting), 0, "and nothing does");
	forgetting_free(adding.forgetting);
	view_free(view);
}

/* A record that came on top of another: its source, imported anew where
 * neither is, would say it as the first word. */
static void test_grown(void)
{
	struct writer *writer = begin();
	struct write_result written;

	say(writer, "session:x:talk", TIME_TWO,
	    "{\"title\":\"grown " SECRET "\"}");
	is_int(commit(writer).records_new, 1, "the source has grown");
	is_int(forget("\"session:x:talk\"").records, 2, "both words went");
	ok(!tree_has(SECRET), "and are nowhere");
	writer = begin();
	say(writer, "session:x:talk", TIME_TWO,
	    "{\"title\":\"grown " SECRET "\"}");
	written = commit(writer);
	ok(!written.has_version, "the last one does not come as the first");
	is_int(written.records_forgotten, 1, "it is known as forgotten");
	is_int(problems(), 0, "all agrees");
}

/* A blob goes with the last record that refers to it. */
static void test_blobs(void)
{
	struct buf data = BUF_INIT(1 << 20);
	struct writer *writer = begin();
	size_t i;

	buf_put_str(&data, "{\"content\":\"" SECRET " ");
	for (i = 0; i < 300000; i++)
		buf_put_char(&data, 'a');
	buf_put_str(&data, "\"}");
	must(buf_end(&data, &err), "data");
	say(writer, "memory:large", TIME_ONE, buf_text(&data));
	say(writer, "memory:large2", TIME_ONE, buf_text(&data));
	commit(writer);
	ok(tree_has(SECRET), "a blob has it");
	is_int(forget("\"memory:large\"").blobs, 0, "which another needs");
	ok(tree_has(SECRET), "so it stays");
	is_int(forget("\"memory:large2\"").blobs, 1, "now it goes");
	ok(!tree_has(SECRET), "with all its pieces");
	is_int(problems(), 0, "all agrees");
	buf_release(&data);
}

/* As sources bring them: bytes of their own, in a part that is large itself. */
static void say_nested(struct writer *writer)
{
	struct buf data = BUF_INIT(1 << 21);
	struct buf ref = BUF_INIT(1000);
	size_t i;

	must(writer_add_blob(writer, span_str(NESTED), "image/png", &ref, &err),
	     "blob");
	buf_put_str(&data, "{\"content\":\"a picture\",\"native\":[");
	buf_put_span(&data, buf_span(&ref));
	for (i = 0; i < 30000; i++)
		buf_put_str(&data, ",\"and so on and on\"");
	buf_put_str(&data, "]}");
	must(buf_end(&data, &err), "data");
	say(writer, "message:x:talk/picture", TIME_ONE, buf_text(&data));
	buf_release(&ref);
	buf_release(&data);
}

static void say_with(struct writer *writer, const char *entity,
		     const char *bytes)
{
	struct buf ref = BUF_INIT(1000);
	struct buf data = BUF_INIT(1000);

	must(writer_add_blob(writer, span_str(bytes), "image/png", &ref, &err),
	     "blob");
	must(buf_printf(&data, &err, "{\"content\":\"of it\",\"parts\":[%s]}",
			buf_text(&ref)), "data");
	say(writer, entity, TIME_ONE, buf_text(&data));
	buf_release(&ref);
	buf_release(&data);
}

static void test_nested(void)
{
	struct writer *writer = begin();

	say_nested(writer);
	commit(writer);
	ok(tree_has(NESTED), "bytes in bytes");
	is_int(forget("talk/picture").blobs, 2, "go with it");
	ok(!tree_has(NESTED), "and are nowhere");
	writer = begin();
	say_nested(writer);
	say(writer, "memory:new", TIME_ONE, "{\"content\":\"new\"}");
	is_int(commit(writer).records_new, 1, "its source comes with more");
	ok(!tree_has(NESTED), "and does not bring them back");
	ok(!tree_has("and so on"), "nor what they were in");
	writer = begin();
	say_nested(writer);
	say_with(writer, "memory:with", NESTED);
	commit(writer);
	ok(tree_has(NESTED), "what another record has stays with that");
	is_int(forget("memory:with").blobs, 1, "as long as it stands");
	is_int(problems(), 0, "all agrees");
}

/* An import that began before what it brings was forgotten, elsewhere. */
static void test_race(const char *name)
{
	struct writer *writer = begin();
	struct vault *here = vault;
	struct write_result written;

	say_with(writer, "memory:late", "late " SECRET);
	say(writer, "memory:beside", TIME_TWO, "{\"content\":\"beside\"}");
	must(vault_open(in_scratch(name), in_scratch("keys"), &vault, &err), "open");
	{
		struct writer *first = begin();

		say_with(first, "memory:late", "late " SECRET);
		commit(first);
	}
	is_int(forget("memory:late").records, 1, "it went");
	vault_close(vault);
	vault = here;
	written = commit(writer);
	is_int(written.records_new, 1, "what came with it is new");
	is_int(written.records_forgotten, 1, "and it is counted as forgotten");
	ok(!tree_has(SECRET), "and not written, nor are its bytes");
	ok(tree_has("beside"), "the other is");
	is_int(problems(), 0, "all agrees");
}

static void gc(void)
{
	struct gc_options options = { .may_sign = true };
	struct gc_report report;

	memset(&report, 0, sizeof(report));
	must(vault_gc(vault, &options, &report, &err), "gc");
	gc_report_release(&report);
}

static int note_id(void *arg, const struct fold_record *record,
		   struct err *why)
{
	(void)why;
	if (span_equals(record->record.entity, span_str("memory:met")))
		memcpy(arg, record->id, RECORD_ID_BYTES);
	return 0;
}

/* A union may have it in the tree again, where another device cut anew what it
 * stood in: nobody sees it, and the next compaction leaves it out. */
static void test_gc(void)
{
	unsigned char id[RECORD_ID_BYTES];
	const struct view_record_visitor visitor = { note_id, id };
	struct writer *writer = begin();
	struct view *view = NULL;
	size_t before;

	say(writer, "memory:met", TIME_ONE, "{\"content\":\"" SECRET "\"}");
	commit(writer);
	before = count("nova");
	gc();
	is_int(count("nova"), before, "gc leaves what stands");
	is_int(problems(), 0, "all agrees");
	must(view_open(vault, "nova", &view, &err), "view");
	must(view_records(view, &visitor, &err), "records");
	view_free(view);
	forget_record(vault, "nova", id);
	ok(tree_has(SECRET), "what was forgotten is in the tree");
	is_int(count("nova"), before, "and is not shown");
	gc();
	ok(!tree_has(SECRET), "gc takes it");
	is_int(count("nova"), before, "and nothing else");
}

static void test_all(bool is_plain)
{
	const char *name = is_plain ? "plain" : "sealed";
	struct vault_options options = {
		.keys_folder = in_scratch("keys"), .is_plain = is_plain,
	};

	diag("%s", name);
	must(vault_create(in_scratch(name), &options, &vault, &err), "create");
	test_record();
	test_words();
	test_grown();
	test_blobs();
	test_nested();
	test_race(name);
	test_gc();
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
