#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/render/render.h"

#define COMMON_CHARS 9		/* that all ids of records begin with */
#define SHORT_CHARS 10

/* What every command takes for the entity that the record speaks of. */
static struct span short_id(const struct jval *result)
{
	struct span id = jval_text(jval_first(jval_get(result, "records")));

	if (id.len < COMMON_CHARS + SHORT_CHARS)
		return id;
	return span_of(id.at + COMMON_CHARS, SHORT_CHARS);
}

bool render_remember(const struct jval *remembered)
{
	struct span id = short_id(remembered);

	say_text(id);
	render_line(remembered, "  remembered in {construct}\n");
	say_note("'vvault edit %.*s' changes it, 'vvault rm %.*s' deletes it",
		 (int)id.len, id.at, (int)id.len, id.at);
	return true;
}

bool render_edit(const struct jval *edited)
{
	const struct jval *member = jval_first(jval_get(edited, "data"));

	if (!member) {
		say_note("nothing was changed, so nothing is written");
		return true;
	}
	say_text(short_id(edited));
	render_line(edited, "  changed in {construct}: ");
	for (; member; member = member->next) {
		say_text(member->key);
		say_printf("%s", member->next ? ", " : "\n");
	}
	return true;
}

/* One by its name, several by how many of them there are. */
bool render_rm(const struct jval *removed)
{
	const struct jval *deleted = jval_get(removed, "deleted");

	if (jval_count(deleted) == 1) {
		say_text(jval_text(jval_first(deleted)));
		render_line(removed, " deleted in {construct}\n");
		return true;
	}
	say_printf("%zu", jval_count(deleted));
	render_line(removed, " deleted in {construct}\n");
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
