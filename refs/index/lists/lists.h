/*
 * Lists: what is told of a construct at a view without folding all of it: how
 * many entities it has, its persona, and a row for each session. Sealed files
 * in <vault>/vvault/index/<ref name>/lists/ say it of one root, and are true of that
 * root for ever; for another one only what differs from theirs is folded. So
 * the answers are those of the fold, and the files may be deleted at any time.
 * They open as long as nothing more is forgotten and there is no newer key.
 */
#ifndef VV_REFS_INDEX_LISTS_LISTS_H
#define VV_REFS_INDEX_LISTS_LISTS_H

#include "refs/view/parts.h"

/* That many records are folded sooner than a file is written. */
#define LISTS_KEEP_FROM 2000
#define LISTS_KINDS 16

struct lists_totals {
	uint64_t counts[LISTS_KINDS];	/* entities, as in kind_table */
	uint64_t conflicts;		/* fields in dispute */
	uint64_t records;		/* distinct ones */
	int64_t first, last;		/* of sessions; INT64_MIN: unknown */
};

/* A message, for counting. Roots of trees, where nobody has said anything
 * (spoken_is_root()), are none. */
enum lists_seen {
	LISTS_VISIBLE, LISTS_TOOL, LISTS_THINKING,
	LISTS_HIDDEN		/* and what is meta */
};
#define LISTS_UNNAMED UINT8_MAX
#define LISTS_HAS_MORE 1u	/* the next one of struct lists_more is of it */
#define LISTS_HAS_TOKENS 2u	/* its source tells them */

struct lists_said {
	int64_t micros;		/* INT64_MIN: unknown */
	uint32_t words;		/* of its text; see count.h */
	uint8_t role, model;	/* lines of those of the session, from 0 */
	uint8_t seen;		/* enum lists_seen */
	uint8_t flags;
};

/* Tokens that went in (cached: of these, from a cache) and came out, and calls
 * of tools. */
struct lists_more {
	uint32_t input, cached, output;
	uint32_t tools;
};

/* Absent texts are empty; long ones are cut. */
struct lists_session {
	struct span entity;
	struct span title;
	struct span first;	/* what the person said first, on one line; else
				   what was answered first */
	struct span provider;
	struct span models;	/* sorted, a line each */
	struct span project;	/* the folder that it was about */
	struct span roles;	/* sorted, a line each */
	int64_t created, updated;	/* INT64_MIN: unknown */
	uint64_t messages;
	uint64_t branches;	/* 0 without messages */
};

struct lists;

/*
 * Lists of a view, which lives as long; what was not known is kept in a file
 * if keep_from records or more had to be folded for it. ERR_NO_KEY where the
 * construct is sealed for this device; ERR_DENIED where something else stands
 * in place of the files' folder; else errors are those of view_each().
 */
MUST_USE int lists_open(struct view *view, uint64_t keep_from,
			struct lists **out, struct err *err);
/* Lists of the messages alone that the vault has stored since a time
 * (microseconds), and of new sessions: without totals and persona. What
 * differs from what there was is folded, each time. */
MUST_USE int lists_open_since(struct view *view, int64_t since,
			      struct lists **out, struct err *err);
void lists_free(struct lists *lists);

/*
 * Is what a file says of a view what the fold says? Where it is not, which is
 * no damage (that does not open) but an error of the program that wrote it, all
 * files of the construct are deleted. True where there is none.
 */
MUST_USE int lists_check(struct view *view, bool *out_is_true,
			 struct err *err);

const struct lists_totals *lists_totals(const struct lists *lists);
/*
 * Every entity that counts and has fields in dispute, in no particular order:
 * of these parts of the construct (NULL: all) only those that have any are
 * folded.
 */
MUST_USE int lists_each_disputed(struct lists *lists,
				 const struct view_parts *among,
				 const struct view_visitor *visitor,
				 struct err *err);
/* False: lists_next() tells of none. */
bool lists_has_sessions(const struct lists *lists);
/* As view_persona() has it, borrowed. */
struct span lists_persona(const struct lists *lists);

/*
 * The next session, the one with the newest message first; where times are
 * equal by entity. Sessions that were never said to be there, but have
 * messages, are among them. Borrowed until the next call.
 */
MUST_USE int lists_next(struct lists *lists, struct lists_session *out,
			bool *out_is_end, struct err *err);

/*
 * The messages of the session that was told last, as many as it has, in no
 * particular order, and what there is more of some, in theirs. Borrowed until
 * the next call of either.
 */
MUST_USE int lists_messages(struct lists *lists, const struct lists_said **out,
			    const struct lists_more **out_more,
			    struct err *err);

/* Of each kind, in the order of kind_table, the records. */
MUST_USE int lists_records(struct lists *lists, uint64_t out[LISTS_KINDS],
			   struct err *err);

#endif
