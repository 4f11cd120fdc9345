/*
 * What the files of brief.h share.
 */
#ifndef VV_CMD_CONTEXT_BRIEF_INTERNAL_H
#define VV_CMD_CONTEXT_BRIEF_INTERNAL_H

#include "cmd/context/brief.h"

/* The tokens of all that is no item: of as much as there may be of it. */
MUST_USE int brief_frame(struct brief *brief, size_t *out_tokens,
			struct err *err);

/* Items of a section that are not shown. */
static inline size_t brief_left_out(const struct brief_section *section)
{
	return section->items.n - section->in + section->beyond;
}

#endif
