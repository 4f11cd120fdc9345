/*
 * What the view is about at a moment: what was typed, found and chosen. Keys
 * change it (keys.h), it is drawn from (draw.h); it knows no terminal, and
 * what is to be fetched or started for it is a wish.
 */
#ifndef VV_CMD_BROWSE_VIEW_MODEL_H
#define VV_CMD_BROWSE_VIEW_MODEL_H

#include "cmd/browse/view/edit.h"
#include "cmd/browse/view/hits.h"
#include "cmd/browse/view/talk.h"

/* What keys mean: a bit each, for the table of keys. */
enum place {
	PLACE_SEARCH = 1,	/* typing what is looked for */
	PLACE_LIST = 2,
	PLACE_READ = 4,
	PLACE_FIND = 8,		/* typing what is looked for in what is read */
	PLACE_HELP = 16
};

/* What whoever runs the view is to do next. */
enum wish {
	WISH_NONE,
	WISH_FIND,		/* once no more keys come: what is asked now */
	WISH_MORE,		/* hits of the same */
	WISH_READ,		/* the session of the hit */
	WISH_READ_AGAIN,	/* the same, as it is to be shown now */
	WISH_BRANCH,		/* the same with another alternative */
	WISH_PAGER,
	WISH_BROWSER,
	WISH_COPY,
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
	struct hits hits;
	size_t most;		/* hits that are asked for */
	bool are_sessions;	/* nothing was asked for: the newest ones */
	bool has_hits;		/* they have come, if there are any */
	bool are_partial;		/* and of what cannot be read it was said */
	bool is_busy;		/* something is being fetched, and takes long */
	size_t cursor;		/* in hits */
	size_t top;		/* the first one shown */
	struct talk talk;	/* what is read */
	bool with_tools;	/* unfolded */
	bool with_thinking;	/* and what is hidden */
	struct buf construct;	/* where that stands */
	struct buf session;
	struct buf title;
	size_t line;		/* the first one shown */
	size_t match;		/* the line that was gone to last */
	struct span fork;	/* a turn of it with alternatives ... */
	size_t branch;		/* ... of which this one is wished for */
	struct edit found;	/* what is looked for in it */
	bool finds_words;	/* its words, each by itself */
	struct talk preview;	/* of a hit: what it is part of */
	struct buf previewed;	/* its entity, and construct */
	size_t help_top;
	struct buf status;	/* stays until the next key */
	bool is_error;
	bool is_ascii;
	enum wish wish;
};

/* So many hits come fast; more of them when one has gone through these. */
#define MODEL_HITS 25
#define MODEL_HITS_MOST 1600

#define MODEL_INIT { .place = PLACE_SEARCH, .most = MODEL_HITS, .query = EDIT_INIT, \
		     .hits = HITS_INIT, .talk = TALK_INIT, \
		     .preview = TALK_INIT, \
		     .previewed = BUF_INIT(BUF_NO_LIMIT), \
		     .found = EDIT_INIT, .construct = BUF_INIT(BUF_NO_LIMIT), \
		     .session = BUF_INIT(BUF_NO_LIMIT), \
		     .title = BUF_INIT(BUF_NO_LIMIT), .status = BUF_INIT(BUF_NO_LIMIT) }
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

/* Show these hits instead of those before; they are emptied. What was chosen
 * stays so where it was more of the same that came. */
void model_take_hits(struct model *model, struct hits *hits,
		     bool are_sessions);
/* Are there likely to be more than those that were asked for? */
bool model_has_more(const struct model *model);
/* What its session is called, or begins with. */
struct span hit_title(const struct hit *hit);
/* The words that are marked in it. */
struct wanted hit_wanted(const struct hit *hit);
/* NULL: there are none. */
const struct hit *model_hit(const struct model *model);
/* Read this talk instead of the one before; it is emptied. It begins at the
 * turn of that entity, else at the one that was named, else at the begin. */
void model_take_talk(struct model *model, struct talk *talk,
		     struct span entity);
/* What is read from now on, once it has come, is the session of that hit, with
 * its marked words to look for. */
void model_set_session(struct model *model, const struct hit *hit);
/* What is looked for in what is read; borrowed. */
struct wanted model_wanted(const struct model *model);

/* Is the preview of the chosen hit there? False as well where none is
 * chosen. */
bool model_has_preview(const struct model *model);
/* It is now; talk is emptied. */
void model_take_preview(struct model *model, struct talk *talk,
			const struct hit *hit);
/* Lines of it on the screen. */
size_t model_read_rows(const struct model *model);
void model_scroll_to(struct model *model, size_t line);
/* The turn that keys are about: the one that was gone to last, if that is on
 * the screen, else the first one there. */
size_t model_turn(const struct model *model);
/* Go to a turn. */
void model_turn_to(struct model *model, size_t turn);
/* Go to the next line, or the one before, that has what is looked for. */
void model_seek(struct model *model, bool is_back);
/* Go to the next turn that has alternatives, or to the one before. */
void model_fork(struct model *model, bool is_back);
/* Wish for the alternative before or behind that of the first turn on the
 * screen that has some. */
void model_branch(struct model *model, bool is_back);
/* What the key of the place is about: the chosen hit, the turn that is read;
 * empty: nothing. */
struct span model_entity(const struct model *model);

/* The choice goes so far up or down, and stays in the list and on the
 * screen. */
void model_step(struct model *model, long by);

void model_say(struct model *model, bool is_error, struct span sentence);

#endif
