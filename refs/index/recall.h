/*
 * Recall: what was said, found by its words, over one or more constructs at a
 * version each. What stands in the fold is what is found; what a fold hides is
 * found only in the history. Shards (shards.h) save reading it; where they
 * cannot help, it is read.
 */
#ifndef VV_REFS_INDEX_RECALL_H
#define VV_REFS_INDEX_RECALL_H

#include "objects/tree/tree.h"
#include "refs/index/rank.h"
#include "refs/index/words/spoken.h"
#include "refs/view/view.h"

/* What may be a hit. A NULL takes any. */
struct recall_filter {
	const struct kind *kind;
	const char *role;
	const char *model;
	const char *provider;
	const char *session;	/* an entity, with or without "session:" */
	const char *project;	/* a folder that it was in, or above it */
	int64_t since;		/* microseconds; INT64_MIN: no bound ... */
	int64_t until;		/* ... and INT64_MAX */
	int64_t stored_since;	/* the vault learned it then or later; 0: any */
	bool with_history;	/* each record, superseded and deleted too */
	bool with_all;		/* hidden, thinking, tools and what is meta */
	bool has_code;		/* nothing but texts of code */
};

struct recall {
	struct words *words;
	struct query *query;
	struct recall_filter filter;	/* borrowed texts */
	struct view **views;		/* borrowed, in the order of adding */
	size_t views_n;
	size_t views_cap;
	struct tree_segments *segments;	/* where rows of each view lie */
	size_t segments_cap;
	bool is_plain;			/* no shards: all is read and folded */
	struct rows rows;
	struct ranked *hits;		/* the best first */
	size_t hits_n;
};

/* ERR_INVALID, ERR_LIMIT: not words that can be looked for. */
MUST_USE int recall_new(struct span words, const struct recall_filter *filter,
			struct recall **out, struct err *err);
void recall_free(struct recall *recall);

/* Take in what stands in a view, which lives as long as the recall. */
MUST_USE int recall_add(struct recall *recall, struct view *view,
			struct err *err);

/* Find the best n of all that was added. */
MUST_USE int recall_rank(struct recall *recall, size_t n, struct err *err);

/* Read what a row says (empty where it is gone); spans of out are borrowed
 * from data, which is replaced. */
MUST_USE int recall_read(struct recall *recall, struct row *row,
			 struct buf *data, struct spoken *out,
			 struct err *err);

/* Find the entity and record of a row; hits have theirs. */
MUST_USE int recall_name(struct recall *recall, struct row *row,
			 struct err *err);

/* May what has this kind, role, model, provider and time be a hit? */
bool recall_wants(const struct recall_filter *filter,
		  const struct spoken *spoken);

/* Is a session of that working folder at or below the one that is wanted? */
bool recall_wants_project(const struct recall_filter *filter,
			  struct span project);

#endif
