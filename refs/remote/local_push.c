#include "refs/remote/push_internal.h"

#include <string.h>

#include "refs/refs_internal.h"

static int on_write(const git_indexer_progress *stats, void *payload)
{
	struct trip *trip = payload;
	struct remote_progress progress = {
		stats->indexed_objects, stats->total_objects,
		stats->received_bytes, "sending"
	};

	trip->counts.objects = stats->total_objects;
	trip->counts.bytes = stats->received_bytes;
	return trip_progress(trip, &progress) < 0 ? -1 : 0;
}

/* What they have of ours needs no sending. */
static int walk_begin(struct push *push, git_revwalk *walk)
{
	const struct sync_report *report = push->report;
	struct store *store = push->vault->store;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < report->n; i++) {
		if (push_is_to_send(&report->at[i]))
			rc = git_revwalk_push(walk, &report->at[i].to);
	}
	for (i = 0; rc == 0 && i < push->theirs.n; i++) {
		if (store_has(store, &push->theirs.at[i].id))
			rc = git_revwalk_hide(walk, &push->theirs.at[i].id);
	}
	return rc;
}

static int pack_send(struct push *push, git_repository *theirs,
		     struct err *err)
{
	git_repository *repo = store_repository(push->vault->store);
	struct buf folder = PATH_BUF_INIT;
	git_packbuilder *pack = NULL;
	git_revwalk *walk = NULL;
	int rc = path_join(&folder, git_repository_path(theirs),
			   "objects/pack", err);
	int done;

	if (rc < 0)
		return rc;
	done = git_revwalk_new(&walk, repo);
	if (done == 0)
		done = walk_begin(push, walk);
	if (done == 0)
		done = git_packbuilder_new(&pack, repo);
	if (done == 0)
		done = git_packbuilder_insert_walk(pack, walk);
	if (done == 0 && git_packbuilder_object_count(pack))
		done = git_packbuilder_write(pack, buf_text(&folder), 0,
					     on_write, &push->trip);
	if (done < 0)
		rc = trip_failed(&push->trip, done, "cannot push", err);
	git_packbuilder_free(pack);
	git_revwalk_free(walk);
	buf_release(&folder);
	return rc;
}

static void ref_send(git_repository *theirs, struct ref_report *report)
{
	struct err reason = ERR_INIT;
	char name[REF_NAME_MAX];
	int rc = head_ref_name(HEADS_PREFIX, report->head.construct,
			       report->head.device, name, &reason);

	/* What a killed push may have left. */
	if (rc == 0)
		ref_lock_await(git_repository_path(theirs), name);
	if (rc == 0)
		rc = ref_swap(theirs, name,
			      report->has_from ? &report->from : NULL,
			      &report->to, &reason);
	if (rc < 0) {
		report_reason(report, "%.200s", reason.text);
		return;
	}
	report->result = report->has_from ? REF_FORWARD : REF_NEW;
	report->reason[0] = '\0';
}

/* `vault` first: what others are judged by is there before them. */
static void refs_send(struct push *push, git_repository *theirs)
{
	struct sync_report *report = push->report;
	size_t i;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < report->n; i++) {
			struct ref_report *ref = &report->at[i];
			bool is_vault = !strcmp(ref->head.construct,
						VAULT_CONSTRUCT);

			if (push_is_to_send(ref) && is_vault == (pass == 0))
				ref_send(theirs, ref);
		}
	}
}

static bool has_work(const struct sync_report *report)
{
	size_t i;

	for (i = 0; i < report->n; i++) {
		if (push_is_to_send(&report->at[i]))
			return true;
	}
	return false;
}

/*
 * Not through libgit2's own transport for paths: that sets a ref to what we
 * send wherever it may stand by then, and two pushes at once could take it
 * back.
 */
/*
 * A bare repository made by git points its HEAD at a branch that no vault
 * has; ours names the creator's ref of `vault`, so that a plain clone of it
 * shows something. A HEAD that leads somewhere is left alone.
 */
static void head_lend(struct push *push, git_repository *theirs)
{
	git_repository *ours = store_repository(push->vault->store);
	git_reference *head = NULL;
	git_reference *there = NULL;

	if (git_repository_head_unborn(theirs) == 1 &&
	    !git_reference_lookup(&head, ours, "HEAD") &&
	    git_reference_type(head) == GIT_REFERENCE_SYMBOLIC &&
	    !git_reference_lookup(&there, theirs,
				  git_reference_symbolic_target(head)))
		/* Only a courtesy: a push does not fail for it. */
		(void)git_repository_set_head(theirs,
					      git_reference_name(there));
	git_reference_free(there);
	git_reference_free(head);
}

int local_push(struct push *push, struct err *err)
{
	struct arrivals there = { HEAD_LIST_INIT, 0 };
	struct buf git_dir = PATH_BUF_INIT;
	git_repository *theirs = NULL;
	int done;
	int rc = local_git_dir(&push->trip, &git_dir, err);

	if (rc == 0)
		rc = local_heads(&push->trip, buf_text(&git_dir), &there,
				 err);
	push->theirs = there.heads;
	if (rc == 0)
		rc = push_plan(push, err);
	if (rc < 0 || !has_work(push->report))
		goto out;
	done = git_repository_open_bare(&theirs, buf_text(&git_dir));
	if (done < 0)
		rc = trip_failed(&push->trip, done, "cannot push", err);
	if (rc == 0)
		rc = pack_send(push, theirs, err);
	if (rc == 0)
		refs_send(push, theirs);
	if (rc == 0)
		head_lend(push, theirs);
out:
	git_repository_free(theirs);
	buf_release(&git_dir);
	return rc;
}
