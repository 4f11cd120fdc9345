/*
 * Recall: what was said, found by its words, over one or more constructs at a
 * version each. What stands in the fold is what is found; what a fold hides is
 * found only in the history. Shards (shards.h) save reading it; where they
 * cannot help, it is read.
 */
#ifndef VV_REFS_INDEX_RECALL_H
#define VV_REFS_INDEX_RECALL_H

#include "refs/index/rank.h"
#include "refs/index/words/spoken.h"
#include "refs/view/view.h"

/* What may be a hit. A NULL takes any. */
struct recall_filter {
	unsigned kinds;		/* bits (kind_bit()); 0: any */
	const char *role;	/* in any case, as the next two */
	const char *model;	/* or how it begins */
	const char *provider;
	const char *session;	/* an entity, with or without "session:" */
	const char *project;	/* a folder that it was in, or above it */
	const struct wall *wall;	/* of dates among the words; NULL: UTC */
	int64_t since;		/* microseconds; INT64_MIN: no bound ... */
	int64_t until;		/* ... and INT64_MAX */
	int64_t stored_since;	/* the vault learned it then or later; 0: any */
	int64_t until_ms;	/* of shards_open(): how long is an index made */
	bool with_history;	/* each record, superseded and deleted too */
	bool with_all;		/* hidden, thinking, tools and what is meta */
	bool has_code;		/* nothing but texts of code */
};

/* A search by something else than words: does the text hold what it is for? */
struct recall_pick {
	int (*holds)(void *arg, struct span text, bool *out, struct err *err);
	void *arg;
};

#define RECALL_SEGMENTS 16

/* One of the segments whose records were read last. */
struct recall_segment {
	const struct tree_segment *segment;	/* NULL: none */
	struct buf text;
};

struct lookup;
struct held;

struct recall {
	struct words *words;
	struct query *query;
	const struct recall_pick *pick;	/* or NULL; see recall_new_picked() */
	struct recall_filter filter;	/* borrowed texts */
	struct view **views;		/* borrowed, in the order of adding */
	size_t views_n;
	size_t views_cap;
	struct lookup **lookups;	/* of each view; NULL: it was read */
	size_t lookups_cap;
	bool is_plain;			/* no shards: all is read and folded */
	uint64_t texts;			/* that stop words were to be found in */
	bool is_common;			/* nothing but stop words, in too many
					   texts: none was looked through */
	struct rows rows;
	struct recall_segment last[RECALL_SEGMENTS];
	size_t oldest;			/* of these */
	struct held *held;		/* of recall_hold() */
	struct ranked *hits;		/* the best first */
	size_t hits_n;
};

/* ERR_INVALID, ERR_LIMIT: not words that can be looked for. */
MUST_USE int recall_new(struct span words, const struct recall_filter *filter,
			struct recall **out, struct err *err);

/*
 * A search for all texts that pick (borrowed) holds. run, as query_takes_run()
 * has it, stands in each of them; "": nothing is known of them, and all that
 * there is, is read. The same is found either way.
 */
MUST_USE int recall_new_picked(const char *run,
			       const struct recall_pick *pick,
			       const struct recall_filter *filter,
			       struct recall **out, struct err *err);
void recall_free(struct recall *recall);

/* Take in what stands in a view, which lives as long as the recall; what there
 * was no time for is view->unsearched.
 * ERR_DENIED: something else stands in place of its index; else errors are
 * those of view_each(). */
MUST_USE int recall_add(struct recall *recall, struct view *view,
			struct err *err);

/* Find the best n of all that was added. The title of a session is one where
 * nothing else of the session is. */
MUST_USE int recall_rank(struct recall *recall, size_t n, struct err *err);

/* In place of that, of what pick holds: the newest sessions first, by their
 * newest hit; in each by place. */
MUST_USE int recall_choose(struct recall *recall, size_t n, struct err *err);

/* Without shards from here on: one of them, or a segment, is damaged. What
 * was added is read again. */
MUST_USE int recall_start_anew(struct recall *recall, struct err *err);

/* Read what a row says (empty where it is gone); spans of out are borrowed
 * from data, which is replaced. */
MUST_USE int recall_read(struct recall *recall, struct row *row,
			 struct buf *data, struct spoken *out,
			 struct err *err);

/* n hits of one session, from first on, are going to be read: those that have
 * no place are read at once, where that is less. Until the next call. */
MUST_USE int recall_hold(struct recall *recall, size_t first, size_t n,
			 struct err *err);

/* Find the entity and record of a row; hits have theirs. */
MUST_USE int recall_name(struct recall *recall, struct row *row,
			 struct err *err);

/* The title of the session that the row of that number is of, where the
 * session's own row is here too; replaces title. */
MUST_USE int recall_title(struct recall *recall, size_t row,
			  struct span session, struct buf *title,
			  bool *out_is_known, struct err *err);

/* What a person said first in the session of that row, else what was answered
 * first, where all of its rows are here; replaces text, empty where it is not
 * known. */
MUST_USE int recall_first(struct recall *recall, size_t row, struct buf *text,
			  struct err *err);

/* What rows have to have beside the words. */
struct row_needs recall_needs(const struct recall *recall);

/* May what has this kind, role, model, provider and time be a hit? */
bool recall_wants(const struct recall_filter *filter,
		  const struct spoken *spoken);

/* Is a text what is wanted (NULL: any), or does it begin so? The case of ASCII
 * letters counts for nothing. */
bool recall_is_alike(const char *wanted, struct span text);
bool recall_begins(const char *wanted, struct span text);

/* Is a session of that working folder at or below the one that is wanted? Of
 * one that is a name without '/', any folder of that name. */
bool recall_wants_project(const struct recall_filter *filter,
			  struct span project);

#endif
