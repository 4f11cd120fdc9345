#include "refs/upkeep/restore.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/history/reach.h"
#include "refs/history/repo.h"
#include "refs/history/version.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/reject.h"
#include "refs/upkeep/restore.h"

#define TRIES_MAX 32		/* candidates that are verified for one ref */

/* What a ref may have stood at. */
struct candidate {
	struct head head;
	uint64_t seq;
	int64_t time;
};

struct search {
	struct vault *vault;
	struct head_list wanted;
	struct candidate *at;
	size_t n;
	size_t cap;
	struct err *err;
};

int damaged_folder(const struct vault *vault, struct buf *out,
		   struct err *err)
{
	int rc = vault_local_path(vault, "damaged", out, err);

	return rc < 0 ? rc : dir_make(buf_text(out), 0700, err);
}

/* A version, if it can be read and is of a ref that is looked for. */
static int consider(void *arg, const git_oid *id, struct err *err)
{
	struct search *search = arg;
	struct candidate made;
	struct version version;
	int rc;

	memset(&made, 0, sizeof(made));
	version_init(&version);
	if (version_read(search->vault->store, id, &version, NULL) < 0) {
		version_release(&version);
		return 0;
	}
	made.head.id = *id;
	made.seq = version.seq;
	made.time = version.time;
	snprintf(made.head.construct, sizeof(made.head.construct), "%s",
		 version.construct);
	did_short(version.device, made.head.device);
	version_release(&version);
	if (!head_list_find(&search->wanted, &made.head))
		return 0;
	rc = array_room(search, err);
	if (rc == 0)
		search->at[search->n++] = made;
	return rc;
}

/* `vault` first, by which others are judged; of one ref the newest. */
static int order(const void *a, const void *b)
{
	const struct candidate *one = a, *two = b;
	bool is_vault = !strcmp(one->head.construct, VAULT_CONSTRUCT);
	int by_name = strcmp(one->head.construct, two->head.construct);

	if (by_name && is_vault != !strcmp(two->head.construct,
					   VAULT_CONSTRUCT))
		return is_vault ? -1 : 1;
	if (!by_name)
		by_name = strcmp(one->head.device, two->head.device);
	if (by_name)
		return by_name;
	if (one->seq != two->seq)
		return one->seq < two->seq ? 1 : -1;
	return (one->time < two->time) - (one->time > two->time);
}

/* All heads that stand: what a candidate is judged by. */
static int standing(struct vault *vault, struct head_list *out,
		    struct err *err)
{
	struct store *store = vault->store;
	int rc = heads_list(store, HEADS_PREFIX, NULL, out, NULL, err);

	return rc < 0 ? rc : fork_refs_list(store, NULL, out, err);
}

static int is_valid(struct vault *vault, const struct head *head,
		    bool *out, struct err *err)
{
	struct head_list known = HEAD_LIST_INIT;
	struct head_list one = HEAD_LIST_INIT;
	struct problem_list problems = PROBLEM_LIST_INIT;
	struct table holes = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct history_range range = { &head->id, 1, NULL, 0 };
	struct table rejected = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct verify_options options = {
		.device = vault->has_device ? &vault->device : NULL,
		.rejected = &rejected,
		.trust_heads = true,
		/* What lies among the objects here came in already. */
		.may_renew = true,
	};
	struct verifier *verifier = NULL;
	enum verdict verdict = VERDICT_REFUSED;
	int rc = reach_holes(vault->store, &range, false, NULL, &holes, err);

	if (rc < 0 || holes.count)
		goto out;
	rc = standing(vault, &known, err);
	if (rc == 0)
		rc = rejected_load(vault, &rejected, err);
	if (rc == 0)
		rc = head_list_add(&one, head, err);
	if (rc == 0)
		rc = verifier_new(vault->store, &known, &options, &verifier,
				  err);
	if (rc == 0)
		rc = verifier_check(verifier, &one, &verdict, &problems, err);
	verifier_free(verifier);
out:
	*out = rc == 0 && verdict == VERDICT_OK;
	problem_list_release(&problems);
	head_list_release(&known);
	head_list_release(&one);
	table_release(&rejected);
	table_release(&holes);
	return rc;
}

static int ref_set(struct vault *vault, const struct head *head,
		   struct head_list *restored, struct err *err)
{
	struct store *store = vault->store;
	char name[REF_NAME_MAX];
	git_oid packed;			/* an older one may stand by now */
	bool is_packed;
	int rc = head_ref_name(HEADS_PREFIX, head->construct, head->device,
			       name, err);

	is_packed = rc == 0 &&
		    ref_read(store, name, &packed);
	if (rc == 0 && !(is_packed && git_oid_equal(&packed, &head->id)))
		rc = ref_swap(store, name, is_packed ? &packed : NULL,
			      &head->id, err);
	return rc < 0 ? rc : head_list_add(restored, head, err);
}

/* The first of each ref that is valid; candidates are in order. */
static int choose(struct search *search, struct head_list *restored)
{
	bool is_good = false;
	unsigned tries = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < search->n; i++) {
		const struct head *head = &search->at[i].head;

		if (!i || strcmp(search->at[i - 1].head.device,
				 head->device) ||
		    strcmp(search->at[i - 1].head.construct,
			   head->construct)) {
			is_good = false;
			tries = 0;
		}
		if (is_good || tries++ >= TRIES_MAX)
			continue;
		rc = is_valid(search->vault, head, &is_good, search->err);
		if (rc == 0 && is_good)
			rc = ref_set(search->vault, head, restored,
				     search->err);
	}
	return rc;
}

/* The file that holds no id, so that a ref can stand there again. */
static int set_aside(struct vault *vault, const struct head *head,
		     struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	char name[REF_NAME_MAX];
	unsigned n = 0;
	int rc = head_ref_name(HEADS_PREFIX, head->construct, head->device,
			       name, err);

	if (rc == 0)
		rc = path_join(&from, vault->path, name, err);
	if (rc == 0)
		rc = damaged_folder(vault, &folder, err);
	do {
		buf_reset(&to);
		if (rc == 0)
			rc = buf_printf(&to, err, "%s/ref.%s.%s.%u",
					buf_text(&folder), head->construct,
					head->device, n++);
	} while (rc == 0 && file_exists(buf_text(&to)));
	if (rc == 0 && rename(buf_text(&from), buf_text(&to)) &&
	    errno != ENOENT)
		rc = err_errno(err, "cannot set the ref '%s' aside", name);
	buf_release(&to);
	buf_release(&from);
	buf_release(&folder);
	return rc;
}

/* One that went back is put where it was; its device's line of now stays. */
static int put_forward(struct vault *vault, const struct head *head,
		       struct head_list *restored, struct err *err)
{
	bool is_good = false;
	int rc = is_valid(vault, head, &is_good, err);

	if (rc == 0 && is_good)
		rc = head_put_back(vault, head, err);
	return rc < 0 || !is_good ? rc : head_list_add(restored, head, err);
}

static int gather(struct search *search, const struct wholeness *whole,
		  struct head_list *restored)
{
	git_oid stands;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < whole->lost.n; i++)
		rc = head_stands(search->vault->store, &whole->lost.at[i],
				 &stands) ?
		     put_forward(search->vault, &whole->lost.at[i], restored,
				 search->err) :
		     head_list_add(&search->wanted, &whole->lost.at[i],
				   search->err);
	for (i = 0; rc == 0 && i < whole->damaged.n; i++)
		rc = head_list_add(&search->wanted, &whole->damaged.at[i],
				   search->err);
	for (i = 0; rc == 0 && i < whole->damaged.n; i++)
		rc = set_aside(search->vault, &whole->damaged.at[i],
			       search->err);
	head_list_sort(&search->wanted);
	if (rc == 0 && search->wanted.n)
		rc = repo_each_commit(search->vault->store, consider, search,
				      search->err);
	if (search->n > 1)
		qsort(search->at, search->n, sizeof(*search->at), order);
	return rc;
}

int refs_restore(struct vault *vault, const struct wholeness *whole,
		 struct head_list *restored, struct err *err)
{
	struct search search = { .vault = vault, .err = err };
	int rc = 0;

	if (!whole->lost.n && !whole->damaged.n)
		return 0;
	rc = gather(&search, whole, restored);
	if (rc == 0)
		rc = choose(&search, restored);
	head_list_release(&search.wanted);
	free(search.at);
	return rc;
}

int refs_restored_tell(const struct head_list *restored,
		       struct problem_list *out, struct err *err)
{
	char name[REF_NAME_MAX];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < restored->n; i++) {
		snprintf(name, sizeof(name), "%s/%s",
			 restored->at[i].construct, restored->at[i].device);
		rc = problem_list_add(out, "healed", name, "the ref was lost "
				      "or damaged, and stands again", err);
	}
	return rc;
}
