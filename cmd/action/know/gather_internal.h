/*
 * Pieces of gathering: which groups something is in, and how much there is.
 */
#ifndef VV_CMD_ACTION_KNOW_GATHER_INTERNAL_H
#define VV_CMD_ACTION_KNOW_GATHER_INTERNAL_H

#include "cmd/action/know/gather.h"

#define LINES_MAX (LISTS_UNNAMED + 1)	/* and what has none */

/* Set gather->of_lines: the groups of models or roles. */
MUST_USE int gather_lines(struct gather *gather, struct span lines,
			  struct err *err);
/* Set gather->of_session, where it alone decides. */
MUST_USE int gather_session(struct gather *gather, struct span construct,
			    const struct lists_session *session,
			    struct err *err);
/* The group of a time, and of a message by what groups are made by. */
MUST_USE int gather_time(struct gather *gather, int64_t micros, size_t *out,
			 struct err *err);
MUST_USE int gather_message(struct gather *gather,
			    const struct lists_said *said, size_t *out,
			    struct err *err);

/* Add entities, records and bytes of a view; or these of each kind. */
MUST_USE int gather_sizes(struct gather *gather, struct view *view,
			  const struct lists *lists, struct err *err);
MUST_USE int gather_kinds(struct gather *gather, struct lists *lists,
			  struct err *err);

#endif
