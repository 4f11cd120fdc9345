#include "refs/forks.h"

#include <stdlib.h>
#include <string.h>

#include "lib/table.h"
#include "refs/history.h"
#include "refs/view.h"

struct fork_search {
	struct table seen;		/* of one construct: device and seq */
	uint64_t *count;
};

static int look_at(void *arg, const struct version *version, struct err *err)
{
	struct fork_search *search = arg;
	unsigned char key[DID_KEY_BYTES + sizeof(version->seq)];
	int rc;

	memcpy(key, version->device, DID_KEY_BYTES);
	memcpy(key + DID_KEY_BYTES, &version->seq, sizeof(version->seq));
	rc = table_add(&search->seen, key, 0, err);
	*search->count += rc == 0;
	return rc < 0 ? rc : 0;
}

static int search_construct(struct vault *vault, const char *ref_name,
			    uint64_t *count, struct err *err)
{
	struct fork_search search = {
		TABLE_INIT(DID_KEY_BYTES + sizeof(uint64_t), TABLE_NO_LIMIT),
		count
	};
	struct history_visitor visitor = { look_at, &search };
	struct history_range range = { NULL, 0, NULL, 0 };
	struct head_list refs = HEAD_LIST_INIT;
	git_oid *heads = NULL;
	size_t n = 0;
	int rc;

	rc = view_heads(vault, ref_name, &refs, &heads, &n, err);
	range.heads = heads;
	range.heads_n = n;
	if (rc >= 0)
		rc = history_walk(vault->store, &range, &visitor, err);
	head_list_release(&refs);
	free(heads);
	table_release(&search.seen);
	return rc;
}

int vault_forks(struct vault *vault, uint64_t *out_count, struct err *err)
{
	struct name_list names;
	size_t i;
	int rc;

	*out_count = 0;
	rc = view_constructs(vault, &names, err);
	for (i = 0; rc >= 0 && i < names.n; i++)
		rc = search_construct(vault, names.at[i], out_count, err);
	name_list_release(&names);
	return rc;
}
