/*
 * What constructs are called. A construct's own name is its id, which refs and
 * versions bear and which never changes; `construct:update` of it may say that
 * it is `called` otherwise, and that it was `merged` into another one. So who
 * goes on writing to the id writes to the same construct.
 *
 * An id always means its construct. What a construct is called means it where
 * that is no other's id; of several that are called alike the first by its id
 * has the name, and the next ones are shown as `nova-2`, `nova-3`. Whoever
 * writes says which by its id then: nobody gets what was meant for another one
 * by calling himself so.
 */
#ifndef VV_REFS_INDEX_LISTS_NAMES_H
#define VV_REFS_INDEX_LISTS_NAMES_H

#include "refs/view/view.h"

struct construct_says {
	char called[CONSTRUCT_NAME_MAX];	/* "": as its id */
	char merged[CONSTRUCT_NAME_MAX];	/* into that id, as it says: ask
						   names_merged(); "": it was not */
	uint64_t merged_records;	/* how many it had then, with this */
};

/* What a view's construct says of itself; of a blind one nothing. */
MUST_USE int construct_says(struct view *view, struct construct_says *out,
			    struct err *err);

/* What the view's construct is shown as: "" where that is its id. Known from
 * then on; borrowed from the vault. */
MUST_USE int construct_shown(struct view *view, const char **out,
			     struct err *err);

/* The same by its id, and the id of what is shown so: NULL where there is
 * nothing else than the id, or nothing of that name. All constructs are looked
 * at once, as constructs_each_said() does. */
MUST_USE int names_shown(struct vault *vault, const char *id,
			 const char **out, struct err *err);
MUST_USE int names_find(struct vault *vault, const char *shown,
			const char **out, struct err *err);

/* names_find() for who writes: ERR_INVALID names by their ids those that are
 * called so, where they are several. */
MUST_USE int names_find_surely(struct vault *vault, const char *shown,
			       const char **out, struct err *err);

/* Did the id of a construct mean another one here, which is still called so,
 * before there was one of that id? Then who writes says which: ERR_INVALID. */
MUST_USE int names_check_id(struct vault *vault, const char *id,
			    struct err *err);

/* All that are called as another one is, by id, each with what it is shown
 * as. */
MUST_USE int names_each_disputed(struct vault *vault,
				 void (*visit)(void *arg, const char *shown,
					       const char *id),
				 void *arg, struct err *err);

/* names_shown() of one of a few: as long as it is called as its id, others are
 * not looked at for it. */
MUST_USE int names_shown_of_few(struct vault *vault, const char *id,
				const char **out, struct err *err);

/* The id of the one that that construct (by its ref name) was merged into, or
 * NULL, and how many records it holds that are not there. Borrowed. What one
 * says of it that cannot be so counts as not said: see merged.h. */
MUST_USE int names_merged(struct vault *vault, const char *ref_name,
			  const char **out_into, uint64_t *out_since,
			  struct err *err);

/* Was it, and are all of them there? Then it is left out where all are shown. */
MUST_USE int names_is_merged(struct vault *vault, const char *ref_name,
			     bool *out, struct err *err);

/* Is there a construct of this id? */
MUST_USE int names_is_id(struct vault *vault, const char *id, bool *out,
			 struct err *err);

/* What was known of names is no longer so: one was just given. */
void names_forget(struct vault *vault);

#endif
