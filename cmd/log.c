#include <stdlib.h>
#include <string.h>

#include "cmd/changes.h"
#include "cmd/options.h"
#include "cmd/out.h"
#include "cmd/result.h"
#include "lib/did.h"
#include "lib/timestamp.h"
#include "refs/describe.h"
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
	struct log_list *lists;
	size_t lists_n;
};

struct gather {
	const struct log *log;
	struct log_list *list;
};

static int gather_version(void *arg, const struct version *version,
			  struct err *err)
{
	struct gather *gather = arg;
	struct log_list *list = gather->list;
	size_t cap = list->cap ? list->cap * 2 : 32;
	void *grown;

	if (list->n >= gather->log->limit)
		return 1;
	if (version->time < gather->log->since)
		return 0;
	if (list->n == list->cap) {
		grown = realloc(list->at, cap * sizeof(*list->at));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		list->at = grown;
		list->cap = cap;
	}
	list->at[list->n].id = version->id;
	list->at[list->n++].time = version->time;
	return list->n >= gather->log->limit;
}

static int gather_view(struct log *log, const struct view *view)
{
	struct log_list *list = &log->lists[log->lists_n++];
	struct gather gather = { log, list };
	struct history_visitor visitor = { gather_version, &gather };

	memcpy(list->ref_name, view->ref_name, sizeof(list->ref_name));
	return history_walk(log->vault->store, view->heads, view->heads_n,
			    NULL, 0, &visitor, &log->session->err);
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

static int print_json(struct log *log, const struct version *version,
		      const struct version_note *note, const char *construct)
{
	struct err *err = &log->session->err;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char did[DID_TEXT_MAX];
	char when[32];
	int rc;

	did_from_public(version->device, did);
	out_time(version->time, when);
	rc = result_id(&fields, "version", &version->id, err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "construct", span_str(construct),
				     err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "seq", (int64_t)version->seq,
					err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "device", span_str(did), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "time", span_str(when), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "change", span_str(
			version_change_word(version->change)), err);
	if (rc >= 0)
		rc = result_ids(&fields, "parents", version->parents,
				version->parents_n, err);
	if (rc >= 0 && note->has_records)
		rc = jcs_fields_integer(&fields, "records",
					(int64_t)note->records, err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "records", err);
	if (rc >= 0)
		rc = result_digest(&fields, "root", version->root, err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "subject",
				     buf_span(&note->subject), err);
	if (rc >= 0)
		rc = out_json(log->session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static void print_person(struct log *log, const struct version *version,
			 const struct version_note *note,
			 const char *construct)
{
	char hex[GIT_OID_HEXSZ + 1];
	char device[DID_SHORT_MAX];
	char when[32];

	out_id_hex(&version->id, hex);
	did_short(version->device, device);
	out_time(version->time, when);
	out_colored(log->session, OUT_YELLOW, span_of(hex, OUT_ID_SHORT));
	out_printf("  %s  ", when);
	out_colored(log->session, OUT_CYAN, span_str(construct));
	out_printf("  #%llu %.12s  ", (unsigned long long)version->seq,
		   device);
	out_text(buf_span(&note->subject));
	if (note->has_records && version->change == CHANGE_ADD)
		out_printf("  (%llu new)", (unsigned long long)note->records);
	out_printf("\n");
}

static int print_version(struct log *log, const char *ref_name,
			 const git_oid *id)
{
	struct err *err = &log->session->err;
	struct version_note note = VERSION_NOTE_INIT;
	struct version version;
	const char *construct;
	int rc;

	version_init(&version);
	rc = version_read(log->vault->store, id, &version, err);
	if (rc < 0)
		goto out;
	rc = version_describe(log->vault, &version, &note, err);
	if (rc < 0)
		goto out;
	construct = note.construct[0] ? note.construct : ref_name;
	if (log->session->is_json)
		rc = print_json(log, &version, &note, construct);
	else
		print_person(log, &version, &note, construct);
	if (rc >= 0 && log->with_diff)
		rc = changes_of_version(log->session, log->vault, &version);
out:
	version_note_release(&note);
	version_release(&version);
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
	uint64_t left = log->limit;
	int rc = 0;

	while (rc >= 0 && left-- && (list = newest_list(log)))
		rc = print_version(log, list->ref_name,
				   &list->at[list->next++].id);
	return rc;
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
	if (rc < 0)
		return CMD_USAGE;
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
	rc = session_open(session, &log.vault);
	if (rc >= 0)
		rc = argv[1] ? gather_one(&log, argv[1]) : gather_all(&log);
	if (rc >= 0) {
		out_pager_begin(session);
		rc = print_all(&log);
	}
	for (i = 0; i < log.lists_n; i++)
		free(log.lists[i].at);
	free(log.lists);
	vault_close(log.vault);
	return rc;
}
