/*
 * Parts of a construct: what changed between two trees, and folding no more
 * than that.
 */
#ifndef VV_REFS_VIEW_PARTS_H
#define VV_REFS_VIEW_PARTS_H

#include <stdint.h>

#include "refs/view/view.h"

/*
 * Each folder of the tree has so many parts, by the first three digits of the
 * hash of a home: all records of an entity, and of what shares its home, are
 * in one part. A folder goes by the first kind that lives there.
 */
#define VIEW_PARTS 4096
#define VIEW_FOLDERS 16

struct view_parts {
	uint64_t at[VIEW_FOLDERS][VIEW_PARTS / 64];
};

void view_parts_all(struct view_parts *parts);
bool view_parts_are_all(const struct view_parts *parts);
/* Is this one, or any of its folder, among them? */
bool view_parts_has(const struct view_parts *parts, unsigned folder,
		    unsigned part);
void view_parts_add(struct view_parts *parts, unsigned folder, unsigned part);
bool view_parts_any(const struct view_parts *parts, const char *folder);

/* Where an entity of a view is. */
void view_part_of(const struct view_entity *entity, unsigned *out_folder,
		  unsigned *out_part);

/*
 * In which parts may an entity have another state at the view than with the
 * tree `from`? Some in which none has may be among them; all where `from`
 * cannot be read. ERR_NO_KEY, ERR_NOMEM.
 */
MUST_USE int view_parts_changed(struct view *view, const git_oid *from,
				struct view_parts *out, struct err *err);

/*
 * Every entity in these parts, those that the fold leaves out too; what shares
 * a home comes together, a session behind its acus and messages. Where all are
 * asked for, and nothing can be read, that is the error.
 */
MUST_USE int view_each_part(struct view *view, const struct view_parts *parts,
			    const struct view_visitor *visitor,
			    struct err *err);

#endif
