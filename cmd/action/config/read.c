#include <string.h>

#include "cmd/action/config/files.h"
#include "cmd/action/config/setting.h"
#include "cmd/action/result.h"
#include "objects/store/settings.h"

static const char *const from_names[CONFIG_FILES] = { "global", "vault" };
static const unsigned from_bits[CONFIG_FILES] = {
	SETTING_GLOBAL, SETTING_IN_VAULT
};

struct listing {
	const struct action_call *call;
	const char *from;
	const char *wanted;		/* this key alone, or NULL */
	struct buf value;		/* of the wanted one, the last */
	bool is_set;
};

/* Only what is not obeyed says so. */
static int emit(const struct action_call *call, const char *key,
		const char *value, const char *from, const char *help,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	bool is_global = from == from_names[CONFIG_GLOBAL];
	int rc;

	result_outside(&fields, "key", key);
	if (value)
		result_outside(&fields, "value", value);
	else
		fields_null(&fields, "value");
	if (from)
		fields_str(&fields, "from", from);
	else
		fields_null(&fields, "from");
	if (help)
		fields_str(&fields, "help", help);
	if (from && !setting_is_obeyed(key, value, from_bits[is_global ?
					CONFIG_GLOBAL : CONFIG_IN_VAULT]))
		fields_bool(&fields, "obeyed", false);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int list_one(void *arg, const char *key, const char *value,
		    struct err *err)
{
	const struct listing *listing = arg;

	if (!setting_is_shown(key))
		return 0;
	return emit(listing->call, key, value, listing->from, NULL, err);
}

static int find_one(void *arg, const char *key, const char *value,
		    struct err *err)
{
	struct listing *listing = arg;

	if (strcmp(key, listing->wanted))
		return 0;
	buf_reset(&listing->value);
	listing->is_set = true;
	return buf_add_str(&listing->value, value, err);
}

/* What stands, in the vault or else in the global file, where it counts. */
static int find_value(const struct action_call *call, struct config_files *files,
		      const struct setting *setting, struct listing *out,
		      struct err *err)
{
	int rc = 0;
	int i;

	out->call = call;
	for (i = CONFIG_FILES - 1; rc == 0 && !out->is_set && i >= 0; i--) {
		out->from = from_names[i];
		if (files->paths[i].len && (setting->where & from_bits[i]))
			rc = settings_each(buf_text(&files->paths[i]),
					   find_one, out, err);
	}
	return rc;
}

/* Every setting that there is, set or not. */
static int list_known(const struct action_call *call, struct config_files *files,
		      struct err *err)
{
	const struct setting *setting;
	int rc = 0;

	for (setting = setting_table; rc == 0 && setting->key; setting++) {
		struct listing found = {
			.wanted = setting->key, .value = BUF_INIT(BUF_NO_LIMIT),
		};

		rc = find_value(call, files, setting, &found, err);
		if (rc == 0 && setting->type == SETTING_ALIAS)
			rc = emit(call, "alias.<name>", NULL, NULL,
				  setting->help, err);
		else if (rc == 0)
			rc = emit(call, setting->key, found.is_set ?
				  buf_text(&found.value) : NULL,
				  found.is_set ? found.from : NULL,
				  setting->help, err);
		buf_release(&found.value);
	}
	return rc;
}

static int list_run(struct action_call *call, struct err *err)
{
	struct config_files files = CONFIG_FILES_INIT;
	struct listing listing = { .call = call };
	bool is_all = action_flag(call, "all");
	int rc = config_find(call, &files, err);
	int i;

	if (rc == 0 && is_all)
		rc = list_known(call, &files, err);
	for (i = 0; rc == 0 && !is_all && i < CONFIG_FILES; i++) {
		listing.from = from_names[i];
		if (files.paths[i].len)
			rc = settings_each(buf_text(&files.paths[i]),
					   list_one, &listing, err);
	}
	config_release(&files);
	return rc;
}

static int get_run(struct action_call *call, struct err *err)
{
	const char *key = action_text(call, "key");
	const struct setting *setting = NULL;
	struct config_files files = CONFIG_FILES_INIT;
	struct listing found = {
		.wanted = key, .value = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = setting_find(key, &setting, err);

	if (rc == 0)
		rc = config_find(call, &files, err);
	if (rc == 0)
		rc = find_value(call, &files, setting, &found, err);
	if (rc == 0 && found.is_set)
		rc = emit(call, key, buf_text(&found.value), found.from, NULL,
			  err);
	call->is_no = rc == 0 && !found.is_set;
	buf_release(&found.value);
	config_release(&files);
	return rc;
}

static const struct action_param list_params[] = {
	CONFIG_GLOBAL_PARAM,
	{ "all", ACTION_FLAG, 0, NULL,
	  "every setting that there is, with what it means" },
	ACTION_PARAMS_END
};

static const struct action_param key_params[] = {
	CONFIG_GLOBAL_PARAM, CONFIG_KEY_PARAM, ACTION_PARAMS_END
};

const struct action action_config_list = {
	"config list", "list what is set, and where", list_params,
	ACTION_OPENS, NULL, list_run
};

const struct action action_config_get = {
	"config get", "what one is set to", key_params, ACTION_OPENS,
	config_check_key, get_run
};
