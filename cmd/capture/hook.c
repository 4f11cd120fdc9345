#include "cmd/capture/hook.h"

#include <string.h>

#include "cmd/capture/hook_internal.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define PLAIN_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
	"_@%+=:,./-"

size_t hook_files(const struct agent *agent)
{
	size_t n = 0;

	if (agent->hook->shape != HOOK_IS_SCRIPT)
		return 1;
	while (agent->hook->events[n])
		n++;
	return n;
}

static int read_instead(const struct agent_hook *hook, const char *folder,
			struct buf *out, bool *out_is_there, struct err *err)
{
	int rc = 0;

	*out_is_there = false;
	if (!hook->instead)
		return 0;
	rc = path_join(out, folder, hook->instead, err);
	*out_is_there = rc == 0 && file_exists(buf_text(out));
	if (!*out_is_there)
		buf_reset(out);
	return rc;
}

int hook_path(const struct agent *agent, const struct agent_home *home,
	      size_t which, struct buf *out, bool *out_is_instead,
	      struct err *err)
{
	const struct agent_hook *hook = agent->hook;
	const char *folder = hook->file.variable ?
			     home->variable(hook->file.variable) : NULL;
	bool is_instead = false;
	int rc;

	if (folder && *folder) {
		rc = path_join(out, folder, hook->file.inner, err);
	} else {
		folder = home->variable("HOME");
		if (!folder || !*folder)
			return err_set(err, ERR_NOT_FOUND, "there is no "
				       "home: set HOME");
		rc = read_instead(hook, folder, out, &is_instead, err);
		if (rc == 0 && !is_instead)
			rc = path_join(out, folder, hook->file.home, err);
	}
	if (rc == 0 && hook->shape == HOOK_IS_SCRIPT)
		rc = path_add(out, hook->events[which], err);
	if (out_is_instead)
		*out_is_instead = is_instead;
	return rc;
}

/* Has it a folder for hooks beside its settings? */
static bool has_folder(const struct agent *agent)
{
	return agent->hook->shape == HOOK_IN_LISTS ||
	       agent->hook->shape == HOOK_IS_SCRIPT ||
	       agent->hook->shape == HOOK_IS_PLUGIN;
}

int hook_make_folder(const struct agent *agent, const char *path,
		     struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct buf above = PATH_BUF_INIT;
	int rc = path_parent(&folder, path, err);

	if (rc == 0)
		rc = path_parent(&above, buf_text(&folder), err);
	if (rc == 0 && !file_is_dir(buf_text(&folder)) &&
	    (!has_folder(agent) || !file_is_dir(buf_text(&above))))
		rc = err_set(err, ERR_NOT_FOUND, "%s has no settings here: "
			     "there is no folder '%s'", agent->title,
			     buf_text(&folder));
	else if (rc == 0)
		rc = dir_make(buf_text(&folder), 0700, err);
	buf_release(&folder);
	buf_release(&above);
	return rc;
}

void hook_put_word(const char *word, struct buf *out)
{
	const char *at;

	if (*word && strspn(word, PLAIN_CHARS) == strlen(word)) {
		buf_put_str(out, word);
		return;
	}
	buf_put_char(out, '\'');
	for (at = word; *at; at++) {
		if (*at == '\'')
			buf_put_str(out, "'\\''");
		else
			buf_put_char(out, *at);
	}
	buf_put_char(out, '\'');
}

void hook_put_end(const struct hook_call *call, struct buf *out)
{
	buf_put_str(out, " -C ");
	hook_put_word(call->vault, out);
	buf_putf(out, " capture --hook %s", call->agent->name);
}

int hook_command(const struct hook_call *call, struct buf *out,
		 struct err *err)
{
	hook_put_word(call->program, out);
	hook_put_end(call, out);
	return buf_end(out, err);
}

static bool is_quoted(struct span text)
{
	size_t n;

	if (text.len < 2 || text.at[0] != '\'' ||
	    text.at[text.len - 1] != '\'')
		return false;
	text = span_of(text.at + 1, text.len - 2);
	while (text.len) {
		n = *text.at != '\'' ? 1 : span_begins(text, "'\\''") ? 4 : 0;
		if (!n)
			return false;
		text = span_of(text.at + n, text.len - n);
	}
	return true;
}

/* One word, as hook_put_word() writes it: what else is called there is a person's
 * own, and goes with nothing of ours. */
bool hook_is_word(struct span text)
{
	size_t i;

	if (is_quoted(text))
		return true;
	for (i = 0; i < text.len && text.at[i] &&
		    strchr(PLAIN_CHARS, text.at[i]); i++)
		;
	return i && i == text.len;
}

bool hook_is_ours(const struct hook_call *call, struct span command)
{
	struct buf end = BUF_INIT(BUF_NO_LIMIT);
	bool is_ours;

	hook_put_end(call, &end);
	is_ours = buf_end(&end, NULL) == 0 &&
		  span_ends(command, buf_text(&end)) &&
		  hook_is_word(span_of(command.at, command.len - end.len));
	buf_release(&end);
	return is_ours;
}

struct shape {
	int (*add)(const struct hook_call *call, struct span text,
		   struct buf *out, struct err *err);
	int (*remove)(const struct hook_call *call, struct span text,
		      struct buf *out, struct err *err);
};

static const struct shape shapes[] = {
	[HOOK_IN_GROUPS] = { hook_json_add, hook_json_remove },
	[HOOK_IN_LISTS] = { hook_json_add, hook_json_remove },
	[HOOK_IN_COMMANDS] = { hook_json_add, hook_json_remove },
	[HOOK_IS_NOTIFY] = { hook_notify_add, hook_notify_remove },
	[HOOK_IN_TABLES] = { hook_tables_add, hook_tables_remove },
	[HOOK_IS_SCRIPT] = { hook_file_add, hook_file_remove },
	[HOOK_IS_PLUGIN] = { hook_file_add, hook_file_remove },
};

int hook_add(const struct hook_call *call, struct span text, struct buf *out,
	     struct err *err)
{
	return shapes[call->agent->hook->shape].add(call, text, out, err);
}

int hook_remove(const struct hook_call *call, struct span text,
		struct buf *out, struct err *err)
{
	return shapes[call->agent->hook->shape].remove(call, text, out, err);
}

/* The end of a command, or its words in a list. */
bool hook_is_any(struct span text)
{
	return span_has(text, " capture --hook ") ||
	       span_has(text, "\"capture\", \"--hook\", ");
}
