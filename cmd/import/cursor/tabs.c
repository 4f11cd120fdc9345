#include "cmd/import/cursor/cursor_internal.h"

#include "lib/id/encode.h"

/* A tab is a chat that holds its bubbles itself. */
static int put_tab(struct cursor_run *run, const struct jval *tab,
		   struct span folder, struct err *err)
{
	struct cursor_talk talk = { .key = jval_get_text(tab, "tabId"),
				    .composer = tab,
				    .header = { .cwd = folder } };
	char room[2 * CURSOR_ID_BYTES + 1];
	unsigned char id[CURSOR_ID_BYTES];

	if (!jval_is(tab, JVAL_OBJECT))
		return import_malformed(run->job, run->source,
					"a chat that is no object", 0,
					tab->raw, err);
	if (!talk.key.len) {
		cursor_id(tab->raw, id);
		hex_text(id, sizeof(id), room);
		talk.key = span_str(room);
	}
	return cursor_put_talk(run, &talk, err);
}

int cursor_put_tabs(struct cursor_run *run, const struct jval *root,
		    struct span folder, struct err *err)
{
	const struct jval *tabs = jval_get(root, "tabs");
	const struct jval *tab = jval_is(tabs, JVAL_ARRAY) ?
		jval_first(tabs) : NULL;
	int rc = 0;

	for (; rc == 0 && tab; tab = tab->next)
		rc = put_tab(run, tab, folder, err);
	return rc;
}
