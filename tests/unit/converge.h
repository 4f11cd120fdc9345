/*
 * A small world for test_converge: three devices of one vault, two remotes on
 * disk, a stream of chance, and what a device knows, boiled down for comparison.
 */
#ifndef VV_TESTS_UNIT_CONVERGE_H
#define VV_TESTS_UNIT_CONVERGE_H

#include <sys/stat.h>

#include "lib/base/table.h"
#include "lib/id/did.h"
#include "lib/id/hash.h"
#include "lib/os/process.h"
#include "objects/record/segment.h"
#include "refs/history/history.h"
#include "refs/history/reach.h"
#include "refs/history/version.h"
#include "refs/remote/remote.h"
#include "refs/trust/open.h"
#include "refs/upkeep/gc.h"
#include "refs/upkeep/verify_all.h"
#include "refs/vault/records/records.h"
#include "refs/verify/verify.h"
#include "refs/view/forks.h"
#include "refs/view/view.h"
#include "refs/write/write.h"
#include "tests/unit/fixture.h"

#define DEVICES 3
#define REMOTES 2
#define CONSTRUCT "nova"
#define SAID_MAX 4096
#define SOURCE_SESSIONS 12	/* of what is imported */
#define SOURCE_MESSAGES 24
#define MESSAGE_BYTES 1600

static const char *const remote_names[REMOTES] = { "left", "right" };

/* Of the three devices the first knows the left remote, the last the right
 * one, and only the middle one both. */

struct said {
	unsigned char id[RECORD_ID_BYTES];
	bool is_given_up;	/* by putting an older copy in its place */
	int device;
};

struct world {
	char folder[FIXTURE_PATH_MAX];
	struct vault *devices[DEVICES];
	uint64_t seed;
	uint64_t chance;
	struct said said[SAID_MAX];
	size_t said_n;
	bool is_lying[REMOTES];	/* then meeting it may fail */
	size_t holes;		/* objects that were missed on the way */
	struct err err;
};

static uint64_t below(struct world *world, uint64_t n)
{
	/* splitmix64 */
	uint64_t z = world->chance += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (z ^ (z >> 31)) % n;
}

static void must(struct world *world, int rc, const char *what)
{
	if (rc < 0)
		bail_out("seed %llu: %s: %s", (unsigned long long)world->seed,
			 what, world->err.text);
}

static const char *in_world(const struct world *world, const char *name, int n)
{
	static char paths[8][FIXTURE_PATH_MAX * 2];
	static unsigned int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s%d", world->folder, name, n);
	return path;
}

static void run(struct world *world, const char *const *argv)
{
	struct process_spec spec = { .argv = argv };
	struct process_end end;

	must(world, process_run(&spec, NULL, NULL, &end, &world->err),
	     argv[0]);
	if (end.status || end.signal)
		bail_out("'%s' failed", argv[0]);
}

static void copy_folder(struct world *world, const char *from, const char *to)
{
	const char *argv[] = { "cp", "-a", from, to, NULL };

	run(world, argv);
}

static void remove_folder(struct world *world, const char *path)
{
	must(world, dir_remove_all(scratch, path, &world->err), "remove");
}

/* Keys lie outside the world: a device stays the same in all worlds. */
static const char *keys_of(int device)
{
	static char paths[DEVICES][FIXTURE_PATH_MAX * 2];

	snprintf(paths[device], sizeof(paths[0]), "%s/keys%d", scratch, device);
	return paths[device];
}

static void device_open(struct world *world, int i)
{
	must(world, vault_open(in_world(world, "device", i), keys_of(i),
			       &world->devices[i], &world->err), "open");
}

static void device_close(struct world *world, int i)
{
	vault_close(world->devices[i]);
	world->devices[i] = NULL;
}

static void said_add(struct world *world, int device,
		     const unsigned char id[RECORD_ID_BYTES])
{
	struct said *said = &world->said[world->said_n++];

	if (world->said_n == SAID_MAX)
		bail_out("too much was said");
	memcpy(said->id, id, RECORD_ID_BYTES);
	said->device = device;
	said->is_given_up = false;
}

/* One record of an entity, in a version of its own, as `add` writes it. */
static void tell(struct world *world, int device, const char *type,
		 const char *entity, const char *data)
{
	struct vault *vault = world->devices[device];
	struct record_parts parts = {
		.type = type, .entity = span_str(entity),
		.data = span_str(data)
	};
	struct standing standing = { NULL, 0, HLC_INIT };
	char at[HLC_TEXT_MAX], ref_name[CONSTRUCT_NAME_MAX];
	unsigned char id[RECORD_ID_BYTES];
	struct writer *writer = NULL;
	struct write_result result;
	struct view *view = NULL;
	struct err *err = &world->err;

	must(world, vault_ref_name(vault, CONSTRUCT, ref_name, err), "name");
	if (view_open_ref(vault, ref_name, &view, err) < 0)
		err_clear(err);
	must(world, view_standing(view, parts.entity, &standing, err), "prev");
	must(world, vault_observe(vault, &standing.newest, false, err), "at");
	must(world, vault_now(vault, at, err), "now");
	parts.at = at;
	parts.prev = (const unsigned char (*)[RECORD_ID_BYTES])standing.ids;
	parts.prev_n = standing.n;
	must(world, writer_new(vault, CONSTRUCT, WRITER_MAY_CREATE, &writer,
			       err), "writer");
	must(world, writer_add_parts(writer, &parts, id, NULL, err),
	     "add");
	must(world, writer_commit(writer, "a test", &result, err), "commit");
	said_add(world, device, id);
	writer_free(writer);
	view_free(view);
	free(standing.ids);
}

/* One message of the one source: the same record on whatever device. */
static void source_put(struct world *world, struct writer *writer,
		       unsigned int session, unsigned int n,
		       unsigned char out_id[RECORD_ID_BYTES])
{
	struct world words = { .chance = session * 1000 + n };
	struct record_parts parts = { .type = "message:create" };
	char at[HLC_TEXT_MAX], entity[64], data[MESSAGE_BYTES + 64];
	size_t len;

	snprintf(at, sizeof(at),
		 "2024-01-%02uT%02u:%02u:00.000000Z-0000-00000000",
		 (session + 1) % 100, n / 60 % 100, n % 60);
	snprintf(entity, sizeof(entity), "message:source:s%u/%u", session, n);
	len = (size_t)snprintf(data, sizeof(data),
			       "{\"content\":\"%u", n);
	while (len < MESSAGE_BYTES)
		len += (size_t)snprintf(data + len, sizeof(data) - len, " %llx",
					(unsigned long long)
					below(&words, UINT64_MAX));
	snprintf(data + len, sizeof(data) - len, "\",\"index\":%u}", n);
	parts.at = at;
	parts.entity = span_str(entity);
	parts.data = span_str(data);
	must(world, writer_add_parts(writer, &parts, out_id, NULL,
				     &world->err), "import");
}

/*
 * A part of the source, as `import` takes it: in one version. Devices that take
 * other parts first cut what they have in common differently, and when all is
 * there in the same way: so folders go from one state to another and back.
 */
static void take_in(struct world *world, int device)
{
	uint64_t part = below(world, 4);
	unsigned char id[RECORD_ID_BYTES];
	struct writer *writer = NULL;
	struct write_result result;
	unsigned int session, n;

	must(world, writer_new(world->devices[device], CONSTRUCT,
			       WRITER_MAY_CREATE, &writer, &world->err),
	     "writer");
	for (session = 0; session < SOURCE_SESSIONS; session++) {
		if ((part == 1 && session % 2) ||
		    (part == 2 && session >= SOURCE_SESSIONS / 2))
			continue;
		for (n = 0; n < SOURCE_MESSAGES; n++) {
			if (part == 3 && n >= SOURCE_MESSAGES / 2)
				break;
			source_put(world, writer, session, n, id);
			if (n == 0)
				said_add(world, device, id);
		}
	}
	must(world, writer_commit(writer, "import", &result, &world->err),
	     "import");
	writer_free(writer);
}

static void admit(struct world *world, int device)
{
	struct vault *vault = world->devices[0];
	struct vault_admission what = {
		.state = &vault->state,
		.public = world->devices[device]->device.public,
		.role = ROLE_WRITER, .keys = vault->keys,
		.keys_n = vault->keys_n, .name_key = vault->name_key,
	};
	struct buf lines = BUF_INIT(RECORD_MAX_BYTES);
	struct writer *writer = NULL;
	struct vault_admitted admitted;
	struct write_result result;
	char at[HLC_TEXT_MAX];
	struct span line;
	size_t pos = 0;

	must(world, vault_now(vault, at, &world->err), "now");
	what.at = at;
	must(world, vault_records_admit(&what, &lines, &admitted,
					&world->err), "admit");
	must(world, writer_new(vault, VAULT_CONSTRUCT, 0, &writer,
			       &world->err), "writer");
	while (segment_next(buf_span(&lines), &pos, &line))
		must(world, writer_add(writer, line, NULL, NULL, &world->err),
		     "admit");
	must(world, writer_commit(writer, "admit", &result, &world->err),
	     "admit");
	must(world, vault_reload(vault, &world->err), "reload");
	writer_free(writer);
	buf_release(&lines);
}

static void met(struct world *world, int remote, int rc, const char *what)
{
	if (world->is_lying[remote])
		err_clear(&world->err);
	else
		must(world, rc, what);
}

static void fetch(struct world *world, int device, int remote)
{
	const struct remote_limits limits = { 0 };
	const struct remote_calls calls = { .progress = NULL };
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };

	met(world, remote,
	    remote_fetch(world->devices[device], remote_names[remote], &limits,
			 &calls, &report, &world->err), "fetch");
	must(world, vault_reload(world->devices[device], &world->err),
	     "reload");
	sync_report_release(&report);
}

static void push(struct world *world, int device, int remote)
{
	const struct remote_calls calls = { .progress = NULL };
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };

	met(world, remote,
	    remote_push(world->devices[device], remote_names[remote], &calls,
			&report, &world->err), "push");
	sync_report_release(&report);
}

static void collect(struct world *world, int device)
{
	const struct gc_options options = { .may_sign = true };
	struct gc_report report = { .has_run = false };

	must(world, vault_gc(world->devices[device], &options, &report,
			     &world->err), "gc");
	gc_report_release(&report);
}

/* All that the heads of a repository reach is there and hashes to its id. It
 * is opened anew: no cache of ours or of libgit2 fills a hole. */
static void look_for_holes(struct world *world, const char *path)
{
	struct table holes = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct head_list heads = HEAD_LIST_INIT;
	struct history_range range = { NULL, 0, NULL, 0 };
	struct store *store = NULL;
	git_oid *ids;
	size_t i;

	must(world, store_open(path, false, &store, &world->err), path);
	must(world, heads_list(store, "refs/heads/", NULL,
			       &heads, NULL, &world->err), "heads");
	ids = calloc(heads.n + 1, sizeof(*ids));
	for (i = 0; ids && i < heads.n; i++)
		ids[i] = heads.at[i].id;
	range.heads = ids;
	range.heads_n = heads.n;
	must(world, reach_holes(store, &range, true, NULL,
				&holes, &world->err), "walk");
	for (i = 0; i < holes.count; i++)
		diag("%s lacks %s", path, git_oid_tostr_s(
			(const git_oid *)table_key_at(&holes, i)));
	world->holes += holes.count;
	table_release(&holes);
	head_list_release(&heads);
	free(ids);
	store_free(store);
}

/* What a device knows and makes of it. */
struct knowledge {
	unsigned char set[SHA256_BYTES];
	unsigned char fold[SHA256_BYTES];
	unsigned char root[SHA256_BYTES];
	size_t entities;
	size_t problems;	/* that are no forks */
	uint64_t forks;
	struct table ids;
};

static int add_span(struct buf *buf, struct span span)
{
	return buf_printf(buf, NULL, "%zu:%.*s\n", span.len, (int)span.len,
			  span.at ? span.at : "");
}

/* What the versions of all worlds were, lest they prove nothing. */
struct lives {
	unsigned int compactions;
	unsigned int joins;
};

static int take_version(void *arg, const struct version *version,
			struct err *err)
{
	struct lives *lives = arg;

	(void)err;
	lives->compactions += version->change == CHANGE_COMPACT;
	lives->joins += version->parents_n > 1;
	return 0;
}

static void TAP_UNUSED know_lives(struct world *world, struct lives *lives)
{
	struct vault *vault = world->devices[0];
	const struct history_visitor visitor = { take_version, lives, NULL };
	struct history_range range = { NULL, 0, NULL, 0 };
	struct head_list refs = HEAD_LIST_INIT;
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid *heads = NULL;

	must(world, vault_ref_name(vault, CONSTRUCT, ref_name, &world->err),
	     "name");
	must(world, view_heads(vault, ref_name, &refs, &heads, &range.heads_n,
			       &world->err), "heads");
	range.heads = heads;
	must(world, history_walk(vault->store, &range, &visitor, &world->err),
	     "walk");
	head_list_release(&refs);
	free(heads);
}

/* In any order: the digests of the entities are added up. */
static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct knowledge *knowledge = arg;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	unsigned int carry = 0;
	size_t i;
	int rc = 0;

	rc |= add_span(&text, entity->entity);
	rc |= add_span(&text, entity->state);
	rc |= buf_printf(&text, err, "%zu\n", entity->conflicts);
	for (i = 0; rc == 0 && i < entity->records_n; i++)
		rc = buf_add(&text, entity->records[i].id, RECORD_ID_BYTES,
			     err);
	for (i = 0; rc == 0 && i < entity->records_n; i++)
		rc = table_include(&knowledge->ids, entity->records[i].id, NULL,
				   err);
	sha256_of(text.data, text.len, digest);
	buf_release(&text);
	for (i = SHA256_BYTES; i-- > 0;) {
		carry += (unsigned int)knowledge->fold[i] + digest[i];
		knowledge->fold[i] = (unsigned char)carry;
		carry >>= 8;
	}
	knowledge->entities++;
	return rc < 0 ? rc : 0;
}

static void know_fold(struct world *world, struct vault *vault,
		      struct knowledge *out)
{
	const struct view_visitor visitor = { take_entity, out };
	char ref_name[CONSTRUCT_NAME_MAX];
	struct view *view = NULL;

	must(world, vault_ref_name(vault, CONSTRUCT, ref_name, &world->err),
	     "name");
	must(world, view_open_ref(vault, ref_name, &view, &world->err), "view");
	memcpy(out->root, view->root, sizeof(out->root));
	must(world, view_each(view, NULL, true, &visitor, &world->err),
	     "fold");
	view_free(view);
}

static void know_set(struct world *world, struct vault *vault,
		     struct knowledge *out)
{
	const struct verify_options options = { .is_full = true, .threads = 1 };
	struct head_list heads = HEAD_LIST_INIT;
	struct verify_report report = { .problems = PROBLEM_LIST_INIT };
	size_t i;

	must(world, vault_verify(vault, &options, &report, &world->err),
	     "verify");
	for (i = 0; i < report.problems.n; i++) {
		if (!strcmp(report.problems.at[i].code, "fork"))
			continue;
		out->problems++;
		diag("%s: %s: %s", report.problems.at[i].code,
		     report.problems.at[i].object,
		     report.problems.at[i].message);
	}
	for (i = 0; i < report.sets_n; i++)
		if (!strcmp(report.sets[i].construct, CONSTRUCT))
			memcpy(out->set, report.sets[i].digest,
			       sizeof(out->set));
	verify_report_release(&report);
	must(world, heads_list(vault->store, "refs/heads/",
			       NULL, &heads, NULL, &world->err), "heads");
	must(world, vault_forks(vault, &heads, &out->forks, &world->err),
	     "forks");
	head_list_release(&heads);
}

/* The vault is opened anew: nothing that it remembers may help. */
static void know(struct world *world, int device, struct knowledge *out)
{
	memset(out, 0, sizeof(*out));
	out->ids = (struct table)TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	device_close(world, device);
	device_open(world, device);
	know_fold(world, world->devices[device], out);
	know_set(world, world->devices[device], out);
}

#endif
