#include "refs/index/recall.h"

#include "cmd/action/actions.h"
#include "cmd/action/recall/filter.h"
#include "cmd/action/recall/filter_none.h"
#include "cmd/action/recall/hidden.h"
#include "cmd/action/recall/hit.h"
#include "cmd/action/recall/searched.h"
#include "cmd/action/recall/views.h"
#include "lib/os/path.h"
#include "lib/time/steady.h"
#include "refs/index/near.h"

#define HITS 10
#define HITS_MAX 10000
#define AROUND_MAX 100

/* What one call has open. */
struct search {
	struct action_call *call;
	struct recall_filter filter;
	struct buf project;
	struct buf session;
	struct buf text;
	struct recall *recall;
	struct view_list views;
	const char *version;	/* the first word, where that names one */
};

static int read_filter(const struct action_call *call,
		       struct recall_filter *filter, struct err *err)
{
	if (action_count(call, "-n", HITS) > HITS_MAX)
		return err_set(err, ERR_INVALID, "-n: at most %d", HITS_MAX);
	if (action_count(call, "around", 0) > AROUND_MAX)
		return err_set(err, ERR_INVALID, "--around: at most %d",
			       AROUND_MAX);
	if (filter_read(call, filter, err) < 0)
		return ERR_INVALID;
	filter->has_code = action_flag(call, "code");
	return 0;
}

static int recall_check(const struct action_call *call, struct err *err)
{
	struct recall_filter filter;

	return read_filter(call, &filter, err);
}

static int start(struct search *search, const struct action_value *words,
		 size_t skipped, struct err *err)
{
	struct buf *text = &search->text;
	size_t i;
	int rc;

	for (i = skipped; i < words->n; i++) {
		buf_put_str(text, i > skipped ? " " : "");
		buf_put_str(text, words->texts[i]);
	}
	rc = buf_end(text, err);
	if (rc < 0)
		return rc;
	rc = recall_new(buf_span(text), &search->filter, &search->recall, err);
	search->call->is_misused = rc == ERR_INVALID || rc == ERR_LIMIT;
	return rc;
}

static int tell_near(const struct host *host, const struct near_word *word,
		     struct err *err)
{
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	for (i = 0; i < word->shown_n; i++)
		buf_putf(&shown, "%s'%.*s'", i ? ", " : "",
			 (int)word->shown[i].len, word->shown[i].at);
	rc = buf_end(&shown, err);
	if (rc == 0)
		host_note(host, "nothing says '%.*s'; shown is %s",
			  (int)word->asked.len, word->asked.at,
			  buf_text(&shown));
	buf_release(&shown);
	return rc;
}

/* Nothing was found: maybe with other words. */
static int find_near(struct search *search, size_t hits, struct err *err)
{
	const struct host *host = search->call->host;
	const char *role = search->filter.role;
	struct near near = NEAR_INIT;
	bool is_told;
	size_t i;
	int rc;

	if (search->version)
		host_note(host, "looked in '%s' alone; all words between "
			  "quotes are looked for everywhere", search->version);
	rc = hidden_tell(host, buf_span(&search->text), &search->filter,
			 &search->views, &is_told, err);
	if (rc < 0 || is_told)
		return rc;
	rc = recall_near(&search->recall, buf_span(&search->text), hits,
			 &near, err);
	for (i = 0; rc == 0 && i < near.n; i++)
		rc = tell_near(host, &near.at[i], err);
	near_release(&near);
	if (rc < 0 || search->recall->hits_n)
		return rc;
	host_note(host, "nothing found in %zu text%s%s%s%s",
		  (size_t)search->recall->rows.all,
		  search->recall->rows.all == 1 ? "" : "s",
		  role ? "; looked for was what role '" : "",
		  role ? role : "", role ? "' says" : "");
	return filter_tell_none(&search->filter, host, &search->views, err);
}

static int recall_find(struct search *search, struct err *err)
{
	struct action_call *call = search->call;
	const struct hit_options options = {
		(size_t)action_count(call, "around", 0),
		action_flag(call, "from"), NULL
	};
	size_t hits = (size_t)action_count(call, "-n", HITS);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < search->views.n; i++)
		rc = recall_add(search->recall, search->views.at[i], err);
	if (rc == 0)
		rc = recall_rank(search->recall, hits, err);
	if (rc == 0 &&
	    searched_tell(call, &search->views, search->recall) && hits &&
	    !search->recall->hits_n)
		rc = find_near(search, hits, err);
	if (rc == 0)
		rc = hits_emit(call, search->recall, &options, err);
	return rc < 0 || !action_flag(call, "searched") ? rc :
	       searched_emit(call, &search->views, err);
}

static int recall_run(struct action_call *call, struct err *err)
{
	const struct action_value *words = action_value(call, "words");
	struct search search = { .call = call,
				 .project = PATH_BUF_INIT,
				 .session = BUF_INIT(BUF_NO_LIMIT),
				 .text = BUF_INIT(BUF_NO_LIMIT) };
	size_t skipped;
	int rc = read_filter(call, &search.filter, err);

	if (rc == 0)
		rc = filter_settle(&search.filter, &search.project, err);
	if (rc == 0)
		rc = views_open(call, words, &search.views, &skipped, err);
	if (rc == 0)
		rc = filter_settle_session(&search.filter, call->vault,
					   &search.views, &search.session,
					   err);
	if (rc == 0)
		rc = start(&search, words, skipped, err);
	if (rc == 0 && action_text(call, "within"))
		search.recall->filter.until_ms = steady_ms() + 1000 *
			(int64_t)action_count(call, "within", 0);
	if (rc == 0 && skipped)
		search.version = words->texts[0];
	if (rc == 0)
		rc = recall_find(&search, err);
	recall_free(search.recall);
	buf_release(&search.project);
	buf_release(&search.session);
	buf_release(&search.text);
	views_release(&search.views);
	return rc;
}

static const struct action_param params[] = {
	FILTER_PARAMS,
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many hits" },
	{ "around", ACTION_COUNT, 0, "<count>",
	  "with so many turns before and behind each" },
	{ "code", ACTION_FLAG, 0, NULL, "texts with code alone" },
	FILTER_PARAMS_END,
	{ "from", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PROGRAMS, NULL,
	  "with who signed each, and how it came" },
	{ "searched", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "with a last line that says where was looked" },
	{ "within", ACTION_COUNT, ACTION_UNLISTED, "<seconds>",
	  "make what words are found by no longer than that" },
	{ "words", ACTION_TEXT,
	  ACTION_OPERAND | ACTION_REQUIRED | ACTION_REPEATED,
	  "[<version>] <word>",
	  "words, \"exact phrases\", -not, begin*, title:word, a..b" },
	ACTION_PARAMS_END
};

const struct action action_recall = {
	"recall", "find what was said", params,
	ACTION_SHOWS | ACTION_LISTS, recall_check, recall_run
};
