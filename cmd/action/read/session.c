#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/recall/filter.h"
#include "cmd/action/result.h"
#include "cmd/action/times.h"
#include "lib/base/array.h"
#include "lib/os/path.h"
#include "refs/index/lists/lists.h"

/* The sessions of one construct, and the one that comes next. */
struct shelf {
	struct view *view;
	struct lists *lists;
	struct lists_session next;
	bool is_end;
};

struct listing {
	struct action_call *call;
	struct period times;
	struct recall_filter filter;	/* project, provider, model */
	struct jcs_fields fields;
	struct shelf *at;
	size_t n;
	size_t cap;
};

static void shelf_release(struct shelf *shelf)
{
	lists_free(shelf->lists);
	view_free(shelf->view);
}

/* Was it spoken in at that time? One without a time is not left out of all. */
static bool is_then(const struct listing *listing,
		    const struct lists_session *session)
{
	const struct period *times = &listing->times;

	if (times->start == INT64_MIN && times->end == INT64_MAX)
		return true;
	return session->updated != INT64_MIN &&
	       session->updated >= times->start &&
	       session->created <= times->end;
}

static bool has_model(const struct lists_session *session, const char *name)
{
	struct span rest = session->models;

	while (rest.len) {
		struct span line = span_take_line(&rest);

		if (span_equals(line, span_str(name)))
			return true;
	}
	return false;
}

static bool is_wanted(const struct listing *listing,
		      const struct lists_session *session)
{
	const struct recall_filter *filter = &listing->filter;

	return is_then(listing, session) &&
	       (!filter->provider || span_equals(session->provider,
						 span_str(filter->provider))) &&
	       (!filter->model || has_model(session, filter->model)) &&
	       (!filter->project ||
		recall_wants_project(filter, session->project));
}

/* On to the next one that is asked for. */
static int advance(const struct listing *listing, struct shelf *shelf,
		   struct err *err)
{
	int rc;

	do
		rc = lists_next(shelf->lists, &shelf->next, &shelf->is_end,
				err);
	while (rc == 0 && !shelf->is_end && !is_wanted(listing, &shelf->next));
	return rc;
}

/* Of a view, which is taken. */
static int add_shelf(struct listing *listing, struct view *view,
		     struct err *err)
{
	struct shelf shelf = { .view = view };
	int rc = lists_open(view, LISTS_KEEP_FROM, &shelf.lists, err);

	if (rc == 0)
		rc = advance(listing, &shelf, err);
	if (rc == 0 && !shelf.is_end)
		rc = array_room(listing, err);
	if (rc < 0 || shelf.is_end)
		shelf_release(&shelf);
	else
		listing->at[listing->n++] = shelf;
	return rc;
}

/* One of all: what is sealed for this device, or hurt, stops no other. */
static int add_construct(struct listing *listing, const char *name,
			 struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *view = NULL;
	int rc = view_open_ref(listing->call->vault, name, &view, &reason);

	if (rc == 0 && codec_mode(view->codec) == CODEC_BLIND)
		view_free(view);
	else if (rc == 0)
		rc = add_shelf(listing, view, &reason);
	return rc < 0 ? action_pass_over(listing->call, name, &reason, err) : 0;
}

static int add_all(struct listing *listing, struct err *err)
{
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs(listing->call->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++) {
		if (strcmp(names.at[i], VAULT_CONSTRUCT))
			rc = add_construct(listing, names.at[i], err);
	}
	name_list_release(&names);
	return rc;
}

static void put_models(struct jcs_fields *fields, struct span models)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	buf_put_char(&list, '[');
	while (models.len) {
		buf_put_str(&list, list.len > 1 ? ",\"" : "\"");
		buf_put_span(&list, span_take_line(&models));
		buf_put_char(&list, '"');
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "models", &list);
	buf_release(&list);
}

static int session_emit(struct listing *listing, const struct shelf *shelf,
			struct err *err)
{
	const struct lists_session *session = &shelf->next;
	struct jcs_fields *fields = &listing->fields;

	fields_str(fields, "construct", view_title(shelf->view));
	fields_text(fields, "session", session->entity);
	result_text(fields, "title", session->title);
	result_text(fields, "first", session->first);
	result_text(fields, "provider", session->provider);
	put_models(fields, session->models);
	fields_integer(fields, "messages", (int64_t)session->messages);
	fields_integer(fields, "branches", (int64_t)session->branches);
	result_text(fields, "project", session->project);
	result_micros(fields, "created", session->created);
	result_micros(fields, "updated", session->updated);
	handle_entity(listing->call, shelf->view, session->entity, NULL);
	return host_object(listing->call->host, fields, err);
}

/* The shelf whose next is the newest of all; the first of several. */
static struct shelf *newest(struct listing *listing)
{
	struct shelf *best = NULL;
	size_t i;

	for (i = 0; i < listing->n; i++) {
		struct shelf *shelf = &listing->at[i];

		if (!shelf->is_end && (!best || shelf->next.updated >
						best->next.updated))
			best = shelf;
	}
	return best;
}

static int tell(struct listing *listing, struct err *err)
{
	uint64_t left = action_count(listing->call, "-n", UINT64_MAX);
	struct shelf *shelf;
	int rc = 0;

	while (rc == 0 && left-- && (shelf = newest(listing))) {
		rc = session_emit(listing, shelf, err);
		if (rc == 0)
			rc = advance(listing, shelf, err);
	}
	return rc;
}

static int list_check(const struct action_call *call, struct err *err)
{
	struct period times;

	return times_read(call, &times, err);
}

static int list_run(struct action_call *call, struct err *err)
{
	const char *version = action_text(call, "version");
	struct buf project = PATH_BUF_INIT;
	struct listing listing = {
		.call = call, .fields = JCS_FIELDS_INIT,
		.filter = { .project = action_text(call, "project"),
			    .provider = action_text(call, "provider"),
			    .model = action_text(call, "model") },
	};
	struct view *view = NULL;
	int rc = times_read(call, &listing.times, err);

	if (rc == 0)
		rc = filter_settle(&listing.filter, &project, err);
	if (rc == 0 && version)
		rc = ref_open_view(call->vault, version, &view, err);
	if (rc == 0)
		rc = version ? add_shelf(&listing, view, err) :
		     add_all(&listing, err);
	if (rc == 0)
		rc = tell(&listing, err);
	while (listing.n)
		shelf_release(&listing.at[--listing.n]);
	free(listing.at);
	jcs_fields_release(&listing.fields);
	buf_release(&project);
	return rc;
}

static const struct action_param params[] = {
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many" },
	TIMES_PARAMS,
	{ "provider", ACTION_TEXT, 0, "<provider>",
	  "from there: chatgpt, claude ..." },
	{ "model", ACTION_TEXT, 0, "<model>", "in which this model spoke" },
	{ "project", ACTION_TEXT, 0, "<folder>",
	  "of agents that worked there or below" },
	VERSION_PARAM(0),
	ACTION_PARAMS_END
};

const struct action action_session_list = {
	"session list", "list the sessions, the newest first", params,
	ACTION_SHOWS, list_check, list_run
};
