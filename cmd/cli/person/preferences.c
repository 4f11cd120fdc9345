#include "cmd/cli/person/preferences.h"

#include <string.h>

#include "cmd/action/config/setting.h"
#include "cmd/cli/say.h"
#include "cmd/cli/surroundings.h"
#include "lib/os/file.h"
#include "objects/store/settings.h"
#include "objects/store/store.h"
#include "refs/trust/open.h"

#define CONFIG_MAX ((size_t)1 << 20)

/* Program state: names and values, each with its final zero; what was read
 * later counts more. */
static struct buf settings = BUF_INIT(BUF_NO_LIMIT);

static int keep(void *arg, const char *key, const char *value, struct err *err)
{
	const unsigned *where = arg;

	/* What is none, or is not obeyed there, is passed over. */
	if (setting_is_obeyed(key, value, *where)) {
		buf_put(&settings, key, strlen(key) + 1);
		buf_put(&settings, value, strlen(value) + 1);
	}
	return buf_end(&settings, err);
}

/* Most vaults set nothing of ours: that is seen without libgit2. A pipe in
 * place of the file is for whoever opens the vault to refuse. */
static bool may_set(const char *path)
{
	struct buf text = BUF_INIT(CONFIG_MAX);
	struct err quiet = ERR_INIT;
	struct stat info;
	bool may = stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
		   file_read(path, CONFIG_MAX, &text, &quiet) == 0 &&
		   (strstr(buf_text(&text), "vvault") ||
		    strstr(buf_text(&text), "alias"));

	buf_release(&text);
	return may;
}

static void load(const char *path, unsigned where)
{
	struct err err = ERR_INIT;
	int rc;

	if (!may_set(path))
		return;
	rc = store_init_library(&err);
	if (rc == 0) {
		rc = settings_each(path, keep, &where, &err);
		store_stop_library();
	}
	if (rc < 0 && where == SETTING_GLOBAL)
		say_note("%s", err.text);
}

void preferences_load(const char *vault)
{
	struct surroundings around = SURROUNDINGS_INIT;
	struct buf path = PATH_BUF_INIT;
	struct err quiet = ERR_INIT;

	if (surroundings_config(&around, &quiet) == 0 && around.config_file.len)
		load(buf_text(&around.config_file), SETTING_GLOBAL);
	if (surroundings_vault(&around, vault, &quiet) == 0 &&
	    around.vault_path.len &&
	    vault_is_at(buf_text(&around.vault_path)) &&
	    path_join(&path, buf_text(&around.vault_path), "config",
		      &quiet) == 0)
		load(buf_text(&path), SETTING_IN_VAULT);
	buf_release(&path);
	surroundings_release(&around);
}

void preferences_release(void)
{
	buf_release(&settings);
}

/* The pair at an offset; false behind the last. */
static bool pair_at(size_t *at, const char **key, const char **value)
{
	if (*at >= settings.len)
		return false;
	*key = buf_text(&settings) + *at;
	*value = *key + strlen(*key) + 1;
	*at = (size_t)(*value - buf_text(&settings)) + strlen(*value) + 1;
	return true;
}

const char *preference(const char *key)
{
	const char *found = NULL;
	const char *name;
	const char *value;
	size_t at = 0;

	while (pair_at(&at, &name, &value)) {
		if (!strcmp(name, key))
			found = value;
	}
	return found;
}

bool preference_is_off(const char *key)
{
	const char *value = preference(key);

	return value && !strcmp(value, "false");
}

const char *preference_alias(const char *after)
{
	const char *name;
	const char *value;
	size_t at = 0;

	while (pair_at(&at, &name, &value)) {
		if (strncmp(name, "alias.", strlen("alias.")))
			continue;
		name += strlen("alias.");
		if (!after)
			return name;
		if (name == after)
			after = NULL;
	}
	return NULL;
}
