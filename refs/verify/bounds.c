#include "refs/verify/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/settle.h"

/* How one version stands with the limits on its signer. */
struct bound {
	bool counts;
	bool may_not_forget;	/* it counts, if it does not forget */
};

static void judge(const struct bound_look *look,
		  const struct version *version, struct bound *out)
{
	const struct member_limit *writing = limits_binding(
		look->limits, look->limits_n, &look->known,
		version->construct, ROLE_WRITER);
	const struct member_limit *owning = limits_binding(
		look->limits, look->limits_n, &look->known,
		version->construct, ROLE_OWNER);

	if (writing)
		out->counts = limit_names(writing, version->construct,
					  version->digest);
	else if (owning)
		out->may_not_forget = !limit_names(owning, version->construct,
						   version->digest);
}

static int look_at(const struct bounds *bounds, const struct version *version,
		   struct bound *out, struct err *err)
{
	struct bound_look look;
	int rc;

	memset(&look, 0, sizeof(look));
	rc = bounds->look(bounds->arg, version, &look, err);
	out->counts = !look.is_stranger;
	out->may_not_forget = false;
	if (rc >= 0 && look.limits_n)
		judge(&look, version, out);
	index_set_release(&look.known);
	return rc;
}

/* Does the device's own line forget, beyond its cut? */
static int line_forgets(const struct bounds *bounds,
			const struct version *from, bool *out,
			struct err *err)
{
	struct bound bound = { true, true };
	struct version at;
	git_oid next;
	int rc = 0;

	*out = from->change == CHANGE_FORGET;
	if (!from->parents_n)
		return 0;
	next = from->parents[0];
	version_init(&at);
	while (rc >= 0 && !*out) {
		rc = version_read(bounds->store, &next, &at, err);
		if (rc < 0 || memcmp(at.device, from->device, DID_KEY_BYTES))
			break;
		rc = look_at(bounds, &at, &bound, err);
		if (rc < 0 || !bound.may_not_forget)
			break;
		*out = at.change == CHANGE_FORGET;
		if (!at.parents_n)
			break;
		next = at.parents[0];
	}
	version_release(&at);
	return rc;
}

int bounds_check(const struct bounds *bounds, const struct version *version,
		 bool *out_counts, struct err *err)
{
	struct bound bound;
	bool forgets = false;
	int rc = look_at(bounds, version, &bound, err);

	if (rc >= 0 && bound.may_not_forget)
		rc = line_forgets(bounds, version, &forgets, err);
	*out_counts = bound.counts && !forgets;
	return rc < 0 ? rc : 0;
}

static int look_in_vault(void *arg, const struct version *version,
			 struct bound_look *out, struct err *err)
{
	const struct vault *vault = arg;
	const struct member *member =
		vault_state_member(&vault->state, version->device);

	out->is_stranger = !member;
	if (!member || !member->limits_n)
		return 0;
	out->limits = member->limits;
	out->limits_n = member->limits_n;
	return vault_state_known(&vault->state,
				 (const unsigned char (*)[SHA256_BYTES])
				 version->members, version->members_n,
				 &out->known, err);
}

bool bounds_may_bind(const struct vault *vault, const char *device)
{
	unsigned char public[DID_KEY_BYTES];
	const struct member *member;

	if (!vault->state.past_n)
		return false;
	if (did_parse_short(span_str(device), public, NULL) < 0)
		return true;
	member = vault_state_member(&vault->state, public);
	return !member || member->limits_n;
}

/* Ids found so far: those still to be looked at come last. */
struct settling {
	git_oid *at;
	size_t n;
	size_t cap;
	struct table seen;
};

static int add(struct settling *settling, const git_oid *id, struct err *err)
{
	void *at = settling->at;
	int rc = table_add(&settling->seen, id->id, 0, err);

	if (rc <= 0)
		return rc;
	rc = array_grow(&at, &settling->cap, settling->n,
			sizeof(*settling->at), err);
	settling->at = at;
	if (rc >= 0)
		settling->at[settling->n++] = *id;
	return rc;
}

/* Look at each, and at the parents of those that do not count. */
static int settle(const struct bounds *bounds, struct settling *settling,
		  struct err *err)
{
	struct version version;
	size_t kept = 0;
	size_t i;
	size_t j;
	bool counts;
	int rc = 0;

	version_init(&version);
	for (i = 0; rc >= 0 && i < settling->n; i++) {
		git_oid id = settling->at[i];

		rc = version_read(bounds->store, &id, &version, err);
		if (rc >= 0)
			rc = bounds_check(bounds, &version, &counts, err);
		if (rc >= 0 && counts)
			settling->at[kept++] = id;
		for (j = 0; rc >= 0 && !counts && j < version.parents_n; j++)
			rc = add(settling, &version.parents[j], err);
	}
	settling->n = kept;
	version_release(&version);
	return rc;
}

int bounds_settle(struct vault *vault, git_oid **ids, size_t *n,
		  struct err *err)
{
	const struct table seen = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct bounds bounds = { vault->store, look_in_vault,
				 vault };
	struct settling settling = { NULL, 0, 0, seen };
	size_t i;
	int rc = 0;

	if (!vault->state.past_n)
		return 0;
	for (i = 0; rc >= 0 && i < *n; i++)
		rc = add(&settling, &(*ids)[i], err);
	if (rc >= 0)
		rc = settle(&bounds, &settling, err);
	table_release(&settling.seen);
	if (rc < 0) {
		free(settling.at);
		return rc;
	}
	*n = settling.n;
	if (settling.at) {
		free(*ids);
		*ids = settling.at;
	}
	return 0;
}

struct cut_list {
	struct member_cut *at;
	size_t n;
	size_t cap;
};

static int add_cut(struct cut_list *list, const struct version *version,
		   struct err *err)
{
	void *at = list->at;
	struct member_cut *cut;
	int rc = array_grow(&at, &list->cap, list->n, sizeof(*list->at), err);

	list->at = at;
	if (rc < 0)
		return rc;
	cut = &list->at[list->n++];
	memset(cut, 0, sizeof(*cut));
	memcpy(cut->construct, version->construct,
	       strlen(version->construct) + 1);
	memcpy(cut->digest, version->digest, SHA256_BYTES);
	cut->seq = version->seq;
	return 0;
}

/* Of `vault` its state knows what counts. */
static int stands_in_vault(const struct vault *vault, const git_oid *id,
			   bool *out, struct err *err)
{
	size_t i;
	int rc = 0;

	*out = false;
	for (i = 0; rc >= 0 && !*out && i < vault->state.heads_n; i++)
		rc = history_is_ancestor(vault->store, id,
					 &vault->state.heads[i], out, err);
	return rc;
}

/* The device's versions that stand in the place of one of its heads. */
static int cut_head(struct vault *vault, const struct head *head,
		    struct cut_list *list, struct err *err)
{
	git_oid *ids = calloc(1, sizeof(*ids));
	char device[DID_SHORT_MAX];
	bool stands = true;
	struct version version;
	size_t n = 1;
	size_t i;
	int rc = 0;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	*ids = head->id;
	version_init(&version);
	if (strcmp(head->construct, VAULT_CONSTRUCT))
		rc = bounds_settle(vault, &ids, &n, err);
	else
		rc = stands_in_vault(vault, &head->id, &stands, err);
	for (i = 0; rc >= 0 && stands && i < n; i++) {
		rc = version_read(vault->store, &ids[i], &version, err);
		did_short(version.device, device);
		if (rc >= 0 && !strcmp(device, head->device))
			rc = add_cut(list, &version, err);
	}
	version_release(&version);
	free(ids);
	return rc;
}

int bounds_cuts(struct vault *vault,
		const unsigned char public[DID_KEY_BYTES],
		struct member_cut **out, size_t *out_n, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct cut_list list = { NULL, 0, 0 };
	char device[DID_SHORT_MAX];
	size_t i;
	int rc = heads_settled(vault, NULL, &heads, NULL, err);

	did_short(public, device);
	for (i = 0; rc >= 0 && i < heads.n; i++)
		if (!strcmp(heads.at[i].device, device))
			rc = cut_head(vault, &heads.at[i], &list, err);
	head_list_release(&heads);
	if (rc < 0) {
		free(list.at);
		return rc;
	}
	cuts_sort(list.at, &list.n);
	*out = list.at;
	*out_n = list.n;
	return 0;
}
