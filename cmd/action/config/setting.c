#include "cmd/action/config/setting.h"

#include <string.h>

#include "cmd/action/action.h"
#include "lib/base/nearest.h"

#define BOTH (SETTING_IN_VAULT | SETTING_GLOBAL)
#define ALIAS "alias."

const struct setting setting_table[] = {
	{ "vvault.color", SETTING_TEXT, BOTH, "always|auto|never",
	  "colors where --color does not say; beats NO_COLOR" },
	{ "vvault.pager", SETTING_TEXT, SETTING_GLOBAL, NULL,
	  "the pager, behind GIT_PAGER and before PAGER; cat: none" },
	{ "vvault.editor", SETTING_TEXT, SETTING_GLOBAL, NULL,
	  "the editor, behind GIT_EDITOR and before VISUAL and EDITOR" },
	{ "vvault.name", SETTING_TEXT, SETTING_GLOBAL, NULL,
	  "what to call this device in a new vault; else the host's name" },
	{ "vvault.autogc", SETTING_SWITCH, BOTH, "true|false",
	  "gc by itself when writes have scattered much" },
	{ "vvault.quarantinesize", SETTING_SIZE, SETTING_IN_VAULT, NULL,
	  "how many bytes may wait in quarantine: 100m" },
	{ "vvault.redactsecrets", SETTING_SWITCH, SETTING_IN_VAULT,
	  "true|false",
	  "markers instead of secrets in agents' sessions; see vvault-secrets(7)" },
	{ "vvault.pathmap", SETTING_TEXT, SETTING_GLOBAL, NULL,
	  "folders of other machines here: /mnt/a=/b;/srv=/data" },
	{ ALIAS, SETTING_ALIAS, SETTING_GLOBAL, NULL,
	  "a command of your own: alias.code is 'recall --code'" },
	{ NULL, SETTING_TEXT, 0, NULL, NULL },
};

static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return len && !name[len] && name[0] != '-';
}

int setting_find(const char *key, const struct setting **out, struct err *err)
{
	struct nearest nearest = NEAREST_INIT(key);
	const char *dot = strrchr(key, '.');
	const struct setting *setting;

	for (setting = setting_table; setting->key; setting++) {
		bool is_alias = setting->type == SETTING_ALIAS;

		if (is_alias ? !strncmp(key, ALIAS, strlen(ALIAS)) :
			       !strcmp(key, setting->key)) {
			*out = setting;
			return 0;
		}
		nearest_try(&nearest, span_str(setting->key));
		/* Without its section a name is still known. */
		if (!dot && !strcmp(key, strchr(setting->key, '.') + 1))
			nearest.found = span_str(setting->key);
	}
	if (!strncmp(key, "remote.", strlen("remote.")))
		return err_set(err, ERR_INVALID, "'%s': 'vvault remote' "
			       "names remotes and forgets them", key);
	if (!nearest.found.at)
		return err_set(err, ERR_INVALID, "'%s' is no setting; 'vvault "
			       "config list --all' tells which there are", key);
	return err_set(err, ERR_INVALID, "'%s' is no setting; is '%.*s' "
		       "meant?", key, (int)nearest.found.len,
		       nearest.found.at);
}

static bool is_one_of(const char *values, const char *value)
{
	size_t len = strlen(value);

	while (values) {
		if (!strncmp(values, value, len) &&
		    (!values[len] || values[len] == '|'))
			return len > 0;
		values = strchr(values, '|');
		values = values ? values + 1 : NULL;
	}
	return false;
}

static bool is_size(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	return digits && digits < 10 &&
	       (!value[digits] || (strchr("kKmMgG", value[digits]) &&
				   !value[digits + 1]));
}

/* Is it the first word of an action's name, or of the terminal's own? */
static bool is_command(const char *name)
{
	static const char *const others[] = {
		"browse", "completion", "help", "watch", NULL
	};
	size_t len = strlen(name);
	size_t i;

	for (i = 0; action_table[i]; i++) {
		if (!strncmp(action_table[i]->name, name, len) &&
		    (!action_table[i]->name[len] ||
		     action_table[i]->name[len] == ' '))
			return true;
	}
	for (i = 0; others[i]; i++) {
		if (!strcmp(others[i], name))
			return true;
	}
	return false;
}

static int check_alias(const char *key, const char *value, struct err *err)
{
	const char *name = key + strlen(ALIAS);

	if (!is_name(name))
		return err_set(err, ERR_INVALID, "an alias is called by small "
			       "letters, digits and '-', not '%s'", name);
	if (is_command(name))
		return err_set(err, ERR_INVALID, "'%s' is a command already: "
			       "an alias of that name would never run", name);
	value += strspn(value, " \t");
	if (*value == '!')
		return err_set(err, ERR_INVALID, "an alias runs a command of "
			       "vvault, no program: '%s'", value);
	if (!*value || *value == '-')
		return err_set(err, ERR_INVALID, "an alias begins with a "
			       "command, as in 'recall --code', not '%s'",
			       value);
	return 0;
}

int setting_check(const struct setting *setting, const char *key,
		  const char *value, struct err *err)
{
	if (strpbrk(value, "\n\r"))
		return err_set(err, ERR_INVALID, "a setting is one line");
	if (setting->type == SETTING_ALIAS)
		return check_alias(key, value, err);
	if (setting->type == SETTING_SIZE && !is_size(value))
		return err_set(err, ERR_INVALID, "'%s' is a number of bytes, "
			       "as in 100m, not '%s'", key, value);
	if (setting->values && !is_one_of(setting->values, value))
		return err_set(err, ERR_INVALID, "'%s' is one of %s, not '%s'",
			       key, setting->values, value);
	return 0;
}

/* Of git's own settings only where a vault's remotes are. */
static bool is_remote(const char *key, unsigned where)
{
	size_t len = strlen(key);

	return where == SETTING_IN_VAULT &&
	       !strncmp(key, "remote.", strlen("remote.")) &&
	       len > strlen("remote..url") &&
	       !strcmp(key + len - strlen(".url"), ".url");
}

bool setting_is_obeyed(const char *key, const char *value, unsigned where)
{
	const struct setting *setting;
	struct err quiet = ERR_INIT;

	if (is_remote(key, where))
		return true;
	return setting_find(key, &setting, &quiet) == 0 &&
	       (setting->where & where) &&
	       setting_check(setting, key, value, &quiet) == 0;
}

bool setting_is_shown(const char *key)
{
	return !strncmp(key, "vvault.", strlen("vvault.")) ||
	       !strncmp(key, ALIAS, strlen(ALIAS)) ||
	       !strncmp(key, "remote.", strlen("remote."));
}
