#include "lib/settings/toml_text.h"

#include <string.h>

#include "lib/json/jdoc.h"

#define KEY_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

static int refuse(const struct toml_text *toml, const char *what,
		  struct err *err)
{
	return err_set(err, ERR_INVALID, "%s at line %zu", what, toml->line);
}

static bool is_at_end(const struct toml_text *toml)
{
	return toml->at == toml->text.len;
}

static char here(const struct toml_text *toml)
{
	return is_at_end(toml) ? '\0' : toml->text.at[toml->at];
}

static void step_toml(struct toml_text *toml)
{
	toml->line += here(toml) == '\n';
	toml->at++;
}

static bool begins(const struct toml_text *toml, const char *with)
{
	return span_begins(span_of(toml->text.at + toml->at,
				   toml->text.len - toml->at), with);
}

static void skip_blanks(struct toml_text *toml)
{
	while (here(toml) == ' ' || here(toml) == '\t' || here(toml) == '\r')
		step_toml(toml);
}

static void skip_line(struct toml_text *toml)
{
	while (!is_at_end(toml) && here(toml) != '\n')
		step_toml(toml);
}

static struct span trim(struct span text)
{
	while (text.len && strchr(" \t\r", text.at[text.len - 1]))
		text.len--;
	while (text.len && strchr(" \t", *text.at))
		text = span_of(text.at + 1, text.len - 1);
	return text;
}

/* "x", 'x', and either in three marks over several lines. */
static int skip_string(struct toml_text *toml, struct err *err)
{
	const struct toml_text begin = *toml;
	const char mark = here(toml);
	const char three[] = { mark, mark, mark, '\0' };
	const char one[] = { mark, '\0' };
	bool is_long = begins(toml, three);
	const char *end = is_long ? three : one;

	toml->at += strlen(end);
	while (!begins(toml, end)) {
		if (is_at_end(toml) || (!is_long && here(toml) == '\n'))
			return refuse(&begin, "a text without its end", err);
		if (mark == '"' && here(toml) == '\\')
			step_toml(toml);
		if (!is_at_end(toml))
			step_toml(toml);
	}
	toml->at += strlen(end);
	/* A mark may stand right before the end of a long one. */
	while (is_long && here(toml) == mark)
		step_toml(toml);
	return 0;
}

/* Up to the end of its line, or a comment there; of an array or table, of the
 * one that closes. */
static int skip_value(struct toml_text *toml, struct err *err)
{
	const struct toml_text begin = *toml;
	size_t depth = 0;
	int rc = 0;

	while (rc == 0 && !is_at_end(toml)) {
		char c = here(toml);

		if (c == '"' || c == '\'') {
			rc = skip_string(toml, err);
			continue;
		}
		if (c == '#' && !depth)
			break;
		if (c == '#')
			skip_line(toml);
		if (here(toml) == '\n' && !depth)
			break;
		if ((c == ']' || c == '}') && !depth--)
			return refuse(toml, "a bracket that nothing opens",
				      err);
		depth += c == '[' || c == '{';
		if (!is_at_end(toml))
			step_toml(toml);
	}
	if (rc == 0 && depth)
		rc = refuse(&begin, "a bracket without its end", err);
	return rc;
}

static int skip_key(struct toml_text *toml, struct span *out, struct err *err)
{
	size_t begin = toml->at;
	int rc = 0;

	while (rc == 0 && !is_at_end(toml) && here(toml) != '=') {
		if (here(toml) == '"' || here(toml) == '\'')
			rc = skip_string(toml, err);
		else if (here(toml) == ' ' || here(toml) == '\t' ||
			 (here(toml) && strchr(KEY_CHARS, here(toml))))
			step_toml(toml);
		else
			break;
	}
	if (rc < 0)
		return rc;
	*out = trim(span_of(toml->text.at + begin, toml->at - begin));
	if (!out->len || here(toml) != '=')
		return refuse(toml, "this is no TOML:", err);
	step_toml(toml);
	return 0;
}

/* How much of a key a name takes, whose parts may be quoted in it; 0: it is
 * another. */
static size_t match_name(struct span key, const char *name)
{
	size_t at = 0;

	for (; *name; name++) {
		while (at < key.len && strchr(" \t\"'", key.at[at]))
			at++;
		if (at == key.len || key.at[at++] != *name)
			return 0;
	}
	while (at < key.len && strchr(" \t\"'", key.at[at]))
		at++;
	return at;
}

bool toml_text_is_key(struct span key, const char *name)
{
	return key.len && match_name(key, name) == key.len;
}

bool toml_text_is_below(struct span key, const char *name)
{
	size_t len = match_name(key, name);

	return len && len < key.len && key.at[len] == '.';
}

bool toml_text_is_empty_list(struct span value)
{
	return value.len >= 2 && *value.at == '[' && span_ends(value, "]") &&
	       !trim(span_of(value.at + 1, value.len - 2)).len;
}

static int read_statement(struct toml_text *toml, size_t line_begin,
			  const char *const *names, struct toml_table *out,
			  struct err *err)
{
	const struct toml_text begin = *toml;
	struct toml_statement *found = NULL;
	struct span key;
	size_t value;
	size_t i;
	int rc = skip_key(toml, &key, err);

	if (rc < 0)
		return rc;
	skip_blanks(toml);
	value = toml->at;
	rc = skip_value(toml, err);
	if (rc == 0 && toml->at == value)
		rc = refuse(toml, "a key without a value", err);
	for (i = 0; rc == 0 && i < TOML_NAMES_MAX && names[i]; i++) {
		if (toml_text_is_key(key, names[i]) ||
		    toml_text_is_below(key, names[i]))
			found = &out->found[i];
	}
	if (rc == 0 && found && found->value.at)
		rc = refuse(&begin, "a key that stands twice:", err);
	if (rc < 0)
		return rc;
	value = toml->at - value;
	if (found)
		found->value = trim(span_of(toml->text.at + toml->at - value,
					    value));
	skip_line(toml);
	out->end = toml->at + !is_at_end(toml);
	if (found) {
		found->line = begin.line;
		found->begin = line_begin;
		found->end = out->end;
	}
	return 0;
}

/* [key] or [[key]] */
static int read_head(struct toml_text *toml, size_t line_begin,
		     struct toml_table *out, struct err *err)
{
	size_t begin = toml->at;
	struct span head;
	int rc;

	out->line = toml->line;
	out->begin = line_begin;
	rc = skip_value(toml, err);
	if (rc < 0)
		return rc;
	head = trim(span_of(toml->text.at + begin, toml->at - begin));
	out->is_listed = span_begins(head, "[[") && span_ends(head, "]]");
	begin = out->is_listed ? strlen("[[") : strlen("[");
	if (head.len <= 2 * begin || !span_ends(head, "]"))
		return refuse(toml, "this is no head of a table:", err);
	out->key = trim(span_of(head.at + begin, head.len - 2 * begin));
	skip_line(toml);
	out->end = toml->at + !is_at_end(toml);
	return 0;
}

int toml_text_next(struct toml_text *toml, const char *const *names,
		   struct toml_table *out, bool *out_is_there,
		   struct err *err)
{
	bool has_head = !toml->has_begun;
	size_t line_begin;
	int rc = 0;

	*out = (struct toml_table){ .begin = toml->at, .end = toml->at,
				    .line = toml->line };
	*out_is_there = has_head || !is_at_end(toml);
	toml->has_begun = true;
	while (rc == 0 && !is_at_end(toml)) {
		line_begin = toml->at;
		skip_blanks(toml);
		if (here(toml) == '[' && has_head) {
			toml->at = line_begin;
			break;
		}
		if (here(toml) == '[') {
			has_head = true;
			rc = read_head(toml, line_begin, out, err);
		} else if (here(toml) == '#') {
			skip_line(toml);
		} else if (here(toml) != '\n' && !is_at_end(toml)) {
			rc = read_statement(toml, line_begin, names, out,
					    err);
		}
		if (rc == 0 && !is_at_end(toml))
			step_toml(toml);
	}
	return rc;
}

size_t toml_text_string(struct span value)
{
	struct toml_text word = TOML_TEXT(value);

	if ((here(&word) != '"' && here(&word) != '\'') ||
	    skip_string(&word, NULL) < 0 || word.at > value.len)
		return 0;
	return word.at;
}

int toml_text_read(struct span value, struct buf *out)
{
	struct jdoc *doc = NULL;
	int rc;

	if (value.len >= 2 && *value.at == '\'' &&
	    toml_text_string(value) == value.len)
		return buf_add(out, value.at + 1, value.len - 2, NULL);
	rc = jdoc_parse(value, &(struct jdoc_options){ .flags = 0 }, &doc,
			NULL);
	if (rc == 0 && !jval_is(jdoc_root(doc), JVAL_STRING))
		rc = ERR_INVALID;
	if (rc == 0)
		rc = buf_add_span(out, jval_text(jdoc_root(doc)), NULL);
	jdoc_free(doc);
	return rc;
}

void toml_text_drop(struct span text, const struct toml_statement *statement,
		    struct buf *out)
{
	size_t end = statement->value.at ? statement->end : 0;

	buf_put(out, text.at, statement->value.at ? statement->begin : 0);
	buf_put(out, text.at + end, text.len - end);
}

static const char *line_end_of(struct span text)
{
	const char *end = text.len ? memchr(text.at, '\n', text.len) : NULL;

	return end && end > text.at && end[-1] == '\r' ? "\r\n" : "\n";
}

/* An empty line is between; a text whose last line has no end gets no other
 * such line. */
void toml_text_append(struct span text, struct span table, struct buf *out)
{
	const char *line_end = line_end_of(text);
	bool has_end = !text.len || text.at[text.len - 1] == '\n';
	struct span line;

	buf_put_span(out, text);
	if (!has_end)
		buf_put_str(out, line_end);
	buf_put_str(out, text.len ? line_end : "");
	while (table.len) {
		line = span_take_line(&table);
		buf_put_span(out, line);
		buf_put_str(out, table.len || has_end ? line_end : "");
	}
}

static size_t before_line_end(struct span text, size_t at)
{
	at -= at && text.at[at - 1] == '\n';
	return at - (at && text.at[at - 1] == '\r');
}

/* How long the line end is that stands there; 0: none does. */
static size_t line_end_at(struct span text, size_t at)
{
	struct span rest = span_of(text.at + at, text.len - at);

	return span_begins(rest, "\n") ? 1 : span_begins(rest, "\r\n") ? 2 : 0;
}

void toml_text_cut(struct buf *from, const struct toml_table *table)
{
	struct span text = buf_span(from);
	bool has_end = table->end && text.at[table->end - 1] == '\n';
	size_t begin = before_line_end(text, table->begin);
	size_t end;

	/* The empty line before it, where there is one; else that behind one
	 * that all begins with. */
	if (!begin || text.at[begin - 1] != '\n')
		begin = table->begin;
	else if (!has_end)
		begin = before_line_end(text, begin);
	end = table->end + (begin ? 0 : line_end_at(text, table->end));
	memmove(from->data + begin, text.at + end, text.len - end);
	buf_cut(from, begin + text.len - end);
}
