#include <string.h>

#include "cmd/action/config/files.h"
#include "cmd/action/config/setting.h"
#include "lib/os/dir.h"
#include "objects/store/settings.h"

/* Below which the global file lies: made where it is not there. */
static int make_folder(const char *path, struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	const char *slash = strrchr(path, '/');
	int rc = 0;

	if (slash)
		rc = buf_add(&folder, path, (size_t)(slash - path), err);
	if (rc == 0 && folder.len)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	buf_release(&folder);
	return rc;
}

static int put_setting(struct action_call *call, const char *value,
		       struct err *err)
{
	bool is_global = action_flag(call, "global");
	struct config_files files = CONFIG_FILES_INIT;
	struct buf *path = &files.paths[is_global ? CONFIG_GLOBAL : CONFIG_IN_VAULT];
	int rc = config_find(call, &files, err);

	if (rc == 0 && !path->len)
		rc = err_set(err, ERR_NOT_FOUND, is_global ?
			     "no folder for settings: set HOME" :
			     "no vault here: go into one, or set it for all "
			     "with --global");
	if (rc == 0 && is_global && value)
		rc = make_folder(buf_text(path), err);
	if (rc == 0)
		rc = settings_put(buf_text(path), action_text(call, "key"),
				  value, err);
	else
		value = "";
	/* What is not set needs no taking away: a clean no. */
	if (rc == ERR_NOT_FOUND && !value) {
		err_clear(err);
		host_note(call->host, "'%s' is not set in '%s'",
			  action_text(call, "key"), buf_text(path));
		call->is_no = true;
		rc = 0;
	}
	config_release(&files);
	return rc;
}

static int set_run(struct action_call *call, struct err *err)
{
	return put_setting(call, action_text(call, "value"), err);
}

static int unset_run(struct action_call *call, struct err *err)
{
	return put_setting(call, NULL, err);
}

static int set_check(const struct action_call *call, struct err *err)
{
	const char *key = action_text(call, "key");
	const char *value = action_text(call, "value");
	bool is_global = action_flag(call, "global");
	const struct setting *setting = NULL;
	int rc = key ? setting_find(key, &setting, err) : 0;

	if (rc < 0 || !setting || !value)
		return rc;
	if (!(setting->where & (is_global ? SETTING_GLOBAL : SETTING_IN_VAULT)))
		return err_set(err, ERR_INVALID, is_global ?
			       "'%s' is of one vault: leave --global out" :
			       "'%s' is of a person, and no vault's: give "
			       "--global", key);
	return setting_check(setting, key, value, err);
}

static const struct action_param key_params[] = {
	CONFIG_GLOBAL_PARAM, CONFIG_KEY_PARAM, ACTION_PARAMS_END
};

static const struct action_param set_params[] = {
	CONFIG_GLOBAL_PARAM, CONFIG_KEY_PARAM,
	{ "value", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<value>",
	  "what it is from now on" },
	ACTION_PARAMS_END
};

const struct action action_config_set = {
	"config set", "set one", set_params, ACTION_OPENS | ACTION_WRITES,
	set_check, set_run
};

const struct action action_config_unset = {
	"config unset", "take one away, so that it is as if never set",
	key_params, ACTION_OPENS | ACTION_WRITES, config_check_key, unset_run
};
