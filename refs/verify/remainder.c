#include "refs/verify/verify_internal.h"

#include <string.h>

#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/vault/limits.h"

/* The lowest seq that a cut names for this ref; 0: none does. */
static int lowest_cut(struct verifier *verifier, const struct version *tip,
		      uint64_t *out, struct err *err)
{
	const struct roster_member *member;
	const struct member_cut *cuts;
	const struct roster *roster;
	size_t i;
	size_t n;
	int rc = authority_roster(verifier->authority, &verifier->accepted,
				  &roster, err);

	*out = 0;
	if (rc < 0)
		return rc;
	member = roster_member(roster, tip->device);
	for (i = 0; member && i < member->limits_n; i++) {
		cuts = limit_cuts(&member->limits[i], tip->construct, &n);
		/* Highest first. */
		if (cuts && (!*out || cuts[n - 1].seq < *out))
			*out = cuts[n - 1].seq;
	}
	return 0;
}

int verifier_remainder(struct verifier *verifier, const struct head *head,
		       git_oid *out, bool *out_found, struct err *err)
{
	unsigned char device[DID_KEY_BYTES];
	struct version at;
	uint64_t lowest = 0;
	uint64_t node;
	git_oid id = head->id;
	int rc;

	*out_found = false;
	if (!strcmp(head->construct, VAULT_CONSTRUCT) ||
	    !table_get(&verifier->by_id, id.id, &node) ||
	    verifier->nodes[node].status != NODE_OK)
		return 0;
	version_init(&at);
	rc = version_read(verifier->store, &id, &at, err);
	memcpy(device, at.device, DID_KEY_BYTES);
	if (rc == 0)
		rc = lowest_cut(verifier, &at, &lowest, err);
	while (rc == 0 && lowest && at.seq > lowest && at.parents_n) {
		id = at.parents[0];
		rc = version_read(verifier->store, &id, &at, err);
		if (rc < 0 || memcmp(at.device, device, DID_KEY_BYTES))
			break;
		rc = members_allow(verifier, MEMBERS_NONE, &id, out_found,
				   err);
		if (rc < 0 || *out_found)
			break;
	}
	if (*out_found)
		*out = id;
	version_release(&at);
	return rc;
}
