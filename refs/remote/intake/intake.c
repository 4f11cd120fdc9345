#include "refs/remote/intake/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "refs/history/history.h"
#include "refs/remote/intake/intake_internal.h"
#include "refs/trust/open.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/reject.h"
#include "refs/trust/settle.h"

#define OLD_HISTORY "old-history"

static void candidate_judge(struct candidate *candidate,
			    enum ref_result result, const char *reason)
{
	candidate->result = result;
	snprintf(candidate->reason, sizeof(candidate->reason), "%s", reason);
}

static int problem_of(struct intake *intake, const struct candidate *candidate,
		      const char *code, struct err *err)
{
	char name[REF_NAME_MAX];

	snprintf(name, sizeof(name), HEADS_PREFIX "%s/%s",
		 candidate->head->construct, candidate->head->device);
	return problem_list_add(&intake->report->problems, code, name,
				candidate->reason, err);
}

static bool is_same_ref(const struct head *a, const struct head *b)
{
	return !strcmp(a->construct, b->construct) &&
	       !strcmp(a->device, b->device);
}

/* Does what the vault holds of this device already reach the version? */
static bool is_held_here(const struct intake *intake,
			 const struct judgement *judgement,
			 const struct candidate *candidate)
{
	struct store *store = intake->vault->store;
	const struct head_list *list = &judgement->known;
	const struct head *head = candidate->head;
	const struct head *known = head_list_find(list, head);

	if (!known || !store_has(store, &head->id))
		return false;
	/* Each second line of the device stands beside. */
	while (known > list->at && is_same_ref(known - 1, head))
		known--;
	for (; known < list->at + list->n && is_same_ref(known, head); known++) {
		if (is_behind(store, &head->id, &known->id))
			return true;
	}
	return false;
}

/*
 * The mark is what this remote was seen at. A remote that is not ahead of it
 * has lost versions, or is being played back: either is told, and what it
 * shows moves nothing.
 */
static bool is_back(const struct intake *intake, struct candidate *candidate)
{
	struct store *store = intake->side->store;
	const struct mark *mark = marks_find(intake->marks, candidate->head);

	if (!mark || is_behind(store, &mark->head.id, &candidate->head->id))
		return false;
	candidate->mark = mark;
	if (is_behind(store, &candidate->head->id, &mark->head.id))
		candidate_judge(candidate, REF_BACK, "the remote went back to "
				"an older version than it had");
	else
		candidate_judge(candidate, REF_BACK, "the remote has another "
				"line of this device in place of the one it "
				"had");
	return true;
}

/* What can be said without looking at what is not verified. */
static int judge_before(struct intake *intake, struct judgement *judgement,
			struct candidate *candidate, struct err *err)
{
	const struct head *local = head_list_find(&judgement->heads,
					     candidate->head);

	candidate->has_local = local != NULL;
	if (local)
		candidate->local = local->id;
	if (is_held_here(intake, judgement, candidate)) {
		if (!is_back(intake, candidate)) {
			candidate_judge(candidate, REF_SAME, "");
			return 0;
		}
		return problem_of(intake, candidate, "remote-back", err);
	}
	if (store_has(intake->side->store, &candidate->head->id)) {
		candidate->is_open = true;
		return 0;
	}
	if (side_refuses(intake->side, candidate->head)) {
		candidate_judge(candidate, REF_REFUSED, "refused-before: its "
				"objects were too many to be kept; 'vvault "
				"quarantine list' says why it was refused");
		return problem_of(intake, candidate, "refused-before", err);
	}
	intake->lacks_objects = true;
	candidate_judge(candidate, REF_REFUSED,
			"missing-object: the remote names a version that it "
			"does not give");
	return problem_of(intake, candidate, "missing-object", err);
}

static int judge_verified(struct intake *intake, struct candidate *candidate,
			  struct err *err)
{
	struct store *store = intake->side->store;

	if (is_back(intake, candidate)) {
		candidate->is_kept_out = true;
		return problem_of(intake, candidate, "remote-back", err);
	}
	if (!candidate->has_local) {
		candidate_judge(candidate, REF_NEW, "");
	} else if (is_behind(store, &candidate->local,
			     &candidate->head->id)) {
		candidate_judge(candidate, REF_FORWARD, "");
	} else {
		candidate->is_fork = true;
		candidate_judge(candidate, REF_NEW, "fork: this device has "
				"written another line elsewhere; both are "
				"kept, and the next version written here "
				"joins them");
		return problem_of(intake, candidate, "fork", err);
	}
	return 0;
}

/* The words for a head that failed, out of what was found just now: about its
 * version, else about its ref, else the first there are. */
static void reason_find(const struct intake *intake, size_t first,
			struct candidate *candidate)
{
	const struct problem_list *found = &intake->report->problems;
	const struct head *head = candidate->head;
	const struct problem *best = NULL;
	char name[CONSTRUCT_NAME_MAX + DID_SHORT_MAX + 1];
	char hex[GIT_OID_HEXSZ + 1];
	bool is_own = false;
	size_t i;

	hex_text(head->id.id, GIT_OID_RAWSZ, hex);
	snprintf(name, sizeof(name), "%s/%s", head->construct, head->device);
	for (i = first; i < found->n && !is_own; i++) {
		/* Told, and no reason to refuse anything. */
		if (!strcmp(found->at[i].code, "fork"))
			continue;
		is_own = !strcmp(found->at[i].object, hex);
		if (!best || is_own || !strcmp(found->at[i].object, name))
			best = &found->at[i];
	}
	if (best)
		snprintf(candidate->reason, sizeof(candidate->reason),
			 "%s: %.200s", best->code, best->message);
}

static int judge_after(struct intake *intake, struct candidate *candidate,
		       enum verdict verdict, size_t first, struct err *err)
{
	if (verdict == VERDICT_OK)
		return judge_verified(intake, candidate, err);
	candidate->is_kept_out = verdict == VERDICT_REFUSED;
	candidate_judge(candidate, verdict == VERDICT_HELD ? REF_HELD :
							     REF_REFUSED,
			verdict == VERDICT_HELD ?
			"is held back" :
			"failed verification");
	reason_find(intake, first, candidate);
	/* It holds what was forgotten: nothing of it is kept. */
	if (!strncmp(candidate->reason, OLD_HISTORY, strlen(OLD_HISTORY)))
		candidate->is_kept_out = false;
	return 0;
}

static int on_verify(void *arg, const struct verify_counts *counts)
{
	const struct remote_calls *calls = arg;
	struct remote_progress progress = { 0, 0, 0, "verifying" };

	if (!calls || !calls->progress)
		return 0;
	progress.objects = counts->segments;
	return calls->progress(calls->arg, &progress);
}

/* Where a head lies beyond a cut, what the cut names is still brought in. */
static int find_cut(struct verifier *verifier, const struct head_list *open,
		    const enum verdict *verdicts, struct head_list *out,
		    struct err *err)
{
	struct head head;
	bool is_found;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < open->n; i++) {
		if (verdicts[i] != VERDICT_REFUSED)
			continue;
		head = open->at[i];
		rc = verifier_remainder(verifier, &open->at[i], &head.id,
					&is_found, err);
		if (rc == 0 && is_found)
			rc = head_list_add(out, &head, err);
	}
	return rc;
}

/* As candidates of their own, unless the vault has them. */
static int take_cut(struct intake *intake, struct judgement *judgement,
		    struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < judgement->cut.n; i++) {
		struct candidate *made = &judgement->at[judgement->n];
		const struct head *local;

		made->head = &judgement->cut.at[i];
		local = head_list_find(&judgement->heads, made->head);
		made->has_local = local != NULL;
		if (local)
			made->local = local->id;
		made->is_open = true;
		if (is_held_here(intake, judgement, made))
			continue;
		judgement->n++;
		rc = judge_verified(intake, made, err);
	}
	return rc;
}

/* A vault that holds no other construct stands in no lineage yet, and takes
 * the one that it is shown. */
static bool has_data(const struct judgement *judgement)
{
	size_t i;

	for (i = 0; i < judgement->known.n; i++)
		if (strcmp(judgement->known.at[i].construct, VAULT_CONSTRUCT))
			return true;
	return false;
}

static int verify(struct intake *intake, struct judgement *judgement,
		  const struct head_list *open, enum verdict *verdicts,
		  struct err *err)
{
	struct table rejected = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct vault *vault = intake->vault;
	struct verify_options options = {
		.expected_vault_id = intake->expected_vault_id,
		.device = vault->has_device ? &vault->device : NULL,
		.rejected = &rejected,
		.trust_heads = true,
		.may_renew = !has_data(judgement),
		.progress = on_verify,
		.progress_arg = (void *)(uintptr_t)intake->calls,
	};
	struct verifier *verifier = NULL;
	int rc = rejected_load(vault, &rejected, err);

	if (rc == 0)
		rc = verifier_new(intake->side->store, &judgement->known, &options,
			  &verifier, err);
	if (rc == 0)
		rc = verifier_check(verifier, open, verdicts,
				    &intake->report->problems, err);
	if (rc == 0)
		judgement->vouch = verifier_is_blind(verifier) ? VOUCH_BLIND :
								 VOUCH_FULL;
	if (rc == 0)
		rc = find_cut(verifier, open, verdicts, &judgement->cut, err);
	verifier_free(verifier);
	table_release(&rejected);
	return rc;
}

static int judge_open(struct intake *intake, struct judgement *judgement,
		      struct err *err)
{
	struct head_list open = HEAD_LIST_INIT;
	enum verdict *verdicts = NULL;
	size_t first = intake->report->problems.n;
	size_t at = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < judgement->n; i++) {
		if (judgement->at[i].is_open)
			rc = head_list_add(&open, judgement->at[i].head, err);
	}
	if (rc < 0 || !open.n)
		goto out;
	verdicts = calloc(open.n, sizeof(*verdicts));
	rc = verdicts ? verify(intake, judgement, &open, verdicts, err) :
			err_set(err, ERR_NOMEM, "out of memory");
	for (i = first; rc == 0 && i < intake->report->problems.n; i++)
		intake->lacks_objects |=
			!strcmp(intake->report->problems.at[i].code,
				"missing-object");
	for (i = 0; rc == 0 && i < judgement->n; i++) {
		if (judgement->at[i].is_open)
			rc = judge_after(intake, &judgement->at[i],
					 verdicts[at++], first, err);
	}
	if (rc == 0)
		rc = take_cut(intake, judgement, err);
out:
	free(verdicts);
	head_list_release(&open);
	return rc;
}

static int known_read(struct intake *intake, struct judgement *judgement,
		      struct err *err)
{
	size_t i;
	int rc = heads_settled(intake->vault, NULL, &judgement->heads,
			       &judgement->known, err);

	/* Some may have gone into quarantine just now. */
	if (rc == 0)
		rc = marks_prune(intake->marks, intake->vault, err);

	for (i = 0; rc == 0 && i < judgement->heads.n; i++)
		rc = head_list_add(&judgement->known,
				   &judgement->heads.at[i], err);
	head_list_sort(&judgement->known);
	return rc;
}

static int candidates_take(struct intake *intake, bool of_vault,
			   struct judgement *judgement, struct err *err)
{
	const struct head_list *heads = intake->heads;
	size_t i;

	judgement->at = calloc(2 * (heads->n + intake->put_off.n) + 1, sizeof(*judgement->at));
	if (!judgement->at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < heads->n; i++) {
		if (!strcmp(heads->at[i].construct, VAULT_CONSTRUCT) ==
		    of_vault)
			judgement->at[judgement->n++].head = &heads->at[i];
	}
	for (i = 0; !of_vault && i < intake->put_off.n; i++)
		judgement->at[judgement->n++].head = &intake->put_off.at[i];
	return 0;
}

/* Take back what was said of a head. */
static void unsay_problem(struct problem_list *list, const struct head *head)
{
	char name[CONSTRUCT_NAME_MAX + DID_SHORT_MAX + 1];
	size_t kept = 0;
	size_t i;

	snprintf(name, sizeof(name), "%s/%s", head->construct, head->device);
	for (i = 0; i < list->n; i++)
		if (strcmp(list->at[i].object, name))
			list->at[kept++] = list->at[i];
	list->n = kept;
}

/*
 * What lies beyond a cut stays out, unless something of another construct that
 * comes in was written by who had not known better, and names it.
 */
static int put_off(struct intake *intake, struct judgement *judgement,
		   struct err *err)
{
	static const char beyond[] = "removed-member: ";
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < judgement->n; i++) {
		struct candidate *at = &judgement->at[i];

		if (at->result == REF_REFUSED &&
		    !strncmp(at->reason, beyond, strlen(beyond))) {
			rc = head_list_add(&intake->put_off, at->head, err);
			unsay_problem(&intake->report->problems, at->head);
		} else {
			judgement->at[kept++] = *at;
		}
	}
	judgement->n = kept;
	return rc;
}

static void judgement_release(struct judgement *judgement)
{
	head_list_release(&judgement->heads);
	head_list_release(&judgement->known);
	head_list_release(&judgement->cut);
	free(judgement->at);
}

/* Judge these heads, then take in what may be. */
static int intake_part(struct intake *intake, bool of_vault, struct err *err)
{
	struct judgement judgement = {
		HEAD_LIST_INIT, HEAD_LIST_INIT, VOUCH_NONE, NULL, 0,
		HEAD_LIST_INIT
	};
	size_t i;
	int rc = candidates_take(intake, of_vault, &judgement, err);

	if (rc == 0 && judgement.n)
		rc = known_read(intake, &judgement, err);
	for (i = 0; rc == 0 && i < judgement.n; i++)
		rc = judge_before(intake, &judgement, &judgement.at[i], err);
	if (rc == 0)
		rc = judge_open(intake, &judgement, err);
	if (rc == 0 && of_vault)
		rc = put_off(intake, &judgement, err);
	if (rc == 0)
		rc = intake_refs(intake, &judgement, err);
	judgement_release(&judgement);
	return rc;
}

/* What this remote had, and shows no more. */
static int losses_report(struct intake *intake, struct err *err)
{
	struct ref_report *report;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < intake->marks->n; i++) {
		const struct head *head = &intake->marks->at[i].head;
		struct candidate lost = { .head = head };

		if (head_list_find(intake->heads, head))
			continue;
		candidate_judge(&lost, REF_BACK,
				"the remote no longer has this ref");
		rc = report_add(intake->report, head, REF_BACK, &report, err);
		if (rc < 0)
			break;
		report->has_from = true;
		report->from = head->id;
		report_reason(report, "%s", lost.reason);
		rc = problem_of(intake, &lost, "remote-back", err);
	}
	return rc;
}

/*
 * `vault` goes first and for itself: what it holds then, and not what the
 * remote would like it to hold, is what the others are judged by.
 */
int intake_run(struct intake *intake, struct err *err)
{
	int rc = intake_part(intake, true, err);
	bool has_moved = intake->moved_vault;

	/* Who is a member now, and with which keys, is what the others are
	 * looked at with; and what waited for either is looked at once more. */
	if (rc == 0 && has_moved)
		rc = vault_reload(intake->vault, err);
	if (rc == 0 && has_moved)
		rc = quarantine_release(intake->vault, err);
	intake->moved_vault = false;
	if (rc == 0)
		rc = intake_part(intake, false, err);
	if (rc == 0 && intake->moved_vault)
		rc = vault_reload(intake->vault, err);
	intake->moved_vault = intake->moved_vault || has_moved;
	if (rc == 0 && intake->is_all)
		rc = losses_report(intake, err);
	head_list_release(&intake->put_off);
	return rc;
}
