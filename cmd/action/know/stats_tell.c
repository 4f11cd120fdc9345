#include "cmd/action/know/stats.h"

#include <stdio.h>

#include "cmd/action/know/chart.h"
#include "cmd/action/know/stats_json.h"
#include "cmd/action/recall/filter_none.h"
#include "cmd/action/result.h"
#include "refs/index/lists/names.h"

#define CHART_ROWS_MAX 40

/* Which groups are told: of a calendar the last ones, else the largest. */
static void choose_groups(const struct stats *stats, size_t *first, size_t *end)
{
	uint64_t most = action_count(stats->call, "-n", UINT64_MAX);
	size_t n = stats->groups.n;

	*first = 0;
	*end = n;
	if (most >= n)
		return;
	if (stats_by_is_time(stats->groups.by))
		*first = n - (size_t)most;
	else
		*end = (size_t)most;
}

/* What whoever draws it wants to know before: how much there is in all, and
 * how much in the largest of them. */
static int tell_total(struct stats *stats, size_t first, size_t end,
		      struct err *err)
{
	const struct stats_groups *groups = &stats->groups;
	const struct action_call *call = stats->call;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	bool is_kind = groups->by == BY_KIND;
	uint64_t most = 0;
	uint64_t told = 0;
	size_t i;
	int rc;

	for (i = first; i < end; i++) {
		uint64_t n = is_kind ? groups->at[i].entities :
			     groups->at[i].messages;

		most = n > most ? n : most;
		told += groups->at[i].told;
	}
	stats_put(&fields, groups->by, &groups->all);
	fields_bool(&fields, "total", true);
	fields_integer(&fields, "groups", (int64_t)groups->n);
	fields_integer(&fields, "left_out", (int64_t)(groups->n - (end -
								first)));
	fields_integer(&fields, "constructs", (int64_t)stats->views.n);
	fields_integer(&fields, "most", (int64_t)most);
	fields_bool(&fields, "has_tokens", told > 0);
	fields_bool(&fields, "plot", action_flag(call, "plot"));
	stats_put_months(&fields, &stats->months);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* In lines of JSON, to whoever asked for these in so many words. */
static int tell_line(const struct stats *stats, struct jcs_fields *fields,
		     struct err *err)
{
	const struct host *host = stats->call->host;
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (stats->format != STATS_JSON)
		return host_object(host, fields, err);
	rc = jcs_fields_write(fields, &line, err);
	if (rc == 0)
		rc = buf_add_str(&line, "\n", err);
	if (rc == 0)
		rc = host_bytes(host, buf_span(&line), err);
	jcs_fields_reset(fields);
	buf_release(&line);
	return rc;
}

/* "called", of the group of a construct. */
static void put_called(struct stats *stats, struct span group,
		       struct jcs_fields *fields)
{
	char id[CONSTRUCT_NAME_MAX];
	const char *called = NULL;

	snprintf(id, sizeof(id), "%.*s", (int)group.len, group.at);
	if (names_shown(stats->call->vault, id, &called, NULL) == 0 && called)
		fields_str(fields, "called", called);
}

static int tell_groups(struct stats *stats, struct err *err)
{
	const struct stats_groups *groups = &stats->groups;
	bool is_sum = groups->by == BY_NOTHING;
	bool has_total = action_flag(stats->call, "total") &&
			 stats->format != STATS_JSON;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t first;
	size_t end;
	int rc = 0;

	choose_groups(stats, &first, &end);
	if (has_total)
		rc = tell_total(stats, first, end, err);
	if (is_sum && !has_total) {
		stats_put(&fields, BY_NOTHING, &groups->all);
		rc = tell_line(stats, &fields, err);
	}
	for (; rc == 0 && !is_sum && first < end; first++) {
		stats_put(&fields, groups->by, &groups->at[first]);
		if (groups->by == BY_CONSTRUCT)
			put_called(stats, groups->at[first].name, &fields);
		if (has_total && groups->at[first].number != INT64_MIN)
			fields_integer(&fields, "number",
				       groups->at[first].number);
		rc = tell_line(stats, &fields, err);
	}
	jcs_fields_release(&fields);
	return rc;
}

static int tell_chart(struct stats *stats, struct err *err)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	size_t first;
	size_t end;
	int rc;

	choose_groups(stats, &first, &end);
	/* More than that are no picture. */
	if (!stats_by_is_time(stats->groups.by) && end > CHART_ROWS_MAX &&
	    !action_flag(stats->call, "-n"))
		end = CHART_ROWS_MAX;
	chart_put(&stats->groups, first, end, stats->views.n == 1 ?
		  view_title(stats->views.at[0]) : NULL, &out);
	rc = buf_end(&out, err);
	if (rc == 0)
		rc = host_bytes(stats->call->host, buf_span(&out), err);
	buf_release(&out);
	return rc;
}

int stats_tell(struct stats *stats, struct err *err)
{
	int rc = stats->format == STATS_SVG ? tell_chart(stats, err) :
		 tell_groups(stats, err);

	if (rc < 0 || stats->groups.all.sessions || !stats->views.n ||
	    stats->groups.by == BY_KIND)
		return rc;
	host_note(stats->call->host, "nothing was said that matches; 'vvault "
		  "stats' counts all that there is");
	return filter_tell_none(&stats->filter, stats->call->host,
				&stats->views, err);
}
