/*
 * The items of a JSON array, parsed one at a time, where a broken one costs
 * only itself.
 */
#ifndef VV_CMD_IMPORT_INPUT_ITEMS_H
#define VV_CMD_IMPORT_INPUT_ITEMS_H

#include "cmd/import/import.h"
#include "cmd/import/parse/array_items.h"
#include "lib/json/jdoc.h"

struct items_visitor {
	/* An item, of any kind; borrowed for the call. Members that stand
	 * twice in it were told. */
	int (*item)(void *arg, const struct jdoc *doc,
		    const struct array_item *item, struct err *err);
	void *arg;
	struct jdoc_options options;
};

/*
 * Visit the items of array_items_new(feed, member). What is broken or too
 * large is import_malformed(), and the rest follows.
 */
MUST_USE int items_each(struct import_job *job, struct import_source *source,
			struct feed feed, const char *member,
			const struct items_visitor *visitor, struct err *err);

/* The same for one item that was found. */
MUST_USE int items_take(struct import_job *job, struct import_source *source,
			const struct array_item *item,
			const struct items_visitor *visitor, struct err *err);

/* Members that stand twice in an object, n of them, are told. */
MUST_USE int items_tell_doubles(struct import_source *source, size_t n,
				struct err *err);

#endif
