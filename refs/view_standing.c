#include "refs/view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cid.h"
#include "lib/jcs_scan.h"

int view_add_seen(struct table *seen, const struct record *record,
		  struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(record->prev);
	unsigned char id[RECORD_ID_BYTES];
	struct span value;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, NULL, &value)) {
		if (cid_parse_json(jcs_string_inner(value), id))
			rc = table_add(seen, id, 0, err);
	}
	return rc < 0 ? rc : 0;
}

static void raise_newest(struct standing *standing, struct span at)
{
	struct hlc time;

	if (hlc_parse(at, &time, NULL, NULL) >= 0 &&
	    hlc_compare(&time, &standing->newest) > 0)
		standing->newest = time;
}

static int take_standing(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct standing *standing = arg;
	struct table seen = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	size_t i;
	int rc = 0;

	free(standing->ids);
	standing->ids = calloc(entity->records_n + 1, sizeof(*standing->ids));
	if (!standing->ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc >= 0 && i < entity->records_n; i++)
		rc = view_add_seen(&seen, &entity->records[i].record, err);
	for (i = 0; rc >= 0 && i < entity->records_n; i++) {
		raise_newest(standing, entity->records[i].record.at);
		if (!table_get(&seen, entity->records[i].id, NULL))
			memcpy(standing->ids[standing->n++],
			       entity->records[i].id, RECORD_ID_BYTES);
	}
	table_release(&seen);
	return rc;
}

int view_standing(struct view *view, struct span entity, struct standing *out,
		  struct err *err)
{
	struct standing standing = { NULL, 0, HLC_INIT };
	struct view_visitor visitor = { take_standing, &standing };
	int rc = 0;

	standing.ids = calloc(1, sizeof(*standing.ids));
	if (!standing.ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (view)
		rc = view_one(view, entity, &visitor, err);
	if (rc < 0)
		free(standing.ids);
	else
		*out = standing;
	return rc;
}
