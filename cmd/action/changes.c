#include "cmd/action/changes.h"

#include "cmd/action/change_json.h"

struct changes {
	struct host_list *list;
	bool is_brief;
	uint64_t count;
	struct buf json;		/* its memory serves every change */
};

static int emit(void *arg, const struct view_change *change, struct err *err)
{
	struct changes *changes = arg;
	int rc;

	changes->count++;
	buf_reset(&changes->json);
	rc = change_json(change, changes->is_brief, &changes->json, err);
	return rc < 0 ? rc : host_list_item(changes->list,
					    buf_span(&changes->json), err);
}

int changes_emit(struct host_list *list, struct view *from, struct view *to,
		 bool is_brief, uint64_t *out_count, struct err *err)
{
	struct changes changes = { list, is_brief, 0, BUF_INIT(BUF_NO_LIMIT) };
	struct view_change_visitor visitor = { emit, &changes };
	int rc = view_diff(from, to, &visitor, err);

	*out_count = changes.count;
	buf_release(&changes.json);
	return rc;
}
