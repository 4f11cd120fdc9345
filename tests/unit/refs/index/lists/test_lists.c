/*
 * What lists say is what reading and folding says, whatever was added, changed
 * and deleted, at whichever version, and whatever becomes of their files.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "lib/json/jcs_scan.h"
#include "lib/os/dir.h"
#include "lib/time/timestamp.h"
#include "objects/store/store.h"
#include "refs/index/lists/lists.h"
#include "refs/trust/open.h"
#include "refs/write/write.h"
#include "tests/unit/version_fixture.h"

#define ROUNDS 60
#define SESSIONS 10
#define MESSAGES 9

static struct vault *vault;
static struct err err = ERR_INIT;
static uint64_t seed = 20261129;

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

/* --- what is written --- */

static const char *some_verb(void)
{
	static const char *const verbs[] = { "create", "create", "update",
					     "update", "delete" };

	return verbs[below(5)];
}

static void put_message(struct buf *type, struct buf *entity, struct buf *data)
{
	size_t session = below(SESSIONS);
	size_t number = below(MESSAGES);

	buf_putf(type, "message:%s", some_verb());
	buf_putf(entity, "message:t:%zu/%zu", session, number);
	buf_putf(data, "{\"content\":\"What\\n of %zu, %zu\",", number,
		 below(99));
	if (below(4))
		buf_putf(data, "\"created\":\"2023-05-%02zuT10:00:00.000000Z\""
			 ",", 1 + below(28));
	buf_putf(data, "\"index\":%zu,\"model\":\"m%zu\",", number, below(4));
	if (number)
		buf_putf(data, "\"parent\":\"message:t:%zu/%zu\",", session,
			 below(number));
	buf_putf(data, "\"role\":\"%s\",\"session\":\"session:t:%zu\","
		 "\"visibility\":\"%s\"}", below(2) ? "user" : "assistant",
		 session, below(6) ? "visible" : "thinking");
}

static void put_session(struct buf *type, struct buf *entity, struct buf *data)
{
	buf_putf(type, "session:%s", some_verb());
	buf_putf(entity, "session:t:%zu", below(SESSIONS));
	buf_putf(data, "{\"created\":\"2023-04-%02zuT10:00:00.000000Z\","
		 "\"native\":{\"cwd\":\"/home/%zu\"},\"provider\":\"t\","
		 "\"title\":\"Title %zu\"}", 1 + below(28), below(3),
		 below(99));
}

static void put_memory(struct buf *type, struct buf *entity, struct buf *data)
{
	buf_putf(type, "memory:%s", some_verb());
	buf_putf(entity, below(2) ? "memory:%zu" :
		 "memory:capsule:nova/short_term/%zu", below(20));
	buf_putf(data, "{\"content\":\"of %zu\"}", below(99));
}

static void put_capsule(struct buf *type, struct buf *entity, struct buf *data)
{
	size_t i;

	buf_put_str(type, "capsule:create");
	buf_putf(entity, "capsule:%zu", below(1000000));
	buf_put_str(data, "{\"memories\":[");
	for (i = 0; i < 20; i += 1 + below(9))
		buf_putf(data, "%s\"memory:capsule:nova/short_term/%zu\"",
			 i ? "," : "", i);
	buf_putf(data, "],\"persona\":{\"traits\":{\"n\":%zu}},\"timestamp\":"
		 "\"2023-05-%02zuT10:00:00Z\"}", below(99), 1 + below(28));
}

static void put_other(struct buf *type, struct buf *entity, struct buf *data)
{
	if (below(2)) {
		buf_put_str(type, "construct:update");
		buf_put_str(entity, "construct:nova");
		buf_putf(data, "{\"persona\":{\"traits\":{\"m\":%zu}}}",
			 below(99));
	} else {
		buf_putf(type, "acu:%s", some_verb());
		buf_putf(entity, below(2) ? "acu:t:%zu/a" : "acu:%zu",
			 below(SESSIONS));
		buf_putf(data, "{\"type\":\"n%zu\"}", below(9));
	}
}

static void write_one(struct writer *writer)
{
	static void (*const put[])(struct buf *, struct buf *, struct buf *) = {
		put_message, put_message, put_message, put_session, put_memory,
		put_memory, put_capsule, put_other
	};
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct buf type = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts;
	char at[HLC_TEXT_MAX];
	size_t which = below(below(6) ? 6 : 8);

	put[which](&type, &entity, &data);
	must(vault_now(vault, at, &err), "clock");
	parts = (struct record_parts){
		.type = buf_text(&type), .at = at, .entity = buf_span(&entity),
		.data = buf_span(&data)
	};
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), "add");
	buf_release(&entity);
	buf_release(&data);
	buf_release(&type);
}

static void write_some(void)
{
	struct writer *writer = NULL;
	struct write_result result;
	size_t n = 1 + below(below(5) ? 6 : 120);

	must(writer_new(vault, "nova", WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	while (n--)
		write_one(writer);
	must(writer_commit(writer, "some", &result, &err), "commit");
	writer_free(writer);
}

/* --- what a plain fold says, worked out the slow way --- */

struct known {
	char entity[64];
	char text[1024];
	char time[TIMESTAMP_TEXT_MAX];
};

struct model {
	struct known at[4096];
	size_t n;
	uint64_t counts[LISTS_KINDS];
	uint64_t conflicts;
	uint64_t records;
};
static struct model model;

static int model_entity(void *arg, const struct view_entity *entity,
			struct err *why)
{
	struct known *known = &model.at[model.n++];
	struct span created;
	size_t i;

	(void)arg;
	(void)why;
	snprintf(known->entity, sizeof(known->entity), "%.*s",
		 (int)entity->entity.len, entity->entity.at);
	snprintf(known->text, sizeof(known->text), "%.*s",
		 entity->state.at ? (int)entity->state.len : 0,
		 entity->state.at ? entity->state.at : "");
	for (i = 0; i < entity->records_n; i++) {
		const char *at = entity->records[i].record.at.at;

		if (strncmp(at, known->time, TIMESTAMP_TEXT) > 0)
			snprintf(known->time, sizeof(known->time), "%.27s",
				 at);
	}
	if (!entity->state.at)
		return 0;
	if (jcs_find_string(entity->state, "created", &created))
		snprintf(known->time, sizeof(known->time), "%.27s",
			 created.at);
	model.counts[entity->kind - kind_table]++;
	model.conflicts += entity->conflicts;
	return 0;
}

static int model_record(void *arg, const struct fold_record *record,
			struct err *why)
{
	(void)arg;
	(void)record;
	(void)why;
	model.records++;
	return 0;
}

static const struct known *model_find(const char *entity)
{
	size_t i;

	for (i = 0; i < model.n; i++) {
		if (!strcmp(model.at[i].entity, entity))
			return &model.at[i];
	}
	return NULL;
}

static void put_string(struct buf *out, const char *state, const char *name)
{
	struct span text;

	if (jcs_find_string(span_str(state), name, &text))
		buf_put_span(out, text);
	buf_put_char(out, '|');
}

static const struct known *model_message(size_t session, size_t number)
{
	const struct known *known;
	char entity[64];

	snprintf(entity, sizeof(entity), "message:t:%zu/%zu", session, number);
	known = model_find(entity);
	return known && *known->text ? known : NULL;
}

/* The number of what a message answers and that is there; MESSAGES: none. */
static size_t model_parent(size_t session, size_t number)
{
	struct span parent;

	if (!jcs_find_string(span_str(model_message(session, number)->text),
			     "parent", &parent))
		return MESSAGES;
	number = (size_t)(parent.at[parent.len - 1] - '0');
	return model_message(session, number) ? number : MESSAGES;
}

/* Visible messages that no other leads to, of which those that begin a tree
 * follow the tree before. */
static size_t model_branches(size_t session)
{
	bool leads[MESSAGES + 1] = { false };
	bool is_seen[MESSAGES] = { false };
	size_t ends = 0;
	size_t trees = 0;
	size_t i;
	size_t at;

	for (i = 0; i < MESSAGES; i++) {
		const struct known *known = model_message(session, i);

		is_seen[i] = known &&
			     strstr(known->text, "\"visibility\":\"visible\"");
		for (at = i; is_seen[i] && at < MESSAGES;) {
			at = model_parent(session, at);
			leads[at] = true;
		}
	}
	for (i = 0; i < MESSAGES; i++) {
		ends += is_seen[i] && !leads[i];
		trees += (is_seen[i] || leads[i]) &&
			 model_parent(session, i) == MESSAGES;
	}
	return ends > trees ? ends - trees + 1 : 1;
}

/* What stands behind the messages of a session, and the time of the last. */
static void model_talk(struct buf *out, size_t session, char *time)
{
	bool models[4] = { false };
	struct span first = { NULL, 0 };
	bool has_users = false;
	size_t n = 0;
	size_t i;

	for (i = 0; i < MESSAGES; i++) {
		const struct known *known = model_message(session, i);
		struct span text;
		bool is_users;

		if (!known)
			continue;
		if (!n++ || strcmp(known->time, time) > 0)
			memcpy(time, known->time, sizeof(known->time));
		if (jcs_find_string(span_str(known->text), "model", &text))
			models[text.at[1] - '0'] = true;
		is_users = strstr(known->text, "\"role\":\"user\"");
		if ((!first.at || (is_users && !has_users)) &&
		    strstr(known->text, "\"visibility\":\"visible\"")) {
			(void)jcs_find_string(span_str(known->text),
					      "content", &first);
			has_users = is_users;
		}
	}
	buf_putf(out, "%zu|%zu|%s%.*s|", n, n ? model_branches(session) : 0,
		 first.at ? "What of" : "",
		 first.at ? (int)first.len - 9 : 0,
		 first.at ? first.at + 9 : "");
	for (i = 0; i < 4; i++) {
		if (models[i])
			buf_putf(out, "m%zu,", i);
	}
}

static bool is_live(size_t session)
{
	const struct known *known;
	char entity[64];
	size_t i;

	snprintf(entity, sizeof(entity), "session:t:%zu", session);
	known = model_find(entity);
	if (known)
		return *known->text;
	for (i = 0; i < MESSAGES; i++) {
		snprintf(entity, sizeof(entity), "message:t:%zu/%zu", session,
			 i);
		known = model_find(entity);
		if (known && *known->text)
			return true;
	}
	return false;
}

static int order_lines(const void *a, const void *b)
{
	const char *x = a;
	const char *y = b;
	int order = strncmp(y, x, TIMESTAMP_TEXT);

	return order ? order : strcmp(x, y);
}

/* Sessions, the newest first. */
static void model_sessions(struct buf *out)
{
	char lines[SESSIONS][512];
	size_t n = 0;
	size_t i;

	for (i = 0; i < SESSIONS; i++) {
		struct buf line = BUF_INIT(BUF_NO_LIMIT);
		struct buf talk = BUF_INIT(BUF_NO_LIMIT);
		char time[TIMESTAMP_TEXT_MAX] = "";
		const struct known *known;
		const char *state;
		char entity[64];

		if (!is_live(i))
			continue;
		snprintf(entity, sizeof(entity), "session:t:%zu", i);
		known = model_find(entity);
		state = known ? known->text : "{}";
		if (known)
			memcpy(time, known->time, sizeof(time));
		model_talk(&talk, i, time);
		put_string(&line, state, "title");
		buf_put_str(&line, "t|");
		snprintf(lines[n++], sizeof(lines[0]), "%s|%s|%s%s\n", time,
			 entity, buf_text(&line), buf_text(&talk));
		buf_release(&line);
		buf_release(&talk);
	}
	qsort(lines, n, sizeof(lines[0]), order_lines);
	for (i = 0; i < n; i++)
		buf_put_str(out, lines[i]);
}

static void model_make(struct view *view, struct buf *out)
{
	const struct view_visitor entities = { model_entity, NULL };
	const struct view_record_visitor records = { model_record, NULL };
	size_t i;

	memset(&model, 0, sizeof(model));
	must(view_each(view, NULL, false, &entities, &err), "each");
	must(view_records(view, &records, &err), "records");
	buf_putf(out, "conflicts %llu, records %llu\n",
		 (unsigned long long)model.conflicts,
		 (unsigned long long)model.records);
	for (i = 0; kind_table[i].name; i++)
		buf_putf(out, "%s %llu\n", kind_table[i].name,
			 (unsigned long long)model.counts[i]);
	must(view_persona(view, out, &err), "persona");
	buf_put_char(out, '\n');
	model_sessions(out);
}

/* --- what lists say, in the same words --- */

static void lists_line(struct buf *out, const struct lists_session *session)
{
	char time[TIMESTAMP_TEXT_MAX];
	size_t i;

	timestamp_text(session->updated, time);
	buf_putf(out, "%s|%.*s|%.*s|%.*s|%llu|%llu|%.*s|", time,
		 (int)session->entity.len, session->entity.at,
		 (int)session->title.len, session->title.at,
		 (int)session->provider.len, session->provider.at,
		 (unsigned long long)session->messages,
		 (unsigned long long)session->branches,
		 (int)session->first.len, session->first.at);
	for (i = 0; i < session->models.len; i++)
		buf_put_char(out, session->models.at[i] == '\n' ? ',' :
			     session->models.at[i]);
	buf_put_char(out, '\n');
}

static int count_disputed(void *arg, const struct view_entity *entity,
			  struct err *unused)
{
	(void)unused;
	*(uint64_t *)arg += entity->conflicts;
	return 0;
}

/* Those that are folded for it have as many as the totals say. */
static void say_disputed(struct lists *lists)
{
	uint64_t n = 0;
	const struct view_visitor visitor = { count_disputed, &n };

	must(lists_each_disputed(lists, NULL, &visitor, &err), "disputed");
	if (n != lists_totals(lists)->conflicts)
		bail_out("%llu are disputed", (unsigned long long)n);
}

static void lists_say(struct view *view, uint64_t keep_from, struct buf *out)
{
	const struct lists_totals *totals;
	struct lists_session session;
	struct lists *lists = NULL;
	bool is_end = false;
	size_t i;

	must(lists_open(view, keep_from, &lists, &err), "lists");
	totals = lists_totals(lists);
	buf_putf(out, "conflicts %llu, records %llu\n",
		 (unsigned long long)totals->conflicts,
		 (unsigned long long)totals->records);
	for (i = 0; kind_table[i].name; i++)
		buf_putf(out, "%s %llu\n", kind_table[i].name,
			 (unsigned long long)totals->counts[i]);
	buf_put_span(out, lists_persona(lists));
	buf_put_char(out, '\n');
	for (;;) {
		must(lists_next(lists, &session, &is_end, &err), "next");
		if (is_end)
			break;
		lists_line(out, &session);
	}
	say_disputed(lists);
	lists_free(lists);
}

static size_t differ(const char *expression, uint64_t keep_from)
{
	struct buf want = BUF_INIT(BUF_NO_LIMIT);
	struct buf got = BUF_INIT(BUF_NO_LIMIT);
	struct view *view = NULL;
	size_t wrong;

	must(view_open(vault, expression, &view, &err), "view");
	model_make(view, &want);
	lists_say(view, keep_from, &got);
	wrong = !span_equals(buf_span(&want), buf_span(&got));
	if (wrong)
		diag("at %s:\n%s\nnot\n%s", expression, buf_text(&got),
		     buf_text(&want));
	buf_release(&want);
	buf_release(&got);
	view_free(view);
	return wrong;
}

static void test_equal(void)
{
	size_t wrong = 0;
	char old[32];
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		write_some();
		/* Some are kept, others stand beside what was. */
		wrong += differ("nova", below(3) ? 1000 : 1);
		if (i % 3)
			continue;
		snprintf(old, sizeof(old), "nova~%zu", below(i + 1));
		wrong += differ(old, below(2) ? 1000 : 1);
	}
	is_int(wrong, 0, "each answer is that of reading and folding");
}

/* --- files --- */

struct flipping {
	size_t at;		/* in hundredths of the file */
	size_t files;
};

static int flip(void *arg, const char *name, enum dir_kind kind,
		struct err *why)
{
	struct flipping *flipping = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct stat info;
	char byte;
	int fd;

	(void)kind;
	must(vault_local_path(vault, "index/nova/lists/", &path, why), "path");
	buf_put_str(&path, name);
	fd = open(buf_text(&path), O_RDWR);
	buf_release(&path);
	flipping->files++;
	if (fd >= 0 && fstat(fd, &info) == 0) {
		off_t place = info.st_size * (off_t)flipping->at / 100;

		if (pread(fd, &byte, 1, place) == 1) {
			byte ^= 1;
			ok(pwrite(fd, &byte, 1, place) == 1, "flipped");
		}
	}
	if (fd >= 0)
		close(fd);
	return 0;
}

static void test_damage(void)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct flipping flipping = { 0, 0 };
	size_t wrong = 0;

	must(vault_local_path(vault, "index/nova/lists", &folder, &err), "path");
	wrong += differ("nova", 1);
	for (; flipping.at < 100; flipping.at += 9) {
		flipping.files = 0;
		must(dir_each(buf_text(&folder), flip, &flipping, &err),
		     "flip");
		ok(flipping.files > 0 && flipping.files <= 4,
		   "%zu files are kept", flipping.files);
		if (flipping.at % 2)
			write_some();
		wrong += differ("nova", 1);
	}
	is_int(wrong, 0, "a damaged file changes no answer");
	must(dir_remove_all(vault->path, buf_text(&folder), &err), "remove");
	wrong = differ("nova", 1);
	is_int(wrong, 0, "one that is gone is made anew");
	buf_release(&folder);
}

int main(void)
{
	struct vault_options options = { .is_plain = true };

	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	must(store_init_library(&err), "library");
	options.keys_folder = in_scratch("keys");
	must(vault_create(in_scratch("v"), &options, &vault, &err), "vault");
	test_equal();
	test_damage();
	vault_close(vault);
	scratch_end();
	return done_testing();
}
