#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/find.h"

#define RECORD_PREFIX "bagaaiera"

/* What one pass over the entities finds. */
struct portrait {
	struct kind_counts counts;
	uint64_t conflicts;
	struct buf persona;
};

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct portrait *portrait = arg;
	struct span persona;

	if (!entity->state.at)
		return 0;
	kind_counts_add(&portrait->counts, entity->kind);
	portrait->conflicts += entity->conflicts;
	if (strcmp(entity->kind->name, "construct") || portrait->persona.len ||
	    !jcs_find(entity->state, "persona", &persona))
		return 0;
	return buf_add_span(&portrait->persona, persona, err);
}

static int read_portrait(struct view *view, struct portrait *out,
			 struct err *err)
{
	struct view_visitor visitor = { take_entity, out };
	int rc = view_each(view, NULL, false, &visitor, err);

	if (rc < 0 || out->persona.len)
		return rc;
	/* Capsules without a construct's own record speak for themselves. */
	return view_persona(view, &out->persona, err);
}

static int show_emit(const struct host *host, const struct view *view,
		     const struct portrait *portrait, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "construct", view_title(view));
	result_ids(&fields, "heads", view->heads, view->heads_n);
	result_digest(&fields, "root", view->root);
	result_id(&fields, "version", view->heads_n == 1 ? view->heads : NULL);
	fields_buf(&fields, "persona", &portrait->persona);
	result_counts(&fields, "counts", &portrait->counts);
	fields_integer(&fields, "conflicts", (int64_t)portrait->conflicts);
	rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int show_view(struct action_call *call, const char *expression,
		     struct err *err)
{
	struct portrait portrait = { .persona = BUF_INIT(BUF_NO_LIMIT) };
	struct view *view = NULL;
	int rc = view_open(call->vault, expression, &view, err);

	if (rc == 0)
		rc = read_portrait(view, &portrait, err);
	if (rc == 0)
		rc = show_emit(call->host, view, &portrait, err);
	buf_release(&portrait.persona);
	view_free(view);
	return rc;
}

static int show_record(struct action_call *call, const char *cid,
		       struct err *err)
{
	struct buf bytes = BUF_INIT(RECORD_MAX_BYTES);
	int rc = vault_find(call->vault, span_str(cid), &bytes, err);

	if (rc == 0)
		rc = host_json(call->host, buf_span(&bytes), err);
	buf_release(&bytes);
	return rc;
}

static int show_run(struct action_call *call, struct err *err)
{
	const char *what = action_text(call, "what");

	return span_begins(span_str(what), RECORD_PREFIX) ?
	       show_record(call, what, err) : show_view(call, what, err);
}

static const struct action_param params[] = {
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<version|record>", "a version as for log, or the id of a record" },
	ACTION_PARAMS_END
};

const struct action action_show = {
	"show", "show a state or a record", params, ACTION_SHOWS, NULL, show_run
};
