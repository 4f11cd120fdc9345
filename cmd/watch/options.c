#include "cmd/watch/watch_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/os/path.h"

#define EVERY_MS (10 * 60 * 1000)
#define SCAN_SECONDS 30

/* "90s", "10m", "2h" */
static int read_period(const char *text, int64_t *out_ms, struct err *err)
{
	static const struct { char unit; int64_t ms; } units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }
	};
	char *end = NULL;
	unsigned long n = strtoul(text, &end, 10);
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (*text >= '0' && *text <= '9' && n && n < 100000 &&
		    *end == units[i].unit && !end[1]) {
			*out_ms = (int64_t)n * units[i].ms;
			return 0;
		}
	}
	return err_set(err, ERR_INVALID, "no time between: '%s'; write 90s, "
		       "10m or 2h", text);
}

static int check_agents(const struct action_call *call, struct err *err)
{
	const struct action_value *names = action_value(call, "agent");
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < names->n; i++) {
		if (!agent_find(names->texts[i]))
			rc = agent_refuse(names->texts[i], err);
	}
	return rc;
}

int options_check(const struct action_call *call, struct err *err)
{
	const char *every = action_text(call, "every");
	int64_t ms;
	int rc = check_agents(call, err);

	if (rc == 0 && every)
		rc = read_period(every, &ms, err);
	if (rc == 0 && every && !action_flag(call, "push"))
		rc = err_set(err, ERR_INVALID, "--every says how often is "
			     "pushed: '--push <remote>' says where");
	if (rc == 0 && action_flag(call, "install") &&
	    action_flag(call, "uninstall"))
		rc = err_set(err, ERR_INVALID, "--install contradicts "
			     "'--uninstall'");
	return rc;
}

/* Without a folder the agents are meant; with one, where it is said. */
static bool is_wanted(const struct action_call *call,
		      const struct agent *agent)
{
	const struct action_value *names = action_value(call, "agent");
	size_t i;

	for (i = 0; i < names->n; i++) {
		if (!strcmp(names->texts[i], agent->name))
			return true;
	}
	return !names->n && (action_flag(call, "capture") ||
			     !action_flag(call, "folder"));
}

static int add_subject(struct watch *watch, struct subject **out,
		       struct err *err)
{
	const struct subject subject = {
		.turn = TURN_INIT, .is_watched = true,
		.trouble = { 0, -1 },
	};

	if (watch->n == SUBJECTS_MAX)
		return err_set(err, ERR_LIMIT, "more than %d agents and "
			       "folders", SUBJECTS_MAX);
	watch->subjects[watch->n] = subject;
	*out = &watch->subjects[watch->n++];
	return 0;
}

static int add_folder(struct watch *watch, const char *name, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct subject *subject = NULL;
	int rc = buf_add_str(&path, name, err);

	if (rc == 0)
		rc = file_settle(&path, err);
	if (rc == 0 && !file_is_dir(buf_text(&path)))
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is no folder", name);
	if (rc == 0)
		rc = add_subject(watch, &subject, err);
	if (rc == 0) {
		subject->name = name;
		subject->folder = strdup(buf_text(&path));
		if (!subject->folder)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	buf_release(&path);
	return rc;
}

static int add_subjects(struct watch *watch, struct err *err)
{
	const struct action_value *folders = action_value(watch->call,
							  "folder");
	const struct agent *agent = agent_table;
	struct subject *subject = NULL;
	size_t i;
	int rc = 0;

	for (; rc == 0 && agent->name; agent++) {
		rc = add_subject(watch, &subject, err);
		if (rc < 0)
			break;
		subject->agent = agent;
		subject->name = agent->title;
		subject->is_watched = is_wanted(watch->call, agent);
	}
	for (i = 0; rc == 0 && i < folders->n; i++)
		rc = add_folder(watch, folders->texts[i], err);
	return rc;
}

int options_read(struct watch *watch, struct err *err)
{
	const struct action_call *call = watch->call;
	const char *every = action_text(call, "every");
	int rc = 0;

	watch->pushing.remote = action_text(call, "push");
	watch->pushing.every_ms = EVERY_MS;
	watch->pushing.trouble.busy_since = -1;
	watch->scan_ms = (int64_t)action_count(call, "scan", SCAN_SECONDS) *
			 1000;
	if (watch->scan_ms < 1000)
		watch->scan_ms = 1000;
	if (every)
		rc = read_period(every, &watch->pushing.every_ms, err);
	return rc < 0 ? rc : add_subjects(watch, err);
}

void options_release(struct watch *watch)
{
	size_t i;

	for (i = 0; i < watch->n; i++)
		free(watch->subjects[i].folder);
}
