/*
 * Reading an object of a source so that nothing of it is forgotten: a member
 * is taken only when it was understood, and what was not taken is the rest,
 * which is computed and not listed.
 *
 *	struct take take = take_begin(response);
 *
 *	message.created = take_time(&take, "create_time");
 *	message.key = take_text(&take, "_id");
 *	take_rest(&take, &native);
 *
 * A member that is null says nothing, so it is taken by whoever asks for it;
 * but by take_exact() null, an empty object and no member at all are three
 * things, for who reads the format that an exporter writes again.
 */
#ifndef VV_CMD_IMPORT_RECORDS_TAKE_H
#define VV_CMD_IMPORT_RECORDS_TAKE_H

#include "cmd/import/records/chat.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

#define TAKE_MAX 64		/* what is taken beyond stays in the rest too */

struct take {
	const struct jval *object;	/* borrowed; NULL: nothing there */
	const struct jval *taken[TAKE_MAX];
	size_t n;
	bool is_exact;
};

/* Of a value that is no object nothing can be taken, and no rest is left. */
struct take take_begin(const struct jval *object);
/* The same, with no null taken: it stays in the rest (jdoc_to_data()), also of
 * what take_inner() gives. */
struct take take_exact(const struct jval *object);

/* A member as it stands, for a caller who says take_done() of what it
 * understands; NULL when there is none. */
const struct jval *take_see(const struct take *take, const char *name);
/* The caller has all of this member (NULL: of none). */
void take_done(struct take *take, const struct jval *member);
bool take_is_done(const struct take *take, const struct jval *member);

/* The member, whatever it is, for a caller that keeps it as it stands. */
const struct jval *take_any(struct take *take, const char *name);

/* The member, taken if it is of that type; else NULL. */
const struct jval *take_value(struct take *take, const char *name,
			      enum jval_type type);

/* An object, to be read in turn: its rest goes where the caller puts it. Of
 * anything else nothing is taken, and there is no rest. */
struct take take_inner(struct take *take, const char *name);

/* A text; absent (at NULL) and not taken when it is anything else. */
struct span take_text(struct take *take, const char *name);
/* The same of a text that is not empty: an id. */
struct span take_filled(struct take *take, const char *name);

/* Does it say what is known already? Taken only then. */
bool take_same(struct take *take, const char *name, struct span known);
bool take_word(struct take *take, const char *name, const char *known);

/* Is it true? Taken when it is true or false. */
bool take_flag(struct take *take, const char *name);
/* False, and not taken, when it is no integer that int64_t holds. */
bool take_integer(struct take *take, const char *name, long long *out);

/* A time, as chat_time_of() or the given function reads it; unknown and not
 * taken when that is none. Nor is one taken that is finer than a microsecond:
 * the rest keeps what was written. */
struct chat_time take_time(struct take *take, const char *name);
struct chat_time take_time_as(struct take *take, const char *name,
			      struct chat_time (*read)(const struct jval *));

/* What sources call those who speak, and what we do; ended by NULL. */
struct take_role {
	const char *said;
	const char *role;
};

/*
 * The role of a speaker; that of the table's end for a word that it has not.
 * Taken only where it is our own word: another one stays in the rest, so that
 * it can be written again.
 */
const char *take_role(struct take *take, const char *name,
		      const struct take_role *roles);

/*
 * Add to a list, empty or an array without its end, the names of members that the
 * object has not, behind a prefix: an exporter would write them.
 */
void take_absent(const struct take *take, const char *prefix,
		 const char *const *names, struct buf *list);

/* The first member that was not taken, or the next behind one of these; NULL
 * at the end. */
const struct jval *take_left(const struct take *take,
			     const struct jval *behind);

/* All that was not taken, into fields, behind the importer's own ones: a
 * member whose name is one of theirs gets a "_" behind it. Or as one field
 * `name`, an object, none when nothing is left. */
void take_rest(const struct take *take, struct jcs_fields *fields);
void take_rest_under(const struct take *take, const char *name,
		     struct jcs_fields *fields);
/*
 * The rest of an object that is little but its member, which the caller took
 * apart, as one: that of the inner one; all of the outer one where both have
 * some. Borrowed from either.
 */
const struct take *take_one_rest(struct take *outer, const struct take *inner,
				 const char *member);
/* The same appended to text that is built (buf_end()), as a canonical object;
 * nothing when nothing is left. */
void take_put(const struct take *take, struct buf *out);

#endif
