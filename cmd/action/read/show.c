#include "cmd/action/actions.h"
#include "cmd/action/mend/dispute.h"
#include "cmd/action/read/entity.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/begins.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/index/lists/lists.h"

/* Kinds without any are left out. */
static void put_counts(struct jcs_fields *fields,
		       const struct lists_totals *totals)
{
	struct jcs_fields counts = JCS_FIELDS_INIT;
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		if (totals->counts[i])
			fields_integer(&counts, kind_table[i].name,
				       (int64_t)totals->counts[i]);
	}
	fields_object(fields, "counts", &counts);
	jcs_fields_release(&counts);
}

/* From when to when its sessions are, where they say. */
static void put_dates(struct jcs_fields *fields,
		      const struct lists_totals *totals)
{
	if (totals->first == INT64_MIN || totals->last == INT64_MIN)
		return;
	result_micros(fields, "first", totals->first);
	result_micros(fields, "last", totals->last);
}

/* For a person: who has signed each of the heads. */
static void put_signers(struct jcs_fields *fields, const struct view *view)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < view->heads_n; i++) {
		struct jcs_fields one = JCS_FIELDS_INIT;
		struct version version;

		version_init(&version);
		if (version_read(view->vault->store, &view->heads[i],
				 &version, NULL) == 0) {
			result_did(&one, "device", version_writer(&version));
			result_member(&one, view->vault, version_writer(&version));
		}
		buf_put_str(&list, i ? "," : "");
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		version_release(&version);
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "by", &list);
	buf_release(&list);
}

static int show_emit(const struct action_call *call, struct view *view,
		     const struct lists *lists, struct err *err)
{
	const struct lists_totals *totals = lists_totals(lists);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_construct(&fields, view);
	result_ids(&fields, "heads", view->heads, view->heads_n);
	result_digest(&fields, "root", view->root);
	result_id(&fields, "version", view->heads_n == 1 ? view->heads : NULL);
	fields_raw(&fields, "persona", lists_persona(lists));
	put_counts(&fields, totals);
	put_dates(&fields, totals);
	fields_integer(&fields, "conflicts", (int64_t)totals->conflicts);
	if (call->settings.handles)
		put_signers(&fields, view);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int show_view(struct action_call *call, struct view *view,
		     struct err *err)
{
	struct lists *lists = NULL;
	int rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);

	if (rc == 0)
		rc = show_emit(call, view, lists, err);
	lists_free(lists);
	return rc;
}

struct showing {
	struct action_call *call;
	const struct ref *ref;
	bool is_found;
};

static int emit_entity(const struct showing *showing,
		       const struct view_entity *entity, struct err *err)
{
	struct view *view = showing->ref->view;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = disputes_put(&fields, view, entity, err);

	result_construct(&fields, view);
	result_id(&fields, "version", view->heads_n == 1 ? view->heads : NULL);
	fields_integer(&fields, "conflicts", (int64_t)entity->conflicts);
	entity_put(&fields, entity);
	if (rc == 0)
		rc = host_object(showing->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int take_shown(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct showing *showing = arg;
	const struct fold_record *record = ref_record(showing->ref, entity);

	if (!record)
		return 0;
	showing->is_found = true;
	return showing->ref->is_record ?
	       host_json(showing->call->host, record->record.line, err) :
	       emit_entity(showing, entity, err);
}

static int show_entity(struct action_call *call, const struct ref *ref,
		       struct err *err)
{
	struct showing showing = { .call = call, .ref = ref };
	const struct view_visitor visitor = { take_shown, &showing };
	int rc = view_one(ref->view, buf_span(&ref->entity), &visitor, err);

	if (rc == 0 && !showing.is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is not there",
			     buf_text(&ref->entity));
	return rc;
}

static int show_run(struct action_call *call, struct err *err)
{
	struct ref ref = REF_INIT;
	int rc = begins_open(call->vault, action_text(call, "what"),
			     action_text(call, "entity"), &ref, err);

	if (rc == 0)
		rc = ref.entity.len ? show_entity(call, &ref, err) :
		     show_view(call, ref.view, err);
	ref_release(&ref);
	return rc;
}

static const struct action_param params[] = { REF_PARAMS, ACTION_PARAMS_END };

const struct action action_show = {
	"show", "show a state, an entity or a record", params, ACTION_SHOWS,
	ref_check, show_run
};
