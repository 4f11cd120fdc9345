#include "refs/view/view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/record/head.h"
#include "objects/record/segment.h"
#include "refs/view/forgotten.h"

#define SEGMENT_TEXT_MAX (RECORD_MAX_BYTES + 1)

int items_add(struct items *items, const struct item *item, struct err *err)
{
	int rc = array_room(items, err);

	if (rc < 0)
		return rc;
	items->at[items->n++] = *item;
	return 0;
}

/* A tree can say of any blob that it bears a name, and what is remembered of a
 * segment goes by its name alone. */
bool segment_bears_name(struct view *view, const struct tree_segment *segment)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	bool is_right;

	is_right = store_read(view->vault->store, &segment->blob, OBJECT_BLOB,
			      STORE_OBJECT_MAX, &bytes, NULL) == 0 &&
		   bears_name(buf_span(&bytes), segment->digest);
	buf_release(&bytes);
	return is_right;
}

/* Read a segment's text into a buffer that the items own. A filter is made
 * only of what bears its name. */
static int text_read(struct view *view, const struct tree_segment *segment,
		     struct items *items, bool *makes_filter,
		     struct span *out, struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct buf text = BUF_INIT(SEGMENT_TEXT_MAX);
	int rc;

	rc = array_room_in(items->texts, items->texts_n, items->texts_cap, err);
	if (rc == 0)
		rc = store_read(view->vault->store, &segment->blob, OBJECT_BLOB,
				STORE_OBJECT_MAX, &bytes, err);
	if (rc < 0)
		goto out;
	rc = codec_decode(view->codec, SEAL_SEGMENT, buf_span(&bytes), &text,
			  err);
	if (rc < 0)
		goto out;
	if (*makes_filter)
		*makes_filter = bears_name(buf_span(&bytes),
					   segment->digest);
	*out = buf_span(&text);
	items->texts[items->texts_n++] = text;
	text = (struct buf)BUF_INIT(0);
out:
	buf_release(&bytes);
	buf_release(&text);
	return rc;
}

/* Neighbours often share a home: its hash is made once. */
struct last_home {
	struct span key;
	const char *dir;
	unsigned char hash[PLACE_HASH_BYTES];
};

static int item_init(struct view *view, struct span line,
		     struct last_home *last, struct item *out, struct err *err)
{
	struct home home;
	int rc = record_parse(line, &out->fold.record, err);

	if (rc == 0)
		rc = entity_home(out->fold.record.entity, &home, NULL, err);
	if (rc < 0)
		return rc;
	if (!last->key.at || last->dir != home.dir ||
	    !span_equals(last->key, home.key)) {
		codec_place_hash(view->codec, &home, last->hash);
		last->key = home.key;
		last->dir = home.dir;
	}
	memcpy(out->hash, last->hash, sizeof(out->hash));
	out->is_shared = home.is_shared;
	record_id(line, out->fold.id);
	return 0;
}

/* Does the line speak of the entity at all? Most lines speak of others. */
static bool line_names(struct span line, struct span entity)
{
	const char *end = line.at + line.len;
	const char *at = line.at;

	while ((size_t)(end - at) >= entity.len) {
		at = memchr(at, entity.at[0],
			    (size_t)(end - at) - entity.len + 1);
		if (!at)
			return false;
		if (!memcmp(at, entity.at, entity.len))
			return true;
		at++;
	}
	return false;
}

/* One reading of a segment's lines. */
struct reading {
	struct view *view;
	struct span entity;		/* at NULL: all of them */
	bool makes_filter;
	struct home_filter filter;
	struct last_home last;
};

static int read_line(struct reading *reading, struct span line,
		     struct items *items, struct err *err)
{
	struct item item;
	int rc;

	if (reading->entity.at && !reading->makes_filter &&
	    !line_names(line, reading->entity))
		return 0;
	rc = item_init(reading->view, line, &reading->last, &item, err);
	if (rc < 0)
		return rc;
	if (reading->makes_filter)
		home_filter_add(&reading->filter,
				filter_key_entity(item.fold.record.entity),
				item.fold.id,
				item.is_shared ? item.hash : NULL, line);
	if (reading->entity.at &&
	    !span_equals(item.fold.record.entity, reading->entity))
		return 0;
	if (forgotten_has(reading->view, item.fold.id))
		return 0;
	return items_add(items, &item, err);
}

int items_try(struct view *view, const struct tree_segment *segment,
	      struct span entity, struct items *items, struct err *err)
{
	struct store *store = view->vault->store;
	struct reading reading = { .view = view, .entity = entity };
	size_t items_n = items->n;
	struct span text;
	struct span line;
	size_t pos = 0;
	int rc;

	reading.makes_filter = !store_filter_get(store, segment->digest,
						 &reading.filter);
	if (reading.makes_filter)
		reading.filter = (struct home_filter)HOME_FILTER_INIT;
	rc = text_read(view, segment, items, &reading.makes_filter, &text,
		       err);
	if (rc < 0)
		return rc;
	while (rc == 0 && segment_next(text, &pos, &line))
		rc = read_line(&reading, line, items, err);
	if (rc == 0 && reading.makes_filter)
		store_filter_put(store, segment->digest, &reading.filter);
	/* A segment counts whole or not at all. */
	if (rc < 0)
		items->n = items_n;
	if (items->n == items_n)
		buf_release(&items->texts[--items->texts_n]);
	return rc;
}

int items_read(struct view *view, const struct tree_segment *segment,
	       struct span entity, struct items *items, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = forgotten_read(view, err);

	if (rc < 0)
		return rc;
	rc = items_try(view, segment, entity, items, &reason);
	if (rc < 0)
		return view_lacks(view, "segment", segment->digest, &reason,
				  err);
	view->has_read = true;
	return lacks_tell(view, err);
}

static int order_items(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = span_compare(x->fold.record.entity, y->fold.record.entity);

	if (order)
		return order;
	return memcmp(x->fold.id, y->fold.id, RECORD_ID_BYTES);
}

static int order_in_homes(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = memcmp(x->hash, y->hash, PLACE_HASH_BYTES);

	return order ? order : order_items(a, b);
}

void items_sort(struct items *items, bool is_by_home)
{
	size_t kept = 0;
	size_t i;

	if (!items->n)
		return;
	qsort(items->at, items->n, sizeof(*items->at),
	      is_by_home ? order_in_homes : order_items);
	for (i = 1; i < items->n; i++) {
		if (memcmp(items->at[i].fold.id, items->at[kept].fold.id,
			   RECORD_ID_BYTES))
			items->at[++kept] = items->at[i];
	}
	items->n = kept + 1;
}

void items_release(struct items *items)
{
	size_t i;

	for (i = 0; i < items->texts_n; i++)
		buf_release(&items->texts[i]);
	free(items->texts);
	free(items->at);
	*items = (struct items)ITEMS_INIT;
}
