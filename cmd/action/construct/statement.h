/*
 * What is said of a construct as a whole: ordinary records of its own entity,
 * so that they are signed, shared, merged and undone as any others.
 */
#ifndef VV_CMD_ACTION_CONSTRUCT_STATEMENT_H
#define VV_CMD_ACTION_CONSTRUCT_STATEMENT_H

#include "cmd/action/action.h"
#include "refs/index/lists/names.h"
#include "refs/write/write.h"

/*
 * The construct that a word names, by its id or by what it is called, as the
 * union of its heads. ERR_NOT_FOUND; ERR_INVALID for `vault`, for what names
 * a version; ERR_NO_KEY where it cannot be read here.
 */
MUST_USE int construct_open(struct action_call *call, const char *word,
			    struct view **out, struct err *err);

/* Is it a name that a construct may have? ERR_INVALID proposes one like it. */
MUST_USE int construct_name_fit(const char *name, struct err *err);

/* May a construct be called so from now on? own: the one that is to be, or
 * NULL for one that is new. ERR_INVALID, ERR_EXISTS. */
MUST_USE int construct_name_is_free(struct vault *vault,
				    const char *name, const char *own,
				    struct err *err);

/* May these data be said of an entity, by whoever may write? What a construct
 * is called is checked as when it is renamed. ERR_INVALID, ERR_EXISTS. */
MUST_USE int construct_data_check(struct vault *vault, const char *construct,
				  struct span entity, struct span data,
				  struct err *err);

/* Queue `construct:update` with these data, behind what stands. */
MUST_USE int construct_state(struct view *view, struct writer *writer,
			     struct span data, struct err *err);

/* What comes after a version was made: hooks, and collecting. */
MUST_USE int construct_written(struct action_call *call, const char *id,
			       const struct write_result *result,
			       struct err *err);

#endif
