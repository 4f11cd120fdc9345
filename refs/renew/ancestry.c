#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"

/* One that is read. */
struct ancestry_reading {
	struct ancestry *lineage;
	const struct ancestry *before;	/* the one here; NULL: it is that */
	const unsigned char *device;	/* whose vault this is */
};

void ancestry_init(struct ancestry *lineage)
{
	memset(lineage, 0, sizeof(*lineage));
	lineage->identities = (struct table)TABLE_INIT(SHA256_BYTES,
						       TABLE_NO_LIMIT);
	lineage->digests = (struct table)TABLE_INIT(SHA256_BYTES,
						    TABLE_NO_LIMIT);
	lineage->versions = (struct table)TABLE_INIT(GIT_OID_RAWSZ,
						     TABLE_NO_LIMIT);
}

void ancestry_release(struct ancestry *lineage)
{
	table_release(&lineage->identities);
	table_release(&lineage->digests);
	table_release(&lineage->versions);
	free(lineage->ids);
}

static int add_identity(struct ancestry *lineage,
			const struct version *version, bool *out_is_new,
			struct err *err)
{
	uint64_t at = lineage->n;
	int rc = array_room_in(lineage->ids, lineage->n, lineage->cap, err);

	if (rc == 0)
		rc = table_add(&lineage->identities,
			       version_identity(version), at, out_is_new, err);
	if (rc < 0)
		return rc;
	(void)table_get(&lineage->identities, version_identity(version), &at);
	rc = table_put(&lineage->digests, version->digest, at, err);
	if (rc == 0)
		rc = table_put(&lineage->versions, version->id.id, at, err);
	if (rc == 0 && *out_is_new)
		lineage->ids[lineage->n++] = version->id;
	return rc;
}

/*
 * Each version is made anew once, for of two with one identity only one would
 * be compared; and what this device is said to have signed it has, for nobody
 * else can tell.
 */
static int check_new(const struct ancestry_reading *reading,
		     const struct version *version, bool is_new,
		     struct err *err)
{
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];
	bool is_unknown = version->is_renewed &&
			  !memcmp(version->writer, reading->device,
				  DID_KEY_BYTES) &&
			  !table_get(&reading->before->identities,
				     version_identity(version), NULL);

	if (is_new && !is_unknown)
		return 0;
	hex_text(version->id.id, GIT_OID_RAWSZ, hex);
	return err_set(err, ERR_UNTRUSTED, "an owner has made this vault anew, "
		       "but version %.10s there %s: it is not followed, and "
		       "nothing was changed", hex,
		       is_new ? "is said to be of this device, which has no "
				"such version" :
				"stands for the same as another one");
}

static int add_version(void *arg, const struct version *version,
		       struct err *err)
{
	const struct ancestry_reading *reading = arg;
	bool is_new = true;
	int rc = add_identity(reading->lineage, version, &is_new, err);

	return rc < 0 || !reading->before ?
		       rc : check_new(reading, version, is_new, err);
}

static int read_construct(struct vault *vault, const char *ref_name,
			  struct ancestry_reading *reading, struct err *err)
{
	const struct history_visitor visitor = { add_version, reading, NULL };
	struct history_range range = { NULL, 0, NULL, 0 };
	struct view *view = NULL;
	int rc = view_open_ref(vault, ref_name, &view, err);

	if (rc == 0) {
		range.heads = view->heads;
		range.heads_n = view->heads_n;
		rc = history_walk(vault->store, &range, &visitor, err);
	}
	view_free(view);
	return rc;
}

int ancestry_read(struct vault *vault, const struct ancestry *before,
		 struct ancestry *lineage, struct err *err)
{
	struct ancestry_reading reading = { lineage, before,
					   vault->device.public };
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs_proper(vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++)
		rc = read_construct(vault, names.at[i], &reading, err);
	name_list_release(&names);
	return rc;
}

const unsigned char *ancestry_identity(const struct ancestry *lineage,
				      const git_oid *id)
{
	uint64_t at;

	return table_get(&lineage->versions, id->id, &at) ?
		       table_key_at(&lineage->identities, (size_t)at) : NULL;
}

const git_oid *ancestry_find(const struct ancestry *lineage,
			    const unsigned char identity[SHA256_BYTES])
{
	uint64_t at;

	return table_get(&lineage->identities, identity, &at) ?
		       &lineage->ids[at] : NULL;
}

static int by_identity(const void *a, const void *b)
{
	return memcmp(*(unsigned char *const *)a, *(unsigned char *const *)b,
		      SHA256_BYTES);
}

/* What its parents are, the first one first and the others in order. */
static bool list_parents(const struct ancestry *lineage,
			 const struct version *version,
			 const unsigned char *out[VERSION_PARENTS_MAX])
{
	size_t i;

	for (i = 0; i < version->parents_n; i++) {
		out[i] = ancestry_identity(lineage, &version->parents[i]);
		if (!out[i])
			return false;
	}
	if (i > 2)
		qsort(out + 1, i - 1, sizeof(*out), by_identity);
	return true;
}

bool ancestry_has_parents(const struct ancestry *before,
			 const struct version *old,
			 const struct ancestry *lineage,
			 const struct version *made)
{
	const unsigned char *theirs[VERSION_PARENTS_MAX];
	const unsigned char *own[VERSION_PARENTS_MAX];
	size_t i;

	if (old->parents_n != made->parents_n ||
	    !list_parents(before, old, own) ||
	    !list_parents(lineage, made, theirs))
		return false;
	for (i = 0; i < old->parents_n; i++)
		if (memcmp(own[i], theirs[i], SHA256_BYTES))
			return false;
	return true;
}
