#include "cmd/action/recall/filter_none.h"

#define SHOWN_BYTES 200

static bool has_shown(struct span shown, struct span value)
{
	while (shown.len) {
		size_t n = 0;

		while (n < shown.len && shown.at[n] != ',')
			n++;
		if (span_equals(span_of(shown.at, n), value))
			return true;
		n = n + 2 < shown.len ? n + 2 : shown.len;
		shown = span_of(shown.at + n, shown.len - n);
	}
	return false;
}

/* As many as there is room for. */
static void show(struct filter_having *having, struct span value)
{
	if (!value.len || buf_end(&having->shown, NULL) < 0 ||
	    having->shown.len + value.len > SHOWN_BYTES ||
	    has_shown(buf_span(&having->shown), value))
		return;
	buf_put_str(&having->shown, having->shown.len ? ", " : "");
	buf_put_span(&having->shown, value);
}

void filter_none_see(struct filter_none *nones,
		     const struct lists_session *session)
{
	const struct recall_filter *filter = nones->filter;
	struct span models = session->models;
	struct span roles = session->roles;

	while (roles.len) {
		struct span role = span_take_line(&roles);

		nones->role.is_met |= recall_is_alike(filter->role, role);
		show(&nones->role, role);
	}
	while (models.len) {
		struct span model = span_take_line(&models);

		nones->model.is_met |= recall_begins(filter->model, model);
		show(&nones->model, model);
	}
	nones->provider.is_met |= recall_is_alike(filter->provider,
						  session->provider);
	show(&nones->provider, session->provider);
	nones->project.is_met |= !filter->project ||
		recall_wants_project(filter, session->project);
	show(&nones->project, session->project);
}

static int look_in(struct filter_none *nones, struct view *view, struct err *err)
{
	struct lists *lists = NULL;
	struct lists_session session;
	bool is_end = false;
	int rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);

	while (rc == 0 && !is_end) {
		rc = lists_next(lists, &session, &is_end, err);
		if (rc == 0 && !is_end)
			filter_none_see(nones, &session);
	}
	lists_free(lists);
	return rc;
}

static void tell(const struct host *host, const struct filter_having *having,
		 const char *what, const char *wanted)
{
	if (!wanted || having->is_met)
		return;
	if (having->shown.len)
		host_note(host, "no %s '%s'; there are: %s", what, wanted,
			  buf_text(&having->shown));
	else
		host_note(host, "no %s '%s'", what, wanted);
}

void filter_none_tell(const struct filter_none *nones,
		      const struct host *host)
{
	const struct recall_filter *filter = nones->filter;

	tell(host, &nones->role, "message is of role", filter->role);
	tell(host, &nones->model, "model begins with", filter->model);
	tell(host, &nones->provider, "session is from provider",
	     filter->provider);
	tell(host, &nones->project, "session is of project", filter->project);
}

void filter_none_release(struct filter_none *nones)
{
	buf_release(&nones->role.shown);
	buf_release(&nones->model.shown);
	buf_release(&nones->provider.shown);
	buf_release(&nones->project.shown);
}

int filter_tell_none(const struct recall_filter *filter,
		     const struct host *host, const struct view_list *list,
		     struct err *err)
{
	struct filter_none nones = FILTER_NONE_INIT(filter);
	size_t i;
	int rc = 0;

	if (!filter->role && !filter->model && !filter->provider &&
	    !filter->project)
		return 0;
	for (i = 0; rc == 0 && i < list->n; i++)
		rc = look_in(&nones, list->at[i], err);
	if (rc == 0)
		filter_none_tell(&nones, host);
	filter_none_release(&nones);
	return rc;
}
