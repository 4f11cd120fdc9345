#include "refs/forget/forget_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "lib/time/hlc.h"
#include "objects/tree/arrange.h"

#define LISTED_MAX 4096		/* records that one of kind forget lists */
#define TYPE "forget:create"

void forget_list_release(struct forget_list *list)
{
	table_release(&list->ids);
	free(list->at);
}

int forget_list_add(struct forget_list *list, const struct record *record,
		    const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct forget_item *item;
	bool is_new;
	int rc = array_room_in(list->at, list->n, list->cap, err);

	if (rc == 0)
		rc = table_include(&list->ids, id, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	item = &list->at[list->n++];
	item->kind = record->kind;
	memcpy(item->id, id, RECORD_ID_BYTES);
	memcpy(item->again, id, RECORD_ID_BYTES);
	if (span_ends(record->at, "-" HLC_NODE_IMPORT))
		record_said(record, item->again);
	return 0;
}

static int order_items(const void *a, const void *b)
{
	const struct forget_item *x = a;
	const struct forget_item *y = b;

	return memcmp(x->id, y->id, RECORD_ID_BYTES);
}

static void put_id(struct buf *out, const unsigned char *id)
{
	char text[CID_TEXT_MAX];

	cid_text(CID_JSON, id, text);
	buf_put_str(out, out->len > 1 ? ",\"" : "\"");
	buf_put_str(out, text);
	buf_put_char(out, '"');
}

/* How many of each kind. */
static void put_kinds(struct jcs_fields *fields,
		      const struct forget_item *items, size_t n)
{
	struct jcs_fields kinds = JCS_FIELDS_INIT;
	const struct kind *kind;
	int64_t count;
	size_t i;

	for (kind = kind_table; kind->name; kind++) {
		for (count = 0, i = 0; i < n; i++)
			count += items[i].kind == kind;
		if (count)
			fields_integer(&kinds, kind->name, count);
	}
	fields_object(fields, "kinds", &kinds);
	jcs_fields_release(&kinds);
}

static int put_data(const struct forget_item *items, size_t n,
		    struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf records = BUF_INIT(RECORD_MAX_BYTES);
	struct buf again = BUF_INIT(RECORD_MAX_BYTES);
	size_t i;
	int rc;

	buf_put_char(&records, '[');
	buf_put_char(&again, '[');
	for (i = 0; i < n; i++) {
		put_id(&records, items[i].id);
		if (memcmp(items[i].id, items[i].again, RECORD_ID_BYTES) != 0)
			put_id(&again, items[i].again);
	}
	buf_put_char(&records, ']');
	buf_put_char(&again, ']');
	fields_buf(&fields, "records", &records);
	if (again.len > 2)
		fields_buf(&fields, "again", &again);
	put_kinds(&fields, items, n);
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&records);
	buf_release(&again);
	return rc;
}

static int build(struct view *view, const struct forget_item *items, size_t n,
		 struct buf *line, struct record *out, struct err *err)
{
	struct buf data = BUF_INIT(RECORD_MAX_BYTES);
	char key[RANDOM_KEY26_MAX];
	char entity[sizeof("forget:") + RANDOM_KEY26_MAX] = "forget:";
	char at[HLC_TEXT_MAX];
	struct record_parts parts = { .type = TYPE, .at = at };
	int rc = vault_now(view->vault, at, err);

	random_key26(key);
	memcpy(entity + strlen("forget:"), key, sizeof(key));
	parts.entity = span_str(entity);
	if (rc == 0)
		rc = put_data(items, n, &data, err);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = record_build_parsed(&parts, line, out, err);
	buf_release(&data);
	return rc;
}

static int write_one(struct view *view, const struct forget_item *items,
		     size_t n, struct tree_segments *out, struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct arrange_record arranged;
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	int rc = build(view, items, n, &line, &record, err);

	if (rc == 0) {
		record_id(record.line, id);
		rc = arrange_record_init(view->codec, &record, id, &arranged,
					 err);
	}
	if (rc == 0)
		rc = arrange(view->vault->store, view->codec, &arranged, 1,
			     out, err);
	buf_release(&line);
	return rc;
}

int forget_list_write(struct forget_list *list, struct view *view,
		      struct tree_segments *out, struct err *err)
{
	size_t some;
	size_t i;
	int rc = 0;

	qsort(list->at, list->n, sizeof(*list->at), order_items);
	for (i = 0; rc == 0 && i < list->n; i += some) {
		some = list->n - i < LISTED_MAX ? list->n - i : LISTED_MAX;
		rc = write_one(view, list->at + i, some, out, err);
	}
	return rc;
}
