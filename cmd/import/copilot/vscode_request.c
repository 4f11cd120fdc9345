#include "cmd/import/copilot/vscode_run.h"

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

#define KEY_MAX 48

/* What belongs to the question; all else is known when it is answered. */
static const char *const asked[] = {
	"variableData", "attachedContext", "workingSet", "contextRef", NULL
};

static struct span request_key(const struct jval *request, char room[KEY_MAX])
{
	struct span id = jval_get_text(request, "requestId");
	const struct jval *message = jval_get(request, "message");
	unsigned char digest[SHA256_BYTES];
	struct span text;

	if (id.len)
		return id;
	text = message ? message->raw : request->raw;
	sha256_of(text.at, text.len, digest);
	hex_text(digest, 16, room);
	return span_str(room);
}

static bool is_answered(const struct jval *request)
{
	return jval_get(request, "response") ||
	       jval_get_text(request, "responseId").len;
}

static int make_question(struct vscode_run *run, const struct jval *request,
			 struct err *err)
{
	static const char *const text[] = { "text", NULL };
	static const char *const taken[] = {
		"requestId", "message", "timestamp", NULL
	};
	const struct jval *message = jval_get(request, "message");
	struct jcs_fields *fields = &run->fields;
	size_t i;
	int rc;

	jcs_fields_reset(fields);
	buf_reset(&run->native);
	rc = rest_add_under(fields, "message", message, text, err);
	if (rc >= 0 && !is_answered(request))
		rc = rest_add(fields, request, taken, err);
	for (i = 0; rc >= 0 && asked[i] && is_answered(request); i++)
		rc = rest_add_value(fields, asked[i],
				    jval_get(request, asked[i]), err);
	return rc < 0 || !fields->count ? rc :
		jcs_fields_write(fields, &run->native, err);
}

static int put_question(struct vscode_run *run, const struct jval *request,
			const char *visibility, struct err *err)
{
	const struct jval *said = jval_get(request, "message");
	char room[KEY_MAX];
	struct chat_message message = {
		.key = request_key(request, room), .index = run->index * 2,
		.role = "user",
		.created = chat_time_of_ms(jval_get(request, "timestamp")),
		.content = jval_is(said, JVAL_STRING) ? jval_text(said) :
			jval_get_text(said, "text"),
		.visibility = visibility,
	};
	int rc = make_question(run, request, err);

	if (run->parent.len)
		message.parent = buf_span(&run->parent);
	if (run->native.len)
		message.native = buf_span(&run->native);
	if (rc >= 0)
		rc = chat_put_message(&run->chat, &message, err);
	buf_reset(&run->parent);
	return rc < 0 ? rc : buf_add_span(&run->parent, message.key, err);
}

static int make_answer(struct vscode_run *run, const struct jval *request,
		       const struct chat_message *message, struct err *err)
{
	const char *taken[16] = {
		"requestId", "message", "response", "responseId", "timestamp"
	};
	size_t n = 5;
	size_t i;

	for (i = 0; asked[i]; i++)
		taken[n++] = asked[i];
	if (message->model.at)
		taken[n++] = "modelId";
	taken[n] = NULL;
	buf_reset(&run->native);
	return chat_add_rest(&run->native, request, taken, err);
}

static int put_answer(struct vscode_run *run, const struct jval *request,
		      const char *visibility, struct err *err)
{
	struct chat_message message = {
		.key = jval_get_text(request, "responseId"),
		.index = run->index * 2 + 1, .role = "assistant",
		.created = chat_time_of_ms(jval_get(request, "timestamp")),
		.model = jval_get_text(request, "modelId"),
		.visibility = visibility,
	};
	struct parts *parts = &run->parts;
	bool has_call = false;
	int rc;

	parts_reset(parts);
	message.parent = buf_span(&run->parent);
	buf_reset(&run->value);
	rc = buf_printf(&run->value, err, "%s-response",
			buf_text(&run->parent));
	if (!message.key.len)
		message.key = buf_span(&run->value);
	if (rc >= 0)
		rc = vscode_response(run, jval_get(request, "response"),
				     &has_call, err);
	if (rc >= 0)
		rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	if (!message.content.len && has_call)
		message.visibility = "tool";
	if (rc >= 0)
		rc = make_answer(run, request, &message, err);
	if (run->native.len)
		message.native = buf_span(&run->native);
	if (rc >= 0)
		rc = chat_put_message(&run->chat, &message, err);
	buf_reset(&run->parent);
	return rc < 0 ? rc : buf_add_span(&run->parent, message.key, err);
}

int vscode_put(struct vscode_run *run, const struct jval *request,
	       struct err *err)
{
	const char *visibility = "visible";
	int rc;

	if (jval_is(jval_get(request, "isHidden"), JVAL_TRUE) ||
	    jval_is(jval_get(request, "shouldBeRemovedOnSend"), JVAL_TRUE))
		visibility = "hidden";
	rc = put_question(run, request, visibility, err);
	if (rc >= 0 && is_answered(request))
		rc = put_answer(run, request, visibility, err);
	run->index++;
	return rc;
}
