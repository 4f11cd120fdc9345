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
