/*
 * Files that stand in the parts of a message.
 */
#ifndef VV_CMD_ACTION_READ_PART_FILES_H
#define VV_CMD_ACTION_READ_PART_FILES_H

#include "refs/view/view.h"

/* Is that part, an object, a file or a picture? */
bool part_is_file(struct span part);

/* Append {"name","media","size","blob"}, null where the source does not say;
 * and with its bytes "data", if it is a picture that is here. view: NULL where
 * there are no bytes to be had. */
MUST_USE int part_put_file(struct view *view, struct span part,
			   bool with_data, struct buf *out, struct err *err);

/*
 * Files that came apart from their message are its `assets`, by the ids that
 * its parts have for them: each as a part {"asset":<reference>,"name":..}.
 */
struct part_visitor {
	int (*part)(void *arg, struct span part, struct err *err);
	void *arg;
};
MUST_USE int part_each_asset(struct span state,
			     const struct part_visitor *visitor,
			     struct err *err);

/* The name of such a file, between its quotes; where nobody says one, the id. */
struct span part_asset_name(struct span state, struct span id);

/* Does the part only point to such a file, which is told by itself? */
bool part_is_of_asset(struct span state, struct span part);

#endif
