#include "cmd/action/result.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/tool/more.h"
#include "cmd/mcp/tool/said.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/dates.h"

#define VALUE_MAX ((size_t)1000)	/* of what a field was and is */
#define RECORDS_MAX 200		/* more are counted, and not told */
#define VERSION_LEAST ((size_t)450)	/* with less left it is told next */
#define CHANGE_LEAST ((size_t)200)
#define FIELD_LEAST ((size_t)250)

struct history_telling {
	struct tool_call *call;
	struct asking asking;
	struct more more;
	struct buf what;		/* that is asked for */
	struct buf list;		/* "versions" */
	uint64_t told;
	uint64_t left_out;		/* changes of what nobody was shown */
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
		/* One more tells whether there is more. */
		asking_count(asking, "-n", telling->more.at +
			     tool_count(call, "limit") + 1);
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
			      struct span field, const char *name,
			      struct jcs_fields *fields)
{
	struct tool_call *call = telling->call;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf quoted = BUF_INIT(BUF_NO_LIMIT);
	size_t room = said_room(call) / 2;
	struct span value;

	if (!jcs_find(field, name, &value))
		return;
	if (jcs_type_of(value) == JCS_STRING)
		buf_fail(&text, jcs_string_decode(value, &text, NULL));
	else
		buf_put_span(&text, value);
	room = room > QUOTE_FENCES ? room - QUOTE_FENCES : 0;
	quote_put(&call->fence, buf_span(&text), 0,
		  room < VALUE_MAX ? room : VALUE_MAX, &quoted);
	buf_putf(&call->text, "    %s:\n", name);
	buf_put_span(&call->text, buf_span(&quoted));
	fields_fail(fields, buf_end(&quoted, NULL), NULL);
	fields_text(fields, name, buf_span(&quoted));
	buf_release(&text);
	buf_release(&quoted);
}

/* A message that is hidden, a thought, of a tool or about the session is told
 * where it is named. */
static bool is_left_out(const struct history_telling *telling,
			struct span change)
{
	struct span value;

	return !tool_text(telling->call, "ref") &&
	       jcs_find(change, "visibility", &value);
}

/* What is left is what tools were given and what models thought, and how the
 * source had it. */
static bool is_field_told(const struct history_telling *telling,
			  struct span change, struct span field)
{
	static const char *const told[] = {
		"/content", "/created", "/index", "/model", "/name",
		"/parent", "/role", "/session", "/updated", "/visibility",
		NULL
	};
	bool is_message = jcs_find(change, "kind", &change) &&
			  jcs_is_text(change, "message");
	struct span path;
	size_t i;

	if (tool_text(telling->call, "ref"))
		return true;
	if (!jcs_find_string(field, "path", &path))
		return false;
	if (!is_message)
		return !span_begins(path, "/native");
	for (i = 0; told[i]; i++) {
		if (span_equals(path, span_str(told[i])))
			return true;
	}
	return false;
}

static void put_field(struct history_telling *telling, struct span field,
		      struct buf *list)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	said_field(&fields, "path", field, "path");
	said_word(&telling->call->text, "  field ", field, "path");
	buf_put_char(&telling->call->text, '\n');
	put_history_value(telling, field, "from", &fields);
	put_history_value(telling, field, "to", &fields);
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
}

static void put_fields(struct history_telling *telling, struct span change,
		       struct jcs_fields *out)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span all;
	struct span field;
	bool is_cut = false;

	if (!jcs_find(change, "fields", &all))
		return;
	buf_put_char(&list, '[');
	iter = jcs_iter_array(all);
	while (jcs_next(&iter, NULL, &field)) {
		if (!is_field_told(telling, change, field))
			continue;
		is_cut = said_room(telling->call) < FIELD_LEAST;
		if (is_cut)
			break;
		put_field(telling, field, &list);
	}
	fields_bool(out, "cut", is_cut);
	buf_put_char(&list, ']');
	fields_buf(out, "fields", &list);
	buf_release(&list);
}

static void put_change(struct history_telling *telling, struct span change,
		       struct buf *list)
{
	static const char *const members[] = { "change", "kind", "entity" };
	struct tool_call *call = telling->call;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;

	buf_put_char(&call->text, ' ');
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		said_field(&fields, members[i], change, members[i]);
		said_word(&call->text, " ", change, members[i]);
	}
	buf_put_char(&call->text, '\n');
	put_fields(telling, change, &fields);
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
}

static void put_changes(struct history_telling *telling, struct span version,
			struct jcs_fields *out)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span changes;
	struct span change;
	size_t more = 0;

	if (!jcs_find(version, "changes", &changes))
		return;
	buf_put_char(&list, '[');
	iter = jcs_iter_array(changes);
	while (jcs_next(&iter, NULL, &change)) {
		if (is_left_out(telling, change))
			telling->left_out++;
		else if (more || said_room(telling->call) < CHANGE_LEAST)
			more++;
		else
			put_change(telling, change, &list);
	}
	buf_put_char(&list, ']');
	fields_buf(out, "changes", &list);
	fields_integer(out, "more_changes", (int64_t)more);
	if (more)
		buf_putf(&telling->call->text, "  and %zu more changes\n",
			 more);
	buf_release(&list);
}

/* A subject has the first words of what was written. */
static void put_version(struct history_telling *telling, struct span version,
			struct span with_changes)
{
	static const char *const members[] = { "version", "time", "parents",
					       "change" };
	struct tool_call *call = telling->call;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&fields, members[i], version);
	said_field(&fields, "construct", version, "construct");
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

	if (is_large(version)) {
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

static int tell_versions(struct history_telling *telling, bool *has_more,
			 struct err *err)
{
	bool is_entity = tool_text(telling->call, "ref") != NULL;
	uint64_t begin = telling->more.at;
	uint64_t end = begin + tool_count(telling->call, "limit");
	struct span rest = { NULL, 0 };
	struct span version;
	uint64_t n = 0;
	int rc = 0;

	while (rc == 0 && (version = asking_next(&telling->asking, &rest)).at) {
		if (n++ < begin)
			continue;
		*has_more = n > end || (telling->told &&
					said_room(telling->call) <
					VERSION_LEAST);
		if (*has_more)
			break;
		if (is_entity)
			put_version(telling, version, version);
		else
			rc = look_into(telling, version, err);
		telling->more.at = n;
	}
	return rc;
}

static void put_left_out(struct history_telling *telling)
{
	unsigned long long n = telling->left_out;

	fields_integer(&telling->call->fields, "left_out", (int64_t)n);
	if (n)
		buf_putf(&telling->call->text, "Left out: %llu changes of "
			 "hidden, thinking, tool and meta messages.\n", n);
}

static int tell_history(struct history_telling *telling, struct err *err)
{
	bool has_more = false;
	int rc;

	buf_put_char(&telling->list, '[');
	rc = tell_versions(telling, &has_more, err);
	buf_put_char(&telling->list, ']');
	if (!telling->told)
		buf_put_str(&telling->call->text, "No version.\n");
	fields_buf(&telling->call->fields, "versions", &telling->list);
	put_left_out(telling);
	if (has_more)
		more_put(telling->call, &telling->more);
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

	more_read(call, &telling.more);
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
