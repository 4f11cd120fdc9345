#include "refs/trust/cuts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/settle.h"
#include "refs/vault/limits.h"
#include "refs/verify/bounds.h"

void device_lasts_release(struct device_lasts *lasts)
{
	free(lasts->at);
	*lasts = (struct device_lasts)DEVICE_LASTS_INIT;
}

static int add_last(struct device_lasts *list, const struct version *version,
		    struct err *err)
{
	struct device_last *last;
	int rc = array_room(list, err);

	if (rc < 0)
		return rc;
	last = &list->at[list->n++];
	memset(last, 0, sizeof(*last));
	memcpy(last->cut.construct, version->construct,
	       strlen(version->construct) + 1);
	memcpy(last->cut.digest, version->digest, SHA256_BYTES);
	last->cut.seq = version->seq;
	last->id = version->id;
	last->time = version->time;
	return 0;
}

static int compare_lasts(const void *a, const void *b)
{
	return cuts_compare(&((const struct device_last *)a)->cut,
			    &((const struct device_last *)b)->cut);
}

static void sort_lasts(struct device_lasts *list)
{
	size_t kept = 0;
	size_t i;

	if (list->n)
		qsort(list->at, list->n, sizeof(*list->at), compare_lasts);
	for (i = 0; i < list->n; i++)
		if (!kept || compare_lasts(&list->at[kept - 1], &list->at[i]))
			list->at[kept++] = list->at[i];
	list->n = kept;
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
static int add_head(struct vault *vault, const struct head *head,
		    struct device_lasts *list, struct err *err)
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
			rc = add_last(list, &version, err);
	}
	version_release(&version);
	free(ids);
	return rc;
}

int device_lasts(struct vault *vault,
		 const unsigned char public[DID_KEY_BYTES],
		 struct device_lasts *out, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct device_lasts list = DEVICE_LASTS_INIT;
	char device[DID_SHORT_MAX];
	size_t i;
	int rc = heads_settled(vault, NULL, &heads, NULL, err);

	memcpy(list.public, public, DID_KEY_BYTES);
	did_short(public, device);
	for (i = 0; rc == 0 && i < heads.n; i++)
		if (!strcmp(heads.at[i].device, device))
			rc = add_head(vault, &heads.at[i], &list, err);
	head_list_release(&heads);
	if (rc < 0) {
		device_lasts_release(&list);
		return rc;
	}
	sort_lasts(&list);
	*out = list;
	return 0;
}

/* The newest of the device that a version stands on, or is. */
static int add_own(struct vault *vault,
		   const unsigned char public[DID_KEY_BYTES],
		   const git_oid *id, struct device_lasts *list,
		   struct err *err)
{
	struct version version;
	git_oid own = *id;
	bool is_found;
	int rc = history_own_before(vault->store, &own, public, INT64_MAX,
				    &is_found, err);

	version_init(&version);
	if (rc == 0 && is_found)
		rc = version_read(vault->store, &own, &version, err);
	if (rc == 0 && is_found)
		rc = add_last(list, &version, err);
	version_release(&version);
	return rc;
}

int device_lasts_until(struct vault *vault, const char *ref_name,
		       const git_oid *versions, size_t versions_n,
		       struct device_lasts *lasts, struct err *err)
{
	struct device_lasts list = DEVICE_LASTS_INIT;
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < versions_n; i++)
		rc = add_own(vault, lasts->public, &versions[i], &list, err);
	for (i = 0; rc == 0 && i < lasts->n; i++)
		if (strcmp(lasts->at[i].cut.construct, ref_name))
			lasts->at[kept++] = lasts->at[i];
	if (rc == 0)
		lasts->n = kept;
	for (i = 0; rc == 0 && i < list.n; i++) {
		rc = array_room(lasts, err);
		if (rc == 0)
			lasts->at[lasts->n++] = list.at[i];
	}
	if (rc == 0)
		sort_lasts(lasts);
	device_lasts_release(&list);
	return rc;
}

int device_lasts_cuts(const struct device_lasts *lasts,
		      struct member_cut **out, size_t *out_n, struct err *err)
{
	struct member_cut *cuts = calloc(lasts->n + 1, sizeof(*cuts));
	size_t i;

	if (!cuts)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < lasts->n; i++)
		cuts[i] = lasts->at[i].cut;
	*out = cuts;
	*out_n = lasts->n;
	return 0;
}
