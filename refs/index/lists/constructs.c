#include "refs/index/lists/constructs.h"

#include <string.h>

#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/os/slot_file.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/index/lists/lists.h"

#define COUNTS_FILE "cache/counts"
#define COUNTS_SLOTS 65536

struct census {
	struct construct_summary *summary;
	struct table devices;
};

static int count_version(void *arg, const struct version *version,
			 struct err *err)
{
	struct census *census = arg;
	bool is_new;
	int rc = table_include(&census->devices, version_writer(version), &is_new, err);

	census->summary->versions++;
	census->summary->devices += is_new;
	if (version->time > census->summary->written)
		census->summary->written = version->time;
	return rc;
}

#define NAME_BYTES 64	/* of the longest name */

/* What is remembered of a construct that this device can read. */
struct entry {
	unsigned char construct[NAME_BYTES];	/* hidden */
	unsigned char root[SHA256_BYTES];
	uint64_t versions;
	uint64_t devices;
	uint64_t records;
	uint64_t has_talks;
	uint64_t conflicts;
	int64_t last;
	uint64_t sessions, messages, memories;
	int64_t written;
	uint64_t is_counted;		/* else only names are known */
	uint64_t merged_records;
	unsigned char called[NAME_BYTES];	/* hidden, as the name is */
	unsigned char merged[NAME_BYTES];
};

enum hidden { HIDDEN_NAME, HIDDEN_CALLED, HIDDEN_MERGED };

/* One pass over all constructs. */
struct counting {
	struct vault *vault;
	struct slot_file *cache;	/* NULL: cannot be kept */
	struct local_seal seal;		/* of names in it */
	const struct construct_visitor *visitor;
	bool is_of_names;
};

static void count_make_key(const char *ref_name, const git_oid *heads, size_t n,
			   unsigned char key[SHA256_BYTES])
{
	struct sha256 hash = { { 0 } };
	size_t i;

	sha256_init(&hash);
	sha256_add(&hash, ref_name, strlen(ref_name) + 1);
	for (i = 0; i < n; i++)
		sha256_add(&hash, heads[i].id, GIT_OID_RAWSZ);
	sha256_finish(&hash, key);
}

/* The name, hidden, or from what hides it: what one key stands for is always
 * the same, so its pads hide nothing else. */
static void hide_name(const struct counting *counting,
		      const unsigned char key[SHA256_BYTES], enum hidden which,
		      unsigned char name[NAME_BYTES])
{
	unsigned char of[SHA256_BYTES + 1];
	unsigned char pad[NAME_BYTES];
	size_t i;

	memcpy(of, key, SHA256_BYTES);
	of[SHA256_BYTES] = (unsigned char)which;
	blake2b_of(of, sizeof(of), counting->seal.key,
		   sizeof(counting->seal.key), pad, sizeof(pad));
	for (i = 0; i < NAME_BYTES; i++)
		name[i] ^= pad[i];
}

/* As sessions are listed: the root of a tree, where nobody said anything, is a
 * record, and no message. */
static int count_messages(struct lists *lists, uint64_t *out, struct err *err)
{
	struct lists_session session;
	bool is_end = false;
	int rc;

	*out = 0;
	while ((rc = lists_next(lists, &session, &is_end, err)) == 0 && !is_end)
		*out += session.messages;
	return rc;
}

static int count_records(struct view *view, struct construct_summary *out,
			 struct err *err)
{
	const struct lists_totals *totals;
	struct lists *lists = NULL;
	int rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);

	if (rc < 0)
		return rc;
	totals = lists_totals(lists);
	out->records = totals->records;
	out->has_talks = lists_has_sessions(lists);
	out->conflicts = totals->conflicts;
	out->last = totals->last;
	out->sessions = totals->counts[kind_find(span_str("session")) -
				       kind_table];
	out->memories = totals->counts[kind_find(span_str("memory")) -
				       kind_table];
	rc = count_messages(lists, &out->messages, err);
	lists_free(lists);
	return rc;
}

static int count(struct view *view, struct construct_summary *out,
		 struct err *err)
{
	struct census census = {
		out, TABLE_INIT(DID_KEY_BYTES, TABLE_NO_LIMIT)
	};
	struct history_visitor versions = { count_version, &census, NULL };
	struct history_range range = { view->heads, view->heads_n, NULL, 0 };
	int rc = history_walk(view->vault->store, &range, &versions, err);

	if (rc == 0 && out->has_records)
		rc = count_records(view, out, err);
	table_release(&census.devices);
	return rc;
}

static int summarize(const struct counting *counting,
		     struct construct_summary *out, bool *is_whole,
		     struct err *err)
{
	struct view *view = NULL;
	int rc = view_open_versions(counting->vault, out->ref_name, out->heads,
				    out->heads_n, &view, err);

	if (rc < 0)
		return rc;
	memcpy(out->construct, view->construct, sizeof(out->construct));
	memcpy(out->root, view->root, sizeof(out->root));
	out->has_records = codec_mode(view->codec) != CODEC_BLIND;
	rc = construct_says(view, &out->says, err);
	out->is_counted = !counting->is_of_names;
	if (rc == 0 && out->is_counted)
		rc = count(view, out, err);
	*is_whole = !view->lacks;
	view_free(view);
	return rc;
}

static void recall(const struct counting *counting, const unsigned char *key,
		   struct entry *entry, struct construct_summary *out)
{
	hide_name(counting, key, HIDDEN_NAME, entry->construct);
	hide_name(counting, key, HIDDEN_CALLED, entry->called);
	hide_name(counting, key, HIDDEN_MERGED, entry->merged);
	memcpy(out->construct, entry->construct, NAME_BYTES);
	memcpy(out->says.called, entry->called, NAME_BYTES);
	memcpy(out->says.merged, entry->merged, NAME_BYTES);
	out->says.merged_records = entry->merged_records;
	memcpy(out->root, entry->root, sizeof(out->root));
	out->versions = entry->versions;
	out->devices = entry->devices;
	out->records = entry->records;
	out->has_records = true;
	out->has_talks = entry->has_talks;
	out->conflicts = entry->conflicts;
	out->last = entry->last;
	out->sessions = entry->sessions;
	out->messages = entry->messages;
	out->memories = entry->memories;
	out->written = entry->written;
}

/* Only what this device can read: the rest changes when keys come. */
static void remember(const struct counting *counting,
		     const unsigned char *key,
		     const struct construct_summary *summary)
{
	struct entry entry;

	if (!counting->cache || !summary->has_records || !summary->construct[0])
		return;
	memset(&entry, 0, sizeof(entry));
	memcpy(entry.construct, summary->construct, NAME_BYTES);
	memcpy(entry.called, summary->says.called, NAME_BYTES);
	memcpy(entry.merged, summary->says.merged, NAME_BYTES);
	hide_name(counting, key, HIDDEN_NAME, entry.construct);
	hide_name(counting, key, HIDDEN_CALLED, entry.called);
	hide_name(counting, key, HIDDEN_MERGED, entry.merged);
	entry.is_counted = summary->is_counted;
	entry.merged_records = summary->says.merged_records;
	memcpy(entry.root, summary->root, sizeof(entry.root));
	entry.versions = summary->versions;
	entry.devices = summary->devices;
	entry.records = summary->records;
	entry.has_talks = summary->has_talks;
	entry.conflicts = summary->conflicts;
	entry.last = summary->last;
	entry.sessions = summary->sessions;
	entry.messages = summary->messages;
	entry.memories = summary->memories;
	entry.written = summary->written;
	slot_file_put(counting->cache, key, &entry);
}

/* Is as much of it known as is asked for? */
static bool is_known(const struct counting *counting, const unsigned char *key,
		     struct entry *out)
{
	return counting->cache && slot_file_get(counting->cache, key, out) &&
	       (out->is_counted || counting->is_of_names);
}

static int visit(void *arg, const char *ref_name, const git_oid *heads,
		 size_t n, struct err *err)
{
	const struct counting *counting = arg;
	struct construct_summary summary;
	struct err reason = ERR_INIT;
	unsigned char key[SHA256_BYTES];
	struct entry entry;
	bool is_whole;
	int rc = 0;

	if (!strcmp(ref_name, VAULT_CONSTRUCT))
		return 0;
	memset(&summary, 0, sizeof(summary));
	memcpy(summary.ref_name, ref_name, strlen(ref_name) + 1);
	summary.heads = heads;
	summary.heads_n = n;
	count_make_key(ref_name, heads, n, key);
	if (is_known(counting, key, &entry)) {
		recall(counting, key, &entry, &summary);
	} else {
		rc = summarize(counting, &summary, &is_whole, &reason);
		if (rc == 0 && is_whole)
			remember(counting, key, &summary);
	}
	if (rc < 0)
		return counting->visitor->hurt(counting->visitor->arg,
					       summary.construct[0] ?
					       summary.construct : ref_name,
					       &reason);
	return counting->visitor->construct(counting->visitor->arg, &summary,
					    err);
}

static int visit_hurt(void *arg, const char *ref_name, struct err *reason)
{
	const struct counting *counting = arg;

	return counting->visitor->hurt(counting->visitor->arg, ref_name,
				       reason);
}

static int each(struct vault *vault, const struct construct_visitor *visitor,
		bool is_of_names, struct err *err)
{
	static const struct slot_shape shape = {
		.magic = "vvault-counts-7",
		.key_len = SHA256_BYTES,
		.value_len = sizeof(struct entry),
		.slots = COUNTS_SLOTS,
	};
	struct counting counting = { .vault = vault, .visitor = visitor,
				     .is_of_names = is_of_names };
	const struct view_heads_visitor heads = { visit, visit_hurt,
						  &counting };
	int rc = vault_cache_open(vault, COUNTS_FILE, &shape, &counting.cache,
				  NULL);

	if (rc < 0)
		counting.cache = NULL;
	device_key_local_seal(&vault->device, "counts 1",
			      vault->state.vault_id, &counting.seal);
	rc = view_heads_each(vault, &heads, err);
	slot_file_free(counting.cache);
	local_seal_wipe(&counting.seal);
	return rc;
}

int constructs_each(struct vault *vault,
		    const struct construct_visitor *visitor, struct err *err)
{
	return each(vault, visitor, false, err);
}

int constructs_each_said(struct vault *vault,
			 const struct construct_visitor *visitor,
			 struct err *err)
{
	return each(vault, visitor, true, err);
}
