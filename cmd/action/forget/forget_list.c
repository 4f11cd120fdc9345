#include "cmd/action/forget/forget_list.h"

#include <stdlib.h>

#include "cmd/action/construct/statement.h"
#include "cmd/action/forget/forget_where.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/origin.h"

/* One that says what went. */
struct told {
	int64_t time;		/* of its version, seconds */
	struct buf json;
};

struct forget_listing {
	struct action_call *call;
	struct view *view;		/* of the construct at hand */
	struct origins *origins;
	struct forget_where where;
	struct told *at;
	size_t n;
	size_t cap;
};

static int put_told(struct forget_listing *listing,
		    const struct view_entity *entity, struct told *told,
		    struct err *err)
{
	const struct fold_record *record = view_newest(entity);
	struct vault *vault = listing->call->vault;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct version *by = NULL;
	struct span kinds = span_str("{}");
	int rc = origin_find(listing->origins, entity->entity, record->id, &by,
			     err);

	(void)!jcs_find(record->record.data, "kinds", &kinds);
	result_construct(&fields, listing->view);
	fields_text(&fields, "entity", entity->entity);
	fields_integer(&fields, "records",
		       (int64_t)forget_list_count(record->record.data));
	fields_raw(&fields, "kinds", kinds);
	result_id(&fields, "version", by ? &by->id : NULL);
	told->time = by ? by->time : 0;
	if (by) {
		result_time(&fields, "time", by->time);
		result_did(&fields, "did", version_writer(by));
		result_member(&fields, vault, version_writer(by));
		if (by->is_renewed)
			result_did(&fields, "renewed_by", by->device);
	}
	if (rc == 0 && by)
		rc = forget_put_where(&listing->where, &by->id, &fields, err);
	if (rc == 0)
		rc = jcs_fields_write(&fields, &told->json, err);
	jcs_fields_release(&fields);
	return rc;
}

static int see_forget(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct forget_listing *listing = arg;
	struct told told = { 0, BUF_INIT(BUF_NO_LIMIT) };
	int rc = array_room(listing, err);

	if (rc == 0)
		rc = put_told(listing, entity, &told, err);
	if (rc < 0) {
		buf_release(&told.json);
		return rc;
	}
	listing->at[listing->n++] = told;
	return 0;
}

static int list_construct(struct forget_listing *listing, const char *ref_name,
			  struct err *err)
{
	const struct view_visitor visitor = { see_forget, listing };
	git_oid *ids = NULL;
	size_t n;
	int rc = view_open_ref(listing->call->vault, ref_name, &listing->view,
			       err);

	listing->where.ref_name = ref_name;
	if (rc == 0)
		rc = view_heads(listing->call->vault, ref_name,
				&listing->where.heads, &ids, &n, err);
	if (rc == 0)
		rc = origins_new(listing->view, &listing->origins, err);
	if (rc == 0)
		rc = view_each_home(listing->view, "forget", &visitor, err);
	origins_free(listing->origins);
	listing->origins = NULL;
	head_list_release(&listing->where.heads);
	view_free(listing->view);
	listing->view = NULL;
	free(ids);
	return rc;
}

static int newest_first(const void *a, const void *b)
{
	const struct told *x = a;
	const struct told *y = b;

	return x->time == y->time ? 0 : x->time < y->time ? 1 : -1;
}

/* The one that is meant, or all. */
static int list_all(struct forget_listing *listing, struct err *err)
{
	const char *word = action_text(listing->call, "construct");
	struct name_list names = { NULL, 0 };
	struct view *view = NULL;
	size_t i;
	int rc;

	if (word) {
		rc = construct_open(listing->call, word, &view, err);
		if (rc == 0)
			rc = list_construct(listing, view->ref_name, err);
		view_free(view);
		return rc;
	}
	rc = view_constructs_proper(listing->call->vault, &names, err);
	for (i = 0; rc == 0 && i < names.n; i++)
		rc = list_construct(listing, names.at[i], err);
	name_list_release(&names);
	return rc;
}

uint64_t forget_list_count(struct span data)
{
	struct jcs_iter iter;
	struct span list;
	struct span item;
	uint64_t n = 0;

	if (!jcs_find(data, "records", &list))
		return 0;
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item))
		n++;
	return n;
}

int forget_list(struct action_call *call, struct err *err)
{
	struct forget_listing listing = {
		.call = call,
		.where = { call->vault, NULL, HEAD_LIST_INIT, REMOTE_LIST_INIT },
	};
	size_t i;
	int rc = remote_list(call->vault, &listing.where.remotes, err);

	if (rc == 0)
		rc = list_all(&listing, err);
	if (listing.n)
		qsort(listing.at, listing.n, sizeof(*listing.at),
		      newest_first);
	for (i = 0; rc == 0 && i < listing.n; i++)
		rc = host_json(call->host, buf_span(&listing.at[i].json), err);
	for (i = 0; i < listing.n; i++)
		buf_release(&listing.at[i].json);
	free(listing.at);
	remote_list_release(&listing.where.remotes);
	return rc;
}
