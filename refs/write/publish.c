#include "refs/write/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"
#include "objects/tree/compact.h"
#include "refs/history/history.h"
#include "refs/history/reach.h"
#include "refs/history/ref_files.h"
#include "refs/history/version.h"
#include "refs/trust/open.h"
#include "refs/trust/verified.h"
#include "refs/view/view.h"
#include "refs/write/members.h"
#include "refs/write/write.h"

/* Clocks of parents this far ahead (seconds) are followed, no further. */
#define CLOCK_FOLLOW_SECONDS 86400

/* A construct held still while a version is made. */
struct turn {
	struct publication *publication;
	struct lock lock;
	struct head_list heads;
	git_oid *parents;	/* maximal heads, in a version's order */
	size_t parents_n;
	git_oid *known;		/* all of them, as they were found */
	size_t known_n;
	git_oid own;			/* this device's ref, if any */
	bool has_own;
	bool has_version;
	uint64_t seq;			/* of the next version */
	int64_t time;
	git_oid version;		/* the one that was asked for */
	git_oid tip;			/* it, or a compaction of it */
	bool is_idle;			/* there was nothing to do after all */
};

static void turn_release(struct turn *turn)
{
	lock_release(&turn->lock);
	head_list_release(&turn->heads);
	free(turn->parents);
	free(turn->known);
}

static int take_lock(struct turn *turn, struct err *err)
{
	char name[CONSTRUCT_NAME_MAX + 16];

	snprintf(name, sizeof(name), "locks/%s", turn->publication->ref_name);
	return vault_local_lock(turn->publication->vault, name, WRITE_LOCK_MS,
				&turn->lock, err);
}

/* A version that does not stand on this device's last one would be a fork. */
static int check_own(const struct turn *turn, struct err *err)
{
	const struct vault *vault = turn->publication->vault;
	char name[REF_NAME_MAX];
	git_oid id;
	int rc = head_ref_name("refs/heads/", turn->publication->ref_name,
			       vault_signer(vault)->name, name, err);

	if (rc < 0 || turn->has_own ||
	    !ref_read(vault->store, name, &id))
		return rc;
	return err_set(err, ERR_CORRUPT, "this device's own head of '%s' "
		       "cannot be verified, and nothing is built on it or "
		       "beside it: see 'vvault verify'",
		       turn->publication->construct);
}

static void find_own(struct turn *turn)
{
	const char *device = vault_signer(turn->publication->vault)->name;
	size_t i;

	for (i = 0; i < turn->heads.n; i++) {
		if (strcmp(turn->heads.at[i].device, device))
			continue;
		turn->own = turn->heads.at[i].id;
		turn->has_own = true;
	}
}

static void put_first(struct turn *turn, size_t at)
{
	git_oid first = turn->parents[at];

	memmove(&turn->parents[1], &turn->parents[0], at * sizeof(first));
	turn->parents[0] = first;
}

/*
 * A version of this device goes first: what its ref names, else a second line
 * that a restored copy has left. The time is not before any parent's, so that
 * time and ancestry rarely disagree.
 */
static int read_parents(struct turn *turn, struct err *err)
{
	struct vault *vault = turn->publication->vault;
	int64_t now = timestamp_now() / TIMESTAMP_SECOND;
	size_t first = turn->parents_n;
	size_t own = 0;
	struct version parent;
	size_t i;
	int rc = 0;

	turn->time = now;
	version_init(&parent);
	for (i = 0; rc == 0 && i < turn->parents_n; i++) {
		rc = version_read(vault->store, &turn->parents[i], &parent,
				  err);
		if (rc < 0)
			break;
		if (parent.time > turn->time &&
		    parent.time <= now + CLOCK_FOLLOW_SECONDS)
			turn->time = parent.time;
		if (memcmp(parent.device, vault_signer(vault)->public,
			   DID_KEY_BYTES))
			continue;
		if (!own++ || git_oid_equal(&turn->parents[i], &turn->own))
			first = i;
	}
	vault->has_two_lines |= own > 1;
	version_release(&parent);
	if (rc == 0 && first < turn->parents_n)
		put_first(turn, first);
	/* The others stay heads, and the next version takes them. */
	if (turn->parents_n > VERSION_PARENTS_MAX)
		turn->parents_n = VERSION_PARENTS_MAX;
	return rc;
}

/* What was sealed before a newer key became known is refused by everybody. */
static int key_check(const struct publication *publication, struct err *err)
{
	const struct vault_state *state = &publication->vault->state;
	const unsigned char *key = codec_sealing_key(publication->codec);

	if (!key || !state->has_sealing_key ||
	    !memcmp(key, state->sealing_key, KEY_ID_BYTES))
		return 0;
	return err_set(err, ERR_LOCKED, "a newer content key came while this "
		       "was written: nothing was changed, write it again");
}

/* Under the lock, with store and vault as others have left them. */
static int turn_look(struct turn *turn, struct err *err)
{
	struct vault *vault = turn->publication->vault;
	size_t i;
	int rc;

	/* Its right to write may have gone since the writer began. */
	rc = writer_role_check(vault, turn->publication->construct, err);
	if (rc == 0)
		rc = key_check(turn->publication, err);
	if (rc < 0)
		return rc;
	rc = view_heads(vault, turn->publication->ref_name, &turn->heads,
		       &turn->parents, &turn->parents_n, err);
	if (rc < 0)
		return rc;
	find_own(turn);
	rc = check_own(turn, err);
	if (rc < 0)
		return rc;
	turn->known = calloc(turn->parents_n + 1, sizeof(git_oid));
	if (!turn->known)
		return err_set(err, ERR_NOMEM, "out of memory");
	turn->known_n = turn->parents_n;
	for (i = 0; i < turn->known_n; i++)
		turn->known[i] = turn->parents[i];
	rc = read_parents(turn, err);
	if (rc == 0)
		rc = history_seq(vault->store, turn->parents, turn->parents_n,
				 vault_signer(vault)->public, &turn->seq, err);
	if (rc < 0)
		return rc;
	turn->seq++;
	return 0;
}

/* Every lock first, in the order of the names: two processes that take the
 * same ones never wait for each other. */
static int turns_begin(struct turn *turns, size_t n, struct err *err)
{
	struct vault *vault = turns->publication->vault;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++)
		rc = take_lock(&turns[i], err);
	if (rc == 0)
		rc = store_refresh(vault->store, err);
	/* Another process may have pulled or admitted a member. */
	if (rc == 0)
		rc = vault_refresh(vault, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = turn_look(&turns[i], err);
	return rc;
}

static int fill_links(const struct turn *turn, struct version *version,
		      struct err *err)
{
	const struct vault *vault = turn->publication->vault;
	int rc;

	version->parents = calloc(turn->parents_n + 1, sizeof(git_oid));
	if (!version->parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (turn->parents_n)
		memcpy(version->parents, turn->parents,
		       turn->parents_n * sizeof(git_oid));
	version->parents_n = turn->parents_n;
	rc = versions_digests(vault->store, turn->parents, turn->parents_n,
			      &version->parent_digests, err);
	if (rc < 0 || !strcmp(turn->publication->ref_name, VAULT_CONSTRUCT))
		return rc;
	return members_fill(turn->publication->vault, turn->parents,
			    turn->parents_n, version, err);
}

/* The device's name where everybody may read it. */
static void fill_author(const struct vault *vault, struct version *version)
{
	const struct member *member =
		vault_state_member(&vault->state, vault_signer(vault)->public);
	const char *name = NULL;

	if (!vault->state.is_encrypted && member && member->name.len)
		name = buf_text(&member->name);
	version_set_author(version, name);
}

static int fill_words(const struct turn *turn, struct version *version,
		      const char *subject, uint64_t records, struct err *err)
{
	const struct publication *publication = turn->publication;
	const struct vault *vault = publication->vault;
	struct version_note note = VERSION_NOTE_INIT;
	int rc;

	fill_author(vault, version);
	if (!vault->state.is_encrypted ||
	    !strcmp(publication->ref_name, VAULT_CONSTRUCT))
		return version_set_subject(version, span_str(subject), err);
	rc = buf_add_str(&version->subject, VERSION_SEALED_SUBJECT, err);
	if (rc < 0)
		return rc;
	snprintf(note.construct, sizeof(note.construct), "%s",
		 publication->construct);
	note.has_records = true;
	note.records = records;
	rc = buf_add_str(&note.subject, subject, err);
	if (rc == 0)
		rc = vault_note_seal(vault, &note, version, err);
	version_note_release(&note);
	return rc;
}

/* A version over tree, stored and kept; the turn then stands behind it. */
static int turn_add(struct turn *turn, const git_oid *tree,
		    enum version_change change, const char *subject,
		    git_oid *out, struct err *err)
{
	const struct publication *publication = turn->publication;
	struct store *store = publication->vault->store;
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct version version;
	int rc;

	version_init(&version);
	rc = fill_links(turn, &version, err);
	if (rc < 0)
		goto out;
	version.tree = *tree;
	version.seq = turn->seq;
	version.change = change;
	version.time = turn->time;
	memcpy(version.vault_id, publication->vault->state.vault_id,
	       CID_TEXT_MAX);
	snprintf(version.construct, sizeof(version.construct), "%s",
		 publication->ref_name);
	memcpy(version.device, vault_signer(publication->vault)->public,
	       DID_KEY_BYTES);
	rc = tree_root(store, tree, version.root, err);
	if (rc < 0)
		goto out;
	/* Last: the note is sealed for all the rest. */
	rc = fill_words(turn, &version, subject,
			change == CHANGE_COMPACT ? 0 : publication->records,
			err);
	if (rc < 0)
		goto out;
	rc = version_encode(&version, vault_signer(publication->vault),
			    &commit, err);
	if (rc < 0)
		goto out;
	rc = store_add(store, OBJECT_COMMIT, buf_span(&commit), out, err);
	if (rc == 0)
		rc = tree_keep(store, tree, err);
	if (rc < 0)
		goto out;
	turn->parents[0] = *out;
	turn->parents_n = 1;
	turn->seq++;
out:
	version_release(&version);
	buf_release(&commit);
	return rc;
}

/* Compaction is a version of its own: a verifier judges it by another rule. */
static int compact_if_due(struct turn *turn, const git_oid *tree,
			  git_oid *tip, struct err *err)
{
	const struct publication *publication = turn->publication;
	struct store *store = publication->vault->store;
	git_oid smaller;
	bool is_due;
	int rc;

	rc = compact_is_due(store, tree, publication->segments, &is_due, err);
	if (rc < 0 || !is_due)
		return rc;
	rc = compact(store, publication->codec, tree, publication->segments,
		     &smaller, err);
	if (rc < 0)
		return rc;
	if (git_oid_equal(&smaller, tree))
		return 0;
	return turn_add(turn, &smaller, CHANGE_COMPACT, "compact", tip, err);
}

/* Every object that the tips reach is there: what the store thought it had,
 * and so did not write again, may have gone meanwhile. */
static int check_tips(const struct turn *turns, size_t n, struct err *err)
{
	struct vault *vault = turns->publication->vault;
	struct history_range range = { NULL, n, NULL, 0 };
	git_oid *tips = calloc(n, sizeof(*tips));
	git_oid *known;
	size_t known_n = 0;
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		known_n += turns[i].known_n;
	known = calloc(known_n + 1, sizeof(*known));
	if (!tips || !known) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < n; i++) {
		tips[i] = turns[i].tip;
		if (turns[i].known_n)
			memcpy(known + range.hide_n, turns[i].known,
			       turns[i].known_n * sizeof(*known));
		range.hide_n += turns[i].known_n;
	}
	range.heads = tips;
	range.hide = known;
	rc = reach_check(vault->store, &range, err);
out:
	free(tips);
	free(known);
	return rc;
}

static int fill_move(const struct turn *turn, struct ref_move *move,
		     struct err *err)
{
	move->has_expected = turn->has_own;
	move->expected = turn->own;
	move->id = turn->tip;
	return head_ref_name("refs/heads/", turn->publication->ref_name,
			     vault_signer(turn->publication->vault)->name,
			     move->name, err);
}

/* It stands on verified heads, and is our own. */
static int vouch(const struct turn *turn, struct err *err)
{
	struct vault *vault = turn->publication->vault;
	struct head head = { .id = turn->tip };

	snprintf(head.construct, sizeof(head.construct), "%s",
		 turn->publication->ref_name);
	memcpy(head.device, vault_signer(vault)->name, DID_SHORT_MAX);
	return verified_put(vault->verified, &head, VOUCH_FULL, err);
}

static void tell_move(const struct turn *turn)
{
	const struct vault_calls *calls = &turn->publication->vault->calls;
	const struct vault_move move = {
		.construct = turn->publication->construct,
		.ref_name = turn->publication->ref_name,
		.from = turn->has_own ? &turn->own : NULL,
		.to = &turn->tip,
		.version = turn->has_version ? &turn->version : NULL,
	};

	if (calls->moved)
		calls->moved(calls->arg, &move);
}

/* Those that moved did, whatever became of the others. */
static int settle_moves(const struct turn *turns, const struct ref_move *moves,
			size_t n, struct err *err)
{
	struct vault *vault = turns->publication->vault;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		if (moves[i].rc < 0)
			continue;
		tell_move(&turns[i]);
		rc = vouch(&turns[i], err);
	}
	verified_save(vault->verified, vault, false);
	for (i = 0; rc == 0 && i < n; i++) {
		if (moves[i].rc < 0)
			rc = err_set(err, (enum err_code)moves[i].rc, "%s",
				     moves[i].reason);
	}
	return rc;
}

static int move_refs(const struct turn *turns, size_t n, struct err *err)
{
	struct vault *vault = turns->publication->vault;
	struct ref_move *moves;
	size_t i;
	int rc = check_tips(turns, n, err);

	for (i = 0; rc == 0 && i < n; i++)
		if (!strcmp(turns[i].publication->ref_name, VAULT_CONSTRUCT))
			rc = vault_state_check(vault->store, &turns[i].tip,
					       err);
	if (rc < 0)
		return rc;
	moves = calloc(n, sizeof(*moves));
	if (!moves)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++)
		rc = fill_move(&turns[i], &moves[i], err);
	if (rc == 0)
		rc = refs_move(vault->store, moves, n, err);
	if (rc == 0)
		rc = settle_moves(turns, moves, n, err);
	free(moves);
	return rc;
}

/* The version, and a compaction on top where one is due. */
static int turn_make(struct turn *turn, struct err *err)
{
	struct publication *publication = turn->publication;
	struct store *store = publication->vault->store;
	git_oid tree;
	int rc;

	rc = history_union(store, turn->parents, turn->parents_n, &tree, err);
	if (rc == 0 && publication->recount &&
	    !git_oid_equal(&tree, &publication->base))
		rc = publication->recount(publication->arg, &tree,
					  &publication->records, err);
	turn->is_idle = publication->recount && !publication->records;
	if (rc < 0 || turn->is_idle)
		return rc;
	rc = tree_insert(store, &tree, publication->segments, &tree, err);
	if (rc < 0)
		return rc;
	rc = turn_add(turn, &tree, CHANGE_ADD, publication->subject,
		      &turn->version, err);
	if (rc < 0)
		return rc;
	turn->has_version = true;
	turn->tip = turn->version;
	return compact_if_due(turn, &tree, &turn->tip, err);
}

static int order_turns(const void *a, const void *b)
{
	const struct turn *x = a;
	const struct turn *y = b;

	return strcmp(x->publication->ref_name, y->publication->ref_name);
}

/* Those that move, first. */
static size_t turns_moving(struct turn *turns, size_t n)
{
	struct turn turn;
	size_t moving = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (turns[i].is_idle)
			continue;
		turn = turns[moving];
		turns[moving++] = turns[i];
		turns[i] = turn;
	}
	return moving;
}

int publish(struct publication *at, size_t n, git_oid *out_versions,
	    struct err *err)
{
	struct turn *turns = calloc(n, sizeof(*turns));
	size_t moving = 0;
	size_t i;
	int rc;

	if (!turns)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++) {
		turns[i].publication = &at[i];
		turns[i].lock = (struct lock)LOCK_INIT;
	}
	qsort(turns, n, sizeof(*turns), order_turns);
	rc = turns_begin(turns, n, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = turn_make(&turns[i], err);
	if (rc == 0)
		moving = turns_moving(turns, n);
	if (moving)
		rc = store_flush(at->vault->store, err);
	if (rc == 0 && moving)
		rc = move_refs(turns, moving, err);
	for (i = 0; i < n; i++) {
		if (rc == 0)
			out_versions[turns[i].publication - at] =
				turns[i].version;
		turn_release(&turns[i]);
	}
	free(turns);
	return rc;
}

int publish_in_place(struct publication *publication,
		     const struct replacement *replacement,
		     bool *out_has_version, git_oid *out_version,
		     struct err *err)
{
	struct store *store = publication->vault->store;
	struct turn turn = { .publication = publication, .lock = LOCK_INIT };
	git_oid was;
	git_oid tree;
	int rc = turns_begin(&turn, 1, err);

	if (rc < 0)
		goto out;
	rc = history_union(store, turn.parents, turn.parents_n, &was, err);
	if (rc == 0)
		rc = replacement->make(replacement->arg, &was, &tree, err);
	if (rc < 0)
		goto out;
	*out_has_version = false;
	if (git_oid_equal(&was, &tree))
		goto out;
	rc = turn_add(&turn, &tree, replacement->change, publication->subject,
		      &turn.version, err);
	if (rc == 0)
		rc = store_flush(store, err);
	if (rc < 0)
		goto out;
	turn.tip = turn.version;
	turn.has_version = replacement->change != CHANGE_COMPACT;
	rc = move_refs(&turn, 1, err);
	if (rc < 0)
		goto out;
	*out_version = turn.version;
	*out_has_version = true;
out:
	turn_release(&turn);
	return rc;
}
