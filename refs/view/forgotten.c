#include "refs/view/forgotten.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/view_internal.h"

struct forgotten {
	struct table ids;
	unsigned char sum[RECORD_ID_BYTES];
};

static int include(struct forgotten *forgotten,
		   const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	bool is_new = false;
	size_t i;
	int rc = table_include(&forgotten->ids, id, &is_new, err);

	for (i = 0; rc == 0 && is_new && i < RECORD_ID_BYTES; i++)
		forgotten->sum[i] ^= id[i];
	return rc;
}

static int add_listed(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct forgotten *forgotten = arg;
	unsigned char id[RECORD_ID_BYTES];
	struct jcs_iter iter;
	struct span list;
	struct span item;
	size_t i;
	int rc = 0;

	for (i = 0; i < entity->records_n; i++) {
		if (!jcs_find(entity->records[i].record.data, "records",
			      &list))
			continue;
		iter = jcs_iter_array(list);
		while (rc == 0 && jcs_next(&iter, NULL, &item)) {
			if (cid_parse_json(jcs_string_inner(item), id))
				rc = include(forgotten, id, err);
		}
	}
	return rc;
}

int forgotten_read(struct view *view, struct err *err)
{
	struct view_visitor visitor = { add_listed, NULL };
	struct forgotten *forgotten;

	if (view->forgotten)
		return 0;
	forgotten = calloc(1, sizeof(*forgotten));
	if (!forgotten)
		return err_set(err, ERR_NOMEM, "out of memory");
	forgotten->ids = (struct table)TABLE_INIT(RECORD_ID_BYTES,
						  TABLE_NO_LIMIT);
	/* Stands before it is read, so that reading it ends here. */
	view->forgotten = forgotten;
	visitor.arg = forgotten;
	return view_each_in(view, "forget", NULL, &visitor, err);
}

/* What tells that set of ids from others: zeros where there are none, for none
 * of them is chosen. */
static int forgotten_sum(struct view *view, unsigned char out[RECORD_ID_BYTES],
			 struct err *err)
{
	int rc = view_check_key(view, err);

	if (rc == 0)
		rc = forgotten_read(view, err);
	if (rc == 0)
		memcpy(out, view->forgotten->sum, RECORD_ID_BYTES);
	return rc;
}

/* What the construct forgets now, which an older view may not. */
static int sum_now(struct view *view, unsigned char out[RECORD_ID_BYTES],
		   struct err *err)
{
	struct view *now = NULL;
	int rc;

	if (view->is_newest)
		return forgotten_sum(view, out, err);
	rc = view_open_ref(view->vault, view->ref_name, &now, err);
	if (rc == 0) {
		rc = forgotten_sum(now, out, err);
		view_free(now);
	}
	return rc;
}

int forgotten_name(struct view *view, struct buf *out, struct err *err)
{
	const struct vault *vault = view->vault;
	unsigned char then[RECORD_ID_BYTES];
	unsigned char now[RECORD_ID_BYTES];
	int rc = forgotten_sum(view, then, err);

	if (rc == 0)
		rc = sum_now(view, now, err);
	if (rc < 0)
		return rc;
	if (memcmp(then, now, sizeof(then)))
		return err_set(err, ERR_CHANGED, "more is forgotten now");
	buf_put(out, view->ref_name, strlen(view->ref_name) + 1);
	buf_put(out, now, sizeof(now));
	if (vault->keys_n)
		buf_put(out, vault->keys[vault->keys_n - 1].id, KEY_ID_BYTES);
	return buf_end(out, err);
}

bool forgotten_has(const struct view *view,
		   const unsigned char id[RECORD_ID_BYTES])
{
	return view->forgotten && view->forgotten->ids.count &&
	       table_get(&view->forgotten->ids, id, NULL);
}

bool forgotten_any(const struct view *view)
{
	return view->forgotten && view->forgotten->ids.count;
}

void forgotten_free(struct forgotten *forgotten)
{
	if (!forgotten)
		return;
	table_release(&forgotten->ids);
	free(forgotten);
}
