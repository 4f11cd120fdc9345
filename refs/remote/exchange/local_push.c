#include "refs/remote/exchange/push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/os/file.h"
#include "refs/history/reach.h"
#include "refs/history/ref_files.h"
#include "refs/remote/exchange/exchange_internal.h"

#define HEAD_MAX 1024

/* A pack on its way: what libgit2 packs goes through our own indexer. */
struct sending {
	struct push *push;
	struct index_pack *pack;
	struct err err;
};

static int on_bytes(void *bytes, size_t len, void *arg)
{
	struct sending *sending = arg;

	return index_pack_feed(sending->pack, span_of(bytes, len),
			       &sending->err) < 0 ? -1 : 0;
}

static bool sends_construct(const struct push *push, const char *construct)
{
	const struct sync_report *report = push->report;
	size_t low = 0, high = report->n;
	size_t i;

	/* The lines stand in the order of our heads, which are sorted. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(report->at[middle].head.construct, construct) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low; i < report->n; i++) {
		if (strcmp(report->at[i].head.construct, construct))
			return false;
		if (push_is_to_send(&report->at[i]))
			return true;
	}
	return false;
}

/*
 * What they have of ours needs no sending; constructs that do not move have
 * nothing to do with it.
 */
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
		const struct head *head = &push->theirs.at[i];

		if (sends_construct(push, head->construct) &&
		    store_has(store, &head->id))
			rc = git_revwalk_hide(walk, &head->id);
	}
	return rc;
}

static int pack_make(struct push *push, git_packbuilder **out,
		     struct err *err)
{
	/* It has all objects of the vault, and its refs in one file: whoever
	 * packs for libgit2 is asked for tags, and so for all of the refs. */
	git_repository *repo = store_repository(push->side.store);
	git_revwalk *walk = NULL;
	int done = git_revwalk_new(&walk, repo);

	if (done == 0)
		done = walk_begin(push, walk);
	if (done == 0)
		done = git_packbuilder_new(out, repo);
	if (done == 0)
		done = git_packbuilder_set_callbacks(*out, trip_on_pack,
						     &push->trip);
	if (done == 0)
		done = git_packbuilder_insert_walk(*out, walk);
	git_revwalk_free(walk);
	if (done < 0)
		return trip_failed(&push->trip, done, "cannot push", err);
	return 0;
}

/* As large as it is: these bytes are ours. */
static struct index_pack_options options_make(struct push *push,
					      const struct folder *folder)
{
	struct index_pack_options options = {
		.from = push->vault->path, .folder = folder,
		.limits = { UINT64_MAX / 4, UINT32_MAX, STORE_OBJECT_MAX,
			    UINT64_MAX / 4 },
		.counts = &push->trip.counts, .tick = trip_tell_sending,
		.arg = &push->trip, .is_kept = true,
	};

	return options;
}

/* The pack is kept as long as *out lives. */
static int pack_send(struct push *push, const struct folder *folder,
		     struct index_pack **out, struct err *err)
{
	struct sending sending = { push, NULL, ERR_INIT };
	struct index_pack_options options = options_make(push, folder);
	git_packbuilder *pack = NULL;
	int done, rc;

	index_pack_sweep(folder);
	rc = pack_make(push, &pack, err);
	if (rc < 0 || !git_packbuilder_object_count(pack))
		goto out;
	rc = index_pack_new(&options, out, err);
	if (rc < 0)
		goto out;
	sending.pack = *out;
	done = git_packbuilder_foreach(pack, on_bytes, &sending);
	if (sending.err.code)
		rc = err_set(err, (enum err_code)sending.err.code,
			     "cannot push: %s", sending.err.text);
	else if (done < 0)
		rc = trip_failed(&push->trip, done, "cannot push", err);
	if (rc == 0)
		rc = index_pack_finish(sending.pack, err);
out:
	git_packbuilder_free(pack);
	return rc;
}

/*
 * Is all that the refs are about to name here, as far as the other side lacks
 * it? Asked of our own objects: theirs are read by nobody but a fetch.
 */
static int range_check(struct push *push, struct err *err)
{
	const struct sync_report *report = push->report;
	struct store *store = push->vault->store;
	git_oid *ids = calloc(report->n + push->theirs.n + 1, sizeof(*ids));
	struct history_range range = { ids, 0, NULL, 0 };
	size_t i;
	int rc;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < report->n; i++) {
		if (push_is_to_send(&report->at[i]))
			ids[range.heads_n++] = report->at[i].to;
	}
	range.hide = ids + range.heads_n;
	for (i = 0; i < push->theirs.n; i++) {
		const struct head *head = &push->theirs.at[i];

		if (sends_construct(push, head->construct) &&
		    store_has(store, &head->id))
			ids[range.heads_n + range.hide_n++] = head->id;
	}
	rc = reach_check(store, &range, err);
	free(ids);
	return rc;
}

static size_t moves_collect(const struct push *push, bool of_vault,
			    struct ref_move *moves, size_t *lines)
{
	const struct sync_report *report = push->report;
	size_t n = 0;
	size_t i;

	for (i = 0; i < report->n; i++) {
		const struct ref_report *ref = &report->at[i];
		struct ref_move *move = &moves[n];

		if (!push_is_to_send(ref) || of_vault !=
		    !strcmp(ref->head.construct, VAULT_CONSTRUCT) ||
		    head_ref_name(HEADS_PREFIX, ref->head.construct,
				  ref->head.device, move->name, NULL) < 0)
			continue;
		move->has_expected = ref->has_from;
		move->expected = ref->from;
		move->id = ref->to;
		lines[n++] = i;
	}
	return n;
}

static int refs_send_of(struct push *push, const struct folder *git_dir,
			bool of_vault, struct err *err)
{
	struct sync_report *report = push->report;
	struct ref_move *moves = calloc(report->n + 1, sizeof(*moves));
	size_t *lines = calloc(report->n + 1, sizeof(*lines));
	size_t n, i;
	int rc = 0;

	if (!moves || !lines) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	n = moves_collect(push, of_vault, moves, lines);
	if (n)
		rc = ref_files_move(git_dir, moves, n, true, err);
	for (i = 0; rc == 0 && i < n; i++) {
		struct ref_report *ref = &report->at[lines[i]];

		if (moves[i].rc < 0) {
			report_reason(ref, "%.200s", moves[i].reason);
			continue;
		}
		ref->result = ref->has_from ? REF_FORWARD : REF_NEW;
		ref->reason[0] = '\0';
	}
out:
	free(lines);
	free(moves);
	return rc;
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

/* Does HEAD name a branch that is not there? */
static bool is_unborn(const struct folder *git_dir,
		      const struct packed_refs *packed)
{
	struct buf text = BUF_INIT(HEAD_MAX);
	char name[REF_NAME_MAX];
	bool exists = true;
	git_oid id;
	size_t len;

	if (folder_read(git_dir, "HEAD", &text, NULL) == 0 &&
	    span_begins(buf_span(&text), "ref: refs/heads/")) {
		len = strcspn(text.data + 5, "\n");
		if (len < sizeof(name) && !strstr(text.data, "..")) {
			memcpy(name, text.data + 5, len);
			name[len] = '\0';
			if (ref_files_read(git_dir, packed, name, &id, &exists,
					   NULL) < 0)
				exists = true;
		}
	}
	buf_release(&text);
	return !exists;
}

static void head_write(const struct folder *git_dir, const char *target)
{
	struct temp_file lock = TEMP_FILE_INIT;
	struct buf text = BUF_INIT(HEAD_MAX);

	if (buf_printf(&text, NULL, "ref: %s\n", target) == 0 &&
	    temp_file_open_as(&lock, git_dir, "HEAD.lock", 0666, NULL) == 0 &&
	    file_write_fd(lock.fd, "HEAD", buf_span(&text), NULL) == 0)
		(void)!temp_file_publish(&lock, "HEAD", NULL);
	temp_file_release(&lock);
	buf_release(&text);
}

/*
 * A bare repository made by git points its HEAD at a branch that no vault
 * has; ours names the creator's ref of `vault`, so that a plain clone of it
 * shows something. A HEAD that leads somewhere is left alone. Only a
 * courtesy: a push does not fail for it.
 */
static void head_lend(struct push *push, const struct folder *git_dir)
{
	git_repository *ours = store_repository(push->vault->store);
	struct packed_refs packed = PACKED_REFS_INIT;
	git_reference *head = NULL;
	const char *target;
	bool exists = false;
	git_oid id;

	if (packed_refs_read(git_dir, trip_refs_max(&push->trip) *
			     REF_NAME_MAX, &packed, NULL) == 0 &&
	    is_unborn(git_dir, &packed) &&
	    !git_reference_lookup(&head, ours, "HEAD") &&
	    git_reference_type(head) == GIT_REFERENCE_SYMBOLIC) {
		target = git_reference_symbolic_target(head);
		if (ref_files_read(git_dir, &packed, target, &id, &exists,
				   NULL) == 0 && exists)
			head_write(git_dir, target);
	}
	git_reference_free(head);
	packed_refs_release(&packed);
}

static int all_send(struct push *push, const struct folder *git_dir,
		    struct err *err)
{
	struct folder folder = FOLDER_INIT;
	struct index_pack *pack = NULL;
	int rc = range_check(push, err);

	if (rc == 0)
		rc = folder_enter(git_dir, "objects/pack", true, &folder, err);
	if (rc == 0)
		rc = pack_send(push, &folder, &pack, err);
	if (rc == 0)
		rc = refs_send_of(push, git_dir, true, err);
	if (rc == 0)
		rc = refs_send_of(push, git_dir, false, err);
	index_pack_free(pack);
	folder_release(&folder);
	return rc;
}

/*
 * What we make there is as open as what is there: others may share it, while
 * a vault is for nobody else.
 */
static mode_t rights_of(const struct folder *git_dir)
{
	struct stat st;

	return fstat(git_dir->fd, &st) < 0 ? 0700 :
					     (st.st_mode & 0777) | 0700;
}

/*
 * Not through libgit2's own transport for paths: that sets a ref to what we
 * send wherever it may stand by then, and two pushes at once could take it
 * back; and it opens what is there as if it were ours. `vault` goes first:
 * what others are judged by is there before them.
 */
int local_push(struct push *push, struct err *err)
{
	struct folder git_dir = FOLDER_INIT;
	mode_t mask;
	int rc = local_open(&push->trip, true, &git_dir, err);

	if (rc == 0)
		rc = local_heads(&push->trip, &git_dir, true, &push->theirs,
				 err);
	if (rc == 0)
		rc = push_plan(push, err);
	if (rc == 0 && push->is_dry_run) {
		push_pretend(push);
	} else if (rc == 0) {
		mask = umask(~rights_of(&git_dir) & 0777);
		if (has_work(push->report))
			rc = all_send(push, &git_dir, err);
		if (rc == 0)
			head_lend(push, &git_dir);
		umask(mask);
	}
	folder_release(&git_dir);
	return rc;
}
