/*
 * A large JSON array, one item at a time: the text of each item is found by
 * its brackets and quotes alone, so that a broken item costs only itself and
 * memory goes with the largest item.
 */
#ifndef VV_CMD_IMPORT_PARSE_ARRAY_ITEMS_H
#define VV_CMD_IMPORT_PARSE_ARRAY_ITEMS_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define ARRAY_ITEM_MAX ((size_t)512 << 20)	/* bytes of one item */

struct array_items;

/*
 * Begin to read. A byte order mark is skipped. member NULL: the text is an
 * array, whose items are given; of any other value, it alone is given. Else
 * the text is an object, and the items are those of the array at that member
 * of it (names are compared as they stand); the other members are skipped.
 */
MUST_USE int array_items_new(struct feed feed, const char *member,
			    struct array_items **out, struct err *err);
void array_items_free(struct array_items *items);

struct array_item {
	enum found found;
	struct span text;	/* good until the next call; not yet checked */
	uint64_t offset;	/* where it begins in the feed, in bytes */
	uint64_t long_len;	/* of one that is too long, its bytes */
	uint64_t index;		/* from 0 */
};

/* How many other members were skipped so far. */
uint64_t array_items_others(const struct array_items *items);

/*
 * The next item, or the end of the array. An item that is longer than
 * ARRAY_ITEM_MAX is FOUND_BAD, with its offset and no text. The end
 * of the feed inside an item or before the array's end: ERR_CORRUPT, "... is
 * cut short (byte N)"; *out then holds what there is of the last item.
 * What stands between items but is no comma, and text behind the end:
 * ERR_INVALID with the byte. The member is not there: ERR_NOT_FOUND.
 * ERR_NOMEM, ERR_IO. After an error there is nothing more: FOUND_END.
 */
MUST_USE int array_items_next(struct array_items *items, struct array_item *out,
			     struct err *err);

#endif
