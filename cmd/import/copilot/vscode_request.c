#include "cmd/import/copilot/vscode_internal.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

#define KEY_MAX 48

/* What belongs to the question; all else is known when it is answered. */
static const char *const asked[] = {
	"variableData", "attachedContext", "workingSet", "contextRef", NULL
};

static struct span request_key(struct take *request, char room[KEY_MAX])
{
	struct span id = take_filled(request, "requestId");
	const struct jval *message = take_see(request, "message");
	unsigned char digest[SHA256_BYTES];
	struct span text;

	if (id.len)
		return id;
	text = message ? message->raw : request->object->raw;
	sha256_of(text.at, text.len, digest);
	hex_text(digest, 16, room);
	return span_str(room);
}

static bool is_answered(const struct jval *request)
{
	return jval_get(request, "response") ||
	       jval_get_text(request, "responseId").len ||
	       jval_at(request, "result.errorDetails");
}

static int put(struct vscode_run *run, struct chat_message *message,
	       struct err *err)
{
	int rc = buf_end(&run->native, err);

	message->native = buf_span(&run->native);
	if (rc == 0)
		rc = chat_put_message(&run->chat, message, err);
	buf_reset(&run->parent);
	buf_put_span(&run->parent, message->key);
	return rc < 0 ? rc : buf_end(&run->parent, err);
}

static int put_question(struct vscode_run *run, struct take *request,
			struct chat_message message, struct err *err)
{
	struct jcs_fields *fields = &run->fields;
	struct span words = take_text(request, "message");
	struct take said = take_begin(words.at ? NULL :
		take_value(request, "message", JVAL_OBJECT));
	char room[KEY_MAX];
	size_t i;
	int rc;

	message.role = "user";
	message.key = request_key(request, room);
	message.index = run->index * 2;
	message.content = words.at ? words : take_text(&said, "text");
	if (run->parent.len)
		message.parent = buf_span(&run->parent);
	jcs_fields_reset(fields);
	buf_reset(&run->native);
	take_rest_under(&said, "message", fields);
	/* Sent by the editor: a command has ended, say. */
	if (jval_is(jval_get(request->object, "isSystemInitiated"),
		    JVAL_TRUE))
		message.visibility = "meta";
	parts_reset(&run->parts);
	vscode_attached(&run->parts, request->object);
	rc = parts_list(&run->parts, &message.parts, err);
	if (!is_answered(request->object))
		take_rest(request, fields);
	for (i = 0; asked[i] && is_answered(request->object); i++)
		fields_value(fields, asked[i], take_any(request, asked[i]));
	fields_put(fields, &run->native);
	return rc < 0 ? rc : put(run, &message, err);
}

static int put_answer(struct vscode_run *run, struct take *request,
		      struct chat_message message, struct err *err)
{
	struct parts *parts = &run->parts;
	struct vscode_calls *calls = NULL;
	bool has_call = false;
	int rc = vscode_calls_new(request->object, &calls, err);

	buf_reset(&run->value);
	buf_putf(&run->value, "%s-response", buf_text(&run->parent));
	message.role = "assistant";
	message.key = take_filled(request, "responseId");
	if (!message.key.len)
		message.key = buf_span(&run->value);
	message.index = run->index * 2 + 1;
	message.model = take_text(request, "modelId");
	message.parent = buf_span(&run->parent);
	parts_reset(parts);
	if (rc == 0) {
		vscode_response(calls, parts, take_any(request, "response"),
				&has_call);
		vscode_calls_rest(calls, parts);
	}
	vscode_error(parts, request->object);
	vscode_followups(parts, request);
	if (rc == 0)
		rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	if (!message.content.len && has_call)
		message.visibility = "tool";
	buf_reset(&run->native);
	take_put(request, &run->native);
	vscode_calls_free(calls);
	if (rc == 0)
		rc = buf_end(&run->value, err);
	return rc < 0 ? rc : put(run, &message, err);
}

int vscode_put(struct vscode_run *run, const struct jval *request,
	       struct err *err)
{
	struct take take = take_begin(request);
	struct chat_message message = {
		.created = take_time_as(&take, "timestamp", chat_time_of_ms),
		.visibility = "visible",
	};
	int rc;

	if (jval_is(jval_get(request, "isHidden"), JVAL_TRUE) ||
	    jval_is(jval_get(request, "shouldBeRemovedOnSend"), JVAL_TRUE))
		message.visibility = "hidden";
	rc = put_question(run, &take, message, err);
	if (rc == 0 && is_answered(request))
		rc = put_answer(run, &take, message, err);
	run->index++;
	return rc;
}
