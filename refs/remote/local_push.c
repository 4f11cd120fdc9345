#include "refs/remote/push_internal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/file.h"
#include "lib/temp.h"
#include "objects/pack.h"
#include "refs/reach.h"
#include "refs/refs_internal.h"

#define PACK_NAME_MAX (GIT_OID_HEXSZ + 8)
#define KEEP_TEXT "vvault push\n"

/* A pack on its way into another repository. */
struct parcel {
	char name[PACK_NAME_MAX];	/* "": there is nothing to send */
	struct buf from;		/* folder of packs, ours */
	struct buf to;			/* theirs */
	struct buf keep;		/* path of the .keep file */
	int keep_fd;			/* -1: none */
	mode_t rights;			/* of what is made there */
};

#define PARCEL_INIT { "", PATH_BUF_INIT, PATH_BUF_INIT, PATH_BUF_INIT, -1, \
		      0700 }

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

/* In the side repository, where no one but this push writes: what a killed
 * one leaves there the next one sweeps. */
static int pack_build(struct push *push, struct parcel *parcel,
		      struct err *err)
{
	git_repository *repo = store_repository(push->vault->store);
	git_packbuilder *pack = NULL;
	git_revwalk *walk = NULL;
	int rc = path_join(&parcel->from, buf_text(&push->side.path),
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
	if (done == 0 && git_packbuilder_object_count(pack)) {
		done = git_packbuilder_write(pack, buf_text(&parcel->from), 0,
					     on_write, &push->trip);
		snprintf(parcel->name, PACK_NAME_MAX, "pack-%s",
			 done == 0 ? git_packbuilder_name(pack) : "");
	}
	if (done < 0)
		rc = trip_failed(&push->trip, done, "cannot push", err);
	git_packbuilder_free(pack);
	git_revwalk_free(walk);
	return rc;
}

/* A .keep of a push that was killed; anybody else's says something else. */
static int keep_sweep(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct parcel *parcel = context;
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(sizeof(KEEP_TEXT));
	size_t len = strlen(name);

	if (kind == DIR_KIND_FILE && len > 5 &&
	    !strcmp(name + len - 5, ".keep") &&
	    path_join(&path, buf_text(&parcel->to), name, err) == 0 &&
	    file_read(buf_text(&path), sizeof(KEEP_TEXT), &text, NULL) == 0 &&
	    span_equals(buf_span(&text), span_str(KEEP_TEXT)))
		temp_sweep(buf_text(&path));
	buf_release(&text);
	buf_release(&path);
	return 0;
}

/*
 * Nothing refers to the pack until the refs have moved, and a `git gc
 * --prune=now` over there would drop it. So, as with git's own receive-pack,
 * a .keep file stands beside it until then.
 */
static int keep_make(struct parcel *parcel, struct err *err)
{
	int rc = buf_printf(&parcel->keep, err, "%s/%s.keep",
			    buf_text(&parcel->to), parcel->name);

	if (rc == 0)
		rc = temp_open(buf_text(&parcel->keep), 0600, err);
	if (rc < 0)
		return rc;
	parcel->keep_fd = rc;
	return file_write_fd(rc, buf_text(&parcel->keep), span_str(KEEP_TEXT),
			     err);
}

static int file_give(const struct parcel *parcel, const char *suffix,
		     struct err *err)
{
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	int rc = buf_printf(&from, err, "%s/%s%s", buf_text(&parcel->from),
			    parcel->name, suffix);

	if (rc == 0)
		rc = buf_printf(&to, err, "%s/%s%s", buf_text(&parcel->to),
				parcel->name, suffix);
	if (rc == 0)
		rc = file_copy(buf_text(&from), buf_text(&to), SIZE_MAX,
			       parcel->rights & 0444, err);
	if (rc == 0)
		rc = file_remove(buf_text(&from), err);
	buf_release(&to);
	buf_release(&from);
	return rc;
}

/* Readers look for indexes, so the pack goes before its index. */
static int pack_send(struct push *push, git_repository *theirs,
		     struct parcel *parcel, struct err *err)
{
	struct buf objects = PATH_BUF_INIT;
	int rc = path_join(&objects, git_repository_path(theirs), "objects",
			   err);

	if (rc == 0)
		pack_sweep(buf_text(&objects));
	if (rc == 0)
		rc = path_join(&parcel->to, buf_text(&objects), "pack", err);
	if (rc == 0)
		rc = dir_make(buf_text(&parcel->to), 0777, err);
	if (rc == 0)
		rc = dir_each(buf_text(&parcel->to), keep_sweep, parcel, err);
	if (rc == 0)
		rc = pack_build(push, parcel, err);
	if (rc == 0 && parcel->name[0]) {
		rc = keep_make(parcel, err);
		if (rc == 0)
			rc = file_give(parcel, ".pack", err);
		if (rc == 0)
			rc = file_give(parcel, ".idx", err);
	}
	buf_release(&objects);
	return rc;
}

static void parcel_release(struct parcel *parcel)
{
	if (parcel->keep_fd >= 0) {
		unlink(buf_text(&parcel->keep));
		close(parcel->keep_fd);
	}
	buf_release(&parcel->from);
	buf_release(&parcel->to);
	buf_release(&parcel->keep);
}

/* Is what the refs are about to name there with all that it reaches? */
static int arrival_check(struct push *push, git_repository *theirs,
			 struct err *err)
{
	const struct sync_report *report = push->report;
	git_oid *ids = calloc(report->n + push->theirs.n + 1, sizeof(*ids));
	struct history_range range = { ids, 0, NULL, 0 };
	git_odb *odb = NULL;
	size_t i;
	int rc;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < report->n; i++) {
		if (push_is_to_send(&report->at[i]))
			ids[range.heads_n++] = report->at[i].to;
	}
	range.hide = ids + range.heads_n;
	if (git_repository_odb(&odb, theirs) < 0) {
		free(ids);
		return trip_failed(&push->trip, -1, "cannot push", err);
	}
	for (i = 0; i < push->theirs.n; i++) {
		if (git_odb_exists(odb, &push->theirs.at[i].id))
			ids[range.heads_n + range.hide_n++] =
				push->theirs.at[i].id;
	}
	git_odb_free(odb);
	rc = reach_check(theirs, &range, err);
	free(ids);
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

/*
 * What we make there is as open as what is there: others may share it, while
 * a vault is for nobody else.
 */
static mode_t rights_of(const char *git_dir)
{
	struct stat st;

	return stat(git_dir, &st) < 0 ? 0700 : (st.st_mode & 0777) | 0700;
}

/*
 * Not through libgit2's own transport for paths: that sets a ref to what we
 * send wherever it may stand by then, and two pushes at once could take it
 * back.
 */
int local_push(struct push *push, struct err *err)
{
	struct arrivals there = { HEAD_LIST_INIT, 0 };
	struct buf git_dir = PATH_BUF_INIT;
	struct parcel parcel = PARCEL_INIT;
	git_repository *theirs = NULL;
	mode_t mask;
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
	parcel.rights = rights_of(buf_text(&git_dir));
	mask = umask(~parcel.rights & 0777);
	done = git_repository_open_bare(&theirs, buf_text(&git_dir));
	if (done < 0)
		rc = trip_failed(&push->trip, done, "cannot push", err);
	if (rc == 0)
		rc = pack_send(push, theirs, &parcel, err);
	if (rc == 0)
		rc = arrival_check(push, theirs, err);
	if (rc == 0)
		refs_send(push, theirs);
	if (rc == 0)
		head_lend(push, theirs);
	umask(mask);
out:
	parcel_release(&parcel);
	git_repository_free(theirs);
	buf_release(&git_dir);
	return rc;
}
