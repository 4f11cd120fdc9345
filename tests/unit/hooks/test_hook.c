#include <sys/stat.h>

#include "hooks/hook.h"
#include "lib/os/file.h"
#include "tests/unit/fixture.h"

static char keys[FIXTURE_PATH_MAX * 2];

static struct hook_place place(void)
{
	return (struct hook_place){ scratch, "an id", keys };
}

static enum hook_state look(const char *name, bool approves)
{
	struct hook_file file = HOOK_FILE_INIT;
	struct hook_place here = place();
	struct err err = ERR_INIT;
	enum hook_state state;

	if (hook_look(&here, name, &file, &err) < 0)
		bail_out("%s", err.text);
	if (approves)
		(void)!hook_approve(&file, &err);
	state = file.state;
	hook_file_release(&file);
	return state;
}

/* Approved, where it is fit. */
static void write_hook(const char *name, const char *body, mode_t mode)
{
	char path[FIXTURE_PATH_MAX * 2];
	char text[2048];

	snprintf(path, sizeof(path), "%s/vvault/hooks/%s", scratch, name);
	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body);
	if (file_write_atomic(path, span_str(text), mode, NULL) < 0)
		bail_out("cannot write %s", path);
	(void)look(name, true);
}

/* Runs the hook and returns its outcome, or the error. */
static int run(struct hook_call *call, struct hook_result *result)
{
	struct err err = ERR_INIT;
	int rc;

	*result = (struct hook_result)HOOK_RESULT_INIT;
	call->place = place();
	rc = hook_run(call, result, &err);
	return rc < 0 ? rc : (int)result->outcome;
}

static int outcome(const char *name)
{
	struct hook_call call = { .name = name };
	struct hook_result result;
	int got = run(&call, &result);

	hook_result_release(&result);
	return got;
}

static void check_running(void)
{
	const char *env[] = { "PATH=/usr/bin:/bin", "ONE=1", NULL };
	struct hook_call call = {
		.name = "post-commit", .env = env,
		.input = { "{\"a\":1}\n", 8 },
	};
	struct hook_result result;
	char want[FIXTURE_PATH_MAX * 2];

	is_int(outcome("post-commit"), HOOK_NONE, "there is none");
	is_int(outcome("post-mortem"), ERR_INVALID, "no such name");
	is_int(outcome("../post-commit"), ERR_INVALID, "nor such a path");
	write_hook("post-commit", "cat; pwd; env | sort | grep -v -e PWD -e "
		   "SHLVL -e '^_='; echo talk >&2", 0700);
	is_int(run(&call, &result), HOOK_DONE, "it runs");
	snprintf(want, sizeof(want), "{\"a\":1}\n%s\nONE=1\n"
		 "PATH=/usr/bin:/bin\n", scratch);
	is_str(buf_text(&result.output), want,
	       "with its input, in the vault, with that environment alone");
	is_str(buf_text(&result.errors), "talk\n", "what it says is kept");
	hook_result_release(&result);
}

static void check_failing(void)
{
	struct hook_call call = { .name = "pre-push", .timeout_ms = 300 };
	struct hook_result result;

	write_hook("pre-push", "exit 3", 0700);
	is_int(run(&call, &result), HOOK_FAILED, "a status is a no");
	ok(strstr(buf_text(&result.reason), "status 3"), "which it names");
	hook_result_release(&result);
	write_hook("pre-push", "kill -9 $$", 0700);
	is_int(run(&call, &result), HOOK_FAILED, "so is a signal");
	ok(strstr(buf_text(&result.reason), "signal 9"), "which it names");
	hook_result_release(&result);
	write_hook("pre-push", "sleep 30 & sleep 30", 0700);
	is_int(run(&call, &result), HOOK_FAILED, "too slow is a no");
	ok(strstr(buf_text(&result.reason), "too long"), "and says so");
	hook_result_release(&result);
	call.timeout_ms = 20000;
	write_hook("pre-push", "exec tr '\\000' x </dev/zero", 0700);
	is_int(run(&call, &result), HOOK_FAILED, "endless output is a no");
	ok(strstr(buf_text(&result.reason), "too much"), "and says so");
	hook_result_release(&result);
	write_hook("pre-push", "", 0700);
	is_int(run(&call, &result), HOOK_DONE, "an empty one is a yes");
	hook_result_release(&result);
}

static void check_distrust(void)
{
	struct hook_call call = { .name = "post-pull" };
	struct hook_result result;
	char path[FIXTURE_PATH_MAX * 2];

	write_hook("post-pull", "exit 0", 0700);
	is_int(outcome("post-pull"), HOOK_DONE, "first it is fine");
	write_hook("post-pull", "exit 0", 0600);
	is_int(run(&call, &result), HOOK_SKIPPED, "not executable");
	ok(strstr(buf_text(&result.reason), "not executable"), "says so");
	hook_result_release(&result);
	write_hook("post-pull", "exit 0", 0720);
	is_int(run(&call, &result), HOOK_SKIPPED, "others may write it");
	ok(strstr(buf_text(&result.reason), "written by others"), "says so");
	hook_result_release(&result);
	write_hook("post-pull", "exit 0", 0702);
	is_int(outcome("post-pull"), HOOK_SKIPPED, "everybody may");
	write_hook("post-pull", "exit 0", 0700);
	snprintf(path, sizeof(path), "%s/vvault/hooks", scratch);
	chmod(path, 0770);
	is_int(outcome("post-pull"), HOOK_SKIPPED, "its folder is open");
	is_int(outcome("post-import"), HOOK_NONE, "which matters to no other");
	chmod(path, 0700);
	chmod(scratch, 0777);
	is_int(outcome("post-pull"), HOOK_SKIPPED, "the vault is open");
	chmod(scratch, 0700);
	is_int(outcome("post-pull"), HOOK_DONE, "all is closed again");
	snprintf(path, sizeof(path), "%s/vvault/hooks/post-import", scratch);
	is_int(symlink("post-pull", path), 0, "a symlink");
	is_int(outcome("post-import"), HOOK_SKIPPED, "is not followed");
	unlink(path);
	is_int(mkdir(path, 0700), 0, "a folder");
	is_int(outcome("post-import"), HOOK_SKIPPED, "is no hook");
	rmdir(path);
	if (geteuid() == 0) {
		snprintf(path, sizeof(path), "%s/vvault/hooks/post-pull",
			 scratch);
		is_int(chown(path, 12345, 0), 0, "another's");
		is_int(outcome("post-pull"), HOOK_SKIPPED, "is not run");
	}
}

/* The approved copy of the hook post-commit. */
static void copy_of(char out[FIXTURE_PATH_MAX * 4])
{
	struct hook_file file = HOOK_FILE_INIT;
	struct hook_place here = place();

	if (hook_look(&here, "post-commit", &file, NULL) < 0)
		bail_out("cannot look");
	snprintf(out, FIXTURE_PATH_MAX * 4, "%s", buf_text(&file.copy));
	hook_file_release(&file);
}

static void check_approval(void)
{
	struct hook_call call = { .name = "post-commit" };
	struct hook_place other = place();
	struct hook_file file = HOOK_FILE_INIT;
	struct hook_result result;
	char copy[FIXTURE_PATH_MAX * 4];

	is_int(look("post-import", true), HOOK_ABSENT, "nothing to approve");
	write_hook("post-commit", "echo one", 0700);
	copy_of(copy);
	is_int(look("post-commit", false), HOOK_APPROVED, "approved");
	other.vault_id = "another id";
	is_int(hook_look(&other, "post-commit", &file, NULL), 0, "looked");
	is_int(file.state, HOOK_NEW, "for this vault alone");
	hook_file_release(&file);
	unlink(copy);
	is_int(look("post-commit", false), HOOK_NEW, "no copy, no approval");
	is_int(run(&call, &result), HOOK_UNAPPROVED, "so it does not run");
	ok(strstr(buf_text(&result.reason), "not approved"), "and says so");
	is_int((long long)result.output.len, 0, "nothing ran");
	hook_result_release(&result);
	if (file_write_atomic(copy, span_str("#!/bin/sh\necho two\n"), 0700,
			      NULL) < 0)
		bail_out("cannot write %s", copy);
	is_int(look("post-commit", false), HOOK_CHANGED, "other bytes");
	is_int(outcome("post-commit"), HOOK_UNAPPROVED, "do not run");
	is_int(look("post-commit", true), HOOK_APPROVED, "approved anew");
	is_int(outcome("post-commit"), HOOK_DONE, "it runs");
	chmod(copy, 0722);
	is_int(outcome("post-commit"), HOOK_SKIPPED, "others write the copy");
	chmod(copy, 0700);
	chmod(keys, 0777);
	is_int(outcome("post-commit"), HOOK_SKIPPED, "or beside the keys");
	is_int(outcome("post-import"), HOOK_NONE, "no matter without a hook");
	chmod(keys, 0700);
}

/* What was looked at is what gets approved, whatever came since. */
static void check_swap(void)
{
	struct hook_file file = HOOK_FILE_INIT;
	struct hook_place here = place();
	char path[FIXTURE_PATH_MAX * 2];
	char copy[FIXTURE_PATH_MAX * 4];

	write_hook("post-commit", "echo seen", 0700);
	copy_of(copy);
	unlink(copy);
	is_int(hook_look(&here, "post-commit", &file, NULL), 0, "looked");
	snprintf(path, sizeof(path), "%s/vvault/hooks/post-commit", scratch);
	if (file_write_atomic(path, span_str("#!/bin/sh\necho worse\n"), 0700,
			      NULL) < 0)
		bail_out("cannot write %s", path);
	is_int(hook_approve(&file, NULL), 0, "approved what was read");
	hook_file_release(&file);
	is_int(look("post-commit", false), HOOK_CHANGED, "not what is there");
	is_int(hook_look(&here, "post-commit", &file, NULL), 0, "looked");
	is_int(hook_revoke(&file, NULL), 0, "taken back");
	is_int(file.state, HOOK_NEW, "it is new again");
	is_int(hook_revoke(&file, NULL), 0, "twice is no matter");
	hook_file_release(&file);
	is_int(look("post-commit", false), HOOK_NEW, "on the disk too");
}

int main(void)
{
	char path[FIXTURE_PATH_MAX * 2];

	scratch_begin();
	snprintf(keys, sizeof(keys), "%s/keys", scratch);
	snprintf(path, sizeof(path), "%s/vvault", scratch);
	is_int(outcome("post-commit"), HOOK_NONE, "no folder at all");
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/vvault/hooks", scratch);
	mkdir(path, 0700);
	check_running();
	check_failing();
	check_distrust();
	check_approval();
	check_swap();
	scratch_end();
	return done_testing();
}
