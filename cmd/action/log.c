#include "lib/time/timestamp.h"
#include "refs/history/version.h"
#include "refs/view/view.h"
#include "refs/view/walk_all.h"
#include "cmd/cli/changes.h"
#include "cmd/cli/log_print.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

struct log {
	struct session *session;
	struct vault *vault;
	uint64_t limit;			/* per run; UINT64_MAX: none */
	int64_t since;			/* seconds; INT64_MIN: none */
	bool with_diff;
	bool with_all;			/* compactions too */
	uint64_t shown;
	uint64_t hidden;		/* compactions that were met */
};

static int log_version(void *arg, const struct version *version,
		       struct err *err)
{
	struct log *log = arg;
	int rc;

	(void)err;	/* the session's */
	if (log->shown >= log->limit)
		return 1;
	if (version->time < log->since)
		return 0;
	if (version->change == CHANGE_COMPACT && !log->with_all) {
		log->hidden++;
		return 0;
	}
	rc = log_print_version(log->session, log->vault, version);
	if (rc >= 0 && log->with_diff)
		rc = changes_of_version(log->session, log->vault,
					&version->id);
	if (rc < 0)
		return rc;
	return ++log->shown >= log->limit;
}

static int log_one(struct log *log, const char *expression,
		   const struct history_visitor *visitor)
{
	struct history_range range = { NULL, 0, NULL, 0 };
	struct err *err = &log->session->err;
	struct view *view = NULL;
	int rc = view_open(log->vault, expression, &view, err);

	if (rc < 0)
		return rc;
	range.heads = view->heads;
	range.heads_n = view->heads_n;
	out_pager_begin(log->session);
	rc = history_walk(log->vault->store, &range, visitor, err);
	view_free(view);
	return rc;
}

static int tell_hurt(void *arg, const char *construct, struct err *reason)
{
	struct log *log = arg;
	enum err_code code = (enum err_code)reason->code;

	return session_pass_over(log->session, construct, reason) ? 0 : code;
}

static int log_all(struct log *log, const struct history_visitor *visitor)
{
	out_pager_begin(log->session);
	return vault_walk_all(log->vault, visitor, tell_hurt,
			      &log->session->err);
}

/* Scripts get all there is, people are told of what was left out. */
static void tell_hidden(const struct log *log)
{
	unsigned long long hidden = log->hidden;

	if (hidden)
		out_note("%llu compaction%s left out; --all lists %s", hidden,
			 hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them");
}

static int parse_since(struct log *log, const char *text)
{
	int64_t micros;
	int rc;

	log->since = INT64_MIN;
	if (!text)
		return 0;
	rc = timestamp_parse(span_str(text), &micros, NULL,
			     &log->session->err);
	if (rc < 0) {
		err_prefix(&log->session->err, "'%s'", text);
		return CMD_USAGE;
	}
	log->since = micros / TIMESTAMP_SECOND;
	return 0;
}

int cmd_log(struct session *session, int argc, char **argv)
{
	struct log log = { .session = session, .limit = UINT64_MAX };
	const char *since = NULL;
	const struct option_row rows[] = {
		{ "-n", OPTION_COUNT, &log.limit },
		{ "-p", OPTION_FLAG, &log.with_diff },
		{ "--all", OPTION_FLAG, &log.with_all },
		{ "--since", OPTION_TEXT, &since },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct history_visitor visitor = { log_version, &log };
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 1);
	if (rc < 0)
		return rc;
	argv[1 + rc] = NULL;
	rc = parse_since(&log, since);
	if (rc < 0)
		return rc;
	log.with_all |= session->is_json;
	rc = session_open(session, &log.vault);
	if (rc >= 0)
		rc = argv[1] ? log_one(&log, argv[1], &visitor) :
			       log_all(&log, &visitor);
	if (rc >= 0)
		tell_hidden(&log);
	vault_close(log.vault);
	return rc;
}
