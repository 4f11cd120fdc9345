/*
 * Where a page (cmd/context/brief.h) goes, and how it is written: what the
 * actions that make one have in common.
 */
#ifndef VV_CMD_ACTION_CONTEXT_DELIVERY_H
#define VV_CMD_ACTION_CONTEXT_DELIVERY_H

#include "cmd/action/action.h"
#include "cmd/context/brief.h"

/* How their titles begin, by which files of ours are known again. */
#define CONTEXT_BEGINS "Context of "
#define HANDOFF_BEGINS "Handoff: "

#define DELIVERY_PARAMS \
	{ "budget", ACTION_COUNT, 0, "<tokens>", \
	  "of at most so many, by estimate" }, \
	{ "out", ACTION_TEXT, 0, "<file>", \
	  "into a file: a new one, or one that such a page stands in" }, \
	{ "clipboard", ACTION_FLAG, 0, NULL, "onto the clipboard" }

/* Are --budget, --for or --to, --out and --clipboard right? otherwise: the
 * budget where none is given. */
MUST_USE int delivery_check(const struct action_call *call, uint64_t otherwise,
			    struct err *err);

/* Set what they say of the page. */
void delivery_begin(const struct action_call *call, uint64_t otherwise,
		    struct brief *brief);

/*
 * Write the page, whose items were chosen, to where it is to go, and emit one
 * object: the fields, those of brief_put(), "for", and "out" (the file) and
 * "copied" (by what), null where it went elsewhere. ERR_EXISTS: something else
 * stands in that file.
 */
MUST_USE int delivery_tell(struct action_call *call, struct brief *brief,
			   struct jcs_fields *fields, struct err *err);

#endif
