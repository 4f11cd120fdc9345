#include "cmd/watch/job.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/action/open.h"
#include "cmd/action/result.h"
#include "cmd/cli/person/credentials.h"
#include "lib/base/array.h"
#include "lib/json/jdoc.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"
#include "refs/history/ref.h"
#include "refs/remote/remote.h"
#include "refs/trust/open.h"
#include "refs/write/publish.h"

/* A file that is younger may still be written to. */
#define QUIET_SECONDS (TURN_QUIET_MS / 1000)
#define HEARD_MAX 4096

/* A job under way, and what it is told by the action. */
struct doing {
	const struct job *job;
	const struct host *host;	/* of the parent */
	struct action_value values[ACTION_PARAMS_MAX];
	struct action_call call;
	char heard[HEARD_MAX];		/* what a remote or a hook has said */
	size_t heard_n;
};

/*
 * The lock goes on to be held where this process outlives its parent, unless
 * it lets go of it: then nobody could begin where a killed one stopped.
 */
static void prepare(struct doing *doing, const struct job *job,
		    const struct host *host, const char *action,
		    const struct host *own)
{
	const struct action_call *call = job->watch->call;

	lock_release(&job->watch->lock);
	doing->job = job;
	doing->host = host;
	doing->call = (struct action_call){
		.action = action_find(action), .values = doing->values,
		.vault_path = buf_text(&job->watch->vault_path),
		.keys_folder = call->keys_folder, .host = own,
		.settings = call->settings,
	};
	doing->call.settings.handles = NULL;
	doing->call.settings.input = -1;
	doing->call.settings.is_input_typed = false;
}

static void forward_note(void *arg, struct span sentence)
{
	const struct doing *doing = arg;

	if (doing->host->note)
		doing->host->note(doing->host->arg, sentence);
}

/* It comes in pieces, which need not be lines. */
static void keep_heard(void *arg, struct span bytes)
{
	struct doing *doing = arg;
	size_t room = HEARD_MAX - doing->heard_n;
	size_t len = bytes.len < room ? bytes.len : room;

	memcpy(doing->heard + doing->heard_n, bytes.at, len);
	doing->heard_n += len;
}

static int run_action(struct doing *doing, struct err *err)
{
	int rc = action_run(&doing->call, err);
	struct span left = span_of(doing->heard, doing->heard_n);

	while (left.len) {
		const char *end = memchr(left.at, '\n', left.len);
		size_t len = end ? (size_t)(end - left.at) : left.len;
		size_t shown = len && left.at[len - 1] == '\r' ? len - 1 : len;

		if (shown)
			forward_note(doing, span_of(left.at, shown));
		len += end ? 1 : 0;
		left = span_of(left.at + len, left.len - len);
	}
	return rc;
}

static int emit(const struct doing *doing, const char *event,
		struct jcs_fields *fields, struct err *err)
{
	int rc;

	fields_str(fields, "event", event);
	result_micros(fields, "at", timestamp_now());
	rc = host_object(doing->host, fields, err);
	jcs_fields_release(fields);
	return rc;
}

/* "<path>: <reason>" */
static void note_unread(const struct doing *doing, const struct jval *path,
			const struct jval *reason)
{
	struct buf sentence = BUF_INIT(BUF_NO_LIMIT);

	buf_put_span(&sentence, jval_text(path));
	buf_put_str(&sentence, ": ");
	buf_put_span(&sentence, jval_text(reason));
	if (buf_end(&sentence, NULL) == 0)
		forward_note((void *)(uintptr_t)doing, buf_span(&sentence));
	buf_release(&sentence);
}

static void pass_member(struct jcs_fields *fields, const struct jval *object,
		       const char *name)
{
	const struct jval *value = jval_get(object, name);

	if (value)
		fields_raw(fields, name, value->raw);
}

static bool has_new(const struct jval *object)
{
	return jval_text(jval_get(object, "version")).len > 0;
}

/* What became of a construct. */
static int tell_version(const struct doing *doing, const struct jval *object,
			struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	pass_member(&fields, object, "construct");
	pass_member(&fields, object, "called");
	pass_member(&fields, object, "records");
	pass_member(&fields, object, "version");
	return emit(doing, "written", &fields, err);
}

static int tell_agent(const struct doing *doing, const struct jval *object,
		      struct err *err)
{
	const struct jval *unread = jval_first(jval_get(object, "unread"));
	struct jcs_fields fields = JCS_FIELDS_INIT;
	long long messages = 0;
	long long sessions = 0;

	for (; unread; unread = unread->next)
		note_unread(doing, jval_get(unread, "path"),
			    jval_get(unread, "reason"));
	(void)jval_integer(jval_get(object, "messages"), &messages);
	(void)jval_integer(jval_at(object, "sessions.new"), &sessions);
	if (!messages && !sessions)
		return 0;
	pass_member(&fields, object, "agent");
	pass_member(&fields, object, "title");
	pass_member(&fields, object, "messages");
	pass_member(&fields, object, "sessions");
	return emit(doing, "captured", &fields, err);
}

/* Files that were refused, or could not be read, by their first reason. */
static void note_sources(const struct doing *doing, const struct jval *source)
{
	for (; source; source = source->next) {
		const struct jval *why = jval_first(jval_get(source,
							     "malformed"));

		if (!why && (jval_is(jval_get(source, "refused"), JVAL_TRUE) ||
			     jval_is(jval_get(source, "format"), JVAL_NULL)))
			why = jval_first(jval_get(source, "skipped"));
		if (why)
			note_unread(doing, jval_get(source, "path"),
				    jval_get(why, "reason"));
	}
}

static int tell_import(const struct doing *doing, const struct jval *object,
		       struct err *err)
{
	const struct jval *source = jval_first(jval_get(object, "sources"));
	const struct jval *first = NULL;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int64_t files = 0;

	note_sources(doing, source);
	if (!has_new(object))
		return 0;
	for (; source; source = source->next) {
		if (jval_is(jval_get(source, "unchanged"), JVAL_TRUE))
			continue;
		first = first ? first : source;
		files++;
	}
	pass_member(&fields, object, "construct");
	pass_member(&fields, object, "called");
	pass_member(&fields, object, "records");
	pass_member(&fields, object, "version");
	pass_member(&fields, first, "path");
	fields_integer(&fields, "files", files);
	return emit(doing, "imported", &fields, err);
}

static int take_result(void *arg, struct span json, struct err *err)
{
	const struct doing *doing = arg;
	const struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX + 2 };
	const struct jval *object;
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(json, &options, &doc, err);

	if (rc < 0)
		return rc;
	object = jdoc_root(doc);
	if (jval_get(object, "agent"))
		rc = tell_agent(doing, object, err);
	else if (jval_get(object, "sources"))
		rc = tell_import(doing, object, err);
	else if (has_new(object))
		rc = tell_version(doing, object, err);
	jdoc_free(doc);
	return rc;
}

static struct host host_of(struct doing *doing)
{
	return (struct host){ .arg = doing, .object = take_result,
			      .note = forward_note, .heard = keep_heard };
}

int job_check(const struct host *host, void *arg, struct err *err)
{
	struct job *job = arg;
	struct doing doing = { .job = job };
	const char *remote = job->watch->pushing.remote;
	struct buf url = BUF_INIT(BUF_NO_LIMIT);
	struct vault *vault = NULL;
	int rc;

	prepare(&doing, job, host, "capture", host);
	rc = action_open(&doing.call, &vault, err);
	if (rc == 0)
		rc = writer_role_check(vault, "", err);
	if (rc == 0 && remote)
		rc = remote_url(vault, remote, &url, err);
	buf_release(&url);
	vault_close(vault);
	return rc;
}

int job_capture(const struct host *host, void *arg, struct err *err)
{
	struct job *job = arg;
	struct doing doing = { .job = job };
	const struct host own = host_of(&doing);
	int rc;

	prepare(&doing, job, host, "capture", &own);
	rc = action_give(doing.call.action, doing.values, "agent",
			 &job->subject->agent->name, 1, err);
	if (rc == 0)
		rc = action_give(doing.call.action, doing.values, "watched",
				 NULL, 0, err);
	return rc < 0 ? rc : run_action(&doing, err);
}

/* The files that are left alone for a while. */
struct choice {
	int64_t now;		/* seconds */
	bool is_waiting;	/* for some of them */
	char **at;
	size_t n;
	size_t cap;
};

static int choose_none(void *arg, const char *path, struct err *err)
{
	(void)arg;
	(void)path;
	(void)err;
	return 0;
}

/* Known ones too: to see that they have not changed costs next to nothing. */
static int choose_file(void *arg, const char *path, const struct stat *info,
		       struct err *err)
{
	struct choice *choice = arg;
	char *copy;
	int rc;

	/* What is of the future was not written just now. */
	if (info->st_mtim.tv_sec <= choice->now &&
	    info->st_mtim.tv_sec > choice->now - QUIET_SECONDS) {
		choice->is_waiting = true;
		return 0;
	}
	rc = array_room(choice, err);
	copy = rc < 0 ? NULL : strdup(path);
	if (rc == 0 && !copy)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		choice->at[choice->n++] = copy;
	return rc;
}

int job_import(const struct host *host, void *arg, struct err *err)
{
	struct job *job = arg;
	struct doing doing = { .job = job };
	const struct host own = host_of(&doing);
	struct choice choice = { .now = (int64_t)time(NULL) };
	const struct capsules_calls calls = { &choice, choose_none,
					      choose_file };
	size_t i;
	int rc;

	prepare(&doing, job, host, "import", &own);
	rc = capsules_each(job->subject->folder, &calls, err);
	if (rc == 0 && choice.is_waiting)
		rc = host_bytes(host, span_str("again"), err);
	if (rc == 0 && choice.n)
		rc = action_give(doing.call.action, doing.values, "path",
				 (const char *const *)choice.at, choice.n,
				 err);
	if (rc == 0 && choice.n)
		rc = run_action(&doing, err);
	for (i = 0; i < choice.n; i++)
		free(choice.at[i]);
	free(choice.at);
	return rc;
}

/* How many versions of how many constructs the remote has not. */
static int look_ahead(struct doing *doing, const char *remote,
		      struct jcs_fields *out, bool *out_is_ahead,
		      struct err *err)
{
	struct remote_gaps gaps = REMOTE_GAPS_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	struct vault *vault = NULL;
	int rc = action_open(&doing->call, &vault, err);

	if (rc == 0)
		rc = heads_list(vault->store, "refs/heads/", NULL, &heads,
				NULL, err);
	if (rc == 0)
		rc = remote_distance(vault, remote, &heads, &gaps, err);
	if (rc == 0) {
		*out_is_ahead = gaps.ahead > 0 || !gaps.is_seen;
		fields_str(out, "remote", remote);
		fields_integer(out, "versions", (int64_t)gaps.ahead);
	}
	remote_gaps_release(&gaps);
	head_list_release(&heads);
	vault_close(vault);
	return rc;
}

/* Away from the terminal, where nobody waits to be asked: not by us, and not
 * by ssh, which would ask in a window if it could. */
static void leave_person(void)
{
	setsid();
	unsetenv("SSH_ASKPASS");
	setenv("SSH_ASKPASS_REQUIRE", "never", 1);
}

static int push_result(void *arg, struct span json, struct err *err)
{
	(void)arg;
	(void)json;
	(void)err;
	return 0;
}

int job_push(const struct host *host, void *arg, struct err *err)
{
	struct job *job = arg;
	struct doing doing = { .job = job };
	struct host own = host_of(&doing);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const char *remote = job->watch->pushing.remote;
	bool is_ahead = false;
	int rc;

	leave_person();
	own.object = push_result;
	own.credentials = credentials_ask;
	own.credentials_result = credentials_tell;
	prepare(&doing, job, host, "push", &own);
	rc = look_ahead(&doing, remote, &fields, &is_ahead, err);
	if (rc == 0 && is_ahead)
		rc = action_give(doing.call.action, doing.values, "remote",
				 &remote, 1, err);
	if (rc == 0 && is_ahead)
		rc = run_action(&doing, err);
	if (rc == 0 && is_ahead && doing.call.is_no)
		rc = err_set(err, ERR_UNTRUSTED, "the remote did not take all "
			     "of it: 'vvault push %s' tells what", remote);
	if (rc == 0 && is_ahead)
		rc = emit(&doing, "pushed", &fields, err);
	jcs_fields_release(&fields);
	return rc;
}
