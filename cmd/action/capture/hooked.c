#include "cmd/action/capture/hooked.h"

#include "cmd/action/result.h"
#include "cmd/action/settings/settings.h"
#include "cmd/capture/hook.h"
#include "cmd/client/client.h"

/* The settings, as they stand and as they would. */
struct hooked {
	struct hook_call words;
	struct buf vault;
	struct settings settings;
};

#define HOOKED_INIT { { NULL, NULL, NULL, false }, PATH_BUF_INIT, \
		      SETTINGS_INIT(0600) }

static void hooked_release(struct hooked *hooked)
{
	buf_release(&hooked->vault);
	settings_release(&hooked->settings);
}

static int add(const void *arg, struct span text, struct buf *out,
	       struct err *err)
{
	return hook_add(arg, text, out, err);
}

static int take_out(const void *arg, struct span text, struct buf *out,
		    struct err *err)
{
	return hook_remove(arg, text, out, err);
}

static bool is_any(const void *arg, struct span text)
{
	const struct hook_call *words = arg;
	const struct client_entry entry = {
		.client = client_find(words->agent->name)
	};

	return hook_is_any(text) ||
	       (entry.client && client_is_any(&entry, text));
}

static struct settings_piece piece_of(const struct hooked *hooked)
{
	return (struct settings_piece){ add, take_out, is_any,
					&hooked->words };
}

static int look_into(const struct action_call *call,
		     const struct agent *agent, size_t which,
		     bool is_install, struct hooked *hooked, struct err *err)
{
	const struct agent_home home = bring_home(call);
	const struct settings_piece piece = piece_of(hooked);
	struct settings *settings = &hooked->settings;
	int rc = settings_vault(call, &hooked->vault, err);

	hooked->words = (struct hook_call){
		.agent = agent, .program = call->settings.program,
		.vault = buf_text(&hooked->vault),
	};
	if (agent->hook->shape == HOOK_IS_SCRIPT)
		settings->mode = 0700;
	if (rc == 0)
		rc = hook_path(agent, &home, which, &settings->path,
			       &hooked->words.is_bare, err);
	if (rc == 0)
		rc = settings_read(settings, err);
	if (rc == 0)
		rc = settings_change(settings, &piece, is_install, err);
	if (rc < 0 && settings->path.len)
		err_prefix(err, "'%s' stays as it is",
			   buf_text(&settings->path));
	return rc;
}

bool hooked_is(const struct action_call *call, const struct agent *agent)
{
	bool is_there = true;
	size_t i;

	for (i = 0; is_there && i < hook_files(agent); i++) {
		struct hooked hooked = HOOKED_INIT;

		is_there = look_into(call, agent, i, false, &hooked,
				     NULL) == 0 &&
			   settings_is_changed(&hooked.settings);
		hooked_release(&hooked);
	}
	return is_there;
}

/* --- changing it ------------------------------------------------------------ */

static int write_settings(const struct hooked *hooked, bool is_install,
			  struct err *err)
{
	const struct settings_piece piece = piece_of(hooked);
	int rc = hook_make_folder(hooked->words.agent,
				  buf_text(&hooked->settings.path), err);

	return rc < 0 ? rc : settings_write(&hooked->settings, &piece,
					    is_install, err);
}

static int tell_hook(const struct action_call *call, const struct hooked *hooked,
		const struct buf *changes, const char *state, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "agent", hooked->words.agent->name);
	fields_str(&fields, "title", hooked->words.agent->title);
	fields_str(&fields, "hook", state);
	result_outside(&fields, "path", buf_text(&hooked->settings.path));
	fields_text(&fields, "changes", buf_span(changes));
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int change(struct action_call *call, const struct agent *agent,
		  size_t which, bool is_install, struct err *err)
{
	struct hooked hooked = HOOKED_INIT;
	struct buf changes = BUF_INIT(BUF_NO_LIMIT);
	const char *state = is_install ? "there" : "absent";
	bool is_changed;
	int rc = look_into(call, agent, which, is_install, &hooked, err);

	if (rc == 0)
		rc = settings_changes(&hooked.settings, &changes, err);
	if (rc < 0)
		goto out;
	settings_tell_copy(call, &hooked.settings);
	is_changed = settings_is_changed(&hooked.settings);
	if (is_changed && action_flag(call, "dry-run")) {
		state = is_install ? "would be there" : "would be gone";
	} else if (is_changed && !settings_is_agreed(call, &hooked.settings,
						     &changes)) {
		call->is_no = true;
		goto out;
	} else if (is_changed) {
		state = is_install ? "installed" : "removed";
		rc = write_settings(&hooked, is_install, err);
	}
	if (rc == 0)
		rc = tell_hook(call, &hooked, &changes, state, err);
out:
	buf_release(&changes);
	hooked_release(&hooked);
	return rc;
}

int hooked_change(struct action_call *call, const char *agent_name,
		  bool is_install, struct err *err)
{
	const struct agent *agent = agent_find(agent_name);
	size_t i;
	int rc = 0;

	if (!agent)
		return agent_refuse(agent_name, err);
	if (!agent->hook)
		return err_set(err, ERR_UNSUPPORTED, "%s calls no hooks: "
			       "'vvault watch' sees what it writes",
			       agent->title);
	for (i = 0; rc == 0 && i < hook_files(agent); i++)
		rc = change(call, agent, i, is_install, err);
	return rc;
}
