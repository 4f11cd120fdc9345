#include "cmd/action/result.h"
#include "cmd/action/vault/scope.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/tool/said.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/construct_name.h"

static void put_count(struct tool_call *call, struct span construct,
		      const char *name, struct jcs_fields *fields)
{
	struct span value;

	/* Of other kinds than those that are there it is not told. */
	if (call->server->scope.kinds ||
	    !jcs_find(construct, name, &value)) {
		fields_null(fields, name);
		return;
	}
	fields_raw(fields, name, value);
	if (jcs_type_of(value) == JCS_NUMBER)
		buf_putf(&call->text, ", %s %.*s", name, (int)value.len,
			 value.at);
}

static void put_construct(struct tool_call *call, struct span construct,
			  struct buf *list)
{
	static const char *const counts[] = { "records", "conflicts", "forks",
					      "quarantined", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	size_t i;

	buf_put_char(&call->text, '-');
	said_word(&call->text, " ", construct, "construct");
	said_word(&call->text, " called ", construct, "called");
	said_field(&fields, "construct", construct, "construct");
	result_copy(&fields, "heads", construct);
	if (jcs_find(construct, "called", &value))
		said_field(&fields, "called", construct, "called");
	for (i = 0; counts[i]; i++)
		put_count(call, construct, counts[i], &fields);
	jcs_find(construct, "heads", &value);
	buf_putf(&call->text, ", heads %.*s\n", (int)value.len, value.at);
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
}

static void put_writing(struct tool_call *call)
{
	struct span left = call->server->write;
	char name[CONSTRUCT_NAME_MAX];
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	buf_put_char(&list, '[');
	buf_put_str(&call->text, left.len ? "Memories can be written to:" :
		    "Nothing can be written.");
	while (scope_next(&left, name)) {
		buf_put_str(&list, list.len > 1 ? "," : "");
		jcs_put_string(&list, span_str(name));
		buf_putf(&call->text, " %s", name);
	}
	buf_put_char(&list, ']');
	buf_put_char(&call->text, '\n');
	fields_bool(&call->fields, "read_only", !call->server->write.len);
	fields_buf(&call->fields, "writable", &list);
	buf_release(&list);
}

int tool_status(struct tool_call *call, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct span rest = { NULL, 0 };
	struct asking asking;
	struct span object;
	int rc;

	asking_begin(&asking, call->server, "construct list");
	asking_flag(&asking, "health");
	rc = asking_run(&asking, err);
	buf_put_char(&list, '[');
	while (rc == 0 && (object = asking_next(&asking, &rest)).at)
		put_construct(call, object, &list);
	buf_put_char(&list, ']');
	if (!asking.n)
		buf_put_str(&call->text, "No construct is there.\n");
	fields_buf(&call->fields, "constructs", &list);
	put_writing(call);
	said_notes(call, &asking);
	asking_release(&asking);
	buf_release(&list);
	return rc;
}
