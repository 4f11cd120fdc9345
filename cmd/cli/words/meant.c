#include "cmd/cli/words/meant.h"

#include <string.h>

#include "cmd/cli/cmd.h"
#include "cmd/cli/words/common.h"
#include "lib/base/buf.h"

const struct meant meant_table[] = {
	{ "alias", { "config set", "config list" },
	  "as in: vvault config set alias.code 'recall --code'" },
	{ "backup", { "push", "key backup", "export" }, NULL },
	{ "branch", { "construct list", "log" }, NULL },
	{ "check", { "verify" }, NULL },
	{ "checkout", { "show", "log", "revert" }, NULL },
	{ "commit", { "add", "remember" }, NULL },
	{ "compact", { "gc" }, NULL },
	{ "count", { "stats" }, NULL },
	{ "delete", { "rm", "forget" }, NULL },
	{ "download", { "fetch", "clone" }, NULL },
	{ "dump", { "export", "cat" }, NULL },
	{ "find", { "recall", "grep" }, NULL },
	{ "fork", { "construct split", "clone" }, NULL },
	{ "fsck", { "verify" }, NULL },
	{ "history", { "log", "undo" }, NULL },
	{ "list", { "ls", "session list", "construct list" }, NULL },
	{ "load", { "import" }, NULL },
	{ "merge", { "construct merge", "pull" }, NULL },
	{ "move", { "construct rename" }, NULL },
	{ "mv", { "construct rename" }, NULL },
	{ "open", { "browse", "read" }, NULL },
	{ "password", { "key backup" }, NULL },
	{ "prune", { "gc" }, NULL },
	{ "rebase", { "pull" }, NULL },
	{ "reflog", { "undo", "log" }, NULL },
	{ "remove", { "rm", "remote remove" }, NULL },
	{ "rename", { "construct rename", "remote rename" }, NULL },
	{ "repair", { "verify" }, NULL },
	{ "reset", { "undo", "revert" }, NULL },
	{ "restore", { "revert", "undo", "key restore" }, NULL },
	{ "rollback", { "undo", "revert" }, NULL },
	{ "save", { "add", "remember", "push" }, NULL },
	{ "search", { "recall", "grep" }, NULL },
	{ "snapshot", { "push", "log" }, NULL },
	{ "split", { "construct split" }, NULL },
	{ "summary", { "stats", "status" }, NULL },
	{ "switch", { "construct list", "show" }, NULL },
	{ "sync", { "pull", "push" }, NULL },
	{ "update", { "edit", "pull" }, NULL },
	{ "upload", { "push" }, NULL },
	{ "view", { "read", "show" }, NULL },
	{ "whoami", { "status", "key show" }, NULL },
	{ NULL, { NULL }, NULL },
};

/* An option of another program, and ours, where an action has it. */
static const struct {
	const char *word;
	const char *option;
} options[] = {
	{ "-n", "dry-run" },
	{ "-a", "all" },
	{ "-f", "format" },
	{ "--limit", "-n" },
	{ "--max-count", "-n" },
	{ "--count", "-n" },
	{ "--name-only", "stat" },
	{ "--name-status", "stat" },
	{ "--shortstat", "stat" },
	{ "--after", "since" },
	{ "--before", "until" },
	{ "--patch", "-p" },
	{ "--pretty", "format" },
	{ "--porcelain", "json" },
	{ NULL, NULL },
};

/* What other programs call a verb of a family. */
static const struct {
	const char *word;
	const char *verb;
} verbs[] = {
	{ "rm", "remove" },
	{ "delete", "remove" },
	{ "revoke", "remove" },
	{ "set-role", "role" },
	{ NULL, NULL },
};

const char *meant_verb(const char *word)
{
	size_t i;

	for (i = 0; verbs[i].word; i++) {
		if (!strcmp(verbs[i].word, word))
			return verbs[i].verb;
	}
	return NULL;
}

const struct meant *meant_find(const char *word)
{
	const struct meant *meant;

	for (meant = meant_table; meant->word; meant++) {
		if (!strcmp(meant->word, word))
			return meant;
	}
	return NULL;
}

const struct action *meant_action(const char *name)
{
	const struct cmd *cmd = cmd_find(name);

	return cmd && cmd->own ? cmd->own : action_find(name);
}

int meant_refuse(const struct meant *meant, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; meant->actions[i]; i++)
		buf_putf(&text, "%s'vvault %s' (%s)", !i ? "" :
			 meant->actions[i + 1] ? ", " : " or ",
			 meant->actions[i],
			 meant_action(meant->actions[i])->summary);
	if (meant->note)
		buf_putf(&text, "; %s", meant->note);
	if (buf_end(&text, err) == 0)
		(void)err_set(err, ERR_INVALID, "'%s' is no command here; "
			      "see %s", meant->word, buf_text(&text));
	buf_release(&text);
	return err->code;
}

static bool has_option(const struct action_param *param, const char *name)
{
	for (; param->name; param++) {
		if (!(param->flags & ACTION_OPERAND) &&
		    !strcmp(param->name, name))
			return true;
	}
	return false;
}

const char *meant_option(const struct action *action, const char *word)
{
	size_t len = strcspn(word, "=");
	size_t i;

	for (i = 0; options[i].word; i++) {
		if (strlen(options[i].word) == len &&
		    !strncmp(options[i].word, word, len) &&
		    (has_option(action->params, options[i].option) ||
		     has_option(common_params, options[i].option)))
			return options[i].option;
	}
	return NULL;
}
