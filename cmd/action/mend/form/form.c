#include "cmd/action/mend/form/form.h"

#include <string.h>

#include "cmd/action/mend/form/form_internal.h"

const char *form_words(const struct kind *kind)
{
	const struct kind_field *field;

	for (field = kind->fields; field->name; field++) {
		if (field->flags & KIND_WORDS)
			return field->name;
	}
	return NULL;
}

/* Can it be a name in front of a colon? */
static bool is_plain_name(struct span name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if ((unsigned char)name.at[i] < ' ')
			return false;
	}
	return name.len && !strchr("#- \"", name.at[0]) &&
	       !strchr(": ", name.at[name.len - 1]) && !span_has(name, ": ");
}

/* On one line, as it is? */
static bool is_plain_text(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < ' ')
			return false;
	}
	return span_trim(text, SPAN_BLANKS).len == text.len &&
	       !span_equals(text, span_str(FORM_BLOCK));
}

static void put_block(struct buf *out, struct span text)
{
	buf_put_str(out, FORM_BLOCK "\n");
	do {
		struct span line = span_take_line(&text);

		buf_put_str(out, line.len ? FORM_INDENT : "");
		buf_put_span(out, line);
		buf_put_char(out, '\n');
	} while (text.len);
}

/* Words with commas between them, where that tells each. */
static bool is_plain_set(const struct jval *value)
{
	const struct jval *item = jval_first(value);

	if (!jval_is(value, JVAL_ARRAY) || !item)
		return false;
	for (; item; item = item->next) {
		struct span text = jval_text(item);

		if (!text.len || !is_plain_text(text) || span_has(text, ",") ||
		    text.at[0] == '[')
			return false;
	}
	return true;
}

static void put_value(struct buf *out, const struct jval *value, bool is_set)
{
	const struct jval *item;

	if (is_set && is_plain_set(value)) {
		for (item = jval_first(value); item; item = item->next) {
			buf_put_span(out, jval_text(item));
			buf_put_str(out, item->next ? ", " : "\n");
		}
	} else if (!jval_is(value, JVAL_STRING)) {
		buf_put_span(out, value->raw);
		buf_put_char(out, '\n');
	} else if (is_plain_text(jval_text(value))) {
		buf_put_span(out, jval_text(value));
		buf_put_char(out, '\n');
	} else {
		put_block(out, jval_text(value));
	}
}

/* "$blob" and its like are no fields to edit. */
static bool is_inner(const struct jval *value)
{
	const struct jval *first = jval_first(value);

	return jval_is(value, JVAL_OBJECT) && first &&
	       !span_begins(first->key, "$");
}

/* One leaf a line; path is put back as it was. */
static void put_leaves(struct buf *out, struct buf *path,
		       const struct jval *value, bool is_set)
{
	const struct jval *member = jval_first(value);
	size_t len = path->len;

	if (!is_inner(value)) {
		if (jval_is(value, JVAL_OBJECT) && member)
			return;
		if (!is_plain_name(buf_span(path)))
			return;
		buf_put_span(out, buf_span(path));
		buf_put_str(out, ": ");
		put_value(out, value, is_set);
		return;
	}
	for (; member; member = member->next) {
		buf_put_char(path, '/');
		form_put_name(path, member->key);
		put_leaves(out, path, member, false);
		buf_cut(path, len);
	}
}

static void put_field(struct buf *out, const struct kind *kind,
		      struct span name, const struct jval *value)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);

	form_put_name(&path, name);
	put_leaves(out, &path, value, kind_field_is_set(kind, name));
	buf_release(&path);
}

/* Those with a meaning first, in their order, then the others. */
static void put_fields(struct buf *out, const struct kind *kind,
		       const struct jval *state)
{
	const struct kind_field *field;
	const struct jval *member;

	for (field = kind->fields; field->name; field++) {
		member = jval_get(state, field->name);
		if (field->flags & (KIND_FIXED | KIND_WORDS))
			continue;
		if (member)
			put_field(out, kind, member->key, member);
		else if (field->flags & KIND_OFFERED)
			buf_putf(out, "%s:\n", field->name);
	}
	for (member = jval_first(state); member; member = member->next) {
		if (!kind_field(kind, member->key))
			put_field(out, kind, member->key, member);
	}
}

int form_show(const struct kind *kind, const struct jval *state,
	      struct span words, const char *heading, struct buf *out,
	      struct err *err)
{
	buf_put_str(out, heading);
	put_fields(out, kind, state);
	if (form_words(kind)) {
		buf_put_str(out, FORM_LINE "\n");
		buf_put_span(out, words);
		if (words.len && words.at[words.len - 1] != '\n')
			buf_put_char(out, '\n');
	}
	return buf_end(out, err);
}
