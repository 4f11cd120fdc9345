#include "cmd/action/forget/forget_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/action/construct/statement.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/remote/remote.h"
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
	struct head_list heads;		/* of the construct, of all devices */
	struct remote_list remotes;
	struct told *at;
	size_t n;
	size_t cap;
};

/* Does some head of these stand on the version? */
static int knows(struct forget_listing *listing, const struct head_list *heads,
		 const char *device, const git_oid *version, bool *out,
		 struct err *err)
{
	struct store *store = listing->call->vault->store;
	size_t i;
	int rc = 0;

	*out = false;
	for (i = 0; rc == 0 && !*out && i < heads->n; i++) {
		const struct head *head = &heads->at[i];

		if (strcmp(head->construct, listing->view->ref_name) != 0 ||
		    (device && strcmp(head->device, device) != 0))
			continue;
		*out = git_oid_equal(&head->id, version);
		if (!*out)
			rc = history_is_ancestor(store, version, &head->id,
						 out, err);
	}
	return rc;
}

static int put_remotes(struct forget_listing *listing, const git_oid *version,
		       struct jcs_fields *fields, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char prefix[REF_NAME_MAX];
	size_t i;
	int rc = 0;

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < listing->remotes.n; i++) {
		const char *name = listing->remotes.at[i].name;
		struct head_list heads = HEAD_LIST_INIT;
		struct jcs_fields one = JCS_FIELDS_INIT;
		bool is_told = false;

		snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", name);
		rc = heads_list(listing->call->vault->store, prefix,
				listing->view->ref_name, &heads, NULL, err);
		if (rc == 0)
			rc = knows(listing, &heads, NULL, version, &is_told,
				   err);
		fields_str(&one, "name", name);
		fields_bool(&one, "told", is_told);
		buf_put_str(&list, i ? "," : "");
		if (rc == 0)
			rc = jcs_fields_write(&one, &list, err);
		jcs_fields_release(&one);
		head_list_release(&heads);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "remotes", &list);
	buf_release(&list);
	return rc;
}

/* Who has written since has it; of others nobody can say. */
static int put_devices(struct forget_listing *listing, const git_oid *version,
		       struct jcs_fields *fields, struct err *err)
{
	struct vault *vault = listing->call->vault;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < vault->state.members_n; i++) {
		const struct member *member = &vault->state.members[i];
		struct jcs_fields one = JCS_FIELDS_INIT;
		char device[DID_SHORT_MAX];
		bool is_told = false;

		did_short(member->public, device);
		rc = knows(listing, &listing->heads, device, version, &is_told,
			   err);
		result_did(&one, "did", member->public);
		result_member(&one, vault, member->public);
		fields_bool(&one, "told", is_told);
		fields_bool(&one, "removed", member->is_removed);
		buf_put_str(&list, list.len > 1 ? "," : "");
		if (rc == 0)
			rc = jcs_fields_write(&one, &list, err);
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "devices", &list);
	buf_release(&list);
	return rc;
}

static uint64_t count_listed(struct span data)
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

static int put_told(struct forget_listing *listing, const struct view_entity *entity,
		    struct told *told, struct err *err)
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
		       (int64_t)count_listed(record->record.data));
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
		rc = put_remotes(listing, &by->id, &fields, err);
	if (rc == 0 && by)
		rc = put_devices(listing, &by->id, &fields, err);
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

	if (rc == 0)
		rc = view_heads(listing->call->vault, ref_name,
				&listing->heads, &ids, &n, err);
	if (rc == 0)
		rc = origins_new(listing->view, &listing->origins, err);
	if (rc == 0)
		rc = view_each_home(listing->view, "forget", &visitor, err);
	origins_free(listing->origins);
	listing->origins = NULL;
	head_list_release(&listing->heads);
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
	rc = view_constructs(listing->call->vault, &names, err);
	for (i = 0; rc == 0 && i < names.n; i++)
		if (strcmp(names.at[i], VAULT_CONSTRUCT) != 0)
			rc = list_construct(listing, names.at[i], err);
	name_list_release(&names);
	return rc;
}

int forget_list(struct action_call *call, struct err *err)
{
	struct forget_listing listing = {
		.call = call, .heads = HEAD_LIST_INIT,
		.remotes = REMOTE_LIST_INIT,
	};
	size_t i;
	int rc = remote_list(call->vault, &listing.remotes, err);

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
	remote_list_release(&listing.remotes);
	return rc;
}
