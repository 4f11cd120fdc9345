#include "cmd/action/mcp/placing.h"

#include "cmd/action/capture/bring.h"
#include "cmd/action/capture/hooked.h"
#include "cmd/action/result.h"
#include "cmd/action/settings/settings.h"
#include "cmd/capture/hook.h"
#include "lib/os/dir.h"

static int add_placing(const void *arg, struct span text, struct buf *out,
	       struct err *err)
{
	return client_add(arg, text, out, err);
}

static int take_out(const void *arg, struct span text, struct buf *out,
		    struct err *err)
{
	return client_remove(arg, text, out, err);
}

static bool is_any(const void *arg, struct span text)
{
	return client_is_any(arg, text) || hook_is_any(text);
}

/* "captures": does the agent call 'vvault capture'? Not told of one that has
 * no hooks, or where it will be asked. */
static void put_captures(const struct placing *placing,
			 struct jcs_fields *fields)
{
	const struct action_call *call = placing->call;
	const struct agent *agent = agent_find(placing->entry.client->name);

	if (placing->is_install && agent && agent->hook &&
	    !host_can_ask(call->host))
		fields_bool(fields, "captures", hooked_is(call, agent));
}

/* reason: why the settings stay as they are, or NULL. */
static int tell_placing(const struct placing *placing, const char *path,
		const char *state, struct span changes, const char *reason,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "agent", placing->entry.client->name);
	fields_str(&fields, "title", placing->entry.client->title);
	fields_str(&fields, "server", state);
	result_outside(&fields, "path", path);
	if (reason)
		result_outside(&fields, "reason", reason);
	else
		fields_text(&fields, "changes", changes);
	if (!reason)
		put_captures(placing, &fields);
	rc = host_object(placing->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int write_settings(const struct settings *settings,
			  const struct settings_piece *piece,
			  bool is_install, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc = path_parent(&folder, buf_text(&settings->path), err);

	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	buf_release(&folder);
	return rc < 0 ? rc : settings_write(settings, piece, is_install, err);
}

/* Show, ask and write. *state: what became of it; NULL: it was not agreed. */
static int settle_placing(const struct placing *placing,
		  const struct settings *settings,
		  const struct settings_piece *piece,
		  const struct buf *changes, const char **state,
		  struct err *err)
{
	struct action_call *call = placing->call;
	bool is_install = placing->is_install;

	*state = is_install ? "there" : "absent";
	if (!settings_is_changed(settings))
		return 0;
	*state = is_install ? "would be there" : "would be gone";
	if (action_flag(call, "dry-run"))
		return 0;
	*state = is_install ? "installed" : "removed";
	if (!action_flag(call, "yes") &&
	    !settings_is_agreed(call, settings, changes)) {
		*state = NULL;
		call->is_no = true;
		return 0;
	}
	return write_settings(settings, piece, is_install, err);
}

static int change(const struct placing *placing, struct settings *settings,
		  struct buf *changes, const char **state, struct err *err)
{
	const struct settings_piece piece = { add_placing, take_out, is_any,
					      &placing->entry };
	int rc = settings_read(settings, err);

	if (rc == 0)
		rc = settings_change(settings, &piece, placing->is_install,
				     err);
	if (rc == 0)
		rc = settings_changes(settings, changes, err);
	if (rc == 0)
		settings_tell_copy(placing->call, settings);
	return rc < 0 ? rc : settle_placing(placing, settings, &piece, changes,
					    state,
				    err);
}

static int place_one(struct placing *placing, const struct agent_place *place,
		     struct err *err)
{
	const struct agent_home home = bring_home(placing->call);
	struct settings settings = SETTINGS_INIT(0600);
	struct buf changes = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	const char *state = NULL;
	bool is_here = false;
	int rc = client_path(placing->entry.client, place, &home,
			     &settings.path, &is_here, err);

	if (rc < 0 || !is_here)
		goto out;
	placing->found++;
	rc = change(placing, &settings, &changes, &state, &why);
	if (rc == ERR_NOMEM) {
		rc = err_copy(err, rc, &why);
	} else if (rc < 0) {
		placing->call->is_partial = true;
		rc = tell_placing(placing, buf_text(&settings.path), "left",
			  buf_span(&changes), why.text, err);
	} else if (state && (placing->is_install || placing->is_named ||
			     settings_is_changed(&settings))) {
		rc = tell_placing(placing, buf_text(&settings.path), state,
			  buf_span(&changes), NULL, err);
	}
out:
	buf_release(&changes);
	settings_release(&settings);
	return rc;
}

/* Sessions then come in by themselves: offered where somebody can say no. */
static int offer_hook(struct placing *placing, struct err *err)
{
	struct action_call *call = placing->call;
	const struct agent *agent = agent_find(placing->entry.client->name);
	bool is_no = call->is_no;
	struct err why = ERR_INIT;
	int rc;

	if (!placing->is_install || !agent || !agent->hook ||
	    action_flag(call, "dry-run") || !host_can_ask(call->host) ||
	    hooked_is(call, agent))
		return 0;
	host_note(call->host, "%s can bring its sessions in by itself, too",
		  agent->title);
	rc = hooked_change(call, agent->name, true, &why);
	call->is_no = is_no;
	if (rc == ERR_NOMEM)
		return err_copy(err, rc, &why);
	if (rc < 0)
		host_note(call->host, "%s", why.text);
	return 0;
}

int placing_run(struct placing *placing, const struct client *client,
		struct err *err)
{
	const struct agent_place *place;
	size_t before = placing->found;
	int rc = 0;

	placing->entry.client = client;
	for (place = client->files; rc == 0 && place->home; place++)
		rc = place_one(placing, place, err);
	if (rc < 0)
		return rc;
	if (placing->found > before)
		return offer_hook(placing, err);
	return !placing->is_named ? 0 :
	       err_set(err, ERR_NOT_FOUND, "%s has no settings here",
		       client->title);
}
