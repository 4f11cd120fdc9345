#include "cmd/action/actions.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/shelves.h"
#include "cmd/action/recall/filter_none.h"
#include "cmd/action/result.h"
#include "cmd/action/times.h"
#include "lib/os/path.h"

/* What is asked for. */
struct wanting {
	struct period times;
	struct recall_filter filter;	/* project, provider, model */
	struct filter_none none;	/* what was seen of these */
};

/* Was it spoken in at that time? One without a time is not left out of all. */
static bool is_then(const struct period *times,
		    const struct lists_session *session)
{
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
		if (recall_begins(name, span_take_line(&rest)))
			return true;
	}
	return false;
}

static bool wants(void *arg, const struct lists_session *session)
{
	struct wanting *wanting = arg;
	const struct recall_filter *filter = &wanting->filter;

	filter_none_see(&wanting->none, session);
	return is_then(&wanting->times, session) &&
	       recall_is_alike(filter->provider, session->provider) &&
	       (!filter->model || has_model(session, filter->model)) &&
	       (!filter->project ||
		recall_wants_project(filter, session->project));
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

static int session_emit(struct action_call *call, struct jcs_fields *fields,
			const struct shelf *shelf, struct err *err)
{
	const struct lists_session *session = &shelf->next;

	result_construct(fields, shelf->view);
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
	handle_entity(call, shelf->view, session->entity, NULL);
	return host_object(call->host, fields, err);
}

static int tell(struct action_call *call, struct shelves *shelves,
		const struct filter_none *none, struct err *err)
{
	uint64_t most = action_count(call, "-n", UINT64_MAX);
	uint64_t left = most;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct shelf *shelf = NULL;
	int rc = 0;

	while (rc == 0 && left-- &&
	       (rc = shelves_next(shelves, &shelf, err)) == 0 && shelf)
		rc = session_emit(call, &fields, shelf, err);
	if (rc == 0 && most && left == most - 1 && !shelf)
		filter_none_tell(none, call->host);
	jcs_fields_release(&fields);
	return rc;
}

/* Times are those of what was said, or of what the vault learned. */
static int read_times(const struct action_call *call, struct period *said,
		      struct shelves *shelves, struct err *err)
{
	bool is_stored = false;
	int rc = times_read(call, said, err);

	if (rc == 0)
		rc = times_clock(call, &is_stored, err);
	if (rc < 0 || !is_stored)
		return rc;
	if (action_flag(call, "since"))
		shelves->stored_since = said->start;
	if (action_flag(call, "until"))
		shelves->stored_before = said->end + 1;
	*said = (struct period)PERIOD_ALL;
	return 0;
}

static int list_check(const struct action_call *call, struct err *err)
{
	struct shelves shelves;
	struct period said;

	return read_times(call, &said, &shelves, err);
}

static int list_run(struct action_call *call, struct err *err)
{
	const char *version = action_text(call, "version");
	struct wanting wanting = {
		.filter = { .project = action_text(call, "project"),
			    .provider = action_text(call, "provider"),
			    .model = action_text(call, "model") },
		.none = FILTER_NONE_INIT(&wanting.filter),
	};
	struct shelves shelves = { .call = call, .wants = wants,
				   .arg = &wanting };
	struct buf project = PATH_BUF_INIT;
	int rc = read_times(call, &wanting.times, &shelves, err);

	if (rc == 0)
		rc = filter_settle(&wanting.filter, &project, err);
	if (rc == 0)
		rc = version ? shelves_add(&shelves, version, err) :
		     shelves_add_all(&shelves, err);
	call->has_no_source = !shelves.n;
	if (rc == 0)
		rc = tell(call, &shelves, &wanting.none, err);
	shelves_release(&shelves);
	filter_none_release(&wanting.none);
	buf_release(&project);
	return rc;
}

static const struct action_param params[] = {
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many" },
	TIMES_PARAMS,
	CLOCK_PARAMS("times are when it was said, as they are without",
		     "times are when the vault learned it"),
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
	ACTION_SHOWS | ACTION_LISTS, list_check, list_run
};
