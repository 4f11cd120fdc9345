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

int forgotten_sum(struct view *view, unsigned char out[RECORD_ID_BYTES],
		  struct err *err)
{
	int rc = view_check_key(view, err);

	if (rc == 0)
		rc = forgotten_read(view, err);
	if (rc == 0)
		memcpy(out, view->forgotten->sum, RECORD_ID_BYTES);
	return rc;
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
