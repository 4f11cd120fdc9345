#include <stdlib.h>
#include <string.h>

#include "cmd/action/undo/undo.h"
#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"

/* Of the constructs so many are named. */
#define NAMED_MAX 20

static void put_member(struct jcs_fields *fields, struct span entry,
		       const char *name, const char *as)
{
	struct span value;

	if (jcs_find(entry, name, &value))
		fields_raw(fields, as, value);
}

/* The names of constructs that moved, or of remotes (vault is NULL then), each
 * once while they follow each other; *out_n: all. */
static void put_names(struct jcs_fields *fields, struct vault *vault,
		      struct span entry, uint64_t *out_n)
{
	const char *member = vault ? "construct" : "name";
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	struct span last = { NULL, 0 };
	struct span value;
	struct span item;
	struct jcs_iter iter;

	*out_n = 0;
	buf_put_char(&names, '[');
	if (!jcs_find(entry, vault ? "moves" : "remotes", &value))
		value = span_str("[]");
	iter = jcs_iter_array(value);
	while (jcs_next(&iter, NULL, &item)) {
		if (!jcs_find(item, member, &value) ||
		    (last.at && span_equals(value, last)))
			continue;
		last = value;
		if ((*out_n)++ >= NAMED_MAX)
			continue;
		if (names.len > 1)
			buf_put_char(&names, ',');
		buf_put_span(&names, value);
	}
	buf_put_char(&names, ']');
	if (vault)
		result_called_list(fields, vault, buf_span(&names));
	fields_buf(fields, vault ? "constructs" : "remotes", &names);
	buf_release(&names);
}

static uint64_t count_versions(struct span entry)
{
	struct span moves;
	struct span move;
	struct span value;
	struct jcs_iter iter;
	uint64_t n = 0;

	if (!jcs_find(entry, "moves", &moves))
		return 0;
	iter = jcs_iter_array(moves);
	while (jcs_next(&iter, NULL, &move))
		n += jcs_find(move, "version", &value) &&
		     jcs_type_of(value) == JCS_STRING;
	return n;
}

/* Whether it stands, and what can be done about it. */
static void put_state(struct jcs_fields *fields, const struct operations *log,
		      const struct logged *logged)
{
	uint64_t by = logged->undoes ? logged->redone_by : logged->undone_by;
	const char *why = logged->undoes || logged->redoes ? NULL :
			  logged_why_not(log, logged);

	if (logged->undoes)
		fields_integer(fields, "undoes", (int64_t)logged->undoes);
	if (logged->redoes)
		fields_integer(fields, "redoes", (int64_t)logged->redoes);
	if (by)
		fields_integer(fields, "undone_by", (int64_t)by);
	else
		fields_null(fields, "undone_by");
	fields_bool(fields, "failed", logged->has_failed);
	fields_bool(fields, "cut_off", logged->begins);
	if (why)
		fields_str(fields, "why_not", why);
	else
		fields_null(fields, "why_not");
}

static int emit(struct action_call *call, const struct operations *log,
		const struct logged *logged, struct err *err)
{
	struct span entry = logged_json(log, logged);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	uint64_t constructs;
	uint64_t remotes;
	int64_t micros;
	int rc;

	fields_integer(&fields, "operation", (int64_t)logged->number);
	if (jcs_find(entry, "time", &value) && jcs_integer(value, &micros))
		result_micros(&fields, "time", micros);
	put_member(&fields, entry, "command", "command");
	put_member(&fields, entry, "what", "what");
	put_names(&fields, call->vault, entry, &constructs);
	put_names(&fields, NULL, entry, &remotes);
	fields_integer(&fields, "construct_count", (int64_t)constructs);
	fields_integer(&fields, "versions", (int64_t)count_versions(entry));
	put_member(&fields, entry, "refs", "refs");
	put_state(&fields, log, logged);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* The next undo logs them: a list writes nothing. */
static int tell_unlogged(struct action_call *call,
			 const struct operations *log, struct err *err)
{
	struct own_versions found = { NULL, 0, 0 };
	int rc = undo_find_unlogged(call, log, &found, err);

	if (rc == 0 && found.n == 1)
		host_note(call->host, "the last version of this device is not "
			  "in the log, for its command was stopped: 'vvault "
			  "undo' takes it back first");
	else if (rc == 0 && found.n)
		host_note(call->host, "the last %zu versions of this device are "
			  "not in the log: 'vvault undo' takes the last one "
			  "back first", found.n);
	free(found.at);
	return rc;
}

int undo_list(struct action_call *call, const struct operations *log,
	      struct err *err)
{
	uint64_t left = action_count(call, "-n", UINT64_MAX);
	size_t i;
	int rc = 0;

	call->has_no_source = !log->n;
	if (log->n)
		rc = tell_unlogged(call, log, err);
	for (i = log->n; rc == 0 && left && i-- > 0;) {
		const struct logged *logged = &log->at[i];

		if (logged->begins && logged->is_ended)
			continue;
		left--;
		rc = emit(call, log, logged, err);
	}
	if (rc == 0 && left && log->n && log->at[0].number > 1)
		host_note(call->host, "what was done before #%llu is not kept "
			  "any more", (unsigned long long)log->at[0].number);
	return rc;
}
