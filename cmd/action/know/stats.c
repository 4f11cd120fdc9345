#include "cmd/action/actions.h"
#include "cmd/action/know/gather.h"
#include "cmd/action/know/stats.h"
#include "cmd/action/open.h"
#include "lib/os/path.h"

static int read_format(const struct action_call *call, enum stats_format *out,
		       struct err *err)
{
	const char *word = action_text(call, "format");

	*out = STATS_TEXT;
	if (!word || !strcmp(word, "text"))
		return 0;
	*out = !strcmp(word, "svg") ? STATS_SVG : STATS_JSON;
	return *out == STATS_SVG || !strcmp(word, "json") ? 0 :
	       err_set(err, ERR_INVALID, "--format: '%s' is none of text, svg "
		       "and json", word);
}

/* Is it a picture that is asked for? Of nothing it is one of months. */
static int read_by(const struct action_call *call, enum stats_by *out,
		   struct err *err)
{
	enum stats_format format;
	int rc = stats_by_find(action_text(call, "by"), out, err);

	if (rc == 0)
		rc = read_format(call, &format, err);
	if (rc == 0 && *out == BY_NOTHING &&
	    (format == STATS_SVG || action_flag(call, "plot")))
		*out = (enum stats_by)STRETCH_MONTH;
	return rc;
}

static int read_filter(const struct action_call *call,
		       struct recall_filter *out, struct err *err)
{
	*out = (struct recall_filter){
		.role = action_text(call, "role"),
		.model = action_text(call, "model"),
		.provider = action_text(call, "provider"),
		.session = action_text(call, "session"),
		.project = action_text(call, "project"),
		.wall = &call->settings.wall,
		.since = INT64_MIN,
		.until = INT64_MAX,
		.with_all = action_flag(call, "all"),
	};
	return filter_read_times(call, out, err);
}

static int stats_check(const struct action_call *call, struct err *err)
{
	struct recall_filter filter;
	enum stats_by by;
	int rc = read_by(call, &by, err);

	if (rc == 0)
		rc = read_filter(call, &filter, err);
	if (rc == 0 && action_flag(call, "construct") &&
	    action_flag(call, "version"))
		return err_set(err, ERR_INVALID, "either --construct or a "
			       "version behind the options");
	if (rc == 0 && by == BY_KIND && gather_is_narrow(&filter))
		return err_set(err, ERR_INVALID, "--by kind counts all that a "
			       "construct has: no option narrows it");
	return rc;
}

/* --- counting --- */

static int count(struct stats *stats, struct stats_groups *groups,
		 bool wants_sizes, struct err *err)
{
	struct action_call *call = stats->call;
	struct gather gather = {
		.call = call, .filter = stats->filter, .groups = groups,
		.wants_sizes = wants_sizes,
	};
	size_t i;
	int rc = 0;

	if (action_flag(call, "local") && stats->format != STATS_JSON)
		gather.wall = call->settings.wall;
	for (i = 0; rc == 0 && i < stats->views.n; i++) {
		struct view *view = stats->views.at[i];
		struct err reason = ERR_INIT;

		if (gather_view(&gather, view, &reason) < 0)
			rc = action_pass_over(call, view->ref_name, &reason,
					      err);
	}
	stats_groups_sort(groups);
	return rc;
}

static int count_all(struct stats *stats, struct err *err)
{
	enum stats_by by = stats->groups.by;
	bool is_whole = !gather_is_narrow(&stats->filter);
	int rc = count(stats, &stats->groups, is_whole &&
		       (by == BY_NOTHING || by == BY_CONSTRUCT), err);

	/* The curve below the sums. */
	if (rc == 0 && by == BY_NOTHING && action_flag(stats->call, "total"))
		rc = count(stats, &stats->months, false, err);
	return rc;
}

static int settle_stats(struct stats *stats, struct err *err)
{
	struct action_call *call = stats->call;
	const char *version = action_text(call, "version");
	int rc = filter_settle(&stats->filter, &stats->project, err);

	if (rc == 0)
		rc = views_open_named(call, version ? version :
				      action_text(call, "construct"),
				      &stats->views, err);
	if (rc == 0)
		rc = filter_settle_session(&stats->filter, call->vault,
					   &stats->views, &stats->session,
					   err);
	call->has_no_source = !stats->views.n;
	return rc;
}

static int stats_run(struct action_call *call, struct err *err)
{
	struct stats stats = { .call = call, .project = PATH_BUF_INIT,
			       .session = BUF_INIT(BUF_NO_LIMIT) };
	enum stats_by by = BY_NOTHING;
	int rc = read_by(call, &by, err);

	stats_groups_init(&stats.groups, by);
	stats_groups_init(&stats.months, (enum stats_by)STRETCH_MONTH);
	if (rc == 0)
		rc = read_format(call, &stats.format, err);
	if (rc == 0)
		rc = read_filter(call, &stats.filter, err);
	if (rc == 0)
		rc = settle_stats(&stats, err);
	if (rc == 0)
		rc = count_all(&stats, err);
	if (rc == 0)
		rc = stats_tell(&stats, err);
	stats_groups_release(&stats.groups);
	stats_groups_release(&stats.months);
	views_release(&stats.views);
	buf_release(&stats.project);
	buf_release(&stats.session);
	return rc;
}

static const struct action_param params[] = {
	{ "by", ACTION_TEXT, 0, "<what>",
	  "month, week, day, weekday, hour, year, model, provider, project, "
	  "construct, role, kind" },
	{ "-n", ACTION_COUNT, 0, "<count>",
	  "at most so many groups: the last ones, or the largest" },
	{ "plot", ACTION_FLAG, 0, NULL, "bars in place of numbers" },
	{ "format", ACTION_TEXT, 0, "<format>",
	  "text, svg (a chart) or json" },
	{ "construct", ACTION_TEXT, 0, "<version>",
	  "in this construct, as of a version; else in all" },
	{ "role", ACTION_TEXT, 0, "<role>", "user, assistant ..." },
	{ "model", ACTION_TEXT, 0, "<model>", "said by this model" },
	{ "provider", ACTION_TEXT, 0, "<provider>",
	  "from there: chatgpt, claude ..." },
	{ "session", ACTION_TEXT, 0, "<session>",
	  "in this session, by its handle or the begin of its name" },
	{ "project", ACTION_TEXT, 0, "<folder>",
	  "in sessions of agents that worked there or below" },
	TIMES_PARAMS,
	CLOCK_PARAMS("times are when it was said, as they are without",
		     "times are when the vault learned it"),
	{ "as-of", ACTION_TEXT, 0, "<date>|<version>",
	  "what the vault knew then" },
	{ "all", ACTION_FLAG, 0, NULL,
	  "what is hidden, thinking and tools count as messages, too" },
	{ "local", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PEOPLE, NULL,
	  "days and hours by the local clock; else by UTC" },
	{ "total", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PEOPLE, NULL,
	  "with a first object that says it of all" },
	VERSION_PARAM(0),
	ACTION_PARAMS_END
};

const struct action action_stats = {
	"stats", "count what was said", params, ACTION_SHOWS, stats_check,
	stats_run
};
