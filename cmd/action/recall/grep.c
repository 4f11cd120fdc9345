#include "cmd/action/actions.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/recall/filter.h"
#include "cmd/action/recall/filter_none.h"
#include "cmd/action/recall/hit.h"
#include "cmd/action/recall/lines.h"
#include "cmd/action/recall/views.h"
#include "cmd/action/result.h"
#include "lib/os/path.h"

/* What one call has open. */
struct grepping {
	struct action_call *call;
	struct recall_filter filter;
	struct buf project;
	struct buf session;
	struct pattern *pattern;
	struct recall *recall;
	struct view_list views;
};

static int grep_check(const struct action_call *call, struct err *err)
{
	struct recall_filter filter;
	struct pattern *pattern = NULL;
	int rc = filter_read(call, &filter, err);

	if (rc == 0 && action_flag(call, "-c") && action_flag(call, "-l"))
		rc = err_set(err, ERR_INVALID, "either -c or -l");
	if (rc == 0 && action_text(call, "version") &&
	    action_text(call, "construct"))
		rc = err_set(err, ERR_INVALID, "either --construct or a "
			     "version behind the pattern");
	if (rc == 0 && action_text(call, "pattern"))
		rc = lines_pattern(call, &pattern, err);
	pattern_free(pattern);
	return rc;
}

static int holds(void *arg, struct span text, bool *out, struct err *err)
{
	return lines_hold(arg, text, out, err);
}

static int put_lines(void *arg, struct span text, struct jcs_fields *fields,
		     struct err *err)
{
	return lines_put(arg, text, fields, err);
}

/* The newest time of the hits, and with -c their lines. */
static int sum_hits(struct grepping *grepping, size_t first, size_t n,
		    struct spoken *spoken, struct jcs_fields *fields,
		    struct err *err)
{
	struct recall *recall = grepping->recall;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	bool counts = action_flag(grepping->call, "-c");
	int64_t newest = INT64_MIN;
	uint64_t lines = 0;
	size_t i;
	int rc = 0;

	for (i = first; rc == 0 && i < first + n; i++) {
		struct row *row = &recall->rows.at[recall->hits[i].row];

		newest = row->micros > newest ? row->micros : newest;
		if (!counts)
			continue;
		rc = recall_read(recall, row, &data, spoken, err);
		if (rc == 0)
			rc = lines_count(grepping->pattern,
					 buf_span(&spoken->text), &lines, err);
	}
	hit_put_time(fields, newest);
	if (counts)
		fields_integer(fields, "lines", (int64_t)lines);
	fields_integer(fields, "hits", (int64_t)n);
	buf_release(&data);
	return rc;
}

/* One object for the hits of a session; of a memory, its own. */
static int emit_session(struct grepping *grepping, size_t first, size_t n,
			struct jcs_fields *fields, struct err *err)
{
	struct recall *recall = grepping->recall;
	struct row *row = &recall->rows.at[recall->hits[first].row];
	struct view *view = recall->views[row->construct];
	struct hit_names names = HIT_NAMES_INIT;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct spoken spoken = SPOKEN_INIT;
	int rc = sum_hits(grepping, first, n, &spoken, fields, err);

	if (rc == 0)
		rc = recall_read(recall, row, &data, &spoken, err);
	result_construct(fields, view);
	if (rc == 0)
		rc = hit_find_names(view, &spoken, &names, err);
	if (rc == 0) {
		hit_put_names(fields, spoken.session, &names);
		fields_text(fields, "entity", spoken.session);
		handle_entity(grepping->call, view, spoken.session, NULL);
		rc = host_object(grepping->call->host, fields, err);
	}
	hit_names_release(&names);
	buf_release(&data);
	spoken_release(&spoken);
	return rc;
}

static int emit_sessions(struct grepping *grepping, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t first = 0;
	int rc = 0;

	while (rc == 0 && first < grepping->recall->hits_n) {
		size_t n = hits_of_session(grepping->recall, first);

		rc = recall_hold(grepping->recall, first, n, err);
		if (rc == 0)
			rc = emit_session(grepping, first, n, &fields, err);
		first += n;
	}
	jcs_fields_release(&fields);
	return rc;
}

static int emit_all(struct grepping *grepping, struct err *err)
{
	struct action_call *call = grepping->call;
	const struct hit_excerpt excerpt = { put_lines, grepping->pattern };
	const struct hit_options options = {
		(size_t)action_count(call, "around", 0), false, &excerpt
	};

	if (action_flag(call, "-c") || action_flag(call, "-l"))
		return emit_sessions(grepping, err);
	return hits_emit(call, grepping->recall, &options, err);
}

/* Words that the pattern cannot do without lead to it quickly. */
static int grep_find(struct grepping *grepping, struct err *err)
{
	const struct recall_pick pick = { holds, grepping->pattern };
	struct action_call *call = grepping->call;
	struct buf run = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = pattern_needs(grepping->pattern, query_takes_run, &run, err);

	if (rc == 0)
		rc = recall_new_picked(buf_text(&run), &pick,
				       &grepping->filter, &grepping->recall,
				       err);
	for (i = 0; rc == 0 && i < grepping->views.n; i++)
		rc = recall_add(grepping->recall, grepping->views.at[i], err);
	if (rc == 0)
		rc = recall_choose(grepping->recall, (size_t)
				   action_count(call, "-n", SIZE_MAX), err);
	if (rc == 0) {
		call->is_no = !grepping->recall->hits_n;
		rc = call->is_no ?
		     filter_tell_none(&grepping->filter, call->host,
				      &grepping->views, err) :
		     emit_all(grepping, err);
	}
	buf_release(&run);
	return rc;
}

static int grep_run(struct action_call *call, struct err *err)
{
	struct grepping grepping = { .call = call, .project = PATH_BUF_INIT,
				     .session = BUF_INIT(BUF_NO_LIMIT) };
	int rc = filter_read(call, &grepping.filter, err);

	if (rc == 0)
		rc = filter_settle(&grepping.filter, &grepping.project, err);
	if (rc == 0)
		rc = lines_pattern(call, &grepping.pattern, err);
	if (rc == 0)
		rc = views_open_named(call, action_text(call, action_flag
				      (call, "version") ? "version" :
				      "construct"), &grepping.views, err);
	call->has_no_source = !grepping.views.n;
	if (rc == 0)
		rc = filter_settle_session(&grepping.filter, call->vault,
					   &grepping.views, &grepping.session,
					   err);
	if (rc == 0)
		rc = grep_find(&grepping, err);
	recall_free(grepping.recall);
	pattern_free(grepping.pattern);
	buf_release(&grepping.project);
	buf_release(&grepping.session);
	views_release(&grepping.views);
	return rc;
}

static const struct action_param params[] = {
	{ "-E", ACTION_FLAG, 0, NULL, "the pattern is a regular expression of Perl" },
	{ "-F", ACTION_FLAG, 0, NULL,
	  "the pattern is a text as it stands, as without -E" },
	{ "-i", ACTION_FLAG, 0, NULL, "upper and lower case are alike" },
	{ "-w", ACTION_FLAG, 0, NULL, "whole words alone" },
	{ "-c", ACTION_FLAG, 0, NULL, "count the lines of each session" },
	{ "-l", ACTION_FLAG, 0, NULL, "list the sessions alone" },
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many hits" },
	FILTER_PARAMS, FILTER_PARAMS_END,
	{ "pattern", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<pattern>", "what a line has to hold" },
	VERSION_PARAM(0),
	ACTION_PARAMS_END
};

const struct action action_grep = {
	"grep", "find the lines that hold a pattern", params,
	ACTION_SHOWS | ACTION_LISTS, grep_check, grep_run
};
