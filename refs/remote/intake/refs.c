#include "refs/remote/intake/intake_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/history/ref_files.h"
#include "refs/remote/side/tracking.h"
#include "refs/trust/quarantine.h"

#define SWAP_TRIES 50
#define SWAP_PAUSE_NS 20000000L

static bool may_move(const struct candidate *candidate)
{
	return candidate->is_open && (candidate->result == REF_NEW ||
				      candidate->result == REF_FORWARD);
}

static int objects_take(struct intake *intake, struct judgement *judgement,
			struct err *err)
{
	git_oid *ids = calloc(judgement->n + 1, sizeof(*ids));
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < judgement->n; i++) {
		if (may_move(&judgement->at[i]))
			ids[n++] = judgement->at[i].head->id;
	}
	if (n)
		rc = intake_objects(intake->side, ids, n, &judgement->known,
				    err);
	free(ids);
	return rc;
}

/* Another process moved our ref: look again what this head is to it. */
static void look_again(struct vault *vault, const char *name,
		       struct candidate *candidate)
{
	struct store *store = vault->store;
	const git_oid *id = &candidate->head->id;

	candidate->has_local = ref_read(store, name, &candidate->local);
	if (!candidate->has_local)
		return;
	if (is_behind(vault->store, id, &candidate->local))
		candidate->result = REF_SAME;
	else if (!is_behind(vault->store, &candidate->local, id))
		candidate->is_fork = true;
}

static int ref_take(struct vault *vault, struct candidate *candidate,
		    struct err *err)
{
	const struct timespec pause = { 0, SWAP_PAUSE_NS };
	struct store *store = vault->store;
	const struct head *head = candidate->head;
	struct err reason = ERR_INIT;
	char name[REF_NAME_MAX];
	unsigned tries;
	int rc = head_ref_name(HEADS_PREFIX, head->construct, head->device,
			       name, err);

	if (rc < 0)
		return rc;
	for (tries = 0; tries < SWAP_TRIES; tries++) {
		if (candidate->is_fork)
			return fork_refs_add(store, head, err);
		err_clear(&reason);
		rc = ref_swap(store, name,
			      candidate->has_local ? &candidate->local : NULL,
			      &head->id, &reason);
		if (rc != ERR_CHANGED && rc != ERR_LOCKED)
			break;
		nanosleep(&pause, NULL);
		look_again(vault, name, candidate);
		if (candidate->result == REF_SAME)
			return 0;
	}
	return err_copy(err, rc, &reason);
}

/* Second lines that a head descends from by now. */
static int forks_prune(struct vault *vault, struct err *err)
{
	struct store *store = vault->store;
	struct head_list heads = HEAD_LIST_INIT;
	struct head_list forks = HEAD_LIST_INIT;
	size_t i, k;
	int rc = fork_refs_list(store, NULL, &forks, err);

	if (rc == 0 && forks.n)
		rc = heads_list(store, HEADS_PREFIX, NULL, &heads, NULL, err);
	for (i = 0; rc == 0 && i < forks.n; i++) {
		for (k = 0; k < heads.n; k++) {
			if (!strcmp(heads.at[k].construct,
				    forks.at[i].construct) &&
			    is_behind(vault->store, &forks.at[i].id,
				      &heads.at[k].id))
				break;
		}
		if (k < heads.n)
			rc = fork_refs_remove(store, &forks.at[i], err);
	}
	head_list_release(&heads);
	head_list_release(&forks);
	return rc;
}

static int report_one(struct intake *intake,
		      const struct candidate *candidate, struct err *err)
{
	struct ref_report *report;
	int rc = report_add(intake->report, candidate->head,
			    candidate->result, &report, err);

	if (rc < 0)
		return rc;
	report->has_to = true;
	report->to = candidate->head->id;
	report->has_from = candidate->has_local;
	if (candidate->has_local)
		report->from = candidate->local;
	if (candidate->mark) {
		report->has_from = true;
		report->from = candidate->mark->head.id;
	}
	report_reason(report, "%s", candidate->reason);
	return 0;
}

/* Marks of what the remote showed and the vault has, and what waits. */
static int note_one(struct intake *intake, const struct candidate *candidate,
		    struct head_list *tracked, struct err *err)
{
	struct side *side = intake->side;
	const struct head *head = candidate->head;
	bool is_there = store_has(side->store, &head->id);
	int rc = 0;

	if (is_there && candidate->result == REF_HELD)
		return head_list_add(&side->held, head, err);
	if (is_there && candidate->is_kept_out)
		return head_list_add(&side->refused, head, err);
	if (candidate->result == REF_NEW || candidate->result == REF_FORWARD ||
	    candidate->result == REF_SAME) {
		rc = marks_set(intake->marks, intake->vault, head, err);
		if (rc == 0)
			rc = head_list_add(tracked, head, err);
	}
	return rc;
}

/* "<code>: <message>", as it was reported. */
static void reason_split(const struct candidate *candidate,
			 struct quarantine_note *note)
{
	const char *colon = strstr(candidate->reason, ": ");
	size_t len = colon ? (size_t)(colon - candidate->reason) : 0;

	if (candidate->result == REF_BACK)
		snprintf(note->code, sizeof(note->code), "remote-back");
	else if (len && len < sizeof(note->code))
		memcpy(note->code, candidate->reason, len);
	snprintf(note->message, sizeof(note->message), "%s",
		 note->code[0] && candidate->result != REF_BACK ?
			 colon + 2 : candidate->reason);
}

/* For whoever asks later what lies in the side repository, and why. */
static int reasons_keep(struct intake *intake,
			const struct judgement *judgement, struct err *err)
{
	struct quarantine_note *notes = calloc(judgement->n + 1,
					       sizeof(*notes));
	size_t n = 0;
	size_t i;
	int rc;

	if (!notes)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < judgement->n; i++) {
		const struct candidate *candidate = &judgement->at[i];
		bool is_held = candidate->result == REF_HELD;

		if (!is_held && !candidate->is_kept_out)
			continue;
		notes[n].head = *candidate->head;
		snprintf(notes[n].remote, sizeof(notes[n].remote), "%s",
			 intake->side->name);
		snprintf(notes[n].state, sizeof(notes[n].state), "%s",
			 is_held ? "held" : "refused");
		reason_split(candidate, &notes[n++]);
	}
	rc = quarantine_notes_put(intake->vault, notes, n, err);
	free(notes);
	return rc;
}

/* Of `vault` nothing is sealed. */
static int vouch_for(struct vault *vault, const struct head *head,
		     enum vouch vouch, struct err *err)
{
	if (!strcmp(head->construct, VAULT_CONSTRUCT))
		vouch = VOUCH_FULL;
	return verified_put(vault->verified, head, vouch, err);
}

static int note_all(struct intake *intake, const struct judgement *judgement,
		    struct err *err)
{
	struct head_list tracked = HEAD_LIST_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < judgement->n; i++)
		rc = note_one(intake, &judgement->at[i], &tracked, err);
	if (rc == 0)
		rc = tracking_set(intake->vault, intake->side->name, &tracked,
				  err);
	head_list_release(&tracked);
	return rc;
}

/*
 * All refs that only move on, at once. Those that could not are left to
 * ref_take(), one by one.
 */
static int refs_take(struct vault *vault, struct judgement *judgement,
		     struct err *err)
{
	struct store *store = vault->store;
	struct ref_move *moves = calloc(judgement->n + 1, sizeof(*moves));
	struct candidate **of = calloc(judgement->n + 1, sizeof(*of));
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!moves || !of)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < judgement->n; i++) {
		struct candidate *candidate = &judgement->at[i];
		const struct head *head = candidate->head;

		if (!may_move(candidate) || candidate->is_fork)
			continue;
		rc = head_ref_name(HEADS_PREFIX, head->construct,
				   head->device, moves[n].name, err);
		moves[n].has_expected = candidate->has_local;
		moves[n].expected = candidate->local;
		moves[n].id = head->id;
		of[n++] = candidate;
	}
	if (rc == 0)
		rc = refs_move(store, moves, n, err);
	for (i = 0; rc == 0 && i < n; i++)
		of[i]->is_moved = moves[i].rc == 0;
	free(of);
	free(moves);
	return rc;
}

int intake_refs(struct intake *intake, struct judgement *judgement,
		struct err *err)
{
	struct vault *vault = intake->vault;
	size_t i;
	int rc = objects_take(intake, judgement, err);

	if (rc == 0)
		rc = refs_take(vault, judgement, err);
	for (i = 0; rc == 0 && i < judgement->n; i++) {
		struct candidate *candidate = &judgement->at[i];

		if (!may_move(candidate))
			continue;
		if (!candidate->is_moved)
			rc = ref_take(vault, candidate, err);
		if (rc == 0)
			rc = vouch_for(vault, candidate->head,
				       judgement->vouch, err);
		if (!strcmp(candidate->head->construct, VAULT_CONSTRUCT))
			intake->moved_vault = true;
	}
	if (rc == 0)
		rc = forks_prune(vault, err);
	for (i = 0; rc == 0 && i < judgement->n; i++)
		rc = report_one(intake, &judgement->at[i], err);
	if (rc == 0)
		rc = note_all(intake, judgement, err);
	return rc < 0 ? rc : reasons_keep(intake, judgement, err);
}
