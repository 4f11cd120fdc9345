#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define COMMON_CHARS 9		/* that all ids of records begin with */
#define SHORT_CHARS 10
#define VALUE_BYTES 60

/* What every command takes for the entity that the record speaks of. */
static struct span short_id(const struct jval *result)
{
	struct span id = jval_text(jval_first(jval_get(result, "records")));

	if (id.len < COMMON_CHARS + SHORT_CHARS)
		return id;
	return span_of(id.at + COMMON_CHARS, SHORT_CHARS);
}

/* The entity as a list shows it, as far as that is needed. */
static struct span short_entity(const struct jval *result)
{
	return text_cut(jval_get_text(result, "entity"),
			sizeof("memory:") - 1 + SHORT_CHARS);
}

bool render_remember(const struct jval *remembered)
{
	struct span id = short_entity(remembered);

	say_text(id);
	render_line(remembered, "  remembered in {construct}\n");
	say_note("'vvault edit %.*s' changes it, 'vvault rm %.*s' deletes it",
		 (int)id.len, id.at, (int)id.len, id.at);
	return true;
}

/* Both begin where they differ, if that is far behind. */
static size_t common(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.at[n] == b.at[n])
		n++;
	if (n < VALUE_BYTES / 2)
		return 0;
	n -= VALUE_BYTES / 4;
	/* Not within a character. */
	return text_cut(a, n).len;
}

static void say_words(struct span text, size_t from)
{
	struct span rest = span_of(text.at + from, text.len - from);
	struct span cut = text_cut(rest, VALUE_BYTES);
	struct buf line = BUF_INIT(VALUE_BYTES);
	size_t i;

	/* What stands on several lines is on one here. */
	for (i = 0; i < cut.len; i++)
		buf_put_char(&line, strchr("\n\r\t", cut.at[i]) ? ' ' :
			     cut.at[i]);
	say_printf(from ? "'..." : "'");
	say_text(buf_span(&line));
	say_printf(cut.len < rest.len ? "...'" : "'");
	buf_release(&line);
}

static void say_side(const struct jval *value, struct span name, size_t from)
{
	if (!value || jval_is(value, JVAL_NULL))
		say_printf("(none)");
	else if (jval_is(value, JVAL_STRING))
		say_words(jval_text(value), from);
	else
		render_short(value, name, VALUE_BYTES);
}

/* "  content: 'green' -> 'blue'"; of an object each field that changed.
 * path is what stands before its name, and is left as it was. */
static void say_change(struct buf *path, const struct jval *value,
		       const struct jval *was)
{
	size_t from = jval_is(was, JVAL_STRING) && jval_is(value, JVAL_STRING) ?
		      common(jval_text(was), jval_text(value)) : 0;
	const struct jval *member = jval_is(value, JVAL_OBJECT) ?
				    jval_first(value) : NULL;
	size_t len = path->len;

	buf_put_span(path, value->key);
	if (member) {
		buf_put_char(path, '/');
		for (; member; member = member->next)
			say_change(path, member,
				   jval_get_span(was, member->key));
	} else {
		say_printf("  ");
		say_text(buf_span(path));
		say_printf(": ");
		say_side(was, value->key, from);
		say_printf(" -> ");
		say_side(value, value->key, from);
		say_printf("\n");
	}
	buf_cut(path, len);
}

bool render_edit(const struct jval *edited)
{
	const struct jval *member = jval_first(jval_get(edited, "data"));
	struct buf path = BUF_INIT(BUF_NO_LIMIT);

	if (!member) {
		say_note("nothing was changed, so nothing is written");
		return true;
	}
	say_text(short_id(edited));
	render_line(edited, "  changed in {construct}: {what}\n");
	for (; member; member = member->next)
		say_change(&path, member,
			   jval_get_span(jval_get(edited, "was"), member->key));
	buf_release(&path);
	if (render_flag(edited, "imported"))
		say_note("this was imported, and what it came from still says "
			 "what it said: importing that again leaves your words; "
			 "'vvault undo' brings the old ones back");
	return true;
}

/* One as it was, several by how many of them there are; and what was named. */
bool render_rm(const struct jval *removed)
{
	const struct jval *deleted = jval_get(removed, "deleted");
	const struct jval *named = jval_first(jval_get(removed, "named"));

	if (jval_count(deleted) == 1 &&
	    span_equals(jval_text(jval_first(deleted)),
			jval_get_text(named, "entity"))) {
		render_line(removed, "deleted in {construct}: ");
		render_line(named, "{what}  {entity}\n");
		return true;
	}
	say_printf("%zu", jval_count(deleted));
	render_line(removed, " deleted in {construct}\n");
	for (; named; named = named->next)
		render_line(named, "  {what}  {entity}\n");
	return true;
}

/* A tag with how often it is, or what has them. */
bool render_tag(const struct jval *tagged)
{
	const struct jval *tag = jval_first(jval_get(tagged, "tags"));

	if (!jval_get(tagged, "tags")) {
		say_printf("%6llu  ", render_number(tagged, "count"));
		render_line(tagged, "{tag}\n");
		return true;
	}
	render_line(tagged, tag ? "{entity}: " : "{entity} has no tags\n");
	for (; tag; tag = tag->next) {
		say_text(jval_text(tag));
		say_printf("%s", tag->next ? ", " : "\n");
	}
	return true;
}
