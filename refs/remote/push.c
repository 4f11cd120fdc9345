#include "refs/remote/push_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refs/history/reach.h"
#include "refs/trust/settle.h"
#include "refs/trust/whole.h"

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
	rc = reach_holes(store, &range, true, NULL, &holes,
			 err);
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
	return rc;
}

static int spec_make(const struct head *head, char **out)
{
	char text[2 * REF_NAME_MAX];
	int len = snprintf(text, sizeof(text), "refs/heads/%s/%s:"
			   "refs/heads/%s/%s", head->construct, head->device,
			   head->construct, head->device);

	if (len < 0 || (size_t)len >= sizeof(text))
		return -1;
	*out = strdup(text);
	return *out ? 0 : -1;
}

static int upload(struct push *push, const git_strarray *specs,
		  struct err *err)
{
	git_push_options options;
	int rc;

	git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
	trip_callbacks(&push->trip, &options.callbacks);
	options.follow_redirects = GIT_REMOTE_REDIRECT_INITIAL;
	rc = git_remote_upload(push->remote, specs, &options);
	if (rc < 0)
		return trip_failed(&push->trip, rc, "cannot push", err);
	return 0;
}

static int send(struct push *push, struct err *err)
{
	const struct sync_report *report = push->report;
	git_strarray specs = { NULL, 0 };
	size_t i;
	int rc = 0;

	specs.strings = calloc(report->n + 1, sizeof(*specs.strings));
	if (!specs.strings)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < report->n; i++) {
		if (!push_is_to_send(&report->at[i]))
			continue;
		rc = spec_make(&report->at[i].head,
			       &specs.strings[specs.count]);
		specs.count += rc == 0;
	}
	if (rc < 0)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	else if (specs.count)
		rc = upload(push, &specs, err);
	for (i = 0; i < specs.count; i++)
		free(specs.strings[i]);
	free(specs.strings);
	return rc;
}

static int heads_read(struct push *push, struct err *err)
{
	return heads_settled(push->vault, NULL, &push->ours, &push->forks,
			     err);
}

static int talk(struct push *push, struct err *err)
{
	git_repository *repo = store_repository(push->vault->store);
	int rc = trip_connect(&push->trip, repo, GIT_DIRECTION_PUSH,
			      &push->remote, err);

	if (rc == 0)
		rc = trip_heads(&push->trip, push->remote, &push->theirs, err);
	if (rc == 0)
		rc = push_plan(push, err);
	if (rc == 0)
		rc = send(push, err);
	if (push->remote)
		git_remote_disconnect(push->remote);
	git_remote_free(push->remote);
	push->remote = NULL;
	return rc;
}

/* What the other side has now, it has seen of us; only what is news. */
static int note_one(struct push *push, const struct ref_report *report,
		    const struct head_list *before,
		    struct head_list *tracked, struct err *err)
{
	struct head head = report->head;
	const struct head *seen;
	int rc;

	/* Of what is not here a fetch will tell. */
	if (report->result == REF_REJECTED || !report->has_to)
		return 0;
	head.id = report->result == REF_SAME ? report->from : report->to;
	rc = marks_set(&push->marks, push->vault, &head, err);
	if (rc == 0)
		rc = head_list_add(tracked, &head, err);
	seen = head_list_find(before, &head);
	if (seen)
		push->side.seen.at[seen - before->at].id = head.id;
	else if (rc == 0)
		rc = head_list_add(&push->side.seen, &head, err);
	return rc;
}

static int note_all(struct push *push, struct err *err)
{
	struct head_list tracked = HEAD_LIST_INIT;
	struct head_list before = HEAD_LIST_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < push->side.seen.n; i++)
		rc = head_list_add(&before, &push->side.seen.at[i], err);
	for (i = 0; rc == 0 && i < push->report->n; i++)
		rc = note_one(push, &push->report->at[i], &before, &tracked,
			      err);
	if (rc == 0)
		rc = tracking_set(push->vault, push->side.name, &tracked, err);
	if (rc == 0)
		rc = side_save(&push->side, err);
	if (rc == 0)
		rc = marks_save(push->vault, push->side.name, &push->marks,
				err);
	head_list_release(&tracked);
	head_list_release(&before);
	return rc;
}

static int travel(struct push *push, const char *url,
		  const struct remote_calls *calls, struct err *err)
{
	struct trip *trip = &push->trip;
	int rc = trip_begin(trip, url, NULL, calls, err);

	trip->report = push->report;
	if (rc == 0 && trip->url.kind == REMOTE_PATH)
		rc = local_push(push, err);
	else if (rc == 0)
		rc = talk(push, err);
	push->report->bytes = trip->counts.bytes;
	push->report->objects = trip->counts.objects;
	trip_end(trip);
	return rc;
}

/* What is missing here is told; the rest goes. */
static int look(struct push *push, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	int rc = whole_check(push->vault, &whole, err);

	if (rc == 0 && !whole_is(&whole)) {
		push->report->is_broken = true;
		rc = whole_tell(&whole, &push->report->problems, err);
	}
	push->is_doubtful = whole.holes.count;
	wholeness_release(&whole);
	return rc;
}

/* Did it fail for something of ours that nobody had noticed? */
static bool has_unsound(const struct push *push)
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

/* A damaged byte may come to light on the way only: then once more, without
 * what needs it. */
static int travel_twice(struct push *push, const char *url,
			const struct remote_calls *calls, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = travel(push, url, calls, &reason);

	if (rc >= 0)
		return rc;
	if (push->is_doubtful || !has_unsound(push))
		return err_set(err, (enum err_code)rc, "%s", reason.text);
	push->is_doubtful = true;
	push->report->n = 0;
	head_list_release(&push->theirs);
	return travel(push, url, calls, err);
}

int remote_push(struct vault *vault, const char *name,
		const struct remote_calls *calls, struct sync_report *out,
		struct err *err)
{
	static const struct side no_side = SIDE_INIT;
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	struct push push;
	int rc;

	memset(&push, 0, sizeof(push));
	push.vault = vault;
	push.side = no_side;
	push.report = out;
	rc = remote_url(vault, name, &url, err);
	if (rc == 0)
		rc = side_open(vault, name, &push.side, err);
	if (rc == 0)
		rc = marks_load(vault, name, &push.marks, err);
	if (rc == 0)
		rc = marks_mend(vault, name, &push.marks, &out->problems, err);
	if (rc == 0)
		rc = look(&push, err);
	if (rc == 0)
		rc = heads_read(&push, err);
	if (rc == 0)
		rc = travel_twice(&push, buf_text(&url), calls, err);
	if (rc == 0)
		rc = note_all(&push, err);
	head_list_release(&push.ours);
	head_list_release(&push.theirs);
	head_list_release(&push.forks);
	marks_release(&push.marks);
	side_release(&push.side);
	buf_release(&url);
	return rc;
}
