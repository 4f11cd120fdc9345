#include "cmd/action/history/log.h"

#include "cmd/action/change_json.h"
#include "cmd/action/changes.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/recall/from.h"
#include "cmd/action/result.h"
#include "refs/view/describe.h"
#include "refs/view/traffic.h"

int log_describe(struct log *log, const struct version *version,
		 struct version_note *out)
{
	struct err reason = ERR_INIT;
	int rc = version_describe(log->call->vault, version, out, &reason);

	if (rc == 0)
		return 0;
	rc = action_pass_over(log->call, version->construct, &reason, log->err);
	out->has_records = false;
	return rc;
}

/* The construct's ref name stands where its own name cannot be read. */
static void put_version(struct log *log, const struct version *version,
			const struct version_note *note)
{
	struct jcs_fields *fields = &log->fields;

	result_id(fields, "version", &version->id);
	result_construct_id(fields, log->call->vault, note->construct[0] ?
			    note->construct : version->construct);
	fields_integer(fields, "seq", (int64_t)version->seq);
	result_did(fields, "device", version_writer(version));
	if (version->is_renewed)
		result_did(fields, "renewed_by", version->device);
	result_time(fields, "time", version->time);
	fields_str(fields, "change", version_change_word(version->change));
	result_ids(fields, "parents", version->parents, version->parents_n);
	if (note->has_records)
		fields_integer(fields, "records", (int64_t)note->records);
	else
		fields_null(fields, "records");
	result_digest(fields, "root", version->root);
	result_outside(fields, "subject", buf_text(&note->subject));
}

/* Records that it made, by kind, and how many changed what was there. */
static int put_stat(struct log *log, const struct version *version)
{
	const struct traffic_ends ends = { version->parents, version->parents_n,
					   &version->id, 1 };
	struct jcs_fields stat = JCS_FIELDS_INIT;
	struct traffic traffic = TRAFFIC_INIT;
	uint64_t budget = UINT64_MAX;
	size_t i;
	struct err reason = ERR_INIT;
	int rc = traffic_count(log->call->vault, version->construct, &ends,
			       &budget, &traffic, &reason);

	if (rc < 0) {
		traffic.has_kinds = false;
		rc = action_pass_over(log->call, version->construct, &reason,
				      log->err);
	}
	for (i = 0; rc == 0 && kind_table[i].name && i < TRAFFIC_KINDS; i++) {
		if (traffic.made[i])
			fields_integer(&stat, kind_table[i].name,
				       (int64_t)traffic.made[i]);
	}
	if (rc == 0 && traffic.has_kinds) {
		fields_object(&log->fields, "made", &stat);
		fields_integer(&log->fields, "changed",
			       (int64_t)traffic.changes);
	} else if (rc == 0) {
		fields_null(&log->fields, "made");
		fields_null(&log->fields, "changed");
	}
	jcs_fields_release(&stat);
	traffic_release(&traffic);
	return rc;
}

/* What a person who is shown a list sees: devices by their names, the lines of
 * history. */
static int put_for_people(struct log *log, const struct version *version)
{
	int rc = 0;

	result_member(&log->fields, log->call->vault, version_writer(version));
	log_put_members(log, version);
	if (action_flag(log->call, "oneline"))
		fields_bool(&log->fields, "oneline", true);
	if (!log->with_graph)
		return 0;
	rc = lanes_meet(&log->lanes, version, log->err);
	if (rc == 0)
		lanes_put(&log->lanes, &log->fields);
	return rc;
}

static int take_state(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct buf *state = arg;

	return entity->state.at ? buf_add_span(state, entity->state, err) : 0;
}

static struct span state_of(const struct buf *state)
{
	const struct span none = { NULL, 0 };

	return state->len ? buf_span(state) : none;
}

/* What became of the one entity. */
static int list_change(struct log *log, struct view *from, struct view *to,
		       struct host_list *list)
{
	struct span entity = buf_span(&log->entity->entity);
	struct buf before = BUF_INIT(BUF_NO_LIMIT);
	struct buf after = BUF_INIT(BUF_NO_LIMIT);
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	const struct view_visitor old = { take_state, &before };
	const struct view_visitor new = { take_state, &after };
	struct view_change change = { .entity = entity };
	int rc = entity_home(entity, &(struct home){ 0 }, &change.kind,
			     log->err);

	if (rc == 0)
		rc = view_one(from, entity, &old, log->err);
	if (rc == 0)
		rc = view_one(to, entity, &new, log->err);
	change.from = state_of(&before);
	change.to = state_of(&after);
	if (rc == 0 && !span_equals(change.from, change.to)) {
		rc = change_json(&change, action_flag(log->call, "brief"),
				 &json, log->err);
		if (rc == 0)
			rc = host_list_item(list, buf_span(&json), log->err);
	}
	buf_release(&before);
	buf_release(&after);
	buf_release(&json);
	return rc;
}

static int list_changes(struct log *log, struct view *from, struct view *to)
{
	struct host_list list = HOST_LIST(log->call->host, "changes",
					  &log->fields);
	const struct changes_of of = {
		from, to, action_flag(log->call, "brief"), NULL
	};
	uint64_t count;
	int rc = log->entity ? list_change(log, from, to, &list) :
		 changes_emit(&list, &of, &count, log->err);

	if (rc == 0)
		rc = host_list_end(&list, log->err);
	host_list_release(&list);
	return rc;
}

/* With what it changed against its parents. */
static int emit_with_diff(struct log *log, const struct version *version)
{
	struct view *from = NULL;
	struct view *to = NULL;
	int rc = log_sides(log, version, &from, &to);

	/* What is sealed for this device has changes that it cannot tell. */
	if (rc == 0 && codec_mode(to->codec) == CODEC_BLIND)
		rc = host_object(log->call->host, &log->fields, log->err);
	else if (rc == 0)
		rc = list_changes(log, from, to);
	view_free(from);
	view_free(to);
	return rc;
}

static int tell_formatted(struct log *log, const struct version *version,
			  const struct version_note *note)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	int rc = log_format(log, version, note, &line);

	if (rc == 0)
		rc = host_bytes(log->call->host, buf_span(&line), log->err);
	buf_release(&line);
	return rc;
}

int log_tell(struct log *log, const struct version *version,
	     const struct version_note *note)
{
	int rc = 0;

	if (log->format)
		return tell_formatted(log, version, note);
	put_version(log, version, note);
	if (action_flag(log->call, "stat"))
		rc = put_stat(log, version);
	if (rc == 0 && action_flag(log->call, "from"))
		rc = from_put_version(log->call->vault, version, &log->fields,
				      log->err);
	if (log->entity)
		log_put_verbs(log, version);
	if (rc == 0 && log->call->settings.handles)
		rc = put_for_people(log, version);
	if (rc < 0)
		return rc;
	handle_version(log->call, version->construct, &version->id);
	return action_flag(log->call, "-p") ? emit_with_diff(log, version) :
	       host_object(log->call->host, &log->fields, log->err);
}
