/*
 * What is asked for: the words of the search line, and the filters among
 * them, "role:user since:2024-05".
 */
#ifndef VV_CMD_BROWSE_ASKED_H
#define VV_CMD_BROWSE_ASKED_H

#include "lib/base/buf.h"
#include "lib/base/span.h"

/* Named as the parameters of recall are. */
enum asked_filter {
	ASKED_CONSTRUCT, ASKED_KIND, ASKED_ROLE, ASKED_MODEL, ASKED_PROVIDER,
	ASKED_SESSION, ASKED_SINCE, ASKED_UNTIL, ASKED_FILTERS
};

extern const char *const asked_names[ASKED_FILTERS];

struct asked {
	struct buf text;	/* that the others point into */
	const char *filters[ASKED_FILTERS];	/* NULL: any */
	const char *words;	/* "": none */
};

#define ASKED_INIT { BUF_INIT(BUF_NO_LIMIT), { NULL }, "" }

/*
 * Read a search line. A value with blanks stands in quotes: since:"2 weeks
 * ago". is_typing: the last word may go on, so words that begin so are asked
 * for as well.
 */
MUST_USE int asked_read(struct span line, bool is_typing, struct asked *out,
			struct err *err);
void asked_release(struct asked *asked);

/* The line with that filter set (value NULL: without it) into out. */
void asked_change(struct span line, enum asked_filter filter,
		  const char *value, struct buf *out);

#endif
