#include "cmd/watch/watch_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/action/open.h"
#include "cmd/action/result.h"
#include "cmd/watch/unit.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/remote/remote.h"
#include "refs/trust/open.h"
#include "refs/vault/vault.h"

#define UNIT_FOLDER "systemd/user"
#define UNIT_MAX 65536
#define WANTED "default.target.wants/" UNIT_NAME
#define WORDS_MAX (4 * SUBJECTS_MAX)
#define VARIABLES_MAX 48

/* Everything as text that is to be in the unit. */
struct service {
	const struct action_call *call;
	struct buf path;		/* of the unit */
	struct buf vault;
	const char *words[WORDS_MAX];
	size_t words_n;
	char *variables[VARIABLES_MAX];
	size_t variables_n;
	char *folders[SUBJECTS_MAX];
	size_t folders_n;
};

static int service_begin(struct service *service, struct action_call *call,
		 struct err *err)
{
	const char *config = call->settings.config_file;
	struct buf above = PATH_BUF_INIT;
	int rc;

	*service = (struct service){
		.call = call, .path = PATH_BUF_INIT,
		.vault = PATH_BUF_INIT,
	};
	if (!config)
		return err_set(err, ERR_NOT_FOUND, "there is no home to put "
			       "a unit into: set HOME");
	/* A person's settings are "<config>/vvault/config". */
	rc = path_parent(&above, config, err);
	if (rc == 0)
		rc = path_parent(&service->path, buf_text(&above), err);
	if (rc == 0)
		rc = path_add(&service->path, UNIT_FOLDER, err);
	if (rc == 0)
		rc = path_add(&service->path, UNIT_NAME, err);
	buf_release(&above);
	return rc;
}

static void service_end(struct service *service)
{
	size_t i;

	for (i = 0; i < service->variables_n; i++)
		free(service->variables[i]);
	for (i = 0; i < service->folders_n; i++)
		free(service->folders[i]);
	buf_release(&service->path);
	buf_release(&service->vault);
}

static int add_variable(struct service *service, const char *name,
			const char *value, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char *copy = NULL;
	/* The last place stays NULL, which ends them. */
	int rc = service->variables_n < VARIABLES_MAX - 1 ? 0 :
		 err_set(err, ERR_LIMIT, "more variables than a unit takes");

	if (rc == 0)
		rc = buf_printf(&text, err, "%s=%s", name, value);
	if (rc == 0) {
		copy = strdup(buf_text(&text));
		rc = copy ? 0 : err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc == 0)
		service->variables[service->variables_n++] = copy;
	buf_release(&text);
	return rc;
}

static bool has_variable(const struct service *service, const char *name)
{
	size_t len = strlen(name);
	size_t i;

	for (i = 0; i < service->variables_n; i++) {
		if (!strncmp(service->variables[i], name, len) &&
		    service->variables[i][len] == '=')
			return true;
	}
	return false;
}

/* What a service would not know: where keys lie, and what agents were told. */
static int gather_variables(struct service *service, struct err *err)
{
	static const char *const others[] = {
		"XDG_DATA_HOME", "XDG_CONFIG_HOME", "VVAULT_DEVICE_NAME",
		"GIT_SSH", "GIT_SSL_CAINFO", NULL
	};
	const char *(*variable)(const char *name) =
		service->call->settings.variable;
	const struct agent_place *place;
	const struct agent *agent;
	size_t i;
	int rc = add_variable(service, "VVAULT_KEYS",
			      service->call->keys_folder, err);

	for (i = 0; rc == 0 && others[i]; i++) {
		if (variable(others[i]))
			rc = add_variable(service, others[i],
					  variable(others[i]), err);
	}
	for (agent = agent_table; agent->name; agent++) {
		for (place = agent->places; rc == 0 && place->home; place++) {
			const char *name = place->variable;

			if (name && variable(name) &&
			    !has_variable(service, name))
				rc = add_variable(service, name,
						  variable(name), err);
		}
	}
	return rc;
}

static void add_word(struct service *service, const char *word)
{
	if (service->words_n < WORDS_MAX - 1)
		service->words[service->words_n++] = word;
}

static int add_folder(struct service *service, const char *name,
		      struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	char *copy = NULL;
	int rc = service->folders_n < SUBJECTS_MAX ? 0 :
		 err_set(err, ERR_LIMIT, "more than %d folders", SUBJECTS_MAX);

	if (rc == 0)
		rc = buf_add_str(&path, name, err);
	if (rc == 0)
		rc = file_settle(&path, err);
	if (rc == 0) {
		copy = strdup(buf_text(&path));
		rc = copy ? 0 : err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc == 0) {
		service->folders[service->folders_n++] = copy;
		add_word(service, copy);
	}
	buf_release(&path);
	return rc;
}

/* The same words, but for those that ask for this. */
static int gather_words(struct service *service, struct err *err)
{
	const struct action_call *call = service->call;
	const struct action_value *folders = action_value(call, "folder");
	const struct action_value *agents = action_value(call, "agent");
	static const char *const names[] = { "push", "every", "scan" };
	static const char *const options[] = { "--push", "--every", "--scan" };
	size_t i;
	int rc = 0;

	/* Its log is to say what needs somebody, and grow with nothing else. */
	add_word(service, "-q");
	add_word(service, "-C");
	add_word(service, buf_text(&service->vault));
	add_word(service, "watch");
	if (action_flag(call, "capture"))
		add_word(service, "--capture");
	for (i = 0; i < agents->n; i++) {
		add_word(service, "--agent");
		add_word(service, agents->texts[i]);
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (action_flag(call, names[i])) {
			add_word(service, options[i]);
			add_word(service, action_text(call, names[i]));
		}
	}
	if (folders->n)
		add_word(service, "--");
	for (i = 0; rc == 0 && i < folders->n; i++)
		rc = add_folder(service, folders->texts[i], err);
	if (rc == 0 && service->words_n == WORDS_MAX - 1)
		rc = err_set(err, ERR_LIMIT, "more words than a unit takes");
	return rc;
}

/* It would fail each minute where there is none of that name. */
static int check_remote(struct action_call *call, struct err *err)
{
	const char *remote = action_text(call, "push");
	struct buf url = BUF_INIT(BUF_NO_LIMIT);
	struct vault *vault = NULL;
	int rc = remote ? action_open(call, &vault, err) : 0;

	if (rc == 0 && remote)
		rc = remote_url(vault, remote, &url, err);
	buf_release(&url);
	vault_close(vault);
	return rc;
}

static int gather(struct service *service, struct err *err)
{
	const char *vault = service->call->vault_path;
	int rc;

	if (!vault || !vault_is_at(vault))
		return err_set(err, ERR_NOT_FOUND, "no vault %s%s: go into "
			       "one, or name it with -C or VVAULT_DIR",
			       vault ? "at " : "here", vault ? vault : "");
	if (!service->call->settings.program)
		return err_set(err, ERR_UNSUPPORTED, "it is not known where "
			       "this program lies");
	rc = buf_add_str(&service->vault, vault, err);
	if (rc == 0)
		rc = file_settle(&service->vault, err);
	if (rc == 0)
		rc = gather_words(service, err);
	return rc < 0 ? rc : gather_variables(service, err);
}

/* What is there, and whose; a missing one is ours to make. */
static int look_at_unit(const struct service *service, bool *out_is_there,
			struct err *err)
{
	const char *path = buf_text(&service->path);
	struct buf text = BUF_INIT(UNIT_MAX);
	enum unit_origin origin = UNIT_FOREIGN;
	int rc;

	*out_is_there = file_exists(path);
	if (!*out_is_there)
		return 0;
	rc = file_read_plain(path, UNIT_MAX, &text, err);
	if (rc == 0)
		origin = unit_origin(buf_span(&text));
	buf_release(&text);
	if (rc < 0 || origin == UNIT_OURS)
		return rc;
	return err_set(err, ERR_EXISTS, origin == UNIT_CHANGED ?
		       "'%s' was changed since it was written: it is left as "
		       "it is; move it away first" :
		       "'%s' was written by somebody else: it is left as it "
		       "is", path);
}

static int write_unit(const struct service *service, struct span text,
		      struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc = path_parent(&folder, buf_text(&service->path), err);

	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0755, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&service->path), text, 0644,
				       err);
	buf_release(&folder);
	return rc;
}

static int install(struct service *service, const struct host *host,
		   struct err *err)
{
	const struct unit unit = {
		service->call->settings.program, service->words,
		(const char *const *)service->variables
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf cron = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc = unit_write(&unit, &text, err);

	if (rc == 0)
		rc = unit_write_cron(&unit, &cron, err);
	if (rc == 0)
		rc = look_at_unit(service, &is_there, err);
	if (rc == 0)
		rc = write_unit(service, buf_span(&text), err);
	if (rc == 0) {
		fields_str(&fields, "event", "installed");
		result_outside(&fields, "path", buf_text(&service->path));
		fields_text(&fields, "unit", buf_span(&text));
		fields_text(&fields, "cron", buf_span(&cron));
		fields_bool(&fields, "replaced", is_there);
		rc = host_object(host, &fields, err);
	}
	jcs_fields_release(&fields);
	buf_release(&text);
	buf_release(&cron);
	return rc;
}

int service_install(struct action_call *call, struct err *err)
{
	struct service service;
	int rc = service_begin(&service, call, err);

	if (rc == 0)
		rc = gather(&service, err);
	if (rc == 0)
		rc = check_remote(call, err);
	if (rc == 0)
		rc = install(&service, call->host, err);
	service_end(&service);
	return rc;
}

/* The link that "systemctl enable" made of it goes with it. */
static int remove_link(const struct service *service, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct buf made = PATH_BUF_INIT;
	char to[PATH_TEXT_MAX];
	ssize_t len = 0;
	int rc = path_parent(&folder, buf_text(&service->path), err);

	if (rc == 0)
		rc = path_join(&made, buf_text(&folder), WANTED, err);
	if (rc == 0)
		len = readlink(buf_text(&made), to, sizeof(to));
	if (rc == 0 && len > 0 &&
	    span_equals(span_of(to, (size_t)len), buf_span(&service->path)))
		rc = file_remove(buf_text(&made), err);
	buf_release(&folder);
	buf_release(&made);
	return rc;
}

int service_uninstall(struct action_call *call, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct service service;
	bool is_there = false;
	int rc = service_begin(&service, call, err);

	if (rc == 0)
		rc = look_at_unit(&service, &is_there, err);
	if (rc == 0 && is_there)
		rc = remove_link(&service, err);
	if (rc == 0 && is_there)
		rc = file_remove(buf_text(&service.path), err);
	if (rc == 0) {
		call->is_no = !is_there;
		fields_str(&fields, "event", is_there ? "uninstalled" :
			   "not-installed");
		result_outside(&fields, "path", buf_text(&service.path));
		rc = host_object(call->host, &fields, err);
	}
	jcs_fields_release(&fields);
	service_end(&service);
	return rc;
}
