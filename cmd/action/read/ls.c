#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/read/entity.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "refs/view/view.h"

struct ls {
	struct action_call *call;
	struct view *view;
	const struct kind *kind;	/* NULL: all that a person would list */
	struct jcs_fields fields;	/* its memory serves every entity */
};

static int ls_emit(void *arg, const struct view_entity *entity, struct err *err)
{
	struct ls *ls = arg;
	struct jcs_fields *fields = &ls->fields;

	if (!entity->state.at ||
	    (!ls->kind && !strcmp(entity->kind->name, "forget")))
		return 0;
	entity_put(fields, entity);
	handle_entity(ls->call, ls->view, entity->entity, NULL);
	return host_object(ls->call->host, fields, err);
}

static int find_kind(const char *name, const struct kind **out,
		     struct err *err)
{
	const char *near;

	*out = name ? kind_find(span_str(name)) : NULL;
	if (*out || !name)
		return 0;
	near = kind_near(span_str(name));
	return err_set(err, ERR_INVALID, near ? "there is no kind '%s'; is "
		       "'%s' meant?" : "there is no kind '%s'", name, near);
}

static int ls_run(struct action_call *call, struct err *err)
{
	struct ls ls = { call, NULL, NULL, JCS_FIELDS_INIT };
	struct view_visitor visitor = { ls_emit, &ls };
	int rc = find_kind(action_text(call, "kind"), &ls.kind, err);

	if (rc == 0)
		rc = ref_open_view(call->vault, action_text(call, "version"),
				   &ls.view, err);
	if (rc == 0)
		rc = view_each(ls.view, ls.kind, false, &visitor, err);
	view_free(ls.view);
	jcs_fields_release(&ls.fields);
	return rc;
}

static const struct action_param params[] = {
	VERSION_PARAM(ACTION_REQUIRED),
	{ "kind", ACTION_TEXT, ACTION_OPERAND, "<kind>", "of this kind only" },
	ACTION_PARAMS_END
};

const struct action action_ls = {
	"ls", "list entities", params, ACTION_SHOWS | ACTION_LISTS, NULL,
	ls_run
};
