#include "cmd/action/change_json.h"

#include "lib/json/jcs_write.h"
#include "objects/fold/fold.h"

static int list_field(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	struct buf *list = arg;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = 0;

	if (list->len > 1)
		rc = buf_add_char(list, ',', err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "path", path, err);
	if (rc >= 0 && from.at)
		rc = jcs_fields_raw(&fields, "from", from, err);
	if (rc >= 0 && to.at)
		rc = jcs_fields_raw(&fields, "to", to, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, list, err);
	jcs_fields_release(&fields);
	return rc;
}

static const char *change_word(const struct view_change *change)
{
	if (!change->from.at)
		return "added";
	return change->to.at ? "changed" : "removed";
}

int change_json(const struct view_change *change, struct buf *out,
		struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct fold_diff_visitor visitor = { list_field, &list };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = buf_add_char(&list, '[', err);
	if (rc >= 0)
		rc = fold_diff(change->from, change->to, &visitor, err);
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "change",
				     span_str(change_word(change)), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "kind",
				     span_str(change->kind->name), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "entity", change->entity, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "fields", buf_span(&list), err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&list);
	return rc;
}
