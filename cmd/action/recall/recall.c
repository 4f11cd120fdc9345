#include "refs/index/recall.h"

#include "cmd/action/actions.h"
#include "cmd/action/recall/hit.h"
#include "cmd/action/recall/searched.h"
#include "cmd/action/recall/views.h"
#include "cmd/action/times.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define HITS 10
#define HITS_MAX 10000
#define AROUND_MAX 100

/* What one call has open. */
struct search {
	struct action_call *call;
	struct recall_filter filter;
	struct buf project;
	struct recall *recall;
	struct view_list views;
};

static int read_kind(const struct action_call *call,
		     struct recall_filter *filter, struct err *err)
{
	const char *name = action_text(call, "kind");

	if (!name)
		return 0;
	filter->kind = kind_find(span_str(name));
	if (filter->kind && spoken_has(filter->kind))
		return 0;
	return err_set(err, ERR_INVALID, "'%s' is not looked through: message, "
		       "memory and session are", name);
}

static int read_filter(const struct action_call *call,
		       struct recall_filter *filter, struct err *err)
{
	struct period times;
	int rc = times_read(call, &times, err);

	*filter = (struct recall_filter){
		.role = action_text(call, "role"),
		.model = action_text(call, "model"),
		.provider = action_text(call, "provider"),
		.session = action_text(call, "session"),
		.project = action_text(call, "project"),
		.since = times.start,
		.until = times.end,
		.with_history = action_flag(call, "history"),
		.with_all = action_flag(call, "all"),
		.has_code = action_flag(call, "code"),
	};
	if (rc == 0 && action_count(call, "-n", HITS) > HITS_MAX)
		rc = err_set(err, ERR_INVALID, "-n: at most %d", HITS_MAX);
	if (rc == 0 && action_count(call, "around", 0) > AROUND_MAX)
		rc = err_set(err, ERR_INVALID, "--around: at most %d",
			     AROUND_MAX);
	return rc < 0 ? rc : read_kind(call, filter, err);
}

static int recall_check(const struct action_call *call, struct err *err)
{
	struct recall_filter filter;

	return read_filter(call, &filter, err);
}

/* A folder as agents tell theirs: whole, where it is one of this computer. */
static int settle_project(struct search *search, struct err *err)
{
	const char *project = search->filter.project;
	int rc;

	if (!project || *project == '/')
		return 0;
	rc = buf_add_str(&search->project, project, err);
	if (rc == 0)
		rc = file_settle(&search->project, err);
	search->filter.project = buf_text(&search->project);
	return rc;
}

static int start(struct search *search, const struct action_value *words,
		 size_t skipped, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	for (i = skipped; i < words->n; i++) {
		buf_put_str(&text, i > skipped ? " " : "");
		buf_put_str(&text, words->texts[i]);
	}
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = recall_new(buf_span(&text), &search->filter,
				&search->recall, err);
	buf_release(&text);
	return rc;
}

static int recall_find(struct search *search, struct err *err)
{
	struct action_call *call = search->call;
	const struct hit_options options = {
		(size_t)action_count(call, "around", 0),
		action_flag(call, "from")
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < search->views.n; i++)
		rc = recall_add(search->recall, search->views.at[i], err);
	if (rc == 0)
		rc = recall_rank(search->recall,
				 (size_t)action_count(call, "-n", HITS), err);
	if (rc == 0 && !search->recall->hits_n)
		host_note(call->host, "nothing found in %zu text%s",
			  (size_t)search->recall->rows.all,
			  search->recall->rows.all == 1 ? "" : "s");
	if (rc == 0)
		rc = hits_emit(call, search->recall, &options, err);
	return rc < 0 || !action_flag(call, "searched") ? rc :
	       searched_emit(call, &search->views, err);
}

static int recall_run(struct action_call *call, struct err *err)
{
	const struct action_value *words = action_value(call, "words");
	struct search search = { .call = call,
				 .project = PATH_BUF_INIT };
	size_t skipped;
	int rc = read_filter(call, &search.filter, err);

	if (rc == 0)
		rc = settle_project(&search, err);
	if (rc == 0)
		rc = views_open(call, words, &search.views, &skipped, err);
	if (rc == 0)
		rc = start(&search, words, skipped, err);
	if (rc == 0)
		rc = recall_find(&search, err);
	recall_free(search.recall);
	buf_release(&search.project);
	views_release(&search.views);
	return rc;
}

static const struct action_param params[] = {
	{ "construct", ACTION_TEXT, 0, "<version>",
	  "in this construct, as of a version; else in all" },
	{ "kind", ACTION_TEXT, 0, "<kind>", "message, memory or session" },
	{ "role", ACTION_TEXT, 0, "<role>", "user, assistant ..." },
	{ "model", ACTION_TEXT, 0, "<model>", "said by this model" },
	{ "provider", ACTION_TEXT, 0, "<provider>",
	  "from there: chatgpt, claude ..." },
	{ "session", ACTION_TEXT, 0, "<session>", "in this session" },
	{ "project", ACTION_TEXT, 0, "<folder>",
	  "in sessions of agents that worked there or below" },
	TIMES_PARAMS,
	{ "as-of", ACTION_TEXT, 0, "<date>|<version>",
	  "what the vault knew then" },
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many hits" },
	{ "around", ACTION_COUNT, 0, "<count>",
	  "with so many turns before and behind each" },
	{ "history", ACTION_FLAG, 0, NULL,
	  "what was changed and deleted since, too" },
	{ "code", ACTION_FLAG, 0, NULL, "texts with code alone" },
	{ "all", ACTION_FLAG, 0, NULL,
	  "what is hidden, thinking and tools, too" },
	{ "from", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PROGRAMS, NULL,
	  "with who signed each, and how it came" },
	{ "searched", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "with a last object that says where was looked" },
	{ "words", ACTION_TEXT,
	  ACTION_OPERAND | ACTION_REQUIRED | ACTION_REPEATED,
	  "[<version>] <word>",
	  "words, \"exact phrases\", -not, begin*, title:word, a..b" },
	ACTION_PARAMS_END
};

const struct action action_recall = {
	"recall", "find what was said", params, ACTION_SHOWS, recall_check, recall_run
};
