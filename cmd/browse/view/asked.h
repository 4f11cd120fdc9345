/*
 * What is asked for: the words of the search line, and the filters among
 * them, "role:user since:2024-05". There are those that recall has.
 */
#ifndef VV_CMD_BROWSE_VIEW_ASKED_H
#define VV_CMD_BROWSE_VIEW_ASKED_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"
#include "lib/base/span.h"

/* What the filters are parameters of; NULL-named behind the last one. */
const struct action_param *asked_params(void);
/* Is it one that stands in a search line? */
bool asked_is_filter(const struct action_param *param);

struct asked {
	struct buf text;	/* that the others point into */
	/* For each of the parameters; NULL: not asked for. */
	const char *filters[ACTION_PARAMS_MAX];
	const char *words;	/* "": none */
};

#define ASKED_INIT { BUF_INIT(BUF_NO_LIMIT), { NULL }, "" }

/*
 * Read a search line. A value with blanks stands in quotes: since:"2 weeks
 * ago"; of a flag any will do: code:yes. is_typing: the last word may go on,
 * so words that begin so are asked for as well.
 */
MUST_USE int asked_read(struct span line, bool is_typing, struct asked *out,
			struct err *err);
void asked_release(struct asked *asked);

/* The value of a filter by its name; NULL: not asked for. */
const char *asked_filter(const struct asked *asked, const char *name);

/* Append the line with that filter set, or (value empty) without it. */
void asked_change(struct span line, const char *name, struct span value,
		  struct buf *out);

#endif
