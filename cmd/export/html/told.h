/*
 * What a message holds: its content, and its parts where they came.
 */
#ifndef VV_CMD_EXPORT_HTML_TOLD_H
#define VV_CMD_EXPORT_HTML_TOLD_H

#include "cmd/export/html/page.h"

/* A message at hand, its content decoded. */
struct told {
	struct page *page;
	struct span state;
	struct span content;
	size_t done;		/* of the content that is written */
	size_t spoken;		/* of the content that parts have come by */
	struct span first;	/* part that the line of a folded one tells */
	bool is_folded;		/* the message itself, so that parts need not */
	bool is_output;		/* of a tool: no Markdown */
	bool has_rest;		/* that is not shown */
};

/* All of both; sets has_rest. */
void told_put_parts(struct told *told);

/* What kind of part it is, in the words of its source, and to a reader. */
struct span part_type(struct span part);
void part_put_label(struct buf *out, struct span type);

/* What a part does, in a line: the tool and what it was given. */
void part_put_gist(struct page *page, struct span part);

/* How a text begins, in what is left of a line. */
void page_put_gist(struct page *page, struct span text);

#endif
