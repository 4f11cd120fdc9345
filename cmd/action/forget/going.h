/*
 * What is to be forgotten, construct by construct: found, counted, described.
 */
#ifndef VV_CMD_ACTION_FORGET_GOING_H
#define VV_CMD_ACTION_FORGET_GOING_H

#include "cmd/action/action.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"
#include "refs/forget/forget.h"
#include "refs/view/view.h"

#define GOING_KINDS 16		/* as many as kind_table has, at most */
#define GOING_SHOWN 20		/* of what goes so many are described ... */
#define GOING_ASKED 64		/* ... and looked for one by one elsewhere */

/* Why a record goes that nobody named. */
enum going_why {
	GOING_NAMED,
	GOING_DRAWN,		/* a piece of knowledge was drawn from it */
	GOING_COPY,		/* a message repeats it */
	GOING_FILE,		/* the file that it came in, kept with it */
	GOING_WHYS
};

/* Texts of some of that which goes, to be looked for in what may hold it. */
struct needles {
	struct buf *at;
	size_t n;
	size_t cap;
	struct needle_begins {
		struct buf *at;
		size_t n;
		size_t cap;
	} begins;			/* their first words */
};

/* Entities, kept in the texts of their construct. */
struct going_names {
	struct span *at;
	size_t n;
	size_t cap;
};

struct going_one {
	struct view *view;		/* of the newest state */
	struct forgetting *forgetting;
	struct table entities;		/* hashes of those that go */
	struct needles needles;
	struct table brought;		/* records from sources: picked_note() */
	struct arena texts;
	struct going_names names;	/* of those that go, the first ones */
	struct going_names messages;	/* that go */
	struct going_names homes;	/* one entity of each conversation */
	struct table known_homes;
	uint64_t kinds[GOING_KINDS];	/* entities, in the order of kind_table */
	uint64_t why[GOING_WHYS];	/* entities */
	uint64_t left;			/* entities that stay, and name it */
	uint64_t disputed;		/* entities of which the rest will be */
	uint64_t subjects;		/* versions whose subject has words of it */
	uint64_t capsules;		/* of them whose exact bytes hold it */
	struct buf named;		/* items of an array of JSON */
	uint64_t named_n;		/* in it, and beyond */
};

struct going {
	struct action_call *call;
	struct going_one **at;
	size_t n;
	size_t cap;
	struct buf elsewhere;		/* names of constructs that keep it */
};

#define GOING_INIT(call) { (call), NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT) }
void going_release(struct going *going);

/* What goes of that construct: by its ref name, opened at its newest state. */
MUST_USE int going_of(struct going *going, const char *ref_name,
		      struct going_one **out, struct err *err);
uint64_t going_records(const struct going *going);

/* All records of an entity go, or that one. *out_is_new (may be NULL): some
 * was not on its way yet. */
MUST_USE int going_add(struct going_one *one, const struct view_entity *entity,
		       enum going_why why, bool *out_is_new, struct err *err);
MUST_USE int going_add_record(struct going_one *one,
			      const struct view_entity *entity,
			      const struct fold_record *record,
			      struct err *err);
/* It was named, and goes by now, whole or in part: describe it. */
MUST_USE int going_say(struct going_one *one, const struct view_entity *entity,
		       struct err *err);
/* Does anything of it go? */
bool going_has(const struct going_one *one, struct span entity);

/* --- by what a person says: going_named.c, going_match.c, going_source.c --- */

/* Each construct that is meant: the one that was named, or all. */
MUST_USE int going_each_construct(struct going *going,
				  int (*each)(void *arg, struct going_one *one,
					      struct err *err),
				  void *arg, struct err *err);
MUST_USE int going_add_word(struct going *going, const char *word,
			    struct err *err);
MUST_USE int going_add_match(struct going *going, const char *text,
			     struct err *err);
MUST_USE int going_add_source(struct going *going, const char *word,
			      struct err *err);

/* --- needles.c --- */

MUST_USE int needles_add(struct needles *needles, const struct record *record,
			 struct err *err);
bool needles_are_in(const struct needles *needles, struct span bytes);
/* Has a line the first words of any? */
bool needles_begin_in(const struct needles *needles, struct span line);
void needles_release(struct needles *needles);

/* --- going_refers.c, going_holds.c, going_subjects.c, going_elsewhere.c: what
 * refers to it, or has its words --- */

MUST_USE int going_add_referring(struct going_one *one, struct err *err);
MUST_USE int going_add_holding(struct going_one *one, struct action_call *call,
			       struct err *err);
/* Which other constructs have what goes, as after a split, or repeat it? */
MUST_USE int going_add_elsewhere(struct going *going, struct err *err);
/* Count the versions that say in their subjects how it begins. */
MUST_USE int going_add_subjects(struct going_one *one, struct err *err);
/* Is some string of the text the name of an entity that goes? */
bool going_is_named(const struct going_one *one, struct span text);

/* --- ask.c --- */

/* Say what goes, stays or still holds it, of which whoever asked may not
 * think. */
void going_note_beside(const struct going *going);
/* Where it still shows, or that it does not. */
void going_note_left(const struct going *going);

/* Show what goes, and ask; where nobody can be asked, --yes must have said
 * so: else ERR_INVALID. */
MUST_USE int going_ask(const struct going *going, bool *out_goes_on,
		       struct err *err);

#endif
