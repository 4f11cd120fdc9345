#include "cmd/action/recall/hit.h"

#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"

static int take_title(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct buf *title = arg;
	struct span value;

	if (!entity->state.at || !jcs_find(entity->state, "title", &value) ||
	    jcs_type_of(value) != JCS_STRING)
		return 0;
	return jcs_string_decode(value, title, err);
}

void hit_put_names(struct jcs_fields *fields, struct span session,
		   const struct buf *title)
{
	result_text(fields, "session", span_begins(session, "session:") ?
		    session : span_of("", 0));
	result_text(fields, "title", buf_span(title));
}

int hit_put_session(struct view *view, struct span session,
		    struct jcs_fields *fields, struct buf *title,
		    struct err *err)
{
	const struct view_visitor visitor = { take_title, title };
	int rc = 0;

	buf_reset(title);
	if (span_begins(session, "session:"))
		rc = view_one(view, session, &visitor, err);
	if (rc == 0)
		hit_put_names(fields, session, title);
	return rc;
}
