/*
 * Values of a kept file that are others now, put into its text.
 */
#ifndef VV_CMD_EXPORT_EDITS_H
#define VV_CMD_EXPORT_EDITS_H

#include "cmd/export/export.h"
#include "lib/json/jdoc.h"

/* A value of the file that is another one now. */
struct edit {
	struct span raw;
	size_t text;			/* where its JSON is in edits.text */
	size_t len;
};

struct edits {
	struct view *view;
	struct edit *at;
	size_t n;
	size_t cap;
	struct buf text;
};

#define EDITS_INIT(view) { (view), NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT) }

/* Is the value of the file still what is so now (canonical; absent: nobody
 * says)? Else note it. */
MUST_USE int edits_compare(struct edits *edits, const struct jval *value,
			   struct span now, struct err *err);

/* Append the text that the values were parsed from, with the edits in it. */
void edits_apply(struct edits *edits, struct span text, struct buf *out);
void edits_release(struct edits *edits);

#endif
