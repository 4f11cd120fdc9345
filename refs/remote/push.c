#include "refs/remote/remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/path.h"
#include "refs/history/reach.h"
#include "refs/remote/exchange/exchange.h"
#include "refs/remote/exchange/push.h"
#include "refs/remote/side/side.h"
#include "refs/remote/transport/trip.h"
#include "refs/trust/marks.h"
#include "refs/trust/settle.h"
#include "refs/trust/whole.h"

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
		rc = trip_spec(HEADS_PREFIX, HEADS_PREFIX, &report->at[i].head,
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
	if (rc == 0 && push->is_dry_run)
		push_pretend(push);
	else if (rc == 0)
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

/* A damaged byte may come to light on the way only: then once more, without
 * what needs it. */
static int travel_twice(struct push *push, const char *url,
			const struct remote_calls *calls, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = travel(push, url, calls, &reason);

	if (rc == 0)
		return rc;
	if (push->is_doubtful || !push_has_unsound(push))
		return err_copy(err, rc, &reason);
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
	push.is_dry_run = calls->is_dry_run;
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
	if (rc == 0 && !push.is_dry_run)
		rc = note_all(&push, err);
	head_list_release(&push.ours);
	head_list_release(&push.theirs);
	head_list_release(&push.forks);
	marks_release(&push.marks);
	side_release(&push.side);
	buf_release(&url);
	return rc;
}

int remote_is_empty(struct vault *vault, const char *url,
		    const struct remote_calls *calls, bool *out,
		    struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct trip trip;
	int rc;

	memset(&trip, 0, sizeof(trip));
	rc = trip_begin(&trip, url, NULL, calls, err);
	if (rc == 0)
		rc = heads_look(&trip, store_repository(vault->store), &heads,
				err);
	trip_end(&trip);
	if (rc == 0)
		*out = heads.n == 0;
	head_list_release(&heads);
	return rc;
}
