#include "refs/verify/verify_internal.h"

#include <stdio.h>
#include <string.h>

#include "refs/history/history.h"
#include "refs/history/version.h"

/* What a version did to the union of its parents' trees. */
struct change {
	struct verifier *verifier;
	uint32_t node;
	const struct version *version;
	const struct codec *codec;
	char blob_dir[PLACE_NAME_LEN + 1];	/* "" when we cannot tell */
	struct tree_segments gone;
	struct tree_segments fresh;
};

/* The tree that an addition of nothing would have. */
static int base_tree(const struct change *change, git_oid *out,
		     struct err *err)
{
	const struct version *version = change->version;

	if (!version->parents_n)
		return tree_empty(change->verifier->store, out, err);
	return history_union(change->verifier->store, version->parents,
			     version->parents_n, out, err);
}

static bool is_blob(const struct change *change,
		    const struct tree_segment *segment)
{
	return !strcmp(segment->place.dir, change->blob_dir);
}

static int refuse_segment(const struct change *change, const char *code,
			  const char *what, const struct tree_segment *segment,
			  struct err *err)
{
	char path[SEGMENT_PATH_MAX];
	char message[256 + SEGMENT_PATH_MAX];

	segment_path(segment, path);
	snprintf(message, sizeof(message), "%s '%s'", what, path);
	return node_refuse(change->verifier, change->node, code, message, err);
}

static uint32_t members_of(const struct change *change)
{
	return change->verifier->nodes[change->node].facts->members;
}

/* All that lies where new pieces came is one blob: see blob_home_check(). */
static int queue_blob(const struct change *change, const struct place *place,
		      struct err *err)
{
	struct job job;
	int rc;

	memset(&job, 0, sizeof(job));
	job.kind = JOB_BLOB;
	job.node = change->node;
	job.codec = change->codec;
	job.members = members_of(change);
	rc = tree_at(change->verifier->store, &change->version->tree, place,
		     &job.fresh, err);
	if (rc < 0 || !job.fresh.n) {
		job_release(&job);
		return rc;
	}
	job.segment = job.fresh.at[0];
	return jobs_add(change->verifier, &job, err);
}

/* By folder, as a walk through the tree tells them. */
static int queue_blobs(const struct change *change, struct err *err)
{
	const struct place *last = NULL;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < change->fresh.n; i++) {
		const struct place *place = &change->fresh.at[i].place;

		if (!is_blob(change, &change->fresh.at[i]) ||
		    (last && !strcmp(last->digits, place->digits) &&
		     !strcmp(last->home, place->home)))
			continue;
		last = place;
		rc = queue_blob(change, place, err);
	}
	return rc;
}

/* The tree of all its blobs, zero if it has none. */
static int find_blobs(const struct change *change, git_oid *out,
		      struct err *err)
{
	struct tree_folder root;
	size_t i;
	int rc = tree_folder_read(change->verifier->store,
				  &change->version->tree, NULL, &root, err);

	memset(out, 0, sizeof(*out));
	if (rc < 0)
		return rc;
	for (i = 0; i < root.children_n; i++)
		if (!strcmp(root.children[i].name, change->blob_dir))
			*out = root.children[i].tree;
	tree_folder_release(&root);
	return 0;
}

/* Each segment is opened once, whoever brings it again beside the same blobs. */
static int queue_list(const struct change *change,
		      const struct tree_segments *list, bool is_addition,
		      struct err *err)
{
	struct job job;
	git_oid blobs;
	size_t i;
	int rc = list->n ? find_blobs(change, &blobs, err) : 0;

	for (i = 0; rc == 0 && i < list->n; i++) {
		memset(&job, 0, sizeof(job));
		job.kind = is_blob(change, &list->at[i]) ? JOB_PIECE :
							   JOB_SEGMENT;
		job.node = change->node;
		job.segment = list->at[i];
		job.codec = change->codec;
		job.members = members_of(change);
		job.is_addition = is_addition;
		job.is_renewed = change->version->is_renewed;
		job.tree = change->version->tree;
		job.blobs = blobs;
		rc = jobs_add(change->verifier, &job, err);
	}
	return rc;
}

static int queue_fresh(const struct change *change, bool is_addition,
		       struct err *err)
{
	return queue_list(change, &change->fresh, is_addition, err);
}

static int check_add(struct change *change, struct err *err)
{
	int rc;

	if (change->gone.n)
		return refuse_segment(change, "dropped-segment",
				      "it adds, and yet takes away segment",
				      &change->gone.at[0], err);
	rc = queue_fresh(change, true, err);
	return rc < 0 || change->verifier->options.is_quick ?
		       rc : queue_blobs(change, err);
}

/* The sets of records before and after are compared where segments are read. */
static int queue_change(struct change *change, enum job_kind kind,
			struct err *err)
{
	struct job job;
	int rc = queue_fresh(change, false, err);

	if (rc < 0 || change->verifier->options.is_quick ||
	    codec_mode(change->codec) == CODEC_BLIND)
		return rc;
	memset(&job, 0, sizeof(job));
	job.kind = kind;
	job.node = change->node;
	job.codec = change->codec;
	job.members = members_of(change);
	job.tree = change->version->tree;
	job.gone = change->gone;
	job.fresh = change->fresh;
	memset(&change->gone, 0, sizeof(change->gone));
	memset(&change->fresh, 0, sizeof(change->fresh));
	return jobs_add(change->verifier, &job, err);
}

static int check_compact(struct change *change, struct err *err)
{
	size_t i;

	for (i = 0; i < change->gone.n; i++)
		if (is_blob(change, &change->gone.at[i]))
			return refuse_segment(change, "bad-change",
					      "it compacts, and yet takes away",
					      &change->gone.at[i], err);
	for (i = 0; i < change->fresh.n; i++)
		if (is_blob(change, &change->fresh.at[i]))
			return refuse_segment(change, "bad-change",
					      "it compacts, and yet adds",
					      &change->fresh.at[i], err);
	return queue_change(change, JOB_COMPACT, err);
}

static bool has_lost_blobs(const struct change *change)
{
	size_t i;

	for (i = 0; i < change->gone.n; i++)
		if (is_blob(change, &change->gone.at[i]))
			return true;
	return false;
}

/* All that it holds, its parents' as well, beside the blobs that are left. */
static int queue_kept(const struct change *change, struct err *err)
{
	struct tree_segments kept = TREE_SEGMENTS_INIT;
	struct store *store = change->verifier->store;
	git_oid nothing;
	int rc = tree_empty(store, &nothing, err);

	if (rc == 0)
		rc = tree_diff(store, &nothing, &change->version->tree, NULL,
			       &kept, err);
	if (rc == 0)
		rc = queue_list(change, &kept, false, err);
	tree_segments_release(&kept);
	return rc;
}

/*
 * What an owner made anew lacks what was forgotten, from the beginning: which
 * records went, the owner's word stands for, and who holds the old history
 * compares (compare_lineages()). What is there is looked at as ever, and each
 * record that is there has its blobs.
 */
static int check_renewed(struct change *change, struct err *err)
{
	int rc = queue_fresh(change, change->version->change == CHANGE_ADD,
			     err);

	if (rc < 0 || change->verifier->options.is_quick)
		return rc;
	if (has_lost_blobs(change))
		rc = queue_kept(change, err);
	return rc < 0 ? rc : queue_blobs(change, err);
}

/* Pieces of what is forgotten may go; none may come. */
static int check_forget(struct change *change, struct err *err)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < change->fresh.n; i++)
		if (is_blob(change, &change->fresh.at[i]))
			return refuse_segment(change, "bad-change",
					      "it forgets, and yet adds",
					      &change->fresh.at[i], err);
	for (i = 0; i < change->gone.n; i++)
		if (!is_blob(change, &change->gone.at[i]))
			change->gone.at[kept++] = change->gone.at[i];
	change->gone.n = kept;
	return queue_change(change, JOB_FORGET, err);
}

static int check(struct change *change, struct err *err)
{
	const struct version *version = change->version;

	if (!strcmp(version->construct, VAULT_CONSTRUCT))
		return vault_change_check(change->verifier, change->node,
					  version, &change->gone,
					  &change->fresh, err);
	if (version->is_renewed)
		return check_renewed(change, err);
	switch (version->change) {
	case CHANGE_ADD:
		return check_add(change, err);
	case CHANGE_COMPACT:
		return check_compact(change, err);
	case CHANGE_FORGET:
		return check_forget(change, err);
	}
	return 0;
}

int change_check(struct verifier *verifier, uint32_t node,
		 const struct version *version, struct err *err)
{
	struct change change;
	struct err reason = ERR_INIT;
	git_oid base;
	int rc;

	memset(&change, 0, sizeof(change));
	change.verifier = verifier;
	change.node = node;
	change.version = version;
	rc = verifier_codec(verifier, version->construct, &change.codec, err);
	if (rc < 0)
		return rc;
	if (codec_mode(change.codec) != CODEC_BLIND)
		codec_dir_name(change.codec, "blob", change.blob_dir);
	rc = base_tree(&change, &base, &reason);
	if (rc == 0)
		rc = tree_diff(verifier->store, &base, &version->tree,
			       &change.gone, &change.fresh, &reason);
	if (rc < 0 && !is_finding(rc))
		rc = err_copy(err, rc, &reason);
	else if (rc < 0)
		rc = node_refuse(verifier, node, "missing-object",
				 reason.text, err);
	else
		rc = check(&change, err);
	tree_segments_release(&change.gone);
	tree_segments_release(&change.fresh);
	return rc;
}
