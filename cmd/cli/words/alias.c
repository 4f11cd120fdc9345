#include "cmd/cli/words/alias.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/cli/person/preferences.h"
#include "cmd/cli/words/family.h"

#define CHAIN_MAX 10		/* aliases of aliases */

void alias_release(struct alias *alias)
{
	buf_release(&alias->text);
	free(alias->argv);
	alias->argv = NULL;
}

static const char *value_of(const char *name)
{
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	const char *value = NULL;

	buf_putf(&key, "alias.%s", name);
	if (buf_end(&key, NULL) == 0)
		value = preference(buf_text(&key));
	buf_release(&key);
	return value;
}

static bool is_command(const char *name)
{
	return cmd_find(name) || family_of_plural(name);
}

/* Append the words of a text, each with its final zero. Blanks part them; in
 * '' or "" stands what else would; no shell is asked. Returns how many. */
static int put_words(const char *text, struct buf *out)
{
	char quote = '\0';
	bool is_inside = false;
	int n = 0;

	for (; *text; text++) {
		if (!quote && (*text == ' ' || *text == '\t')) {
			if (is_inside)
				buf_put_char(out, '\0');
			is_inside = false;
			continue;
		}
		n += !is_inside;
		is_inside = true;
		if (quote && *text == quote)
			quote = '\0';
		else if (!quote && (*text == '\'' || *text == '"'))
			quote = *text;
		else
			buf_put_char(out, *text);
	}
	if (is_inside)
		buf_put_char(out, '\0');
	return n;
}

static int refuse(struct session *session, const char *name, const char *why)
{
	(void)err_set(&session->err, ERR_INVALID, "the alias '%s' %s", name,
		      why);
	return CMD_USAGE;
}

/* Put what an alias stands for before the words behind its name. */
static int unfold(struct session *session, const char *name, struct buf *text,
		  int *n)
{
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	size_t first = strlen(name) + 1;
	int words;
	int rc;

	words = put_words(value_of(name), &rest);
	if (!words) {
		buf_release(&rest);
		return refuse(session, name, "stands for nothing");
	}
	buf_put(&rest, buf_text(text) + first, text->len - first);
	rc = buf_end(&rest, &session->err);
	if (rc == 0) {
		*n += words - 1;
		buf_reset(text);
		rc = buf_add_span(text, buf_span(&rest), &session->err);
	}
	buf_release(&rest);
	return rc;
}

static int unfold_all(struct session *session, const char *name,
		      struct buf *text, int *n)
{
	int rc = buf_add(text, name, strlen(name) + 1, &session->err);
	int left = CHAIN_MAX;

	*n = 1;
	while (rc == 0 && !is_command(buf_text(text))) {
		if (!value_of(buf_text(text)))
			return refuse(session, name, "leads to no command");
		if (!left--)
			return refuse(session, name, "leads back to itself");
		rc = unfold(session, buf_text(text), text, n);
	}
	return rc;
}

int alias_expand(struct session *session, int argc, char **argv,
		 struct alias *out)
{
	char *at;
	int n = 0;
	int i;
	int rc;

	if (is_command(argv[0]) || !value_of(argv[0]))
		return 0;
	rc = unfold_all(session, argv[0], &out->text, &n);
	if (rc < 0)
		return rc;
	out->argv = calloc((size_t)(n + argc), sizeof(*argv));
	if (!out->argv)
		return err_set(&session->err, ERR_NOMEM, "no memory for words");
	at = out->text.data;
	for (i = 0; i < n; i++, at += strlen(at) + 1)
		out->argv[i] = at;
	for (i = 1; i < argc; i++)
		out->argv[n + i - 1] = argv[i];
	out->argc = n + argc - 1;
	return 0;
}
