#include "cmd/action/changes.h"

#include "cmd/action/change_json.h"
#include "cmd/action/read/handles.h"

struct changes {
	struct host_list *list;
	const struct changes_of *of;
	uint64_t count;
	struct buf json;		/* its memory serves every change */
};

static int emit(void *arg, const struct view_change *change, struct err *err)
{
	struct changes *changes = arg;
	const struct changes_of *of = changes->of;
	int rc;

	changes->count++;
	buf_reset(&changes->json);
	rc = change_json(change, of->is_brief, &changes->json, err);
	if (rc == 0 && of->lists)
		handle_entity(of->lists, change->to.at ? of->to : of->from,
			      change->entity, NULL);
	return rc < 0 ? rc : host_list_item(changes->list,
					    buf_span(&changes->json), err);
}

int changes_emit(struct host_list *list, const struct changes_of *of,
		 uint64_t *out_count, struct err *err)
{
	struct changes changes = { list, of, 0, BUF_INIT(BUF_NO_LIMIT) };
	struct view_change_visitor visitor = { emit, &changes };
	int rc = view_diff(of->from, of->to, &visitor, err);

	*out_count = changes.count;
	buf_release(&changes.json);
	return rc;
}
