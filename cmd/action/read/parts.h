/*
 * What a message has beside its plain text, told alike for every source:
 * calls of tools and what they gave, files, thinking.
 */
#ifndef VV_CMD_ACTION_READ_PARTS_H
#define VV_CMD_ACTION_READ_PARTS_H

#include "lib/json/jcs_write.h"
#include "refs/view/view.h"

/* What of it is told whole. */
struct parts_wanted {
	bool tools;
	bool thinking;
	bool images;		/* with their bytes */
};

#define PART_IMAGE_MAX ((uint64_t)8 << 20)
#define PART_TEXT_MAX ((uint64_t)64 << 10)

/*
 * Add the members of a turn that come from `parts` of a state:
 *
 *	parts	 as they stand, those of tools and of thinking only if wanted
 *	tools	 {"kind":"call","name","gist"} with "input" if wanted, and
 *		 {"kind":"result","bytes","error"} with the "gist" of an error
 *	files	 {"name","media","size","blob"} with "data" (base64) of a picture
 *		 if wanted, and with the "text" of one that is text
 *	beside	 what else the message says to a reader, as Markdown, where it
 *		 says more: its sources, what its pictures were made of
 *	thinking the text, null where there is none or it is not wanted
 *
 * content: the message's text, which results point into.
 */
MUST_USE int parts_put(struct view *view, struct span state,
		       struct span content, const struct parts_wanted *wanted,
		       struct jcs_fields *fields, struct err *err);

#endif
