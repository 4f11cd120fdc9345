/*
 * What the parts of a portrait in markdown share.
 */
#ifndef VV_CMD_EXPORT_MARKDOWN_MARKDOWN_H
#define VV_CMD_EXPORT_MARKDOWN_MARKDOWN_H

#include "cmd/export/homes.h"

/* Text from outside, what a terminal obeys escaped; every line gets the
 * prefix. */
void markdown_put_lines(struct buf *out, struct span text,
			const char *prefix);

/* What markdown does not tell. */
struct markdown_untold {
	uint64_t deleted;	/* messages of deleted sessions */
	uint64_t natives;	/* messages with more than is known of them */
	uint64_t others;	/* what else lies with conversations: acus */
};

/* Append the text of a file that stands in a part, quoted below its name;
 * not told: the part is no such file, or its bytes are not here. */
MUST_USE int markdown_attached(struct view *view, struct span part,
			       struct buf *out, bool *out_is_told,
			       struct err *err);

/* The sessions of a construct, behind what is written of it already. */
MUST_USE int markdown_sessions(const struct export *export,
			       struct markdown_untold *untold,
			       struct err *err);

/*
 * Append the messages of the shown branch that the source showed; the others,
 * and what is no text, are counted in a line. Adds to natives.
 */
MUST_USE int markdown_talk(struct view *view, struct talk_home *home,
			   struct buf *out, uint64_t *natives,
			   struct err *err);

#endif
