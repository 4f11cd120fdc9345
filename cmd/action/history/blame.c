#include "cmd/action/actions.h"
#include "cmd/action/history/blamed.h"
#include "cmd/action/history/brought.h"
#include "cmd/action/history/place.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/hlc.h"
#include "refs/view/origin.h"

struct blame {
	struct action_call *call;
	struct view *view;
	struct origins *origins;
	struct brought_list brought;
	struct buf entity;		/* where none was named */
};

static void put_unknown(struct jcs_fields *fields)
{
	static const char *const names[] = {
		"version", "device", "name", "time", "source", "sources"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		fields_null(fields, names[i]);
}

static int put_origin(struct blame *blame, const struct fold_record *by,
		      struct jcs_fields *fields, struct err *err)
{
	const struct brought *brought = NULL;
	const struct version *version = NULL;
	int rc = origin_find(blame->origins, by->record.entity, by->id,
			     &version, err);

	if (rc == 0 && !version)
		put_unknown(fields);
	if (rc < 0 || !version)
		return rc;
	result_id(fields, "version", &version->id);
	result_did(fields, "device", version_writer(version));
	result_member(fields, blame->view->vault, version_writer(version));
	result_time(fields, "time", version->time);
	rc = brought_find(&blame->brought, blame->view->vault, version,
			  &brought, err);
	if (rc < 0)
		return rc;
	fields_integer(fields, "sources", (int64_t)brought->n);
	if (brought->n == 1)
		fields_raw(fields, "source", buf_span(&brought->first));
	else
		fields_null(fields, "source");
	return 0;
}

static void put_record(const struct fold_record *by, struct jcs_fields *fields)
{
	struct hlc clock = HLC_INIT;
	char id[CID_TEXT_MAX];

	cid_text(CID_JSON, by->id, id);
	fields_str(fields, "record", id);
	fields_text(fields, "entity", by->record.entity);
	if (hlc_parse(by->record.at, &clock, NULL, NULL) < 0)
		clock.micros = HLC_UNKNOWN;
	result_micros(fields, "at", clock.micros);
	place_put(fields, &by->record);
}

/* Who said which of two that disagreed is to stand. */
static int put_settled(struct blame *blame, const struct fold_record *settled,
		       struct jcs_fields *fields, struct err *err)
{
	struct jcs_fields by = JCS_FIELDS_INIT;
	const struct version *version = NULL;
	int rc = settled ? origin_find(blame->origins, settled->record.entity,
				       settled->id, &version, err) : 0;

	if (rc == 0 && version) {
		result_id(&by, "version", &version->id);
		result_did(&by, "device", version_writer(version));
		result_member(&by, blame->view->vault, version_writer(version));
		result_time(&by, "time", version->time);
		fields_object(fields, "settled", &by);
	}
	jcs_fields_release(&by);
	return rc;
}

static int emit_field(struct blame *blame, const struct blamed_list *list,
		      struct blamed *one, bool is_first, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	one->is_told = true;
	fields_str(&fields, "path", buf_text(&list->texts) + one->path);
	if (one->value.at)
		fields_raw(&fields, "value", blamed_value(list, one));
	else
		fields_null(&fields, "value");
	fields_bool(&fields, "element", one->is_element);
	put_record(one->by, &fields);
	rc = put_origin(blame, one->by, &fields, err);
	if (rc == 0)
		rc = put_settled(blame, one->settled, &fields, err);
	/* A person sees those that one record set together, under it. */
	if (is_first)
		handle_record(blame->call, blame->view, one->by->record.entity,
			      one->by->id);
	else if (blame->call->settings.handles)
		fields_bool(&fields, "again", true);
	if (rc == 0)
		rc = host_object(blame->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* Those of one record together, in the order of their first ones. */
static int emit_all(void *arg, struct blamed_list *list, struct err *err)
{
	struct blame *blame = arg;
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++) {
		if (list->at[i].is_told)
			continue;
		rc = emit_field(blame, list, &list->at[i], true, err);
		for (j = i + 1; rc == 0 && j < list->n; j++) {
			if (list->at[j].by == list->at[i].by)
				rc = emit_field(blame, list, &list->at[j],
						false, err);
		}
	}
	return rc;
}

/* The first entity of a kind. */
static int take_name(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct blame *blame = arg;

	return blame->entity.len ? 0 :
	       buf_add_span(&blame->entity, entity->entity, err);
}

/* A construct is what it says of itself, else what its capsule does. */
static int find_entity(struct blame *blame, struct err *err)
{
	const struct kind *kind = kind_find(span_str("construct"));
	const struct view_visitor visitor = { take_name, blame };
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	bool is_found = true;
	int rc = view_each(blame->view, kind, true, &visitor, err);

	if (rc == 0 && !blame->entity.len)
		rc = view_newest_capsule(blame->view, &state, &blame->entity,
					 &is_found, err);
	buf_release(&state);
	if (rc == 0 && !is_found)
		rc = err_set(err, ERR_NOT_FOUND, "no record says who '%s' is; "
			     "name an entity of it, as 'vvault ls %s' shows "
			     "them", view_title(blame->view),
			     view_title(blame->view));
	return rc;
}

static int blame_entity(struct blame *blame, struct span entity,
			struct err *err)
{
	const struct blamed_visitor visitor = { emit_all, blame };
	bool is_found = false;
	int rc = origins_new(blame->view, &blame->origins, err);

	if (rc == 0)
		rc = blamed_read(blame->view, entity, &visitor, &is_found, err);
	if (rc == 0 && !is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%.*s' is not there",
			     (int)entity.len, entity.at);
	origins_free(blame->origins);
	return rc;
}

static int blame_run(struct action_call *call, struct err *err)
{
	struct blame blame = {
		.call = call, .brought = BROUGHT_LIST_INIT,
		.entity = BUF_INIT(ENTITY_MAX_BYTES),
	};
	struct ref ref = REF_INIT;
	int rc = ref_open(call->vault, action_text(call, "what"),
			  action_text(call, "entity"), &ref, err);

	blame.view = ref.view;
	if (rc == 0 && !ref.entity.len)
		rc = find_entity(&blame, err);
	if (rc == 0)
		rc = blame_entity(&blame, buf_span(ref.entity.len ?
				  &ref.entity : &blame.entity), err);
	brought_list_release(&blame.brought);
	buf_release(&blame.entity);
	ref_release(&ref);
	return rc;
}

static const struct action_param params[] = { REF_PARAMS, ACTION_PARAMS_END };

const struct action action_blame = {
	"blame", "who set each field, when, and from where", params,
	ACTION_SHOWS | ACTION_LISTS, ref_check, blame_run
};
