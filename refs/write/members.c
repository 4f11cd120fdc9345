#include "refs/write/members.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"

struct digests {
	unsigned char (*at)[SHA256_BYTES];
	size_t n;
	size_t cap;
};

static int order_digests(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_BYTES);
}

static bool has_digest(const struct digests *list,
		       const unsigned char digest[SHA256_BYTES])
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!memcmp(list->at[i], digest, SHA256_BYTES))
			return true;
	return false;
}

static int add_digest(struct digests *list,
		      const unsigned char digest[SHA256_BYTES],
		      struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		memcpy(list->at[list->n++], digest, SHA256_BYTES);
	return rc;
}

/* What a parent names, and the heads of `vault` are not. */
static int add_others(struct vault *vault, const git_oid *parent,
		      const struct digests *heads, struct digests *out,
		      struct err *err)
{
	struct version version;
	size_t i;
	int rc;

	version_init(&version);
	rc = version_read(vault->store, parent, &version, err);
	for (i = 0; rc == 0 && i < version.members_n; i++)
		if (!has_digest(heads, version.members[i]) &&
		    !has_digest(out, version.members[i]))
			rc = add_digest(out, version.members[i], err);
	version_release(&version);
	return rc;
}

struct members_beside {
	struct digests *left;
	bool is_done;
};

static int take_away(void *arg, const struct version *version,
		     struct err *err)
{
	struct members_beside *beside = arg;
	struct digests *left = beside->left;
	size_t i;

	(void)err;
	for (i = 0; i < left->n; i++)
		if (!memcmp(left->at[i], version->digest, SHA256_BYTES))
			memmove(left->at[i], left->at[--left->n],
				SHA256_BYTES);
	beside->is_done = !left->n;
	return 0;
}

/* Those of them that the heads of `vault` do not stand on. */
static int leave_beside(struct vault *vault, struct digests *left,
			struct err *err)
{
	const struct history_range all = {
		vault->state.heads, vault->state.heads_n, NULL, 0
	};
	struct members_beside beside = { left, !left->n };
	const struct history_visitor visitor = {
		take_away, &beside, &beside.is_done
	};

	return beside.is_done ? 0 :
	       history_walk(vault->store, &all, &visitor, err);
}

int members_fill(struct vault *vault, const git_oid *parents, size_t n,
		 struct version *version, struct err *err)
{
	struct digests members = { NULL, 0, 0 };
	struct digests others = { NULL, 0, 0 };
	size_t i;
	int rc = versions_digests(vault->store, vault->state.heads,
				  vault->state.heads_n, &members.at, err);

	if (rc < 0)
		goto out;
	members.n = members.cap = vault->state.heads_n;
	for (i = 0; rc == 0 && i < n; i++)
		rc = add_others(vault, &parents[i], &members, &others, err);
	if (rc == 0)
		rc = leave_beside(vault, &others, err);
	for (i = 0; rc == 0 && i < others.n; i++)
		rc = add_digest(&members, others.at[i], err);
	if (rc < 0)
		goto out;
	qsort(members.at, members.n, SHA256_BYTES, order_digests);
	version->members = members.at;
	version->members_n = members.n;
	members.at = NULL;
out:
	free(members.at);
	free(others.at);
	return rc;
}
