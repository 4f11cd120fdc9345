#include "cmd/action/actions.h"
#include "refs/view/view.h"

struct ls {
	const struct host *host;
	struct jcs_fields fields;	/* its memory serves every entity */
};

static void put_ids(struct jcs_fields *fields,
		    const struct view_entity *entity)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char text[CID_TEXT_MAX];
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < entity->records_n; i++) {
		cid_text(CID_JSON, entity->records[i].id, text);
		buf_putf(&list, "%s\"%s\"", i ? "," : "", text);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "records", &list);
	buf_release(&list);
}

static int ls_emit(void *arg, const struct view_entity *entity, struct err *err)
{
	struct ls *ls = arg;
	struct jcs_fields *fields = &ls->fields;

	if (!entity->state.at)
		return 0;
	fields_text(fields, "entity", entity->entity);
	fields_str(fields, "kind", entity->kind->name);
	put_ids(fields, entity);
	fields_raw(fields, "state", entity->state);
	return host_object(ls->host, fields, err);
}

static int find_kind(const char *name, const struct kind **out,
		     struct err *err)
{
	*out = name ? kind_find(span_str(name)) : NULL;
	if (*out || !name)
		return 0;
	return err_set(err, ERR_INVALID, "there is no kind '%s'", name);
}

static int ls_run(struct action_call *call, struct err *err)
{
	struct ls ls = { call->host, JCS_FIELDS_INIT };
	struct view_visitor visitor = { ls_emit, &ls };
	const struct kind *kind;
	struct view *view = NULL;
	int rc = find_kind(action_text(call, "kind"), &kind, err);

	if (rc == 0)
		rc = view_open(call->vault, action_text(call, "version"),
			       &view, err);
	if (rc == 0)
		rc = view_each(view, kind, false, &visitor, err);
	view_free(view);
	jcs_fields_release(&ls.fields);
	return rc;
}

static const struct action_param params[] = {
	VERSION_PARAM(ACTION_REQUIRED),
	{ "kind", ACTION_TEXT, ACTION_OPERAND, "<kind>", "of this kind only" },
	ACTION_PARAMS_END
};

const struct action action_ls = {
	"ls", "list entities", params, ACTION_SHOWS, NULL, ls_run
};
