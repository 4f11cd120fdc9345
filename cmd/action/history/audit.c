/*
 * What was done in a vault, by whom, and the version that proves it: of `vault`
 * each word on a member, all keys of a version as one; of another construct
 * that it was written to, imported into or forgotten from.
 */
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/history/audit.h"
#include "cmd/action/open.h"
#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"
#include "refs/view/describe.h"
#include "refs/view/walk_all.h"

/* What the records of `vault` do, as it is told; others by their own words. */
static const char *const words[][2] = {
	{ "vault:create", "make" },	 { "member:add", "admit" },
	{ "member:remove", "remove" },	 { "member:update", "role" },
	{ "key:create", "key" },	 { "key:grant", "grant" },
	{ "vault:renew", "renew" },
};

int audit_emit(struct audit *audit, struct jcs_fields *fields, struct err *err)
{
	const struct host *host = audit->call->host;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!action_flag(audit->call, "csv"))
		return host_object(host, fields, err);
	rc = jcs_fields_write(fields, &text, err);
	if (rc == 0)
		rc = audit_csv(host, buf_span(&text), !audit->has_header, err);
	audit->has_header = true;
	jcs_fields_reset(fields);
	buf_release(&text);
	return rc;
}

void audit_put_act(struct audit *audit, struct jcs_fields *fields,
		   struct span act, const char *construct)
{
	const struct version *version = audit->version;

	fields_text(fields, "act", act);
	result_construct_id(fields, audit->call->vault, construct);
	result_did(fields, "device", version_writer(version));
	result_member(fields, audit->call->vault, version_writer(version));
	if (version->is_renewed)
		result_did(fields, "renewed_by", version->device);
	result_time(fields, "time", version->time);
	result_id(fields, "version", &version->id);
}

static void put_spoken_of(struct audit *audit, struct jcs_fields *fields,
		       const unsigned char public[DID_KEY_BYTES])
{
	struct jcs_fields member = JCS_FIELDS_INIT;

	result_did(&member, "did", public);
	result_member(&member, audit->call->vault, public);
	fields_object(fields, "member", &member);
	jcs_fields_release(&member);
}

static bool span_is(struct span span, const char *text)
{
	return span_equals(span, span_str(text));
}

/* An update without a role is a name. */
static struct span act_of(const struct record *record)
{
	struct span role;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!span_is(record->type, words[i][0]))
			continue;
		if (!strcmp(words[i][1], "role") &&
		    !jcs_find(record->data, "role", &role))
			return span_str("rename");
		return span_str(words[i][1]);
	}
	return record->type;
}

static int see_line(void *arg, struct span line, struct err *err)
{
	struct audit *audit = arg;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	unsigned char public[DID_KEY_BYTES];
	struct record record;
	struct span act;
	struct span value;
	int rc = record_parse(line, &record, err);

	if (rc < 0)
		return rc;
	act = act_of(&record);
	audit->keys += span_is(act, "key");
	audit->grants += span_is(act, "grant");
	if (span_is(act, "key") || span_is(act, "grant"))
		return 0;
	audit_put_act(audit, &fields, act, VAULT_CONSTRUCT);
	if (jcs_find_string(record.data, "did", &value) &&
	    did_parse(value, public, NULL) == 0)
		put_spoken_of(audit, &fields, public);
	if (jcs_find(record.data, "role", &value))
		fields_raw(&fields, "role", value);
	rc = audit_emit(audit, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* The keys of a version in one line: a removal hands one to each that stays. */
static int tell_keys(struct audit *audit, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	audit_put_act(audit, &fields, span_str(audit->keys ? "key" : "grant"),
		VAULT_CONSTRUCT);
	fields_integer(&fields, "keys", (int64_t)audit->keys);
	fields_integer(&fields, "grants", (int64_t)audit->grants);
	rc = audit_emit(audit, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int tell_vault(struct audit *audit, struct err *err)
{
	const struct line_visitor visitor = { see_line, audit };
	int rc;

	audit->keys = 0;
	audit->grants = 0;
	rc = version_each_plain(audit->call->vault, audit->version, &visitor,
				err);
	return rc < 0 || !(audit->keys + audit->grants)
		       ? rc : tell_keys(audit, err);
}

static int audit_visit(void *arg, const struct version *version,
		       struct err *err)
{
	struct audit *audit = arg;

	if (!times_hold(&audit->times, version->time * TIMESTAMP_SECOND))
		return 0;
	audit->hidden += version->change == CHANGE_COMPACT;
	if (version->change == CHANGE_COMPACT)
		return 0;
	audit->version = version;
	return strcmp(version->construct, VAULT_CONSTRUCT)
		       ? audit_tell_data(audit, err) : tell_vault(audit, err);
}

static int audit_hurt(void *arg, const char *construct, struct err *reason)
{
	struct audit *audit = arg;

	return action_pass_over(audit->call, construct, reason, NULL);
}

static int audit_check(const struct action_call *call, struct err *err)
{
	struct period period;

	return times_read(call, &period, err);
}

static int audit_run(struct action_call *call, struct err *err)
{
	struct audit audit = { .call = call, .brought = BROUGHT_LIST_INIT };
	const struct history_visitor visitor = { audit_visit, &audit, NULL };
	unsigned long long hidden;
	int rc = times_read(call, &audit.times, err);

	if (rc == 0)
		rc = vault_walk_all(call->vault, &visitor, audit_hurt, err);
	hidden = audit.hidden;
	if (rc >= 0 && hidden)
		host_note(call->host, "%llu compaction%s left out, which change no record; "
			  "'vvault log --all' lists %s", hidden,
			  hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them");
	brought_list_release(&audit.brought);
	return rc < 0 ? rc : 0;
}

static const struct action_param params[] = {
	TIMES_PARAMS,
	{ "csv", ACTION_FLAG, 0, NULL, "a table for a spreadsheet" },
	ACTION_PARAMS_END
};

const struct action action_audit = {
	"audit", "who did what, and the version that proves it", params,
	ACTION_SHOWS, audit_check, audit_run
};
