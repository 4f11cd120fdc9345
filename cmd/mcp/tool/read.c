#include "cmd/action/result.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/tool/more.h"
#include "cmd/mcp/tool/said.h"
#include "lib/json/jcs_scan.h"

#define TURN_LEAST 600		/* characters; with less left it is told next */
#define TITLE_MAX 150

struct read_telling {
	struct tool_call *call;
	struct asking asking;
	struct more more;		/* from here on, and to here */
	struct buf list;		/* "turns" */
	bool is_cut;
};

static bool is_flag(struct span object, const char *name)
{
	struct span value;

	return jcs_find(object, name, &value) &&
	       jcs_type_of(value) == JCS_TRUE;
}

/* What tools were given and gave is told where it was asked for. */
static bool is_folded(struct span turn)
{
	struct span value;

	return jcs_find(turn, "visibility", &value) &&
	       jcs_is_text(value, "tool") && !is_flag(turn, "named");
}

static void put_head(struct read_telling *telling, struct span turn)
{
	struct buf *text = &telling->call->text;
	struct span value;

	buf_put_str(text, "\nText");
	said_word(text, " ", turn, "entity");
	said_word(text, " ", turn, "document");
	said_word(text, ", ref ", turn, "ref");
	said_word(text, ", ", turn, "role");
	said_word(text, " ", turn, "name");
	said_word(text, ", ", turn, "created");
	said_word(text, ", answers ", turn, "parent");
	if (jcs_find(turn, "conflicts", &value) &&
	    !span_equals(value, span_str("0")))
		buf_putf(text, ", %.*s fields in conflict", (int)value.len,
			 value.at);
	buf_put_char(text, '\n');
}

/* How much room there is for a text between its fences; it is in the answer
 * twice, of which models read one. */
static size_t room(const struct read_telling *telling)
{
	size_t left = said_room(telling->call);

	return left > QUOTE_FENCES ? left - QUOTE_FENCES : 0;
}

static void put_read_text(struct read_telling *telling, struct span turn,
		     struct jcs_fields *fields)
{
	struct tool_call *call = telling->call;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf quoted = BUF_INIT(BUF_NO_LIMIT);
	size_t from = (size_t)telling->more.byte;
	struct span value;
	size_t end;

	if (jcs_find(turn, "text", &value) &&
	    jcs_type_of(value) == JCS_STRING)
		buf_fail(&text, jcs_string_decode(value, &text, NULL));
	from = from < text.len ? from : 0;
	end = quote_put(&call->fence, buf_span(&text), from, room(telling),
			&quoted);
	telling->is_cut = end < text.len;
	telling->more.byte = telling->is_cut ? end : 0;
	buf_put_span(&call->text, buf_span(&quoted));
	fields_fail(fields, buf_end(&quoted, NULL), NULL);
	fields_text(fields, "text", buf_span(&quoted));
	fields_bool(fields, "cut", telling->is_cut);
	buf_release(&text);
	buf_release(&quoted);
}

static void put_turn(struct read_telling *telling, struct span turn)
{
	static const char *const members[] = {
		"ref", "nth", "branch", "conflicts"
	};
	const char *entity = "entity";
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	size_t i;

	if (jcs_find(turn, "document", &value))
		entity = "document";
	said_field(&fields, "entity", turn, entity);
	said_field(&fields, "role", turn, "role");
	said_field(&fields, "parent", turn, "parent");
	said_field(&fields, "at", turn, "created");
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&fields, members[i], turn);
	fields_bool(&fields, "named", is_flag(turn, "named"));
	put_head(telling, turn);
	said_from(telling->call, turn, &fields);
	put_read_text(telling, turn, &fields);
	buf_put_str(&telling->list, telling->list.len > 1 ? "," : "");
	buf_fail(&telling->list, jcs_fields_write(&fields, &telling->list,
						  NULL));
	jcs_fields_release(&fields);
}

static void put_read_session(struct read_telling *telling, struct span session)
{
	static const char *const members[] = {
		"version", "before", "after", "branches"
	};
	struct tool_call *call = telling->call;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&call->fields, members[i], session);
	said_field(&call->fields, "construct", session, "construct");
	said_field(&call->fields, "session", session, "session");
	if (jcs_find(session, "turns", &value))
		fields_raw(&call->fields, "turns_in_all", value);
	said_word(&call->text, "", session, "session");
	said_word(&call->text, " of ", session, "construct");
	said_word(&call->text, " called ", session, "called");
	said_word(&call->text, " at version ", session, "version");
	buf_put_str(&call->text, "\n");
	if (!jcs_find(session, "title", &value) ||
	    jcs_type_of(value) != JCS_STRING)
		return;
	quote_field(&call->fence, "title", value, TITLE_MAX, &call->fields);
	buf_fail(&title, jcs_string_decode(value, &title, NULL));
	buf_put_str(&call->text, "Title:\n");
	quote_put(&call->fence, buf_span(&title), 0, TITLE_MAX, &call->text);
	buf_release(&title);
}

/* The session, then its turns; or the one memory. */
static void tell_read(struct read_telling *telling)
{
	struct tool_call *call = telling->call;
	struct span rest = { NULL, 0 };
	struct span object = asking_next(&telling->asking, &rest);
	bool is_alone = jcs_find(object, "document",
				 &(struct span){ NULL, 0 });
	bool has_more = telling->asking.is_full;

	buf_put_char(&telling->list, '[');
	put_read_session(telling, object);
	if (!is_alone)
		object = asking_next(&telling->asking, &rest);
	for (; object.at && !telling->is_cut;
	     object = asking_next(&telling->asking, &rest)) {
		if (telling->list.len > 1 && room(telling) < TURN_LEAST)
			break;
		if (!is_folded(object))
			put_turn(telling, object);
		telling->more.at += !telling->is_cut;
	}
	buf_put_char(&telling->list, ']');
	fields_buf(&call->fields, "turns", &telling->list);
	if (has_more || object.at || telling->is_cut)
		more_put(call, &telling->more);
	said_notes(call, &telling->asking);
	said_end(call);
}

static void ask_read(struct read_telling *telling, bool is_message)
{
	struct tool_call *call = telling->call;
	struct asking *asking = &telling->asking;

	asking_begin(asking, call->server, "read");
	asking_text(asking, "what", call->in ? call->in :
		    tool_text(call, "ref"));
	asking_text(asking, "entity", call->in ? tool_text(call, "ref") :
		    NULL);
	asking_flag(asking, "from");
	asking_flag(asking, "tools");
	if (is_message)
		asking_count(asking, "around", tool_count(call, "around"));
	asking->skip = (size_t)telling->more.at;
}

static int ask_as(struct read_telling *telling, bool is_message,
		  struct err *err)
{
	int rc;

	ask_read(telling, is_message);
	rc = asking_as_of(&telling->asking,
			  tool_text(telling->call, "as_of"), err);
	if (rc == 0)
		rc = asking_run(&telling->asking, err);
	if (rc == 0 && !telling->asking.n)
		rc = err_set(err, ERR_NOT_FOUND, "there is nothing to read");
	return rc;
}

int tool_read(struct tool_call *call, struct err *err)
{
	struct read_telling telling = { .call = call,
				   .list = BUF_INIT(BUF_NO_LIMIT) };
	struct err why = ERR_INIT;
	int rc;

	more_read(call, &telling.more);
	if (call->refusal.code)
		return 0;
	rc = ask_as(&telling, true, &why);
	/* Around a session there is nothing: it is read from its begin. */
	if (rc == ERR_INVALID) {
		asking_release(&telling.asking);
		err_clear(&why);
		rc = ask_as(&telling, false, &why);
	}
	if (rc == 0)
		tell_read(&telling);
	buf_release(&telling.list);
	asking_release(&telling.asking);
	return err_copy(err, rc, &why);
}
