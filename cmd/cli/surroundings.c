#include "cmd/cli/surroundings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cli/local_wall.h"
#include "cmd/cli/person/preferences.h"
#include "lib/base/text.h"
#include "lib/os/file.h"
#include "refs/trust/open.h"

void surroundings_release(struct surroundings *around)
{
	buf_release(&around->keys_folder);
	buf_release(&around->vault_path);
	buf_release(&around->env_text);
	buf_release(&around->config_file);
	buf_release(&around->program);
}

/* Where this program lies, as far as the system says so. */
static const char *program_here(struct surroundings *around)
{
	char path[PATH_TEXT_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	if (len <= 0 || (size_t)len == sizeof(path) || path[0] != '/' ||
	    buf_add(&around->program, path, (size_t)len, NULL) < 0)
		return NULL;
	return buf_text(&around->program);
}

int surroundings_keys(struct surroundings *around, struct err *err)
{
	struct buf *out = &around->keys_folder;
	const char *keys = getenv("VVAULT_KEYS");
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	int rc;

	if (keys && *keys)
		rc = buf_add_str(out, keys, err);
	else if (data && *data == '/')
		rc = path_join(out, data, "vvault/keys", err);
	else if (home && *home)
		rc = path_join(out, home, ".local/share/vvault/keys", err);
	else
		rc = err_set(err, ERR_NOT_FOUND,
			     "no folder for keys: set VVAULT_KEYS or HOME");
	/* Hooks run in another folder, and must find the same keys. */
	return rc < 0 ? rc : file_settle(out, err);
}

int surroundings_config(struct surroundings *around, struct err *err)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config && *config == '/')
		return path_join(&around->config_file, config,
				 "vvault/config", err);
	if (home && *home)
		return path_join(&around->config_file, home,
				 ".config/vvault/config", err);
	return 0;
}

int surroundings_vault(struct surroundings *around, const char *named,
		       struct err *err)
{
	char *here;
	char *slash;
	int rc = 0;

	if (named)
		return buf_add_str(&around->vault_path, named, err);
	here = getcwd(NULL, 0);
	if (!here)
		return err_errno(err, "cannot tell the folder");
	while (!vault_is_at(here)) {
		slash = strrchr(here, '/');
		if (!slash || !slash[1])
			goto out;
		slash[slash == here] = '\0';
	}
	rc = buf_add_str(&around->vault_path, here, err);
out:
	free(here);
	return rc;
}

/*
 * What a hook inherits: enough to find programs and the home, nothing of what
 * else a shell may hold (tokens, passwords).
 */
static const char *const inherited[HOOK_ENV_MAX] = {
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL",
	"LC_CTYPE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
	"XDG_RUNTIME_DIR", NULL
};

static int gather_env(struct surroundings *around, struct err *err)
{
	struct buf *text = &around->env_text;
	size_t begin[HOOK_ENV_MAX];
	const char *value;
	size_t n = 0;
	size_t i;
	int rc;

	for (i = 0; inherited[i]; i++) {
		value = getenv(inherited[i]);
		if (!value)
			continue;
		begin[n++] = text->len;
		buf_putf(text, "%s=%s", inherited[i], value);
		buf_put_char(text, '\0');
	}
	rc = buf_end(text, err);
	for (i = 0; rc == 0 && i < n; i++)
		around->hook_env[i] = buf_text(text) + begin[i];
	return rc;
}

static const char *wish(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* As its owner wants it, else as the machine goes by in its network. */
static const char *device_name_here(struct surroundings *around)
{
	const char *wanted = getenv("VVAULT_DEVICE_NAME");
	const char *set = preference("vvault.name");
	char *host = around->host_name;

	if (wanted)
		return text_is_utf8(span_str(wanted)) ? wanted : "";
	if (set)
		return set;
	if (gethostname(host, sizeof(around->host_name)) < 0)
		return "";
	host[sizeof(around->host_name) - 1] = '\0';
	host[strcspn(host, ".")] = '\0';
	return text_is_utf8(span_str(host)) ? host : "";
}

int surroundings_settings(struct surroundings *around,
			  struct action_settings *out, struct err *err)
{
	const char *auto_gc = getenv("VVAULT_AUTO_GC");
	int rc = surroundings_config(around, err);

	out->ssh_program = wish("GIT_SSH");
	out->temp_folder = wish("TMPDIR");
	out->device_name = device_name_here(around);
	out->ca_file = wish("GIT_SSL_CAINFO");
	out->no_auto_gc = (auto_gc && !strcmp(auto_gc, "0")) ||
			  preference_is_off("vvault.autogc");
	out->wall = *local_wall();
	out->hook_env = around->hook_env;
	out->running_hooks = getenv("VVAULT_RUNNING_HOOKS");
	out->variable = wish;
	out->program = program_here(around);
	out->input = STDIN_FILENO;
	out->is_input_typed = isatty(STDIN_FILENO);
	if (around->config_file.len)
		out->config_file = buf_text(&around->config_file);
	return rc < 0 ? rc : gather_env(around, err);
}
