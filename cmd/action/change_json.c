#include "cmd/action/change_json.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "objects/fold/fold.h"

static int list_field(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	struct buf *list = arg;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (list->len > 1)
		buf_put_char(list, ',');
	fields_text(&fields, "path", path);
	if (from.at)
		fields_raw(&fields, "from", from);
	if (to.at)
		fields_raw(&fields, "to", to);
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

bool change_title(struct span state, struct span *out)
{
	static const char *const names[] = { "content", "title", "name" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (state.at && jcs_find(state, names[i], out) &&
		    jcs_type_of(*out) == JCS_STRING)
			return true;
	}
	return false;
}

/* What comes or goes whole is told by its title; of a construct the traits are
 * what one wants to see. */
static bool tells_fields(const struct view_change *change)
{
	return (change->from.at && change->to.at) ||
	       !strcmp(change->kind->name, "construct");
}

/* "visibility", of a message that is not for everybody to see. */
static void put_visibility(const struct view_change *change,
			   struct jcs_fields *fields)
{
	struct span state = change->to.at ? change->to : change->from;
	struct span value;

	if (!strcmp(change->kind->name, "message") &&
	    jcs_find(state, "visibility", &value) &&
	    !jcs_is_text(value, "visible"))
		fields_raw(fields, "visibility", value);
}

int change_json(const struct view_change *change, bool is_brief,
		struct buf *out, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct fold_diff_visitor visitor = { list_field, &list };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span title;
	int rc = 0;

	buf_put_char(&list, '[');
	if (!is_brief || tells_fields(change))
		rc = fold_diff(change->from, change->to, &visitor, err);
	buf_put_char(&list, ']');
	if (rc == 0)
		rc = buf_end(&list, err);
	fields_str(&fields, "change", change_word(change));
	fields_str(&fields, "kind", change->kind->name);
	fields_text(&fields, "entity", change->entity);
	fields_raw(&fields, "fields", buf_span(&list));
	put_visibility(change, &fields);
	if (is_brief && change_title(change->to.at ? change->to :
				     change->from, &title))
		fields_raw(&fields, "title", title);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&list);
	return rc;
}
