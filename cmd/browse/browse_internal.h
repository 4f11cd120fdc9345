/*
 * The view at work: what it fetches, and where it leads.
 */
#ifndef VV_CMD_BROWSE_BROWSE_INTERNAL_H
#define VV_CMD_BROWSE_BROWSE_INTERNAL_H

#include "cmd/browse/leaf.h"
#include "cmd/browse/screen.h"
#include "cmd/browse/source.h"
#include "cmd/browse/view/model.h"
#include "cmd/stay/worker.h"

/* A preview is fetched once the choice has rested for so long. */
#define REST_MS 80
/* A program that opens a page is asked so often whether it failed. */
#define LEAF_MS 250

/* What the worker is doing. */
enum task {
	TASK_NONE, TASK_SEARCH, TASK_SESSIONS, TASK_READ, TASK_PAGE,
	TASK_PREVIEW
};

struct browse {
	struct action_call *call;
	struct screen *screen;
	struct grid grid;
	struct model model;
	struct worker worker;
	enum task task;
	int64_t began;		/* that */
	struct asked asked;	/* what a search is for */
	struct hits coming;	/* of a task */
	struct talk talk;
	struct buf entity;	/* where reading is to begin */
	struct leaf leaf;	/* what a browser shows */
	bool reads_next;	/* once there are hits, the first one */
	int64_t due;		/* when to look for what is asked; -1: not */
	int64_t preview_due;	/* when to fetch the preview; -1: not */
	bool leaf_told;		/* that the page is opened, or is not */
	int64_t leaf_due;	/* when to ask what became of the page */
	int64_t busy_due;	/* when to say that it takes long; -1: not */
};

#define BROWSE_INIT(action_call) \
	{ .call = (action_call), .model = MODEL_INIT, .worker = WORKER_INIT, \
	  .asked = ASKED_INIT, .coming = HITS_INIT, .talk = TALK_INIT, \
	  .entity = BUF_INIT(BUF_NO_LIMIT), .leaf = LEAF_INIT, .due = -1, \
	  .preview_due = -1, .leaf_due = -1, .busy_due = -1 }

void browse_say(struct browse *browse, bool is_error, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Say what failed, and forget it. */
void browse_say_failure(struct browse *browse, struct err *err);

/* Begin to look for what is asked now; what was looked for is given up. */
void fetch_hits(struct browse *browse);
/* May what was looked for be given up? A search that takes long makes an
 * index, most likely, which the next one needs as well. */
bool fetch_may_stop(const struct browse *browse);
/* Begin to read the chosen hit's session, the same session anew, or the branch
 * that is wished for; to write it as a page. */
void fetch_talk(struct browse *browse);
void fetch_again(struct browse *browse);
void fetch_branch(struct browse *browse);
void fetch_page(struct browse *browse);
/* Begin to fetch the preview of the chosen hit; one that is on its way, of
 * whatever hit, is no longer wanted. */
void fetch_preview(struct browse *browse);
void fetch_no_preview(struct browse *browse);
/* Take what has come of it into the model. */
void fetch_take(struct browse *browse);

/* Read what is read in the user's pager. */
void leave_to_pager(struct browse *browse);
/* Give the id of what the keys are about to the terminal's clipboard. */
void leave_copy(struct browse *browse);

#endif
