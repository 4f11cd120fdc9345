/*
 * Messages of a thread of Zed, in both the forms that it had.
 */
#ifndef VV_CMD_IMPORT_AGENTS_ZED_INTERNAL_H
#define VV_CMD_IMPORT_AGENTS_ZED_INTERNAL_H

#include "cmd/import/flat/flat.h"

/* A thread on its way. Only what a person says has an id: what follows is
 * called by it and a number, so that what was said anew has other ones. */
struct zed_thread {
	struct flat *flat;
	struct span asked;	/* the last id */
	unsigned behind;	/* messages since */
};

MUST_USE int zed_message(struct zed_thread *thread,
			 const struct jval *message, struct err *err);

#endif
