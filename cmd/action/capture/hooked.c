#include "cmd/action/capture/hooked.h"

#include <sys/stat.h>

#include "cmd/action/capture/former.h"
#include "cmd/action/capture/line_changes.h"
#include "cmd/action/result.h"
#include "cmd/capture/hook.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

/* The settings, as they stand and as they would. */
struct hooked {
	struct hook_call words;
	struct buf vault;
	struct buf path;
	struct buf before;
	struct buf after;
	bool was_there;
	bool goes;		/* nothing of the file is left */
	mode_t mode;
};

#define HOOKED_INIT { { NULL, NULL, NULL }, PATH_BUF_INIT, PATH_BUF_INIT, \
		      BUF_INIT(HOOK_FILE_MAX), BUF_INIT(BUF_NO_LIMIT), \
		      false, false, 0600 }

static void hooked_release(struct hooked *hooked)
{
	buf_release(&hooked->vault);
	buf_release(&hooked->path);
	buf_release(&hooked->before);
	buf_release(&hooked->after);
}

static int name_vault(const struct action_call *call, struct hooked *hooked,
		      struct err *err)
{
	int rc;

	if (!call->vault_path || !vault_is_at(call->vault_path))
		return err_set(err, ERR_NOT_FOUND, "no vault here: a hook is "
			       "for one: go into it, name it with -C, or "
			       "make one with 'vvault init <dir>'");
	if (!call->settings.program)
		return err_set(err, ERR_UNSUPPORTED, "it is not known where "
			       "this program lies");
	rc = buf_add_str(&hooked->vault, call->vault_path, err);
	if (rc == 0)
		rc = file_settle(&hooked->vault, err);
	hooked->words.program = call->settings.program;
	hooked->words.vault = buf_text(&hooked->vault);
	return rc;
}

/* Who keeps settings elsewhere has a link to them: that is not replaced. */
static int read_settings(const struct action_call *call,
			 struct hooked *hooked, struct err *err)
{
	const struct agent_home home = bring_home(call);
	struct stat info;
	int rc = hook_path(hooked->words.agent, &home, &hooked->path, err);

	if (rc == 0)
		rc = file_settle(&hooked->path, err);
	if (rc < 0)
		return rc;
	hooked->was_there = stat(buf_text(&hooked->path), &info) == 0;
	if (hooked->was_there)
		hooked->mode = info.st_mode & 0777;
	return hooked->was_there ?
	       file_read_plain(buf_text(&hooked->path), HOOK_FILE_MAX,
			 &hooked->before, err) : 0;
}

static int look_into(const struct action_call *call,
		     const struct agent *agent, bool is_install,
		     struct hooked *hooked, struct err *err)
{
	int rc = name_vault(call, hooked, err);

	hooked->words.agent = agent;
	if (rc == 0)
		rc = read_settings(call, hooked, err);
	if (rc == 0 && is_install)
		rc = hook_add(&hooked->words, buf_span(&hooked->before),
			      &hooked->after, err);
	else if (rc == 0)
		rc = hook_remove(&hooked->words, buf_span(&hooked->before),
				 &hooked->after, err);
	if (rc < 0 && hooked->path.len)
		err_prefix(err, "'%s' stays as it is",
			   buf_text(&hooked->path));
	return rc;
}

static bool is_changed(const struct hooked *hooked)
{
	return !span_equals(buf_span(&hooked->before),
			    buf_span(&hooked->after));
}

bool hooked_is(const struct action_call *call, const struct agent *agent)
{
	struct hooked hooked = HOOKED_INIT;
	bool is_there = look_into(call, agent, false, &hooked, NULL) == 0 &&
			is_changed(&hooked);

	hooked_release(&hooked);
	return is_there;
}

/* --- changing it ------------------------------------------------------------ */

static bool is_agreed(const struct action_call *call,
		      const struct hooked *hooked, const struct buf *changes)
{
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	bool is_yes = true;

	if (!host_can_ask(call->host))
		return true;
	buf_putf(&question, "%s\n%s  Change it so?", buf_text(&hooked->path),
		 buf_text(changes));
	if (buf_end(&question, NULL) == 0)
		is_yes = host_confirm(call->host, buf_span(&question));
	buf_release(&question);
	return is_yes;
}

/* Not over what the agent has written meanwhile. */
static int check_still(const struct hooked *hooked, struct err *err)
{
	struct buf now = BUF_INIT(HOOK_FILE_MAX);
	int rc = 0;

	if (hooked->was_there)
		rc = file_read_plain(buf_text(&hooked->path), HOOK_FILE_MAX, &now,
			       err);
	if (rc == 0 && (!span_equals(buf_span(&now),
				     buf_span(&hooked->before)) ||
			hooked->was_there !=
			file_exists(buf_text(&hooked->path))))
		rc = err_set(err, ERR_CHANGED, "'%s' has changed meanwhile; "
			     "try again", buf_text(&hooked->path));
	buf_release(&now);
	return rc;
}

static int write_settings(const struct hooked *hooked, struct err *err)
{
	const char *path = buf_text(&hooked->path);
	struct span text = buf_span(&hooked->after);
	int rc = hook_make_folder(hooked->words.agent, path, err);

	if (rc == 0)
		rc = check_still(hooked, err);
	if (rc < 0)
		return rc;
	return hooked->goes ?
	       file_remove(path, err) :
	       file_write_atomic(path, text, hooked->mode, err);
}

static int tell_hook(const struct action_call *call, const struct hooked *hooked,
		const struct buf *changes, const char *state, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "agent", hooked->words.agent->name);
	fields_str(&fields, "title", hooked->words.agent->title);
	fields_str(&fields, "hook", state);
	result_outside(&fields, "path", buf_text(&hooked->path));
	fields_text(&fields, "changes", buf_span(changes));
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int change(struct action_call *call, const struct agent *agent,
		  bool is_install, struct hooked *hooked, struct err *err)
{
	struct buf changes = BUF_INIT(BUF_NO_LIMIT);
	const char *state = is_install ? "there" : "absent";
	int rc = look_into(call, agent, is_install, hooked, err);

	if (rc == 0 && !is_install && is_changed(hooked))
		rc = former_settle(&hooked->words, &hooked->after,
				   &hooked->goes, err);
	if (rc < 0)
		return rc;
	line_changes_put(buf_span(&hooked->before), buf_span(&hooked->after),
			 &changes);
	rc = buf_end(&changes, err);
	if (rc < 0)
		goto out;
	if (is_changed(hooked) && action_flag(call, "dry-run")) {
		state = is_install ? "would be there" : "would be gone";
	} else if (is_changed(hooked) && !is_agreed(call, hooked, &changes)) {
		call->is_no = true;
		goto out;
	} else if (is_changed(hooked)) {
		state = is_install ? "installed" : "removed";
		if (is_install)
			rc = former_keep(&hooked->words, hooked->was_there,
					 buf_span(&hooked->before), err);
		if (rc == 0)
			rc = write_settings(hooked, err);
	}
	if (rc == 0)
		rc = tell_hook(call, hooked, &changes, state, err);
out:
	buf_release(&changes);
	return rc;
}

int hooked_change(struct action_call *call, const char *agent_name,
		  bool is_install, struct err *err)
{
	const struct agent *agent = agent_find(agent_name);
	struct hooked hooked = HOOKED_INIT;
	int rc;

	if (!agent)
		return agent_refuse(agent_name, err);
	if (!agent->hook)
		return err_set(err, ERR_UNSUPPORTED, "%s calls no hooks: "
			       "'vvault watch' sees what it writes",
			       agent->title);
	rc = change(call, agent, is_install, &hooked, err);
	hooked_release(&hooked);
	return rc;
}
