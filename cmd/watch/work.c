#include "cmd/watch/watch_internal.h"

#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>

#include "cmd/stay/ending.h"
#include "cmd/watch/job.h"
#include "lib/os/spawn.h"

/* A remote that has not taken it by then is not there. */
#define PUSH_MINUTES 60

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

static void take_push_note(void *arg, struct span sentence)
{
	struct watch *watch = arg;

	(void)!tell_once(watch, "note", watch->pushing.remote, sentence, NULL);
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

static int take_from_push(struct watch *watch, bool *is_over, struct err *err)
{
	const struct worker_calls calls = {
		.arg = watch, .object = take_event, .note = take_push_note,
	};
	int rc = worker_take(&watch->pushing.worker, &calls, is_over, err);

	watch->pushing.is_busy = !*is_over;
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
	int64_t due = -1;
	int64_t push = pushing->is_busy ? pushing->until : pushing->next;

	if (!watch->is_busy)
		(void)next_subject((struct watch *)(uintptr_t)watch, &due);
	/* What is sent next is what is being brought in now. */
	if (pushing->remote && (pushing->is_busy || !watch->is_busy) &&
	    (due < 0 || push < due))
		due = push;
	return due;
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

static int push_ended(struct watch *watch, int rc, const struct err *why,
		      struct err *err)
{
	struct pushing *pushing = &watch->pushing;

	pushing->is_busy = false;
	pushing->next = pulse_now() + pushing->every_ms;
	if (rc < 0 && pulse_vault(watch, err) < 0)
		return err->code;
	return rc < 0 ? tell_failure(watch, &pushing->trouble, pushing->remote,
				     why, pushing->every_ms, err) :
	       tell_success(watch, &pushing->trouble, pushing->remote, err);
}

static int ended(struct watch *watch, int rc, const struct err *why,
		 struct err *err)
{
	watch->is_busy = false;
	/* Nothing else explains it better. */
	if (rc < 0 && pulse_vault(watch, err) < 0)
		return err->code;
	return subject_ended(watch, watch->working, rc, why, err);
}

static int push_begin(struct watch *watch, int64_t now, struct err *err)
{
	struct pushing *pushing = &watch->pushing;
	struct job job = { watch, NULL };
	struct err why = ERR_INIT;
	int rc;

	pushing->is_busy = true;
	pushing->until = now + (int64_t)PUSH_MINUTES * 60 * 1000;
	rc = worker_start(&pushing->worker, job_push, &job, &why);
	return rc < 0 ? push_ended(watch, rc, &why, err) : 0;
}

static int push_give_up(struct watch *watch, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = err_set(&why, ERR_TIMEOUT, "it was not taken within %d "
			 "minutes, and given up", PUSH_MINUTES);

	worker_stop(&watch->pushing.worker);
	return push_ended(watch, rc, &why, err);
}

static int subject_begin(struct watch *watch, struct subject *subject,
			 struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	turn_begin(&subject->turn);
	rc = start(watch, subject, subject->agent ? job_capture : job_import,
		   &why);
	/* It cannot even begin: that is its failure. */
	return rc < 0 ? ended(watch, rc, &why, err) : 0;
}

int work_begin(struct watch *watch, struct err *err)
{
	const struct pushing *pushing = &watch->pushing;
	int64_t now = pulse_now();
	struct subject *subject;
	int64_t due;

	if (pushing->is_busy && pushing->until <= now)
		return push_give_up(watch, err);
	if (watch->is_busy)
		return 0;
	subject = next_subject(watch, &due);
	if (subject && due <= now)
		return subject_begin(watch, subject, err);
	return pushing->remote && !pushing->is_busy && pushing->next <= now ?
	       push_begin(watch, now, err) : 0;
}

int work_take(struct watch *watch, struct err *err)
{
	struct err why = ERR_INIT;
	struct err push_why = ERR_INIT;
	bool is_over = false;
	int did;
	int rc = 0;

	if (watch->is_busy) {
		did = take_from_child(watch, &is_over, &why);
		rc = is_over ? ended(watch, did, &why, err) : 0;
	}
	if (rc == 0 && watch->pushing.is_busy) {
		did = take_from_push(watch, &is_over, &push_why);
		rc = is_over ? push_ended(watch, did, &push_why, err) : 0;
	}
	return rc;
}

void work_end(struct watch *watch, int64_t grace_ms)
{
	const int64_t deadline = pulse_now() + grace_ms;
	struct pushing *pushing = &watch->pushing;
	struct pollfd ready[] = { { -1, POLLIN, 0 }, { -1, POLLIN, 0 } };
	struct err why = ERR_INIT;
	int64_t left = grace_ms;
	bool is_over;

	while ((watch->is_busy || pushing->is_busy) && left > 0) {
		ready[0].fd = watch->is_busy ? watch->worker.fd : -1;
		ready[1].fd = pushing->is_busy ? pushing->worker.fd : -1;
		(void)!poll(ready, 2, (int)left);
		if (watch->is_busy)
			(void)!take_from_child(watch, &is_over, &why);
		if (pushing->is_busy)
			(void)!take_from_push(watch, &is_over, &why);
		left = deadline - pulse_now();
	}
	worker_release(&watch->worker);
	worker_release(&pushing->worker);
}
