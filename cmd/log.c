#include <stdlib.h>
#include <string.h>

#include "cmd/changes.h"
#include "cmd/log_print.h"
#include "cmd/options.h"
#include "cmd/out.h"
#include "lib/array.h"
#include "lib/timestamp.h"
#include "refs/history.h"
#include "refs/view.h"

struct log_entry {
	git_oid id;
	int64_t time;
};

/* The newest versions of one construct, in order. */
struct log_list {
	char ref_name[CONSTRUCT_NAME_MAX];
	struct log_entry *at;
	size_t n;
	size_t cap;
	size_t next;			/* not printed yet */
};

struct log {
	struct session *session;
	struct vault *vault;
	uint64_t limit;			/* per run; UINT64_MAX: none */
	int64_t since;			/* seconds; INT64_MIN: none */
	bool with_diff;
	bool with_all;			/* compactions too */
	uint64_t hidden;		/* of these */
	struct log_list *lists;
	size_t lists_n;
};

struct gather {
	struct log *log;
	struct log_list *list;
};

static int gather_version(void *arg, const struct version *version,
			  struct err *err)
{
	struct gather *gather = arg;
	struct log_list *list = gather->list;
	void *at = list->at;
	int rc;

	if (list->n >= gather->log->limit)
		return 1;
	if (version->time < gather->log->since)
		return 0;
	if (version->change == CHANGE_COMPACT && !gather->log->with_all) {
		gather->log->hidden++;
		return 0;
	}
	rc = array_grow(&at, &list->cap, list->n, sizeof(*list->at), err);
	if (rc < 0)
		return rc;
	list->at = at;
	list->at[list->n].id = version->id;
	list->at[list->n++].time = version->time;
	return list->n >= gather->log->limit;
}

static int gather_view(struct log *log, const struct view *view)
{
	struct log_list *list = &log->lists[log->lists_n++];
	struct gather gather = { log, list };
	struct history_visitor visitor = { gather_version, &gather };
	struct history_range range = { view->heads, view->heads_n, NULL, 0 };

	memcpy(list->ref_name, view->ref_name, sizeof(list->ref_name));
	return history_walk(log->vault->store, &range, &visitor,
			    &log->session->err);
}

static int gather_all(struct log *log)
{
	struct err *err = &log->session->err;
	struct name_list names;
	struct head_list refs = HEAD_LIST_INIT;
	size_t i;
	int rc;

	rc = view_constructs(log->vault, &names, err);
	if (rc < 0)
		return rc;
	log->lists = calloc(names.n + 1, sizeof(*log->lists));
	if (!log->lists)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc >= 0 && i < names.n; i++) {
		struct view view = { .vault = log->vault };

		memcpy(view.ref_name, names.at[i], sizeof(view.ref_name));
		rc = view_heads(log->vault, names.at[i], &refs, &view.heads,
				&view.heads_n, err);
		if (rc >= 0)
			rc = gather_view(log, &view);
		free(view.heads);
		head_list_release(&refs);
	}
	name_list_release(&names);
	return rc;
}

static int gather_one(struct log *log, const char *expression)
{
	struct view *view = NULL;
	int rc;

	rc = view_open(log->vault, expression, &view, &log->session->err);
	if (rc < 0)
		return rc;
	log->lists = calloc(1, sizeof(*log->lists));
	if (!log->lists)
		rc = err_set(&log->session->err, ERR_NOMEM, "out of memory");
	else
		rc = gather_view(log, view);
	view_free(view);
	return rc;
}

/* Constructs have separate histories: the newest next one of any goes first. */
static struct log_list *newest_list(struct log *log)
{
	struct log_list *best = NULL;
	size_t i;

	for (i = 0; i < log->lists_n; i++) {
		struct log_list *list = &log->lists[i];
		const struct log_entry *mine = &list->at[list->next];
		const struct log_entry *other;

		if (list->next >= list->n)
			continue;
		other = best ? &best->at[best->next] : NULL;
		if (!other || mine->time > other->time ||
		    (mine->time == other->time &&
		     git_oid_cmp(&mine->id, &other->id) < 0))
			best = list;
	}
	return best;
}

static int print_all(struct log *log)
{
	struct log_list *list;
	const git_oid *id;
	uint64_t left = log->limit;
	int rc = 0;

	while (rc >= 0 && left-- && (list = newest_list(log))) {
		id = &list->at[list->next++].id;
		rc = log_print_version(log->session, log->vault,
				       list->ref_name, id);
		if (rc >= 0 && log->with_diff)
			rc = changes_of_version(log->session, log->vault, id);
	}
	return rc;
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
	size_t i;
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
		rc = argv[1] ? gather_one(&log, argv[1]) : gather_all(&log);
	if (rc >= 0) {
		out_pager_begin(session);
		rc = print_all(&log);
	}
	if (rc >= 0)
		tell_hidden(&log);
	for (i = 0; i < log.lists_n; i++)
		free(log.lists[i].at);
	free(log.lists);
	vault_close(log.vault);
	return rc;
}
