#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mcp/placing.h"
#include "cmd/action/open.h"
#include "cmd/action/settings/settings.h"
#include "cmd/mcp/signer.h"
#include "refs/history/construct_name.h"
#include "refs/index/lists/names.h"
#include "refs/view/names.h"

#define NAME "vvault"
#define NAME_MAX_CHARS 40
#define NAME_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define WORDS_MAX 8

static int check_name(const struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "name");

	if (!name || (*name && strlen(name) <= NAME_MAX_CHARS &&
		      strspn(name, NAME_CHARS) == strlen(name)))
		return 0;
	return err_set(err, ERR_INVALID, "'%s' is no name of a server: up to "
		       "%d letters, digits, '-' and '_'", name,
		       NAME_MAX_CHARS);
}

static int check_install(const struct action_call *call, struct err *err)
{
	const struct action_value *names = action_value(call, "agent");
	size_t i;

	for (i = 0; i < names->n; i++) {
		if (!client_find(names->texts[i]))
			return client_refuse(names->texts[i], err);
	}
	return check_name(call, err);
}

/* What is written is signed by a key that an owner lets in once. */
static int tell_admit(const struct action_call *call, const char *construct,
		      struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	int rc = signer_folder(call, construct, &folder, err);

	if (rc == 0 && !signer_is_there(&folder))
		host_note(call->host, "'vvault mcp admit %s' lets agents "
			  "write there: until then they cannot", construct);
	buf_release(&folder);
	return rc;
}

/* One of this vault, or one that it has by that name. A server that was told of
 * another one would not begin. */
static int check_construct(const struct action_call *call, const char *name,
			   bool is_written, struct err *err)
{
	char own[CONSTRUCT_NAME_MAX];
	const char *meant;
	bool is_id = false;
	int rc = action_construct(call, name, own, &meant, err);

	if (rc == 0)
		rc = names_is_id(call->vault, meant, &is_id, err);
	if (rc == 0 && !is_id)
		rc = names_refuse(call->vault, name, err);
	return rc < 0 || !is_written ? rc : tell_admit(call, meant, err);
}

/* Those of a list with commas. */
static int check_constructs(const struct action_call *call, const char *list,
			    bool is_written, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	size_t len;
	int rc = 0;

	for (; rc == 0 && list; list = list[len] ? list + len + 1 : NULL) {
		len = strcspn(list, ",");
		buf_reset(&name);
		rc = buf_add(&name, list, len, err);
		if (rc == 0)
			rc = check_construct(call, buf_text(&name),
					     is_written, err);
	}
	buf_release(&name);
	return rc;
}

/* What our server is to be given; the texts of the call stay its own. */
static int read_words(struct action_call *call, bool is_install,
		      const char *vault, const char *words[WORDS_MAX],
		      struct err *err)
{
	static const char *const options[][2] = {
		{ "construct", "--construct" }, { "write", "--write" },
	};
	const char *value;
	size_t n = 0;
	size_t i;
	int rc = 0;

	words[n++] = "-C";
	words[n++] = vault;
	words[n++] = "mcp";
	for (i = 0; rc == 0 && is_install && i < 2; i++) {
		value = action_text(call, options[i][0]);
		if (!value)
			continue;
		words[n++] = options[i][1];
		words[n++] = value;
		rc = call->vault ? 0 : action_enter(call, err);
		if (rc == 0)
			rc = check_constructs(call, value, i > 0, err);
	}
	words[n] = NULL;
	return rc;
}

static int each_client(struct placing *placing, struct err *err)
{
	const struct action_value *names = action_value(placing->call,
							"agent");
	const struct client *client = client_table;
	size_t i;
	int rc = 0;

	placing->is_named = names->n > 0;
	for (i = 0; rc == 0 && i < names->n; i++)
		rc = placing_run(placing, client_find(names->texts[i]), err);
	for (; rc == 0 && !names->n && client->name; client++)
		rc = placing_run(placing, client, err);
	placing->call->has_no_source = rc == 0 && !placing->found;
	return rc;
}

static int change(struct action_call *call, bool is_install, struct err *err)
{
	const char *words[WORDS_MAX];
	const char *name = action_text(call, "name");
	struct buf vault = PATH_BUF_INIT;
	struct placing placing = {
		.call = call, .is_install = is_install,
		.entry = { .name = name ? name : NAME, .words = words,
			   .program = call->settings.program },
	};
	int rc = settings_vault(call, &vault, err);

	placing.entry.vault = buf_text(&vault);
	/* Few variables reach a server; this one it cannot do without. */
	if (call->settings.variable && call->settings.variable("VVAULT_KEYS"))
		placing.entry.keys = call->keys_folder;
	if (rc == 0)
		rc = read_words(call, is_install, buf_text(&vault), words,
				err);
	if (rc == 0)
		rc = each_client(&placing, err);
	buf_release(&vault);
	return rc;
}

static int install(struct action_call *call, struct err *err)
{
	return change(call, true, err);
}

static int uninstall(struct action_call *call, struct err *err)
{
	return change(call, false, err);
}

#define COMMON_PARAMS \
	{ "name", ACTION_TEXT, 0, "<name>", \
	  "what the server is called there; else vvault" }, \
	{ "dry-run", ACTION_FLAG, 0, NULL, "write nothing" }, \
	{ "yes", ACTION_FLAG, 0, NULL, "without asking" }, \
	ACTION_PARAMS_END

static const struct action_param install_params[] = {
	{ "agent", ACTION_TEXT, ACTION_REPEATED, "<agent>",
	  "of this one alone; else of all that are here" },
	{ "construct", ACTION_TEXT, 0, "<construct,...>",
	  "nothing but these is there for them" },
	{ "write", ACTION_TEXT, 0, "<construct,...>",
	  "they may write memories to these; else to none" },
	COMMON_PARAMS
};

static const struct action_param uninstall_params[] = {
	{ "agent", ACTION_TEXT, ACTION_REPEATED, "<agent>",
	  "of this one alone; else of all that are here" },
	COMMON_PARAMS
};

const struct action action_mcp_install = {
	"mcp install", "have agents start this vault's MCP server",
	install_params, ACTION_OPENS, check_install, install
};

const struct action action_mcp_uninstall = {
	"mcp uninstall", "take that out of their settings", uninstall_params,
	ACTION_OPENS, check_install, uninstall
};
