#include "cmd/action/read/turn.h"

#include <string.h>

#include "cmd/action/recall/from.h"
#include "cmd/action/result.h"
#include "cmd/export/talk.h"
#include "lib/json/jcs_scan.h"

struct finding {
	struct view *view;
	struct jcs_fields *fields;
	bool is_found;
	bool with_from;
};

bool turn_is_document(struct span entity)
{
	return span_begins(entity, "memory:");
}

/* Which record it is, of what version, and whose word. */
static int put_origin(const struct finding *finding,
		      const struct view_entity *entity, struct err *err)
{
	const struct fold_record *newest = view_newest(entity);
	struct view *view = finding->view;
	struct jcs_fields *fields = finding->fields;
	struct buf source = BUF_INIT(BUF_NO_LIMIT);
	struct from_view from = { NULL, view->vault, { NULL, 0 } };
	struct span value;
	char ref[CID_TEXT_MAX];
	int rc = origins_new(view, &from.origins, err);

	cid_text(CID_JSON, newest->id, ref);
	fields_str(fields, "ref", ref);
	fields_integer(fields, "conflicts", (int64_t)entity->conflicts);
	result_id(fields, "version", view->heads_n == 1 ? view->heads : NULL);
	if (rc == 0 && jcs_find(entity->state, "source", &value) &&
	    jcs_type_of(value) == JCS_STRING)
		rc = jcs_string_decode(value, &source, err);
	from.source = buf_span(&source);
	if (rc == 0)
		rc = from_put_least(&from, entity, fields, err);
	origins_free(from.origins);
	buf_release(&source);
	return rc;
}

static int take_document(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	static const char *const members[] = {
		"title", "type", "media", "language", "session", "message"
	};
	struct finding *finding = arg;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span content;
	size_t i;
	int rc;

	if (!entity->state.at)
		return 0;
	finding->is_found = true;
	if (!jcs_find(entity->state, "content", &content))
		return err_set(err, ERR_INVALID, "'%.*s' is neither a session "
			       "nor a message, and has no text: 'vvault show' "
			       "shows it", (int)entity->entity.len,
			       entity->entity.at);
	fields_text(finding->fields, "document", entity->entity);
	result_construct(finding->fields, finding->view);
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(finding->fields, members[i], entity->state);
	rc = talk_text(finding->view, entity->state, "content", &text, err);
	fields_text(finding->fields, "text", buf_span(&text));
	buf_release(&text);
	if (rc == 0 && finding->with_from)
		rc = put_origin(finding, entity, err);
	return rc < 0 ? rc : fields_end(finding->fields, err);
}

int turn_document(const struct action_call *call, const struct ref *ref,
		  const char *format, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct finding finding = { ref->view, &fields, false,
				   action_flag(call, "from") };
	const struct view_visitor visitor = { take_document, &finding };
	int rc;

	if (!strcmp(format, "html"))
		return err_set(err, ERR_INVALID, "'%s' is no conversation: "
			       "--format text, markdown or json",
			       buf_text(&ref->entity));
	rc = view_one(ref->view, buf_span(&ref->entity), &visitor, err);
	if (rc == 0 && !finding.is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is not there",
			     buf_text(&ref->entity));
	if (rc == 0)
		rc = turn_tell(call->host, format, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}
