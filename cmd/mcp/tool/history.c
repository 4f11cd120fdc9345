#include "cmd/action/result.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/tool/said.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/dates.h"

#define BUDGET ((size_t)20000)	/* characters */
#define VALUE_MAX ((size_t)1000)	/* of what a field was and is */
#define RECORDS_MAX 200		/* more are counted, and not told */
#define FIELDS_MAX 200

struct history_telling {
	struct tool_call *call;
	struct asking asking;
	struct buf what;		/* that is asked for */
	struct buf list;		/* "versions" */
	size_t fields;
	uint64_t told;
};

static bool is_date(const struct tool_call *call, const char *text)
{
	struct period period;

	return text && dates_read(span_str(text),
				  &call->server->call->settings.wall, &period,
				  NULL) == 0;
}

/* A version, a range of them, or an entity; dates bound any of them. */
static void put_what(struct history_telling *telling)
{
	struct tool_call *call = telling->call;
	const char *ref = tool_text(call, "ref");
	const char *construct = tool_text(call, "construct");
	const char *from = tool_text(call, "from");
	const char *to = tool_text(call, "to");

	from = is_date(call, from) ? NULL : from;
	to = is_date(call, to) ? NULL : to;
	if (!ref == !construct)
		tool_refuse(call, "either 'ref' or 'construct' is wanted");
	else if (ref && (from || to))
		tool_refuse(call, "with 'ref', 'from' and 'to' are dates");
	else if (from)
		buf_putf(&telling->what, "%s..%s", from, to ? to : construct);
	else
		buf_put_str(&telling->what, ref ? ref : to ? to : construct);
}

static void ask_history(struct history_telling *telling, struct asking *asking,
		const char *what)
{
	struct tool_call *call = telling->call;
	const char *from = tool_text(call, "from");
	const char *to = tool_text(call, "to");

	asking_begin(asking, call->server, "log");
	asking_flag(asking, "from");
	asking_text(asking, "version", what);
	if (what == buf_text(&telling->what)) {
		asking_count(asking, "-n", tool_count(call, "limit"));
		asking_text(asking, "since", is_date(call, from) ? from :
			    NULL);
		asking_text(asking, "until", is_date(call, to) ? to : NULL);
	} else {
		asking_count(asking, "-n", 1);
		asking_flag(asking, "all");
	}
	if (tool_text(call, "ref") || what != buf_text(&telling->what))
		asking_flag(asking, "-p");
}

static void put_history_value(struct history_telling *telling,
			      struct span field,
		      const char *name, struct jcs_fields *fields)
{
	struct tool_call *call = telling->call;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf quoted = BUF_INIT(BUF_NO_LIMIT);
	struct span value;

	if (!jcs_find(field, name, &value))
		return;
	if (jcs_type_of(value) == JCS_STRING)
		buf_fail(&text, jcs_string_decode(value, &text, NULL));
	else
		buf_put_span(&text, value);
	quote_put(&call->fence, buf_span(&text), 0, VALUE_MAX, &quoted);
	buf_putf(&call->text, "    %s:\n", name);
	buf_put_span(&call->text, buf_span(&quoted));
	fields_fail(fields, buf_end(&quoted, NULL), NULL);
	fields_text(fields, name, buf_span(&quoted));
	buf_release(&text);
	buf_release(&quoted);
}

/* What a message says that nobody was shown is told where it is named. */
static bool is_shown(const struct history_telling *telling, struct span change,
		     struct span fields)
{
	struct jcs_iter iter = jcs_iter_array(fields);
	struct span field;
	struct span value;

	if (tool_text(telling->call, "ref") ||
	    !jcs_find(change, "kind", &value) ||
	    !jcs_is_text(value, "message"))
		return true;
	while (jcs_next(&iter, NULL, &field)) {
		if (jcs_find(field, "path", &value) &&
		    jcs_is_text(value, "/visibility"))
			return jcs_find(field, "to", &value) &&
			       jcs_is_text(value, "visible");
	}
	return false;
}

static void put_fields(struct history_telling *telling, struct span change,
		       struct jcs_fields *out)
{
	struct jcs_iter iter;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct span all;
	struct span field;

	if (!jcs_find(change, "fields", &all) ||
	    !is_shown(telling, change, all))
		return;
	buf_put_char(&list, '[');
	iter = jcs_iter_array(all);
	while (telling->fields < FIELDS_MAX && jcs_next(&iter, NULL, &field)) {
		struct jcs_fields fields = JCS_FIELDS_INIT;

		if (telling->call->text.len > BUDGET)
			break;
		telling->fields++;
		said_field(&fields, "path", field, "path");
		said_word(&telling->call->text, "  field ", field, "path");
		buf_put_char(&telling->call->text, '\n');
		put_history_value(telling, field, "from", &fields);
		put_history_value(telling, field, "to", &fields);
		buf_put_str(&list, list.len > 1 ? "," : "");
		buf_fail(&list, jcs_fields_write(&fields, &list, NULL));
		jcs_fields_release(&fields);
	}
	fields_bool(out, "cut", jcs_next(&iter, NULL, &field));
	buf_put_char(&list, ']');
	fields_buf(out, "fields", &list);
	buf_release(&list);
}

static void put_changes(struct history_telling *telling, struct span version,
			struct jcs_fields *out)
{
	struct tool_call *call = telling->call;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span changes;
	struct span change;

	if (!jcs_find(version, "changes", &changes))
		return;
	buf_put_char(&list, '[');
	iter = jcs_iter_array(changes);
	while (jcs_next(&iter, NULL, &change)) {
		struct jcs_fields fields = JCS_FIELDS_INIT;

		said_field(&fields, "change", change, "change");
		said_field(&fields, "kind", change, "kind");
		said_field(&fields, "entity", change, "entity");
		said_word(&call->text, "  ", change, "change");
		said_word(&call->text, " ", change, "kind");
		said_word(&call->text, " ", change, "entity");
		buf_put_char(&call->text, '\n');
		put_fields(telling, change, &fields);
		buf_put_str(&list, list.len > 1 ? "," : "");
		buf_fail(&list, jcs_fields_write(&fields, &list, NULL));
		jcs_fields_release(&fields);
	}
	buf_put_char(&list, ']');
	fields_buf(out, "changes", &list);
	buf_release(&list);
}

/* A subject has the first words of what was written. */
static void put_version(struct history_telling *telling, struct span version,
			struct span with_changes)
{
	static const char *const members[] = { "version", "construct", "time",
					       "parents", "change" };
	struct tool_call *call = telling->call;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&fields, members[i], version);
	said_word(&call->text, "\nversion ", version, "version");
	said_word(&call->text, " of ", version, "construct");
	said_word(&call->text, ", ", version, "time");
	buf_put_char(&call->text, '\n');
	said_from(call, version, &fields);
	if (!call->server->scope.kinds) {
		result_copy(&fields, "records", version);
		jcs_find(version, "subject", &value);
		quote_field(&call->fence, "subject", value, VALUE_MAX,
			    &fields);
	}
	put_changes(telling, with_changes, &fields);
	buf_put_str(&telling->list, telling->list.len > 1 ? "," : "");
	buf_fail(&telling->list, jcs_fields_write(&fields, &telling->list,
						  NULL));
	jcs_fields_release(&fields);
	telling->told++;
}

static bool is_large(struct span version)
{
	struct span value;
	int64_t records = 0;

	return jcs_find(version, "records", &value) &&
	       jcs_integer(value, &records) && records > RECORDS_MAX;
}

static bool has_changes(struct span version)
{
	struct span value;

	return jcs_find(version, "changes", &value) &&
	       !span_equals(value, span_str("[]"));
}

/* What one did, unless that is too much to tell. */
static int look_into(struct history_telling *telling, struct span version,
		     struct err *err)
{
	bool is_bound = telling->call->server->scope.kinds != 0;
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	struct span rest = { NULL, 0 };
	struct asking asking;
	struct span object;
	int rc;

	if (is_large(version) || telling->call->text.len > BUDGET) {
		if (!is_bound)
			put_version(telling, version, version);
		return 0;
	}
	said_word(&id, "", version, "version");
	ask_history(telling, &asking, buf_text(&id));
	rc = asking_run(&asking, err);
	object = asking_next(&asking, &rest);
	if (rc == 0 && (!is_bound || (object.at && has_changes(object))))
		put_version(telling, version, object);
	asking_release(&asking);
	buf_release(&id);
	return rc;
}

static int tell_history(struct history_telling *telling, struct err *err)
{
	bool is_entity = tool_text(telling->call, "ref") != NULL;
	struct span rest = { NULL, 0 };
	struct span version;
	int rc = 0;

	buf_put_char(&telling->list, '[');
	while (rc == 0 && (version = asking_next(&telling->asking, &rest)).at) {
		if (is_entity)
			put_version(telling, version, version);
		else
			rc = look_into(telling, version, err);
	}
	buf_put_char(&telling->list, ']');
	if (!telling->told)
		buf_put_str(&telling->call->text, "No version.\n");
	fields_buf(&telling->call->fields, "versions", &telling->list);
	said_notes(telling->call, &telling->asking);
	said_end(telling->call);
	return rc;
}

int tool_history(struct tool_call *call, struct err *err)
{
	struct history_telling telling = { .call = call,
				   .what = BUF_INIT(BUF_NO_LIMIT),
				   .list = BUF_INIT(BUF_NO_LIMIT) };
	int rc;

	put_what(&telling);
	rc = call->refusal.code ? 0 : buf_end(&telling.what, err);
	if (rc == 0 && !call->refusal.code) {
		ask_history(&telling, &telling.asking, buf_text(&telling.what));
		rc = asking_run(&telling.asking, err);
		if (rc == 0)
			rc = tell_history(&telling, err);
		asking_release(&telling.asking);
	}
	buf_release(&telling.what);
	buf_release(&telling.list);
	return rc;
}
