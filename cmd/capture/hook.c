#include "cmd/capture/hook.h"

#include <string.h>

#include "cmd/capture/hook_internal.h"
#include "lib/json/jdoc.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define PLAIN_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" \
	"_@%+=:,./-"

int hook_path(const struct agent *agent, const struct agent_home *home,
	      struct buf *out, struct err *err)
{
	const struct agent_place *place = &agent->hook->file;
	const char *folder = home->variable(place->variable);

	if (folder && *folder)
		return path_join(out, folder, place->inner, err);
	folder = home->variable("HOME");
	if (!folder || !*folder)
		return err_set(err, ERR_NOT_FOUND, "there is no home: set "
			       "HOME");
	return path_join(out, folder, place->home, err);
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
	    (agent->hook->shape != HOOK_IN_LISTS ||
	     !file_is_dir(buf_text(&above))))
		rc = err_set(err, ERR_NOT_FOUND, "%s has no settings here: "
			     "there is no folder '%s'", agent->title,
			     buf_text(&folder));
	else if (rc == 0)
		rc = dir_make(buf_text(&folder), 0700, err);
	buf_release(&folder);
	buf_release(&above);
	return rc;
}

static void put_word(struct buf *out, const char *word)
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

/* " -C <vault> capture --hook <agent>" */
static void put_end(const struct hook_call *call, struct buf *out)
{
	buf_put_str(out, " -C ");
	put_word(out, call->vault);
	buf_putf(out, " capture --hook %s", call->agent->name);
}

int hook_command(const struct hook_call *call, struct buf *out,
		 struct err *err)
{
	put_word(out, call->program);
	put_end(call, out);
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

/* One word, as put_word() writes it: what else is called there is a person's
 * own, and goes with nothing of ours. */
static bool is_program_word(struct span text)
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

	put_end(call, &end);
	is_ours = buf_end(&end, NULL) == 0 &&
		  span_ends(command, buf_text(&end)) &&
		  is_program_word(span_of(command.at, command.len - end.len));
	buf_release(&end);
	return is_ours;
}

int hook_add(const struct hook_call *call, struct span text, struct buf *out,
	     struct err *err)
{
	return call->agent->hook->shape == HOOK_IS_NOTIFY ?
	       hook_toml_add(call, text, out, err) :
	       hook_json_add(call, text, out, err);
}

int hook_remove(const struct hook_call *call, struct span text,
		struct buf *out, struct err *err)
{
	return call->agent->hook->shape == HOOK_IS_NOTIFY ?
	       hook_toml_remove(call, text, out, err) :
	       hook_json_remove(call, text, out, err);
}

/* {"version":1} is what is left of a list. */
bool hook_is_empty(const struct agent *agent, struct span text)
{
	const struct jdoc_options options = { .flags = JDOC_BOM_SKIP };
	struct jdoc *doc = NULL;
	bool is_empty = !text.len;

	if (agent->hook->shape == HOOK_IN_LISTS &&
	    jdoc_parse(text, &options, &doc, NULL) == 0)
		is_empty = !jval_get(jdoc_root(doc), "hooks");
	jdoc_free(doc);
	return is_empty;
}
