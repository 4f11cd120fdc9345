#include "refs/view/forks.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/os/slot_file.h"
#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

/*
 * Known counts, by the heads that they were counted over: what those reach
 * never changes.
 */
#define FORKS_FILE "cache/forks"
#define FORKS_SLOTS 65536

struct fork_count {
	struct vault *vault;
	struct slot_file *known;	/* NULL: none can be kept */
};

struct fork_search {
	struct table seen;		/* of one construct: device and seq */
	uint64_t *count;
};

static int look_at(void *arg, const struct version *version, struct err *err)
{
	struct fork_search *search = arg;
	unsigned char key[DID_KEY_BYTES + sizeof(version->seq)];
	bool is_new;
	int rc;

	/* Lines that an owner made anew run side by side under one key. */
	if (version->is_renewed)
		return 0;
	memcpy(key, version->device, DID_KEY_BYTES);
	memcpy(key + DID_KEY_BYTES, &version->seq, sizeof(version->seq));
	rc = table_include(&search->seen, key, &is_new, err);
	*search->count += rc == 0 && !is_new;
	return rc;
}

static int search(struct vault *vault, const git_oid *heads, size_t n,
		  uint64_t *count, struct err *err)
{
	struct fork_search search = {
		TABLE_INIT(DID_KEY_BYTES + sizeof(uint64_t), TABLE_NO_LIMIT),
		count
	};
	struct history_visitor visitor = { look_at, &search, NULL };
	struct history_range range = { heads, n, NULL, 0 };
	int rc = history_walk(vault->store, &range, &visitor, err);

	table_release(&search.seen);
	return rc;
}

static int by_id(const void *a, const void *b)
{
	return git_oid_cmp(a, b);
}

static void key_of(git_oid *heads, size_t n, unsigned char out[SHA256_BYTES])
{
	qsort(heads, n, sizeof(*heads), by_id);
	sha256_of(heads, n * sizeof(*heads), out);
}

/* The parents in place of a version. */
static int step_down(struct vault *vault, git_oid **heads, size_t *n,
		     struct err *err)
{
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(vault->store, *heads, &version, err);
	if (rc == 0) {
		free(*heads);
		*heads = version.parents;
		*n = version.parents_n;
		version.parents = NULL;
		version.parents_n = 0;
	}
	version_release(&version);
	return rc;
}

/*
 * One head has no more forks than its parents together: its seq is higher than
 * any that its device has among its ancestors. So one looks below until a
 * count is known, which after a write is at once.
 */
static int count_heads(struct fork_count *count, git_oid **heads, size_t n,
		       uint64_t *out, struct err *err)
{
	unsigned char asked[SHA256_BYTES], key[SHA256_BYTES];
	uint64_t found = 0;
	bool is_known = false;
	int rc = 0;

	key_of(*heads, n, asked);
	memcpy(key, asked, sizeof(key));
	while (rc == 0 && n && !is_known) {
		is_known = count->known &&
			   slot_file_get(count->known, key, &found);
		if (is_known || n > 1)
			break;
		rc = step_down(count->vault, heads, &n, err);
		if (rc == 0 && n)
			key_of(*heads, n, key);
	}
	if (rc == 0 && n > 1 && !is_known)
		rc = search(count->vault, *heads, n, &found, err);
	if (rc < 0)
		return rc;
	if (count->known && n > 1 && !is_known)
		slot_file_put(count->known, key, &found);
	if (count->known && (!is_known || memcmp(key, asked, sizeof(key))))
		slot_file_put(count->known, asked, &found);
	*out += found;
	return 0;
}

/* The heads of one construct, the first of list[at...]. */
static int count_construct(struct fork_count *count,
			   const struct head_list *list, size_t at, size_t *end,
			   uint64_t *out, struct err *err)
{
	git_oid *heads;
	size_t i;
	int rc;

	for (i = at; i < list->n; i++)
		if (strcmp(list->at[i].construct, list->at[at].construct))
			break;
	*end = i;
	heads = calloc(i - at, sizeof(*heads));
	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = at; i < *end; i++)
		heads[i - at] = list->at[i].id;
	rc = count_heads(count, &heads, *end - at, out, err);
	free(heads);
	return rc;
}

int vault_forks(struct vault *vault, const struct head_list *heads,
		uint64_t *out_count, struct err *err)
{
	static const struct slot_shape shape = {
		.magic = "vvault-forks-1",
		.key_len = SHA256_BYTES,
		.value_len = sizeof(uint64_t),
		.slots = FORKS_SLOTS,
	};
	struct fork_count count = { vault, NULL };
	struct head_list list = HEAD_LIST_INIT;
	size_t at = 0;
	int rc = fork_refs_list(vault->store, NULL, &list, err);

	*out_count = 0;
	for (; rc == 0 && at < heads->n; at++)
		rc = head_list_add(&list, &heads->at[at], err);
	at = 0;
	head_list_sort(&list);
	if (rc == 0 && vault_cache_open(vault, FORKS_FILE, &shape,
					&count.known, NULL) < 0)
		count.known = NULL;
	while (rc == 0 && at < list.n) {
		struct err reason = ERR_INIT;

		rc = count_construct(&count, &list, at, &at, out_count,
				     &reason);
		/* A damaged construct says nothing of the others. */
		if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND)
			rc = 0;
		else if (rc < 0)
			err_copy(err, rc, &reason);
	}
	slot_file_free(count.known);
	head_list_release(&list);
	return rc;
}
