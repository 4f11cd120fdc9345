#include "refs/verify/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

/* How one version stands with the limits on its signer. */
struct bound {
	bool counts;
	bool may_not_forget;	/* it counts, if it does not forget */
};

static bool keeps(const void *arg, const struct member_limit *limit)
{
	const struct version *version = arg;

	return limit_names(limit, version->construct, version->digest);
}

static void judge(const struct bound_look *look,
		  const struct version *version, struct bound *out)
{
	struct limit_case at = {
		.known = &look->known, .construct = version->construct,
		.needed = ROLE_WRITER, .keeps = keeps, .arg = version,
	};
	enum limit_verdict writing = limits_judge(look->limits,
						  look->limits_n, &at);

	at.needed = ROLE_OWNER;
	out->counts = writing != LIMIT_CUT;
	out->may_not_forget = writing == LIMIT_FREE &&
			      limits_judge(look->limits, look->limits_n,
					   &at) == LIMIT_CUT;
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
	if (rc == 0 && look.limits_n)
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
	while (rc == 0 && !*out) {
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

	if (rc == 0 && bound.may_not_forget)
		rc = line_forgets(bounds, version, &forgets, err);
	*out_counts = bound.counts && !forgets;
	return rc;
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
	bool is_new;
	int rc = table_include(&settling->seen, id->id, &is_new, err);

	if (rc < 0 || !is_new)
		return rc;
	rc = array_room(settling, err);
	if (rc == 0)
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
	for (i = 0; rc == 0 && i < settling->n; i++) {
		git_oid id = settling->at[i];

		rc = version_read(bounds->store, &id, &version, err);
		if (rc == 0)
			rc = bounds_check(bounds, &version, &counts, err);
		if (rc == 0 && counts)
			settling->at[kept++] = id;
		for (j = 0; rc == 0 && !counts && j < version.parents_n; j++)
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
	for (i = 0; rc == 0 && i < *n; i++)
		rc = add(&settling, &(*ids)[i], err);
	if (rc == 0)
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
