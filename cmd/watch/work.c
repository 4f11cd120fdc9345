#include "cmd/watch/watch_internal.h"

#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>

#include "cmd/stay/ending.h"
#include "cmd/watch/job.h"
#include "lib/os/spawn.h"

static int take_event(void *arg, struct span json, struct err *err)
{
	struct watch *watch = arg;
	int rc = host_json(watch->call->host, json, err);

	fflush(stdout);
	return rc;
}

static const char *what_of(const struct watch *watch)
{
	return watch->working ? watch->working->name : watch->pushing.remote ?
	       watch->pushing.remote : "";
}

static void take_note(void *arg, struct span sentence)
{
	struct watch *watch = arg;

	(void)!tell_once(watch, "note", what_of(watch), sentence, NULL);
}

static int take_more(void *arg, struct span bytes, struct err *err)
{
	struct watch *watch = arg;

	(void)bytes;
	(void)err;
	if (watch->working)
		turn_touch(&watch->working->turn, pulse_now());
	return 0;
}

static int start(struct watch *watch, struct subject *subject,
		 int (*run)(const struct host *host, void *arg,
			    struct err *err),
		 struct err *err)
{
	struct job job = { watch, subject };

	watch->working = subject;
	watch->began = pulse_now();
	watch->is_busy = true;
	return worker_start(&watch->worker, run, &job, err);
}

/* Take what has come; is_over: rc is what it did then. */
static int take_from_child(struct watch *watch, bool *is_over, struct err *err)
{
	const struct worker_calls calls = {
		.arg = watch, .object = take_event, .bytes = take_more,
		.note = take_note,
	};
	int rc = worker_take(&watch->worker, &calls, is_over, err);

	watch->is_busy = !*is_over;
	return rc;
}

int work_check(struct watch *watch, struct err *err)
{
	struct pollfd from[] = { { -1, POLLIN, 0 },
				 { ending_fd(), POLLIN, 0 } };
	bool is_over = false;
	int rc = start(watch, NULL, job_check, err);

	while (rc == 0 && !is_over && !ending_came()) {
		from[0].fd = watch->worker.fd;
		(void)!poll(from, 2, -1);
		rc = take_from_child(watch, &is_over, err);
	}
	return rc;
}

static struct subject *next_subject(struct watch *watch, int64_t *out_due)
{
	struct subject *next = NULL;
	size_t i;

	*out_due = -1;
	for (i = 0; i < watch->n; i++) {
		int64_t due = turn_due(&watch->subjects[i].turn);

		if (due >= 0 && (!next || due < *out_due)) {
			next = &watch->subjects[i];
			*out_due = due;
		}
	}
	return next;
}

int64_t work_due(const struct watch *watch)
{
	const struct pushing *pushing = &watch->pushing;
	int64_t due;

	if (watch->is_busy)
		return -1;
	(void)next_subject((struct watch *)(uintptr_t)watch, &due);
	if (pushing->remote && (due < 0 || pushing->next < due))
		due = pushing->next;
	return due;
}

/* It cannot even begin: that is its failure. */
static int ended(struct watch *watch, int rc, struct err *why,
		 struct err *err);

int work_begin(struct watch *watch, struct err *err)
{
	struct err why = ERR_INIT;
	int64_t now = pulse_now();
	struct subject *subject;
	int64_t due;
	int rc = 0;

	if (watch->is_busy)
		return 0;
	subject = next_subject(watch, &due);
	if (subject && due <= now) {
		turn_begin(&subject->turn);
		rc = start(watch, subject, subject->agent ? job_capture :
			   job_import, &why);
	} else if (watch->pushing.remote && watch->pushing.next <= now) {
		rc = start(watch, NULL, job_push, &why);
	}
	return rc < 0 ? ended(watch, rc, &why, err) : 0;
}

static int subject_ended(struct watch *watch, struct subject *subject, int rc,
			 const struct err *why, struct err *err)
{
	int64_t now = pulse_now();

	if (rc == ERR_LOCKED)
		turn_busy(&subject->turn, now);
	else if (rc < 0)
		turn_failed(&subject->turn, now);
	else
		turn_done(&subject->turn, now, now - watch->began);
	if (rc < 0)
		return tell_failure(watch, &subject->trouble, subject->name,
				    why, subject->turn.not_before - now, err);
	return tell_success(watch, &subject->trouble, subject->name, err);
}

static int ended(struct watch *watch, int rc, struct err *why,
		 struct err *err)
{
	struct pushing *pushing = &watch->pushing;

	watch->is_busy = false;
	/* Nothing else explains it better. */
	if (rc < 0 && pulse_vault(watch, err) < 0)
		return err->code;
	if (watch->working)
		return subject_ended(watch, watch->working, rc, why, err);
	pushing->next = pulse_now() + pushing->every_ms;
	return rc < 0 ? tell_failure(watch, &pushing->trouble, pushing->remote,
				     why, pushing->every_ms, err) :
	       tell_success(watch, &pushing->trouble, pushing->remote, err);
}

int work_take(struct watch *watch, struct err *err)
{
	struct err why = ERR_INIT;
	bool is_over = false;
	int rc;

	if (!watch->is_busy)
		return 0;
	rc = take_from_child(watch, &is_over, &why);
	return is_over ? ended(watch, rc, &why, err) : 0;
}

void work_end(struct watch *watch, int64_t grace_ms)
{
	const int64_t deadline = pulse_now() + grace_ms;
	struct pollfd ready = { watch->worker.fd, POLLIN, 0 };
	struct err why = ERR_INIT;
	bool is_over = !watch->is_busy;

	while (!is_over && pulse_now() < deadline &&
	       poll(&ready, 1, (int)(deadline - pulse_now())) > 0)
		(void)!take_from_child(watch, &is_over, &why);
	worker_release(&watch->worker);
}
