/*
 * The words that an entity is known by.
 */
#ifndef VV_CMD_RENDER_READ_WORDS_H
#define VV_CMD_RENDER_READ_WORDS_H

#include "cmd/render/read/flow.h"

/* Put the title or the first words of a state, a canonical object, on one
 * line. */
void words_of_state(struct span state, struct flow_cells *out, unsigned style);

/* "1.5 kB" */
void words_of_size(unsigned long long bytes, char out[32]);

#endif
