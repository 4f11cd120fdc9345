/*
 * The entries of a lorebook, which are memories, as a lorebook again.
 */
#ifndef VV_CMD_EXPORT_LORE_H
#define VV_CMD_EXPORT_LORE_H

#include <stdbool.h>

#include "cmd/export/export.h"
#include "lib/json/jcs_write.h"

/* An entry as it is now. */
struct lore_entry {
	struct buf entity;
	struct buf state;		/* empty: deleted */
	bool is_edited;
};

struct lore {
	struct lore_entry *at;		/* in the book's order */
	size_t n;
	size_t cap;
	bool is_edited;			/* one of them was, or is gone */
};

#define LORE_INIT { NULL, 0, 0, false }

/* Read the memories that a canonical array of entities names; absent: none. */
MUST_USE int lore_read(struct view *view, struct span list, struct lore *lore,
		       struct err *err);
void lore_release(struct lore *lore);

/* Append them as a canonical array, in the names of their source. */
void lore_write(const struct lore *lore, struct buf *out);

/* Add the members of a canonical object; but: not this one, or NULL. */
void lore_add_members(struct jcs_fields *fields, struct span object,
		      const char *but);

#endif
