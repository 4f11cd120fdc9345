#include "refs/index/lists/merged.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/slot_file.h"
#include "objects/tree/tree.h"
#include "refs/view/forgotten.h"

#define MERGED_FILE "cache/merged"
#define MERGED_SLOTS 4096

void merge_links_release(struct merge_links *links)
{
	free(links->at);
	memset(links, 0, sizeof(*links));
}

int merge_links_add(struct merge_links *links,
		    const struct construct_summary *summary, struct err *err)
{
	struct merge_link *link;
	int rc;

	if (!summary->says.merged[0] || !summary->construct[0])
		return 0;
	rc = array_room(links, err);
	if (rc < 0)
		return rc;
	link = &links->at[links->n++];
	memset(link, 0, sizeof(*link));
	memcpy(link->id, summary->construct, sizeof(link->id));
	memcpy(link->ref_name, summary->ref_name, sizeof(link->ref_name));
	memcpy(link->into, summary->says.merged, sizeof(link->into));
	return 0;
}

static size_t member_len(struct span data, const char *name,
			 bool *out_is_there)
{
	struct span value;

	*out_is_there = jcs_find(data, name, &value);
	return *out_is_there ? strlen(name) + sizeof("\"\":,") - 1 + value.len :
			       0;
}

/* Each member with its comma, but the last one's: that and the braces are one
 * byte more. */
static bool has_no_more(const struct record *record, bool *out_is_of_merge)
{
	size_t len = member_len(record->data, "merged", out_is_of_merge);
	bool is_undone;

	len += member_len(record->data, "reverts", &is_undone);
	return !strcmp(record->kind->name, "construct") && len &&
	       len + 1 == record->data.len;
}

bool merged_is_all_said(const struct record *record)
{
	bool is_of_merge;

	return has_no_more(record, &is_of_merge) && is_of_merge;
}

/* --- rings --- */

static int order_id(const void *a, const void *b)
{
	return strcmp(((const struct merge_link *)a)->id,
		      ((const struct merge_link *)b)->id);
}

static struct merge_link *next_of(const struct merge_links *links,
				  const struct merge_link *link)
{
	struct merge_link key;

	memcpy(key.id, link->into, sizeof(key.id));
	return bsearch(&key, links->at, links->n, sizeof(key), order_id);
}

static void break_ring(const struct merge_links *links,
		       struct merge_link *start)
{
	struct merge_link *first = start;
	struct merge_link *link = start;

	while ((link = next_of(links, link)) != start) {
		if (strcmp(link->id, first->id) < 0)
			first = link;
	}
	first->is_so = false;
}

/* By id. Each is come by once. */
static void break_rings(struct merge_links *links)
{
	struct merge_link *link;
	size_t i;

	for (i = 0; i < links->n; i++) {
		link = &links->at[i];
		while (link && !link->walk) {
			link->walk = i + 1;
			link = next_of(links, link);
		}
		if (link && link->walk == i + 1)
			break_ring(links, link);
	}
}

/* --- what stands in both --- */

struct comparing {
	struct table lacks;	/* ids of records */
	uint64_t records;
};

static int take_merged_record(void *arg, const struct fold_record *record,
		       struct err *err)
{
	struct comparing *comparing = arg;
	bool is_of_merge;

	/* That it went, and that this was undone, holds nothing. */
	if (record->record.kind->is_reserved ||
	    has_no_more(&record->record, &is_of_merge))
		return 0;
	comparing->records++;
	return table_include(&comparing->lacks, record->id, NULL, err);
}

static int strike_merged_record(void *arg, const struct fold_record *record,
			 struct err *err)
{
	struct comparing *comparing = arg;

	(void)err;
	table_remove(&comparing->lacks, record->id);
	return 0;
}

static int compare(struct merge_link *link, struct view *from,
		   struct view *into, struct err *err)
{
	struct comparing comparing = {
		.lacks = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
	};
	const struct view_record_visitor take = { take_merged_record, &comparing };
	const struct view_record_visitor strike = { strike_merged_record,
						    &comparing };
	int rc = view_records(from, &take, err);

	if (rc == 0)
		rc = view_records(into, &strike, err);
	link->records = comparing.records;
	link->since = comparing.lacks.count;
	table_release(&comparing.lacks);
	return rc;
}

/* What is remembered of two roots. */
struct known {
	uint64_t records;
	uint64_t since;
	unsigned char tree[GIT_OID_RAWSZ];	/* where all stood in it */
};

static void make_key(const struct view *from, const struct view *into,
		     unsigned char key[SHA256_BYTES])
{
	struct sha256 hash = { { 0 } };

	sha256_init(&hash);
	sha256_add(&hash, "roots", sizeof("roots"));
	sha256_add(&hash, from->ref_name, strlen(from->ref_name) + 1);
	sha256_add(&hash, into->ref_name, strlen(into->ref_name) + 1);
	sha256_add(&hash, from->root, sizeof(from->root));
	sha256_add(&hash, into->root, sizeof(into->root));
	sha256_finish(&hash, key);
}

/* By the root of the first alone, and of what is forgotten in the other. */
static int make_grown_key(const struct view *from, struct view *into,
			  unsigned char key[SHA256_BYTES], struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct sha256 hash = { { 0 } };
	int rc = forgotten_name(into, &name, err);

	sha256_init(&hash);
	sha256_add(&hash, "grown", sizeof("grown"));
	sha256_add(&hash, from->ref_name, strlen(from->ref_name) + 1);
	sha256_add(&hash, from->root, sizeof(from->root));
	if (rc == 0)
		sha256_add(&hash, name.data, name.len);
	sha256_finish(&hash, key);
	buf_release(&name);
	return rc;
}

static int take_digest(void *arg, const struct tree_segment *segment,
		       struct err *err)
{
	return table_include(arg, segment->digest, NULL, err);
}

static int miss_digest(void *arg, const struct tree_segment *segment,
		       struct err *err)
{
	return table_get(arg, segment->digest, NULL) ? 0 :
		err_set(err, ERR_CHANGED, "a segment is no more there");
}

/* Has it every segment that it had when all stood there? */
static bool has_grown(struct view *into, const struct known *then)
{
	struct table digests = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	const struct tree_visitor take = { take_digest, &digests };
	const struct tree_visitor miss = { miss_digest, &digests };
	struct store *store = into->vault->store;
	git_oid tree;
	int rc = tree_each(store, &into->tree, &take, NULL);

	memcpy(tree.id, then->tree, GIT_OID_RAWSZ);
	if (rc == 0)
		rc = tree_each(store, &tree, &miss, NULL);
	table_release(&digests);
	return rc == 0;
}

/* What was compared before, of these roots or where all stood there since. */
static bool recall_compared(struct slot_file *cache, struct view *from,
			 struct view *into, struct known *out)
{
	unsigned char key[SHA256_BYTES];

	make_key(from, into, key);
	if (slot_file_get(cache, key, out))
		return true;
	if (make_grown_key(from, into, key, NULL) < 0 ||
	    !slot_file_get(cache, key, out) || !has_grown(into, out))
		return false;
	make_key(from, into, key);
	slot_file_put(cache, key, out);
	return true;
}

/* A union of several heads is no tree that is there later. */
static void keep_compared(struct slot_file *cache, struct view *from,
		       struct view *into, struct known *known)
{
	unsigned char key[SHA256_BYTES];

	memcpy(known->tree, into->tree.id, GIT_OID_RAWSZ);
	make_key(from, into, key);
	slot_file_put(cache, key, known);
	if (!known->since && into->heads_n == 1 &&
	    make_grown_key(from, into, key, NULL) == 0)
		slot_file_put(cache, key, known);
}

static int compare_once(struct slot_file *cache, struct merge_link *link,
			struct view *from, struct view *into, struct err *err)
{
	struct known known = { 0, 0, { 0 } };
	int rc;

	if (cache && recall_compared(cache, from, into, &known)) {
		link->records = known.records;
		link->since = known.since;
		return 0;
	}
	rc = compare(link, from, into, err);
	known.records = link->records;
	known.since = link->since;
	if (rc == 0 && cache && !from->lacks && !into->lacks)
		keep_compared(cache, from, into, &known);
	return rc;
}

static int open_readable(struct vault *vault, const char *ref_name,
			 struct view **out, struct err *err)
{
	int rc = view_open_ref(vault, ref_name, out, err);

	return rc == 0 && codec_mode((*out)->codec) == CODEC_BLIND ?
		err_set(err, ERR_NO_KEY, "'%s' is sealed", ref_name) : rc;
}

/* What cannot be compared is not so: nothing is left out for it. */
static void look(struct vault *vault, struct slot_file *cache,
		 struct merge_link *link)
{
	char ref_name[CONSTRUCT_NAME_MAX];
	struct view *from = NULL;
	struct view *into = NULL;
	int rc = vault_ref_name(vault, link->into, ref_name, NULL);

	if (rc == 0)
		rc = open_readable(vault, link->ref_name, &from, NULL);
	if (rc == 0)
		rc = open_readable(vault, ref_name, &into, NULL);
	if (rc == 0)
		rc = compare_once(cache, link, from, into, NULL);
	/* Of what was merged something stands there. */
	link->is_so = rc == 0 &&
		      (link->since < link->records || !link->records);
	view_free(from);
	view_free(into);
}

static void look_at_all(struct merge_links *links, struct vault *vault)
{
	static const struct slot_shape shape = {
		.magic = "vvault-merged-2",
		.key_len = SHA256_BYTES,
		.value_len = sizeof(struct known),
		.slots = MERGED_SLOTS,
	};
	struct slot_file *cache = NULL;
	size_t i;

	if (vault_cache_open(vault, MERGED_FILE, &shape, &cache, NULL) < 0)
		cache = NULL;
	for (i = 0; i < links->n; i++) {
		if (links->at[i].is_so)
			look(vault, cache, &links->at[i]);
	}
	slot_file_free(cache);
}

/* ids has keys of one length, padded with zeros. */
static bool is_id(const struct table *ids, const char *id)
{
	unsigned char key[TABLE_KEY_MAX + 1] = "";

	memcpy(key, id, strlen(id));
	return table_get(ids, key, NULL);
}

int merge_links_settle(struct merge_links *links, struct vault *vault,
		       const struct table *ids, struct err *err)
{
	struct merge_link *link;
	size_t i;

	(void)err;
	if (!links->n)
		return 0;
	qsort(links->at, links->n, sizeof(*links->at), order_id);
	for (i = 0; i < links->n; i++) {
		link = &links->at[i];
		link->is_so = strcmp(link->into, link->id) &&
			      strcmp(link->into, VAULT_CONSTRUCT) &&
			      is_id(ids, link->into);
	}
	break_rings(links);
	look_at_all(links, vault);
	return 0;
}
