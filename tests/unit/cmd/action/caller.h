/*
 * A caller of actions that is no terminal: its hosts keep what they are given,
 * and what is printed meanwhile goes to a file that is to stay empty.
 */
#ifndef VV_TESTS_UNIT_CMD_ACTION_CALLER_H
#define VV_TESTS_UNIT_CMD_ACTION_CALLER_H

#include <fcntl.h>
#include <sys/stat.h>

#include "cmd/action/action.h"
#include "lib/json/jcs_scan.h"
#include "objects/store/store.h"
#include "refs/verify/verify.h"
#include "tests/unit/fixture.h"

/* What the host has been given in one call. */
struct heard {
	size_t objects;
	size_t bad;			/* objects that are not canonical */
	struct buf last;		/* the last object */
	struct buf bytes;
	struct buf words;		/* of hooks and remotes */
	size_t notes;
	size_t problems;
	size_t items;
	bool is_open;			/* between list and list_end */
};

#define HEARD_INIT { .last = BUF_INIT(BUF_NO_LIMIT), \
		     .bytes = BUF_INIT(BUF_NO_LIMIT), \
		     .words = BUF_INIT(BUF_NO_LIMIT) }

static struct heard heard = HEARD_INIT;
static char printed_path[FIXTURE_PATH_MAX * 2];
static bool was_called[128];

static void heard_reset(void)
{
	buf_release(&heard.last);
	buf_release(&heard.bytes);
	buf_release(&heard.words);
	heard = (struct heard)HEARD_INIT;
}

static void keep(struct span json)
{
	if (jcs_check(json, NULL) < 0 || jcs_type_of(json) != JCS_OBJECT)
		heard.bad++;
	buf_reset(&heard.last);
	buf_put_span(&heard.last, json);
}

static int on_object(void *arg, struct span json, struct err *err)
{
	(void)arg;
	(void)err;
	heard.objects++;
	keep(json);
	return 0;
}

static int on_list(void *arg, struct span json, const char *name,
		   struct err *err)
{
	struct span there;

	(void)arg;
	(void)err;
	heard.objects++;
	keep(json);
	/* Its place in the object is still free, and no other list is open. */
	heard.bad += heard.is_open || jcs_find(json, name, &there);
	heard.is_open = true;
	return 0;
}

static int on_item(void *arg, struct span json, struct err *err)
{
	(void)arg;
	(void)err;
	heard.items++;
	heard.bad += !heard.is_open || jcs_check(json, NULL) < 0;
	return 0;
}

static int on_list_end(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	heard.bad += !heard.is_open;
	heard.is_open = false;
	return 0;
}

static int on_bytes(void *arg, struct span bytes, struct err *err)
{
	(void)arg;
	return buf_add_span(&heard.bytes, bytes, err);
}

static void on_note(void *arg, struct span sentence)
{
	(void)arg;
	heard.notes += sentence.len > 0;
}

static void on_heard(void *arg, struct span bytes)
{
	(void)arg;
	buf_put_span(&heard.words, bytes);
}

static void on_problem(void *arg, const struct problem *problem)
{
	(void)arg;
	heard.problems += problem->code[0] != '\0';
}

static int on_passphrase(void *arg, bool is_new, struct buf *out,
			 struct err *err)
{
	(void)arg;
	(void)is_new;
	return buf_add_str(out, "open sesame\nand no more", err);
}

/* Some want objects whole, some in pieces, some nothing at all. */
static const struct host whole_host = {
	.object = on_object, .bytes = on_bytes, .note = on_note,
	.heard = on_heard, .problem = on_problem, .passphrase = on_passphrase,
};
static const struct host piece_host = {
	.object = on_object, .bytes = on_bytes, .note = on_note,
	.heard = on_heard, .problem = on_problem, .passphrase = on_passphrase,
	.list = on_list, .item = on_item, .list_end = on_list_end,
};
static const struct host deaf_host = { .arg = NULL };

/* Who calls, and from where. */
static char vault[FIXTURE_PATH_MAX * 2];
static char keys[FIXTURE_PATH_MAX * 2];
static const struct host *host = &whole_host;
static int input = -1;
static struct action_call last_call;
static struct err last_err;

static void set_path(char out[FIXTURE_PATH_MAX * 2], const char *name)
{
	snprintf(out, FIXTURE_PATH_MAX * 2, "%s", in_scratch(name));
}

/* stdout and stderr go to a file while an action runs. */
static int run_silently(struct action_call *call)
{
	int to = open(printed_path, O_WRONLY | O_APPEND | O_CREAT, 0600);
	int out = dup(STDOUT_FILENO);
	int error = dup(STDERR_FILENO);
	int rc;

	fflush(stdout);
	fflush(stderr);
	if (to < 0 || out < 0 || error < 0 || dup2(to, STDOUT_FILENO) < 0 ||
	    dup2(to, STDERR_FILENO) < 0)
		bail_out("cannot redirect");
	rc = action_run(call, &last_err);
	fflush(stdout);
	fflush(stderr);
	dup2(out, STDOUT_FILENO);
	dup2(error, STDERR_FILENO);
	close(to);
	close(out);
	close(error);
	return rc;
}

static const struct action *find(const char *name)
{
	const struct action *action = action_find(name);
	size_t i;

	if (!action)
		bail_out("there is no action '%s'", name);
	for (i = 0; action_table[i] != action; i++)
		;
	was_called[i] = true;
	return action;
}

/* words: name and value of each parameter, "" for a flag; ended by NULL. */
static int call(const char *name, const char *const *words)
{
	static const char *const hook_env[] = { "PATH=/usr/bin:/bin", NULL };
	struct action_value values[ACTION_PARAMS_MAX] = { { false, 0, NULL,
							    0 } };
	struct action_call fresh = {
		.action = find(name), .values = values, .vault_path = vault,
		.keys_folder = keys, .host = host,
		.settings = { .hook_env = hook_env, .input = input },
	};
	size_t i;
	int rc = 0;

	heard_reset();
	err_clear(&last_err);
	for (i = 0; rc == 0 && words && words[i]; i += 2)
		rc = action_give(fresh.action, values, words[i], &words[i + 1],
				 words[i + 1][0] ? 1 : 0, &last_err);
	if (rc == 0)
		rc = run_silently(&fresh);
	last_call = fresh;
	return rc;
}

#define WORDS(...) (const char *const[]){ __VA_ARGS__, NULL }

/* The call succeeds, with so many objects, all of them canonical. */
static void gives(const char *name, const char *const *words, size_t objects)
{
	int rc = call(name, words);

	ok(rc == 0 && !last_call.is_misused, "%s works", name);
	if (rc < 0)
		diag("%s", last_err.text);
	ok(heard.objects == objects && !heard.bad && !heard.is_open,
	   "%s: %zu objects, %zu wanted, %zu bad", name, heard.objects,
	   objects, heard.bad);
}

static void fails(const char *name, const char *const *words, int code)
{
	int rc = call(name, words);

	ok(rc == code && last_err.code == code && last_err.text[0] &&
	   !heard.objects, "%s: %s", name, last_err.text);
}

/* The same for values that are none. */
static void misused(const char *name, const char *const *words)
{
	fails(name, words, ERR_INVALID);
	ok(last_call.is_misused, "%s: misused", name);
}

/* The text of a member of the last object. */
static void get_text(const char *name, char *out, size_t len)
{
	struct span value;

	out[0] = '\0';
	if (jcs_find(buf_span(&heard.last), name, &value) &&
	    jcs_type_of(value) == JCS_STRING)
		snprintf(out, len, "%.*s", (int)value.len - 2, value.at + 1);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) ||
	    chmod(path, mode))
		bail_out("cannot write %s", path);
}

#endif
