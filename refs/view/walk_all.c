#include "refs/view/walk_all.h"

#include <stdlib.h>
#include <string.h>

#include "lib/os/slot_file.h"
#include "refs/history/version.h"
#include "refs/trust/settle.h"
#include "refs/view/view.h"

#define TIMES_FILE "cache/times"
#define TIMES_SLOTS 65536

struct walk_all {
	struct vault *vault;
	struct head_list heads;		/* and forks, by construct */
	struct slot_file *times;	/* by id; NULL: none can be kept */
	size_t *begin;			/* of each construct, in heads */
	struct history_first *first;
	size_t n;
	int (*hurt)(void *arg, const char *construct, struct err *reason);
	void *arg;			/* for hurt */
};

static int list_heads(struct walk_all *all, struct err *err)
{
	/* Second lines are heads too. */
	int rc = heads_settled(all->vault, NULL, &all->heads, NULL, err);

	/* With zero ids, so that whoever opens their construct is told. */
	if (rc == 0)
		rc = heads_damaged(all->vault, &all->heads, err);
	head_list_sort(&all->heads);
	return rc;
}

static void open_times(struct walk_all *all)
{
	static const struct slot_shape shape = {
		.magic = "vvault-times-1",
		.key_len = GIT_OID_RAWSZ,
		.value_len = sizeof(int64_t),
		.slots = TIMES_SLOTS,
	};

	if (vault_cache_open(all->vault, TIMES_FILE, &shape, &all->times,
			     NULL) < 0)
		all->times = NULL;
}

static int time_of(struct walk_all *all, const git_oid *id, int64_t *out,
		   struct err *err)
{
	struct version version;
	int rc;

	*out = INT64_MAX;
	if (git_oid_is_zero(id) ||
	    (all->times && slot_file_get(all->times, id->id, out)))
		return 0;
	version_init(&version);
	rc = version_read(all->vault->store, id, &version, err);
	if (rc == 0) {
		*out = version.time;
		if (all->times)
			slot_file_put(all->times, id->id, out);
	}
	version_release(&version);
	/* One that cannot be read is told when its construct is opened: first. */
	return rc == ERR_CORRUPT || rc == ERR_NOT_FOUND ? 0 : rc;
}

/* Note where each construct begins, and its newest head. */
static int find_first(struct walk_all *all, struct err *err)
{
	const char *construct = NULL;
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < all->heads.n; i++) {
		const struct head *head = &all->heads.at[i];
		struct history_first mine = {
			.id = head->id,
			.is_under = !strcmp(head->construct, VAULT_CONSTRUCT),
		};
		struct history_first *first;

		struct err reason = ERR_INIT;

		rc = time_of(all, &head->id, &mine.time, &reason);
		if (rc < 0)
			return err_copy(err, rc, &reason);
		if (!construct || strcmp(construct, head->construct)) {
			all->begin[all->n] = i;
			all->first[all->n++] = mine;
			construct = head->construct;
			continue;
		}
		first = &all->first[all->n - 1];
		if (mine.time > first->time ||
		    (mine.time == first->time &&
		     git_oid_cmp(&mine.id, &first->id) < 0))
			*first = mine;
	}
	return rc;
}

/* What is a head is for the one read path to say. */
static int open_construct(void *arg, size_t which, git_oid **out_heads,
			  size_t *out_n, struct err *err)
{
	const struct walk_all *all = arg;
	struct head_list refs = HEAD_LIST_INIT;
	int rc = view_heads(all->vault,
			    all->heads.at[all->begin[which]].construct, &refs,
			    out_heads, out_n, err);

	head_list_release(&refs);
	return rc;
}

static int tell_hurt(void *arg, size_t which, struct err *reason)
{
	const struct walk_all *all = arg;

	return all->hurt(all->arg,
			 all->heads.at[all->begin[which]].construct, reason);
}

int vault_walk_all(struct vault *vault, const struct history_visitor *visitor,
		   int (*hurt)(void *arg, const char *construct,
			       struct err *reason),
		   struct err *err)
{
	struct walk_all all = { .vault = vault, .heads = HEAD_LIST_INIT,
				.hurt = hurt, .arg = visitor->arg };
	struct history_many many = { .open = open_construct,
				     .hurt = tell_hurt, .arg = &all };
	int rc = list_heads(&all, err);

	if (rc == 0) {
		all.begin = calloc(all.heads.n + 1, sizeof(*all.begin));
		all.first = calloc(all.heads.n + 1, sizeof(*all.first));
		if (!all.begin || !all.first)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc == 0) {
		open_times(&all);
		rc = find_first(&all, err);
	}
	many.n = all.n;
	many.first = all.first;
	if (rc == 0)
		rc = history_walk_many(vault->store, &many, visitor, err);
	slot_file_free(all.times);
	free(all.begin);
	free(all.first);
	head_list_release(&all.heads);
	return rc;
}
