#include "refs/trust/cuts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/settle.h"
#include "refs/vault/limits.h"
#include "refs/verify/bounds.h"

struct cut_list {
	struct member_cut *at;
	size_t n;
	size_t cap;
};

static int add_cut(struct cut_list *list, const struct version *version,
		   struct err *err)
{
	struct member_cut *cut;
	int rc = array_room(list, err);

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
	for (i = 0; rc == 0 && !*out && i < vault->state.heads_n; i++)
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
	for (i = 0; rc == 0 && stands && i < n; i++) {
		rc = version_read(vault->store, &ids[i], &version, err);
		did_short(version.device, device);
		if (rc == 0 && !strcmp(device, head->device))
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
	for (i = 0; rc == 0 && i < heads.n; i++)
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
