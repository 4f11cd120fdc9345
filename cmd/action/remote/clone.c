#include <string.h>

#include "cmd/action/key/ask.h"
#include "cmd/action/know/who.h"
#include "cmd/action/remote/told.h"

/* A key that is a member's has its name: --name gives none. */
static void tell_name(const struct action_call *call)
{
	struct vault *vault = call->vault;
	const char *name = action_text(call, "name");
	struct span known = device_name(vault, vault->device.public);

	if (!name || span_equals(known, span_str(name)))
		return;
	host_note(call->host, "--name is not used: the key in '%s' is a "
		  "member's already, %.*s%s%s",
		  call->keys_folder, (int)known.len, known.at,
		  known.len ? ", " : "", vault->device.did);
	host_note(call->host, "another device needs a key of its own, or both "
		  "fork what they write: set VVAULT_KEYS to a new folder, "
		  "for good, and clone anew; 'vvault member rename' calls "
		  "this member otherwise");
}

/* What the person must know next: the id to compare, what to hand over. */
static int clone_tell(struct action_call *call, struct err *err)
{
	const struct vault *vault = call->vault;
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	host_note(call->host, "vault %s", vault->state.vault_id);
	if (vault_state_role(&vault->state, vault->device.public) !=
	    ROLE_NONE) {
		tell_name(call);
		return 0;
	}
	who_request(call, action_text(call, "name"), &words);
	rc = buf_end(&words, err);
	if (rc == 0) {
		host_note(call->host, "this device is no member yet; an "
			  "owner lets it in with this, and a push:");
		host_note(call->host, "%s", buf_text(&words));
	}
	buf_release(&words);
	return rc;
}

/* The last part of an address, without ".git": as git calls a clone. */
static int folder_of(const char *url, struct buf *out, struct err *err)
{
	size_t len = strlen(url);
	size_t start;

	while (len && url[len - 1] == '/')
		len--;
	if (len > 5 && !strncmp(url + len - 5, "/.git", 5))
		len -= 5;
	else if (len > 4 && !strncmp(url + len - 4, ".git", 4))
		len -= 4;
	while (len && url[len - 1] == '/')
		len--;
	start = len;
	while (start && url[start - 1] != '/' && url[start - 1] != ':')
		start--;
	if (start == len || url[start] == '.')
		return err_set(err, ERR_INVALID, "'%s' gives no name for a "
			       "folder: name one", url);
	return buf_add(out, url + start, len - start, err);
}

static int clone_into(struct action_call *call, const char *dir,
		      struct err *err)
{
	struct remote_calls calls = sync_calls(call);
	struct clone_options options = {
		.keys_folder = call->keys_folder,
		.device = call->device,
		.expected_vault_id = action_text(call, "vault"),
		.limits = sync_limits(call),
		.calls = &calls,
	};
	const struct told told = { .remote = action_text(call, "url") };
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	int rc = remote_clone(action_text(call, "url"), dir, &options, &call->vault, &report, err);

	if (rc == 0)
		rc = sync_emit(call, &told, &report, err);
	if (rc == 0)
		rc = clone_tell(call, err);
	sync_report_release(&report);
	return rc;
}

static int clone_run(struct action_call *call, struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	const char *dir = action_text(call, "dir");
	int rc = dir ? 0 : folder_of(action_text(call, "url"), &folder, err);

	if (rc == 0)
		rc = key_at_hand(call, err);
	if (rc == 0)
		rc = clone_into(call, dir ? dir : buf_text(&folder), err);
	if (rc == 0 && !dir)
		host_note(call->host, "it stands in '%s'", buf_text(&folder));
	buf_release(&folder);
	return rc;
}

static const struct action_param params[] = {
	{ "vault", ACTION_TEXT, 0, "<id>",
	  "the id that it must have; else whichever is found" },
	{ "name", ACTION_TEXT, 0, "<name>",
	  "what an owner is to call this device; else as the machine is" },
	LIMIT_PARAMS,
	UNCHANGED_PARAM,
	SUMMARY_PARAM,
	{ "url", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<url>",
	  "a path, or an address with file, git, https or ssh" },
	{ "dir", ACTION_TEXT, ACTION_OPERAND, "<dir>",
	  "the folder, new or empty; else as the address ends" },
	ACTION_PARAMS_END
};

const struct action action_clone = {
	"clone", "copy a vault from a remote and verify it", params,
	ACTION_NO_VAULT | ACTION_WRITES, NULL, clone_run
};
