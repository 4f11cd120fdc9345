/*
 * What the chat apps have in common, above the engine of flat formats: their
 * turns stand in maps, in trees and in versions of each other, so a format
 * names them one by one, each with what it answers, and they are put together
 * here. Parents that are lost or wrong are mended (links.h).
 */
#ifndef VV_CMD_IMPORT_APPS_APP_H
#define VV_CMD_IMPORT_APPS_APP_H

#include "cmd/import/flat/flat.h"
#include "cmd/import/records/blocks.h"
#include "lib/base/arena.h"

/* A turn, as flat->format reads it. */
struct app_turn {
	const struct jval *value;	/* an object */
	struct span key;		/* empty: its number */
	struct span parent;		/* a key; empty: it begins a branch, or
					   follows the one before it */
	const struct jval *around;	/* what it stands in, for `say`; or
					   NULL */
};

/* Who speaks in most of them; a prompt of the system is shown, or hidden. */
extern const struct flat_role app_roles[];
extern const struct flat_role app_roles_hidden[];

/* What a source remembers; flat->own. */
struct app {
	struct arena arena;		/* of keys that are made */
	struct table known;		/* keys of the conversation at hand */
	struct {
		struct app_turn *at;
		size_t n;
		size_t cap;
	} turns;
	const struct app_turn *turn;	/* the one at hand */
	struct table folders;		/* SHA-256 of an id -> the name of its
					   folder, a struct jval */
	void *own;			/* the format's */
};

/* importer.read of a format whose functions use what is below. */
MUST_USE int app_read(struct import_job *job, struct import_source *source,
		      struct err *err);

/* The same of values that the format composes: flat_read_given(). */
MUST_USE int app_read_given(struct import_job *job,
			    struct import_source *source,
			    int (*give)(struct flat *flat, struct err *err),
			    struct err *err);

/*
 * Add a turn to the conversation at hand. Spans are borrowed until app_talk();
 * a key that another turn has gets its number behind it. What is no object is
 * no turn, which is told.
 */
MUST_USE int app_add(struct flat *flat, const struct app_turn *turn,
		     struct err *err);

/* "<key><between><number>", as long as the conversation is. */
MUST_USE int app_key(struct flat *flat, struct span key, const char *between,
		     size_t number, struct span *out, struct err *err);

/* A conversation; its turns were added. */
struct app_talk {
	struct flat_item *item;		/* read by format->session; its rest
					   becomes native */
	const struct jval *value;	/* all of it: makes the key of one that
					   has none */
	struct span active;		/* key of the leaf that is shown; absent,
					   or no turn's: the last one */
	struct span system;		/* its prompt; absent: it has none */
	struct span parent;		/* session that it comes from */
	bool is_tree;			/* a turn that names no parent begins a
					   branch */
	const char *key_member;		/* of a turn, what says its key ... */
	const char *parent_member;	/* ... and that of its parent; or NULL */
};

/* Put the conversation and forget its turns. flat->native may hold what else
 * is to be said of it. */
MUST_USE int app_talk(struct flat *flat, struct app_talk *talk,
		      struct err *err);

/* Take the list of those that answer a turn, where each of them, in a map by
 * their keys, says so itself. */
void app_children(struct flat_item *turn, const char *member,
		  const struct jval *map, const char *parent);

/* Forget the turns that were added. */
void app_forget(struct flat *flat);

/* Blocks of the turn at hand, which this message is to be. */
struct blocks app_blocks(struct flat *flat,
			 const struct chat_message *message);

/* The message's visibility, by what it is made of; one that its role hides
 * stays hidden. */
void app_shown(struct chat_message *message, const struct blocks *blocks);

/* An error of a turn that failed, as the app shows it. */
void app_error(struct blocks *blocks, const struct jval *error);

/* A persona or a saved prompt as the memory <folder><key>. */
struct app_persona {
	const char *folder;		/* "persona/" */
	const char *type;		/* "persona"; or NULL */
	const struct flat_row *rows;	/* key, title: its name, said: prompt,
					   model, times */
};
MUST_USE int app_remember(struct flat *flat, const struct jval *value,
			  const struct app_persona *persona, struct err *err);

/* What an id goes by that conversations name their folder by, or are named by
 * in it; name is borrowed. And put the folder of one, where it has one, into
 * flat->native. */
MUST_USE int app_folder_add(struct flat *flat, struct span id,
			    const struct jval *name, struct err *err);
void app_folder(struct flat *flat, struct span id);

/* The conversations of a list, each read by flat_talk(). What holds them is
 * `given` again behind it. */
MUST_USE int app_each(struct flat *flat, const struct jval *list,
		      int (*read)(struct flat *flat, struct err *err),
		      struct err *err);

#endif
