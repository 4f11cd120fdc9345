/*
 * What the view is about at a moment: what was typed, found and chosen. Keys
 * change it (keys.h), it is drawn from (draw.h); it knows no terminal, and
 * what is to be fetched or started for it is a wish.
 */
#ifndef VV_CMD_BROWSE_MODEL_H
#define VV_CMD_BROWSE_MODEL_H

#include "cmd/browse/edit.h"
#include "cmd/browse/hits.h"

/* What keys mean: a bit each, for the table of keys. */
enum place {
	PLACE_SEARCH = 1,	/* typing what is looked for */
	PLACE_LIST = 2,
	PLACE_HELP = 4
};

/* What whoever runs the view is to do next. */
enum wish {
	WISH_NONE,
	WISH_FIND,		/* once no more keys come: what is asked now */
	WISH_SUSPEND,
	WISH_REDRAW,		/* the terminal may hold anything */
	WISH_QUIT
};

#define MODEL_ROWS_LEAST 6
#define MODEL_COLS_LEAST 24

struct model {
	enum place place;
	enum place before_help;
	size_t rows;		/* of the screen */
	size_t cols;
	struct edit query;
	bool with_all;		/* hidden, thinking, tools are found too */
	struct hits hits;
	bool are_sessions;	/* nothing was asked for: the newest ones */
	bool is_busy;		/* something is being fetched */
	size_t cursor;		/* in hits */
	size_t top;		/* the first one shown */
	size_t help_top;
	struct buf status;	/* stays until the next key */
	bool is_error;
	enum wish wish;
};

#define MODEL_INIT { .place = PLACE_SEARCH, .query = EDIT_INIT, \
		     .hits = HITS_INIT, .status = BUF_INIT(BUF_NO_LIMIT) }
void model_release(struct model *model);

/* Where what stands on the screen. */
struct layout {
	bool is_too_small;
	size_t list_row, list_rows;
	size_t rule_row;	/* == preview_row: there is no preview */
	size_t preview_row, preview_rows;
	size_t status_row;
};
struct layout model_layout(const struct model *model);

void model_resize(struct model *model, size_t rows, size_t cols);

/* Show these hits instead of those before; they are emptied. */
void model_take_hits(struct model *model, struct hits *hits,
		     bool are_sessions);
/* NULL: there are none. */
const struct hit *model_hit(const struct model *model);
/* The choice goes so far up or down, and stays in the list and on the
 * screen. */
void model_step(struct model *model, long by);

void model_say(struct model *model, bool is_error, struct span sentence);

#endif
