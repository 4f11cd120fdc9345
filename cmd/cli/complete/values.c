#include "cmd/cli/complete/candidates.h"

#include <string.h>

#include "cmd/action/config/setting.h"
#include "cmd/cli/cmd.h"
#include "cmd/capture/agent.h"
#include "cmd/client/client.h"
#include "cmd/import/import.h"
#include "cmd/resume/writer.h"

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static void put_piece(const struct candidates *to, const char *at, size_t len)
{
	char word[64];

	if (!len || len >= sizeof(word))
		return;
	memcpy(word, at, len);
	word[len] = '\0';
	candidate(to, word, NULL);
}

/* "owner|writer|reader"; what stands in <> is no word. */
static void put_words(const struct candidates *to, const char *at)
{
	while (*at) {
		size_t len = 0;

		if (*at == '<') {
			at += strcspn(at, ">");
			continue;
		}
		while (is_word_char(at[len]))
			len++;
		if (len > 1)
			put_piece(to, at, len);
		at += len ? len : 1;
	}
}

/* "text, html (with all branches) or json": the first word of each piece. */
static void put_list(const struct candidates *to, const char *at)
{
	while (*at) {
		const char *or = strstr(at, " or ");
		size_t len = 0;

		while (is_word_char(at[len]))
			len++;
		put_piece(to, at, len);
		at += strcspn(at, ",");
		if (*at)
			at += 2;
		else if (or)
			at = or + 4;
	}
}

static bool is_list(const struct action_param *param)
{
	return !strcmp(param->name, "format") || !strcmp(param->name, "by") ||
	       !strcmp(param->name, "kind") ||
	       !strcmp(param->name, "role") || !strcmp(param->name, "for") ||
	       !strcmp(param->name, "to");
}

static void put_importers(const struct candidates *to)
{
	const struct importer *const *importer = importer_table;

	for (; *importer; importer++)
		candidate(to, (*importer)->name, (*importer)->many);
}

/* Those with a hook, where one is meant. */
static void put_agents(const struct candidates *to, bool has_hook)
{
	const struct agent *agent;

	for (agent = agent_table; agent->name; agent++) {
		if (agent->hook || !has_hook)
			candidate(to, agent->name, agent->title);
	}
}

/* Those that go on with a session. */
static void put_writers(const struct candidates *to)
{
	const struct resume_writer *const *at;

	for (at = resume_writers; *at; at++)
		candidate(to, (*at)->name, (*at)->title);
}

static void put_clients(const struct candidates *to)
{
	const struct client *client;

	for (client = client_table; client->name; client++)
		candidate(to, client->name, client->title);
}

static void put_kinds(const struct candidates *to, bool has_verb)
{
	static const char *const kinds[] = {
		"acu", "capsule", "construct", "memory", "message", "session",
		NULL
	};
	static const char *const types[] = {
		"memory:create", "memory:update", "memory:delete",
		"construct:update", "session:create", "session:update",
		"message:create", "acu:derive", NULL
	};
	const char *const *word = has_verb ? types : kinds;

	for (; *word; word++)
		candidate(to, *word, NULL);
}

static void put_settings(const struct candidates *to, bool is_set)
{
	const struct setting *setting = setting_table;

	for (; setting->key; setting++) {
		if (setting->type != SETTING_ALIAS || is_set)
			candidate(to, setting->key, setting->help);
	}
}

static void put_setting_values(const struct candidates *to, const char *key)
{
	const struct setting *setting = setting_table;

	for (; key && setting->key; setting++) {
		if (!strcmp(setting->key, key) && setting->values)
			put_words(to, setting->values);
	}
}

static void put_commands(const struct candidates *to)
{
	const struct cmd *cmd;

	for (cmd = cmd_table; cmd->name; cmd++)
		candidate(to, cmd->name, cmd_summary(cmd));
}

/* By what the usage line calls it. */
static void put_named(struct candidates *to, const char *value)
{
	if (strstr(value, "<version") || strstr(value, "<construct>"))
		candidate_constructs(to);
	if (strstr(value, "<remote>"))
		candidate_remotes(to);
	if (strstr(value, "<member>") || strstr(value, "device>") ||
	    strstr(value, "<did>"))
		candidate_members(to);
	if (strstr(value, "@n") || strstr(value, "<session>") ||
	    strstr(value, "entity>") || strstr(value, "<handle>")) {
		candidate_handles(to);
		candidate_sessions(to);
	}
	if (strstr(value, "<command>"))
		put_commands(to);
	to->wants_files |= strstr(value, "<file") || strstr(value, "<dir") ||
			   strstr(value, "<folder") || strstr(value, "<url>") ||
			   !strcmp(value, "<file|dir|->");
}

void candidate_values(struct candidates *to, const struct action *action,
		      const struct action_param *param,
		      const char *const *words)
{
	bool is_import = !strcmp(action->name, "import");
	const char *value = param->value ? param->value : "";
	bool is_config = !strncmp(action->name, "config ", 7);

	if (is_import && !strcmp(param->name, "format"))
		put_importers(to);
	else if (value[0] == '<' && strcmp(value, "<template>") && is_list(param) &&
		 !(param->flags & ACTION_OPERAND))
		put_list(to, param->help);
	else if (strcmp(value, "<file|dir|->"))
		put_words(to, value);
	if (!strcmp(action->name, "export") && !strcmp(param->name, "format"))
		put_writers(to);
	if (is_config && !strcmp(param->name, "key"))
		put_settings(to, strstr(action->name, " set") != NULL);
	if (is_config && !strcmp(param->name, "value"))
		put_setting_values(to, words[0]);
	if (!strcmp(value, "<kind>") && (param->flags & ACTION_OPERAND))
		put_kinds(to, false);
	if (!strcmp(value, "<kind:verb>"))
		put_kinds(to, true);
	if (!strncmp(action->name, "mcp ", 4) && !strcmp(value, "<agent>"))
		put_clients(to);
	else if (!strcmp(param->name, "as"))
		put_writers(to);
	else if (!strcmp(value, "<agent>"))
		put_agents(to, strcmp(param->name, "agent") != 0);
	if (!strcmp(param->name, "construct") && !strcmp(value, "<name>"))
		candidate_constructs(to);
	/* A remote's name where one is taken away or changed. */
	if (!strncmp(action->name, "remote ", 7) &&
	    strcmp(action->name, "remote add") && !strcmp(param->name, "name"))
		candidate_remotes(to);
	put_named(to, value);
}
