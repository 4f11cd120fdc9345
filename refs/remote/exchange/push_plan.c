#include "refs/remote/exchange/push.h"

#include <stdlib.h>
#include <string.h>

#include "refs/history/history.h"
#include "refs/history/reach.h"

/* Their id is a version that we have, if only as a second line. */
static bool is_known(const struct push *push, const struct head *head)
{
	size_t i;

	for (i = 0; i < push->forks.n; i++) {
		const struct head *fork = &push->forks.at[i];

		if (!strcmp(fork->device, head->device) &&
		    !strcmp(fork->construct, head->construct) &&
		    is_behind(push->vault->store, &head->id, &fork->id))
			return true;
	}
	return false;
}

/* Does a version go, or is it there, below another device's head? */
static bool goes_along(const struct push *push, const struct head *line)
{
	struct store *store = push->vault->store;
	size_t i;

	for (i = 0; i < push->ours.n; i++) {
		const struct head *ours = &push->ours.at[i];

		if (!strcmp(ours->construct, line->construct) &&
		    strcmp(ours->device, line->device) &&
		    is_behind(store, &line->id, &ours->id))
			return true;
	}
	for (i = 0; i < push->theirs.n; i++) {
		const struct head *theirs = &push->theirs.at[i];

		if (!strcmp(theirs->construct, line->construct) &&
		    is_behind(store, &line->id, &theirs->id))
			return true;
	}
	return false;
}

/*
 * A device has two lines, and one name on the other side: what has only the
 * other one there, and nothing on top of it that goes, stays here.
 */
static void leave_line(const struct push *push, const struct head *line,
		       struct ref_report *report)
{
	if (goes_along(push, line))
		return;
	report->result = REF_REJECTED;
	report->has_to = false;
	report_reason(report, "fork: the remote has another line of this "
		      "device; what is here of it goes with the next version "
		      "that is written here, and a push");
}

/* The same of second lines, where the first one is there. */
static void leave_second(const struct push *push, const struct head *ours,
			 struct ref_report *report)
{
	size_t i;

	for (i = 0; report->result == REF_SAME && i < push->forks.n; i++) {
		const struct head *fork = &push->forks.at[i];

		if (!strcmp(fork->device, ours->device) &&
		    !strcmp(fork->construct, ours->construct) &&
		    !is_behind(push->vault->store, &fork->id, &ours->id))
			leave_line(push, fork, report);
	}
}

/* Is all that a head needs, and the other side lacks, here and readable? */
static int is_sound(const struct push *push, const git_oid *id,
		    const char *construct, bool *out, struct err *err)
{
	struct table holes = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct store *store = push->vault->store;
	git_oid *hide = calloc(push->theirs.n + 1, sizeof(*hide));
	struct history_range range = { id, 1, hide, 0 };
	size_t i;
	int rc;

	if (!hide)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < push->theirs.n; i++) {
		const struct head *head = &push->theirs.at[i];

		if (!strcmp(head->construct, construct) &&
		    store_has(store, &head->id))
			hide[range.hide_n++] = head->id;
	}
	rc = reach_holes(store, &range, true, NULL, &holes, err);
	*out = rc == 0 && !holes.count;
	table_release(&holes);
	free(hide);
	return rc;
}

/* One that is not stays here, and stops no other. */
static int hold_back(struct push *push, struct ref_report *report,
		     bool *out_stays, struct err *err)
{
	bool is_good = true;
	int rc = 0;

	if (push->is_doubtful)
		rc = is_sound(push, &report->to, report->head.construct,
			      &is_good, err);
	*out_stays = !is_good;
	if (rc < 0 || is_good)
		return rc;
	push->report->is_broken = true;
	report->has_to = false;
	report_reason(report, "something that it needs is missing or damaged "
		      "here: 'vvault verify --repair'");
	return 0;
}

/* With one of our heads that stands elsewhere over there. */
static void plan_against(const struct push *push, const struct head *ours,
			 const struct head *theirs, struct ref_report *report)
{
	struct store *store = push->vault->store;

	if (store_has(store, &theirs->id) &&
	    is_behind(store, &ours->id, &theirs->id)) {
		report->result = REF_SAME;
	} else if (is_behind(store, &theirs->id, &ours->id)) {
		report_reason(report, "the remote did not answer for it");
	} else if (is_known(push, theirs)) {
		report->result = REF_SAME;
		report_reason(report, "fork: the remote has the other line of "
			      "this device");
		leave_line(push, ours, report);
	} else if (strcmp(ours->device, push->vault->device.name)) {
		/* That device was here since our last fetch: as it should be. */
		report->result = REF_SAME;
		report->has_to = false;
	} else {
		report->has_to = false;
		report_reason(report, "the remote has versions of this device "
			      "that are not here: fetch first");
	}
}

/*
 * What to do with one of our heads. Those to be sent stand as rejected until
 * the other side has said yes.
 */
static int plan_one(struct push *push, const struct head *ours,
		    struct err *err)
{
	const struct head *theirs = head_list_find(&push->theirs, ours);
	struct ref_report *report;
	bool stays = false;
	int rc = report_add(push->report, ours, REF_REJECTED, &report, err);

	if (rc < 0)
		return rc;
	report->has_to = true;
	report->to = ours->id;
	report->has_from = theirs != NULL;
	if (theirs)
		report->from = theirs->id;
	if (theirs && git_oid_equal(&ours->id, &theirs->id)) {
		report->result = REF_SAME;
		leave_second(push, ours, report);
		return 0;
	}
	rc = hold_back(push, report, &stays, err);
	if (rc < 0 || stays)
		return rc;
	if (theirs)
		plan_against(push, ours, theirs, report);
	else
		report_reason(report, "the remote did not answer for it");
	return 0;
}

/*
 * Versions of `vault` that are not here, and of the rest nothing that is: the
 * vault may have been made anew there, and what is here of its old history,
 * with what was forgotten, must not follow.
 */
static bool is_strange(const struct push *push)
{
	struct store *store = push->vault->store;
	bool has_new_vault = false;
	bool has_data = false;
	size_t i;

	for (i = 0; i < push->theirs.n; i++) {
		const struct head *head = &push->theirs.at[i];
		bool is_known = store_has(store, &head->id);

		if (!strcmp(head->construct, VAULT_CONSTRUCT)) {
			has_new_vault = has_new_vault || !is_known;
			continue;
		}
		if (is_known)
			return false;
		has_data = true;
	}
	return has_new_vault && has_data;
}

static void hold_all(struct push *push)
{
	size_t i;

	for (i = 0; i < push->report->n; i++) {
		struct ref_report *ref = &push->report->at[i];

		if (!push_is_to_send(ref) ||
		    !strcmp(ref->head.construct, VAULT_CONSTRUCT))
			continue;
		ref->has_to = false;
		report_reason(ref, "the remote knows more of 'vault' than "
			      "this device, and has nothing else that is here: "
			      "'vvault pull' first");
	}
}

bool push_is_to_send(const struct ref_report *report)
{
	return report->result == REF_REJECTED && report->has_to;
}

int push_plan(struct push *push, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < push->ours.n; i++)
		rc = plan_one(push, &push->ours.at[i], err);
	if (rc == 0 && is_strange(push))
		hold_all(push);
	return rc;
}

void push_pretend(struct push *push)
{
	size_t i;

	for (i = 0; i < push->report->n; i++) {
		struct ref_report *ref = &push->report->at[i];

		if (!push_is_to_send(ref))
			continue;
		ref->result = ref->has_from ? REF_FORWARD : REF_NEW;
		ref->reason[0] = '\0';
	}
}

/* Did it fail for something of ours that nobody had noticed? */
bool push_has_unsound(const struct push *push)
{
	const struct sync_report *report = push->report;
	bool is_good = true;
	size_t i;

	for (i = 0; is_good && i < report->n; i++) {
		if (push_is_to_send(&report->at[i]) &&
		    is_sound(push, &report->at[i].to,
			     report->at[i].head.construct, &is_good, NULL) < 0)
			return false;
	}
	return !is_good;
}
