/*
 * Styled text on its way to lines that fit: broken between words, each line
 * behind the marks of the lists and quotes that it stands in.
 */
#ifndef VV_CMD_RENDER_READ_FLOW_H
#define VV_CMD_RENDER_READ_FLOW_H

#include "cmd/cli/say.h"
#include "cmd/cli/screen.h"
#include "lib/base/buf.h"

#define FLOW_LEVELS 24

struct flow_cell {
	uint32_t point;
	uint16_t link;		/* of links, from 1; 0: none */
	uint8_t style;
	uint8_t columns;
};

/* What stands before the text: the first line of it, and all others. */
struct flow_level {
	char first[24];
	char rest[24];
	bool is_begun;		/* the first line is out */
};

struct flow {
	unsigned width;		/* of the screen; 0: lines are not broken */
	struct flow_level levels[FLOW_LEVELS];
	size_t depth;		/* of levels; may be more than there are */
	struct flow_cells {
		struct flow_cell *at;
		size_t n;
		size_t cap;
	} cells;
	struct { char **at; size_t n, cap; } links;
	bool is_tight;		/* nothing is out that wants a blank line */
};

#define FLOW_INIT(columns) { .width = (columns), .is_tight = true }
void flow_release(struct flow *flow);

/* Columns that are left for text, at least 10; 0: as many as it likes. */
unsigned flow_room(const struct flow *flow);

void flow_push(struct flow *flow, const char *first, const char *rest);
void flow_pop(struct flow *flow);

/* The number of an address that text leads to; 0: no memory. */
uint16_t flow_link(struct flow *flow, struct span url);

/* Add text, escaped where a person reads it; a line end ends the line. Without
 * memory it is left out. */
void flow_put(struct flow *flow, unsigned style, uint16_t link,
	      struct span text);
/* The same into cells of the caller's, where a line end is a blank. */
void flow_cells_put(struct flow_cells *cells, unsigned style, uint16_t link,
		    struct span text);

unsigned flow_columns(const struct flow_cells *cells);
/* Leave out what does not fit into one line, and say so. */
void flow_cut(struct flow *flow);
/* Print what was put, broken or as it stands. */
void flow_end(struct flow *flow, bool is_broken);
/* A blank line, unless nothing stands before it. */
void flow_gap(struct flow *flow);

/* How many cells, from that one on, fit into columns (0: all); *next: where
 * the line behind begins. */
size_t flow_fit(const struct flow_cells *cells, size_t from, unsigned columns,
		size_t *next);
/* Print some cells; the marks before a line, of which those that are blank are
 * left out where nothing follows. */
void flow_print(const struct flow *flow, const struct flow_cells *cells,
		size_t from, size_t to);
void flow_print_marks(struct flow *flow, bool is_blank);

#endif
