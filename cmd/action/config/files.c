#include "cmd/action/config/files.h"

#include "cmd/action/config/setting.h"
#include "refs/trust/open.h"

void config_release(struct config_files *files)
{
	buf_release(&files->paths[CONFIG_GLOBAL]);
	buf_release(&files->paths[CONFIG_IN_VAULT]);
}

int config_find(const struct action_call *call, struct config_files *out,
		struct err *err)
{
	const char *global = call->settings.config_file;
	int rc = 0;

	if (global)
		rc = buf_add_str(&out->paths[CONFIG_GLOBAL], global, err);
	if (rc == 0 && call->vault_path && !action_flag(call, "global")) {
		if (!vault_is_at(call->vault_path))
			rc = err_set(err, ERR_NOT_FOUND, "no vault at '%s'",
				     call->vault_path);
		else
			rc = buf_printf(&out->paths[CONFIG_IN_VAULT], err,
					"%s/config", call->vault_path);
	}
	return rc;
}

int config_check_key(const struct action_call *call, struct err *err)
{
	const char *key = action_text(call, "key");
	const struct setting *setting;

	return key ? setting_find(key, &setting, err) : 0;
}
