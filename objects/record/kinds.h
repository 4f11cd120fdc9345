/*
 * The table of kinds: what a record may speak of, and where it lives.
 * A new kind is one row in kinds.c.
 */
#ifndef VV_OBJECTS_RECORD_KINDS_H
#define VV_OBJECTS_RECORD_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define ENTITY_MAX_BYTES 1024

/* What a field is to whoever writes or edits an entity by hand. */
#define KIND_NEEDED 1u		/* nothing is made without it */
#define KIND_STANDS_IN 2u	/* for what is needed */
#define KIND_WORDS 4u		/* the words themselves, on many lines */
#define KIND_FIXED 8u		/* says what it is or came with a source */
#define KIND_OFFERED 16u	/* shown to whoever edits, also where unset */

/* A field of data that has a meaning. Others are welcome. */
struct kind_field {
	const char *name;
	unsigned flags;
};

struct kind {
	const char *name;		/* "message" */
	const char *home;		/* folder of the tree: "session" */
	const char *const *verbs;	/* known verbs, NULL-terminated */
	const char *const *sets;	/* data fields that are sets, likewise */
	const struct kind_field *fields;	/* ended by a NULL name */
	bool is_vault_only;		/* only in the construct `vault` */
	bool is_reserved;		/* `add` and `import` refuse it */
	bool has_home;			/* entity is <home key>/<rest> */
};

/* All kinds, ended by a row whose name is NULL. */
extern const struct kind kind_table[];

/* NULL when there is no such kind. */
const struct kind *kind_find(struct span name);
/* The name of the one that may be meant by what is none, or NULL. */
const char *kind_near(struct span name);

/* One bit for each of them, for sets. */
static inline unsigned kind_bit(const struct kind *kind)
{
	return 1u << (kind - kind_table);
}

/* NULL: it has no meaning. */
const struct kind_field *kind_field(const struct kind *kind,
				    struct span name);

/* The name of a field that may be meant by one without meaning: with a letter
 * or two wrong. NULL: none is. */
const char *kind_field_near(const struct kind *kind, struct span name);

bool kind_field_is_set(const struct kind *kind, struct span name);

/*
 * Split "<kind>:<verb>" and check both against the table.
 * ERR_INVALID names the text, and what may be meant by it.
 */
MUST_USE int kind_of_type(struct span type, const struct kind **out_kind,
			  struct err *err);

/*
 * Where an entity lives. dir is the folder under the root of the tree and
 * key the part of the entity that, behind "<dir>:", names the home: for
 * message:chatgpt:C/N they are "session" and "chatgpt:C"; for memory:X
 * "memory" and "X". An acu without '/' lives in "acu". Borrowed from entity.
 */
struct home {
	const char *dir;
	struct span key;
	bool is_shared;		/* others live there too: a folder of its own */
};

/*
 * ERR_INVALID: no colon, unknown kind, empty key, a character that JSON would
 * escape or DEL, longer than ENTITY_MAX_BYTES, a message without '/', or
 * nothing before or behind the '/' of a message or acu. Does not look at
 * UTF-8: record_parse() does.
 */
MUST_USE int entity_home(struct span entity, struct home *out_home,
			 const struct kind **out_kind, struct err *err);

#endif
