#include "cmd/action/know/gather_internal.h"

#include "cmd/action/result.h"

/* Fewer records are folded sooner than lists are written and read. */
#define KEEP_FROM 200

static bool has_times(const struct recall_filter *filter)
{
	return filter->since != INT64_MIN || filter->until != INT64_MAX;
}

bool gather_is_narrow(const struct recall_filter *filter)
{
	return has_times(filter) || filter->role || filter->model ||
	       filter->provider || filter->session || filter->project ||
	       filter->stored_since;
}

/* --- what counts --- */

static void choose_lines(bool *out, struct span lines, const char *wanted,
			 bool (*is_wanted)(const char *wanted,
					   struct span text))
{
	size_t n;

	for (n = 0; n < LINES_MAX; n++)
		out[n] = !wanted;
	for (n = 0; wanted && lines.len && n < LISTS_UNNAMED; n++)
		out[n] = is_wanted(wanted, span_take_line(&lines));
}

static bool wants_session(const struct recall_filter *filter,
			  const struct lists_session *session)
{
	return recall_is_alike(filter->provider, session->provider) &&
	       (!filter->session || span_equals(span_str(filter->session),
						session->entity)) &&
	       (!filter->project ||
		recall_wants_project(filter, session->project));
}

static bool wants_message(const struct gather *gather,
			  const struct lists_said *said)
{
	const struct recall_filter *filter = &gather->filter;

	if (!gather->has_role[said->role] || !gather->has_model[said->model])
		return false;
	return !has_times(filter) ||
	       (said->micros != INT64_MIN && said->micros >= filter->since &&
		said->micros <= filter->until);
}

/* Which line is that of a role? */
static unsigned line_of(struct span lines, const char *word)
{
	unsigned n;

	for (n = 0; lines.len && n < LISTS_UNNAMED; n++) {
		if (span_equals(span_take_line(&lines), span_str(word)))
			return n;
	}
	return LINES_MAX;
}

static int count_messages(struct gather *gather, struct lists *lists,
			  const struct lists_session *session, struct err *err)
{
	unsigned user = line_of(session->roles, "user");
	unsigned assistant = line_of(session->roles, "assistant");
	const struct lists_said *said = NULL;
	const struct lists_more *more = NULL;
	size_t group = 0;
	uint64_t i;
	int rc = lists_messages(lists, &said, &more, err);

	for (i = 0; rc == 0 && i < session->messages; i++) {
		const struct stats_said what = {
			&said[i],
			said[i].flags & LISTS_HAS_MORE ? more++ : NULL,
			said[i].role == user, said[i].role == assistant,
			gather->filter.with_all
		};

		if (!wants_message(gather, &said[i]))
			continue;
		rc = gather_message(gather, &said[i], &group, err);
		if (rc == 0)
			rc = stats_session_in(gather->groups, group, err);
		if (rc == 0)
			stats_count(gather->groups, group, &what);
	}
	return rc;
}

/* One in which nobody has said anything counts where it stands by itself. */
static int count_empty(struct gather *gather,
		       const struct lists_session *session, struct err *err)
{
	enum stats_by by = gather->groups->by;
	size_t group = gather->of_session;
	int rc = 0;

	if (session->messages || has_times(&gather->filter) ||
	    gather->filter.role || gather->filter.model)
		return 0;
	if (stats_by_is_time(by))
		rc = gather_time(gather, session->created, &group, err);
	else if (by == BY_MODEL || by == BY_ROLE)
		group = gather->of_lines[LISTS_UNNAMED];
	return rc < 0 ? rc : stats_session_in(gather->groups, group, err);
}

static int count_session(struct gather *gather, struct lists *lists,
			 struct span construct,
			 const struct lists_session *session, struct err *err)
{
	enum stats_by by = gather->groups->by;
	int rc = gather_session(gather, construct, session, err);

	if (rc == 0 && (by == BY_MODEL || by == BY_ROLE))
		rc = gather_lines(gather, by == BY_MODEL ? session->models :
				 session->roles, err);
	if (rc < 0)
		return rc;
	choose_lines(gather->has_role, session->roles, gather->filter.role,
		     recall_is_alike);
	choose_lines(gather->has_model, session->models,
		     gather->filter.model, recall_begins);
	stats_session_begin(gather->groups);
	rc = count_messages(gather, lists, session, err);
	if (rc == 0)
		rc = count_empty(gather, session, err);
	return rc < 0 ? rc : stats_session_end(gather->groups, construct,
					       session, err);
}

static int count_sessions(struct gather *gather, struct lists *lists,
			  struct span construct, struct err *err)
{
	bool has_role[LINES_MAX];
	bool has_model[LINES_MAX];
	size_t of_lines[LINES_MAX] = { 0 };
	struct lists_session session;
	bool is_end = !lists_has_sessions(lists);
	int rc = 0;

	gather->has_role = has_role;
	gather->has_model = has_model;
	gather->of_lines = of_lines;
	while (rc == 0 && !is_end) {
		rc = lists_next(lists, &session, &is_end, err);
		if (rc == 0 && !is_end &&
		    wants_session(&gather->filter, &session))
			rc = count_session(gather, lists, construct, &session,
					   err);
	}
	gather->has_role = gather->has_model = NULL;
	gather->of_lines = NULL;
	return rc;
}

int gather_view(struct gather *gather, struct view *view, struct err *err)
{
	struct span construct = span_str(view_title(view));
	struct lists *lists = NULL;
	int64_t since = gather->filter.stored_since;
	int rc = since ? lists_open_since(view, since, &lists, err) :
		 lists_open(view, KEEP_FROM, &lists, err);

	if (rc == 0 && gather->groups->by == BY_KIND)
		rc = gather_kinds(gather, lists, err);
	else if (rc == 0)
		rc = count_sessions(gather, lists, construct, err);
	if (rc == 0 && gather->wants_sizes)
		rc = gather_sizes(gather, view, lists, err);
	lists_free(lists);
	return rc;
}
