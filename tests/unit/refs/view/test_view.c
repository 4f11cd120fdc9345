/*
 * Writing and reading a construct: what is known, what a version names, what
 * capsules and forgetting leave out, what a diff says.
 */
#include "refs/history/history.h"
#include "refs/trust/open.h"
#include "refs/view/view.h"
#include "refs/write/write.h"
#include "refs/write/write_internal.h"
#include "tests/unit/refs/forget_fixture.h"
#include "tests/unit/version_fixture.h"

#define UNKNOWN_TIME HLC_UNKNOWN_TEXT

static struct vault *vault;
static struct err err = ERR_INIT;

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

/* One record with an unknown time. */
static void say(struct writer *writer, const char *type, const char *entity,
		const char *data, unsigned char *id)
{
	struct record_parts parts = {
		.type = type, .entity = span_str(entity), .at = UNKNOWN_TIME,
		.data = span_str(data),
	};

	must(writer_add_parts(writer, &parts, id, NULL, &err), "add");
}

static struct write_result commit(struct writer *writer)
{
	struct write_result result;

	must(writer_commit(writer, "a test", &result, &err), "commit");
	writer_free(writer);
	return result;
}

static struct writer *begin(const char *construct)
{
	struct writer *writer = NULL;

	must(writer_new(vault, construct, WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	return writer;
}

static struct view *open_view(const char *expression)
{
	struct view *view = NULL;

	must(view_open(vault, expression, &view, &err), expression);
	return view;
}

/* Entities that a view counts, in a line. */
static int list_entity(void *arg, const struct view_entity *entity,
		       struct err *why)
{
	struct buf *out = arg;

	if (!entity->state.at)
		return 0;
	return buf_printf(out, why, "%.*s=%.*s;", (int)entity->entity.len,
			  entity->entity.at, (int)entity->state.len,
			  entity->state.at);
}

static const char *entities(const char *expression, const char *kind)
{
	static struct buf out = BUF_INIT(1 << 20);
	struct view_visitor visitor = { list_entity, &out };
	struct view *view = open_view(expression);

	buf_reset(&out);
	must(view_each(view, kind_find(span_str(kind)), false, &visitor, &err),
	     "each");
	view_free(view);
	return buf_text(&out);
}

static int list_change(void *arg, const struct view_change *change,
		       struct err *why)
{
	return buf_printf(arg, why, "%c%.*s;", !change->from.at ? '+' :
			  !change->to.at ? '-' : '~',
			  (int)change->entity.len, change->entity.at);
}

static const char *changes(const char *from, const char *to)
{
	static struct buf out = BUF_INIT(1 << 20);
	struct view_change_visitor visitor = { list_change, &out };
	struct view *left = open_view(from);
	struct view *right = open_view(to);

	buf_reset(&out);
	must(view_diff(left, right, &visitor, &err), "diff");
	view_free(left);
	view_free(right);
	return buf_text(&out);
}

static void test_writer(void)
{
	struct writer *writer = NULL;
	struct write_result result;

	is_int(writer_new(vault, "nova", 0, &writer, NULL), ERR_NOT_FOUND,
	       "a construct that does not exist");
	is_int(writer_new(vault, "../x", WRITER_MAY_CREATE, &writer, NULL),
	       ERR_INVALID, "a name that is none");
	writer = begin("nova");
	say(writer, "memory:create", "memory:a", "{\"content\":\"1\"}", NULL);
	say(writer, "memory:create", "memory:a", "{\"content\":\"1\"}", NULL);
	result = commit(writer);
	ok(result.has_version, "a version");
	is_int(result.records_new, 1, "the same twice is new once");
	is_int(result.records_known, 1, "and known once");
	writer = begin("nova");
	say(writer, "memory:create", "memory:a", "{\"content\":\"1\"}", NULL);
	result = commit(writer);
	ok(!result.has_version, "what is known makes no version");
	is_int(result.records_known, 1, "and is counted");
	writer = begin("nova");
	ok(writer_add(writer, span_str("{}"), NULL, NULL, NULL) < 0,
	   "what is no record");
	say(writer, "memory:create", "memory:b", "{\"content\":\"2\"}", NULL);
	result = commit(writer);
	is_int(result.records_new, 1, "a refused one does not stop the rest");
}

static void test_reserved(void)
{
	struct writer *writer = begin("nova");
	struct record_parts parts = {
		.type = "forget:create", .entity = span_str("forget:x"),
		.at = UNKNOWN_TIME, .data = span_str("{\"records\":[]}"),
	};

	is_int(writer_add_parts(writer, &parts, NULL, NULL, NULL), ERR_DENIED,
	       "a record that only vvault writes");
	parts.type = "member:add";
	parts.entity = span_str("member:x");
	ok(writer_add_parts(writer, &parts, NULL, NULL, NULL) < 0,
	   "a member outside of 'vault'");
	writer_free(writer);
	writer = begin("vault");
	parts.type = "memory:create";
	parts.entity = span_str("memory:x");
	is_int(writer_add_parts(writer, &parts, NULL, NULL, NULL), ERR_DENIED,
	       "a memory inside of it");
	writer_free(writer);
}

static void test_names(void)
{
	char id[GIT_OID_HEXSZ + 1];
	char expression[GIT_OID_HEXSZ + 8];
	struct view *view = open_view("nova");

	is_str(view->construct, "nova", "its own name");
	git_oid_tostr(id, sizeof(id), &view->heads[0]);
	view_free(view);
	is_str(changes("nova~1", "nova"), "+memory:b;", "~1 is the parent");
	snprintf(expression, sizeof(expression), "%.8s", id);
	is_str(changes("nova~1", expression), "+memory:b;",
	       "the beginning of an id");
	snprintf(expression, sizeof(expression), "%s~1", id);
	is_str(changes(expression, "nova"), "+memory:b;", "an id and ~1");
	is_int(view_open(vault, "nova~7", &view, NULL), ERR_INVALID,
	       "further back than there is");
	is_int(view_open(vault, "nobody", &view, NULL), ERR_NOT_FOUND,
	       "a construct that is not here");
	is_int(view_open(vault, "nova@{2001-01-01}", &view, NULL), ERR_INVALID,
	       "a day before all");
	is_int(view_open(vault, "0123456789", &view, NULL), ERR_NOT_FOUND,
	       "an id that is not here");
}

/* Two capsules: the newer one's persona and memories count, whichever came
 * first; what was said here stands on top. */
static void test_capsules(void)
{
	struct writer *writer = begin("wren");

	say(writer, "construct:create", "construct:wren", "{\"name\":\"Wren\"}",
	    NULL);
	say(writer, "capsule:create", "capsule:new",
	    "{\"memories\":[\"memory:capsule:wren/m/2\"],\"persona\":{\"traits\""
	    ":{\"a\":2,\"b\":1}},\"timestamp\":\"2026-02-01T00:00:00Z\"}", NULL);
	say(writer, "memory:create", "memory:capsule:wren/m/2",
	    "{\"content\":\"second\"}", NULL);
	commit(writer);
	writer = begin("wren");
	say(writer, "capsule:create", "capsule:old",
	    "{\"memories\":[\"memory:capsule:wren/m/1\"],\"persona\":{\"traits\""
	    ":{\"a\":1}},\"timestamp\":\"2026-01-01T00:00:00Z\"}", NULL);
	say(writer, "memory:create", "memory:capsule:wren/m/1",
	    "{\"content\":\"first\"}", NULL);
	say(writer, "memory:create", "memory:own", "{\"content\":\"own\"}",
	    NULL);
	commit(writer);
	is_str(changes("wren~1", "wren"), "+capsule:old;+memory:own;",
	       "an older capsule changes neither persona nor memories");
	is_str(entities("wren", "construct"),
	       "construct:wren={\"name\":\"Wren\",\"persona\":{\"traits\":"
	       "{\"a\":2,\"b\":1}}};", "the newest one's persona");
	writer = begin("wren");
	say(writer, "construct:update", "construct:wren",
	    "{\"persona\":{\"traits\":{\"a\":3,\"b\":null}}}", NULL);
	commit(writer);
	is_str(entities("wren", "construct"),
	       "construct:wren={\"name\":\"Wren\",\"persona\":{\"traits\":"
	       "{\"a\":3}}};", "what was said here stands on top");
	is_str(changes("wren~1", "wren"), "~construct:wren;",
	       "and is all that changed");
}

struct counting {
	int n;
	unsigned char word[RECORD_ID_BYTES];	/* of one that forgets */
};

static int count_record(void *arg, const struct fold_record *record,
			struct err *why)
{
	struct counting *counting = arg;

	(void)why;
	counting->n++;
	if (!strcmp(record->record.kind->name, "forget"))
		memcpy(counting->word, record->id, RECORD_ID_BYTES);
	return 0;
}

static void test_forgotten(void)
{
	struct writer *writer = begin("memo");
	unsigned char id[RECORD_ID_BYTES];
	struct counting counting = { 0, { 0 } };
	struct view_record_visitor visitor = { count_record, &counting };
	struct view *view;

	say(writer, "memory:create", "memory:keep", "{\"content\":\"k\"}",
	    NULL);
	say(writer, "memory:create", "memory:lose", "{\"content\":\"l\"}", id);
	commit(writer);
	is_str(entities("memo", "memory"), "memory:keep={\"content\":\"k\"};"
	       "memory:lose={\"content\":\"l\"};", "both are there");
	forget_record(vault, "memo", id);
	is_str(entities("memo", "memory"), "memory:keep={\"content\":\"k\"};",
	       "what is listed is left out, though its bytes are there");
	view = open_view("memo");
	must(view_records(view, &visitor, &err), "records");
	is_int(counting.n, 2, "of all records too");
	view_free(view);
	forget_record(vault, "memo", counting.word);
	is_str(entities("memo", "memory"), "memory:keep={\"content\":\"k\"};",
	       "nor does it come back where the listing is listed");
	view = open_view("memo");
	counting.n = 0;
	must(view_records(view, &visitor, &err), "records");
	is_int(counting.n, 3, "and the listing stands");
	view_free(view);
}

static void test_standing(void)
{
	struct standing standing;
	struct writer *writer = begin("stand");
	unsigned char first[RECORD_ID_BYTES];
	unsigned char second[RECORD_ID_BYTES];
	unsigned char prev[1][RECORD_ID_BYTES];
	struct record_parts parts = {
		.type = "memory:update", .entity = span_str("memory:s"),
		.at = UNKNOWN_TIME, .data = span_str("{\"content\":\"2\"}"),
		.prev = (const unsigned char (*)[RECORD_ID_BYTES])prev,
		.prev_n = 1,
	};
	struct view *view;

	say(writer, "memory:create", "memory:s", "{\"content\":\"1\"}", first);
	memcpy(prev[0], first, sizeof(first));
	must(writer_add_parts(writer, &parts, second, NULL, &err), "update");
	commit(writer);
	view = open_view("stand");
	must(view_standing(view, span_str("memory:s"), &standing, &err),
	     "standing");
	is_int(standing.n, 1, "one record stands");
	is_bytes(standing.ids[0], RECORD_ID_BYTES, second, RECORD_ID_BYTES,
		 "the one that has seen the other");
	free(standing.ids);
	must(view_standing(view, span_str("memory:none"), &standing, &err),
	     "standing");
	is_int(standing.n, 0, "nothing stands of a new entity");
	free(standing.ids);
	view_free(view);
}

static void test_all(bool is_plain)
{
	struct vault_options options = {
		.keys_folder = in_scratch("keys"), .is_plain = is_plain,
	};

	diag(is_plain ? "plain" : "sealed");
	must(vault_create(in_scratch(is_plain ? "plain" : "sealed"), &options,
			  &vault, &err), "create");
	test_writer();
	test_reserved();
	test_names();
	test_capsules();
	test_forgotten();
	test_standing();
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
