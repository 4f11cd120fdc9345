#include "cmd/import/gemini/ai_studio_run.h"

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

static bool is_thought(const struct jval *value)
{
	return jval_is(jval_get(value, "isThought"), JVAL_TRUE) ||
	       jval_is(jval_get(value, "thought"), JVAL_TRUE);
}

bool ai_studio_is_file(const struct jval *member)
{
	return jval_is(member, JVAL_OBJECT) &&
	       !span_equals(member->key, span_str("branchParent")) &&
	       !span_equals(member->key, span_str("grounding")) &&
	       !span_equals(member->key, span_str("safetySettings"));
}

/* {"type":"file","kind":"inlineFile","mime":...,"data":{"$blob":...}} */
static int add_file(struct ai_studio_run *run, const struct jval *member,
		    struct err *err)
{
	static const char *const taken[] = { "data", NULL };
	static const char *const none[] = { NULL };
	struct parts *parts = &run->parts;
	bool is_stored;
	int rc;

	run->has_file = true;
	rc = part_begin(parts, "file", err);
	if (rc >= 0)
		rc = rest_add_text(&parts->fields, "kind", member->key, err);
	if (rc >= 0)
		rc = part_base64(parts, &run->chat, "data",
				 jval_get_text(member, "data"),
				 jval_get_text(member, "mimeType"), err);
	is_stored = rc == 1;
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", member,
				    is_stored ? taken : none, err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_files(struct ai_studio_run *run, const struct jval *object,
		     struct err *err)
{
	const struct jval *member;
	int rc = 0;

	for (member = jval_first(object); rc >= 0 && member;
	     member = member->next) {
		if (ai_studio_is_file(member))
			rc = add_file(run, member, err);
	}
	return rc;
}

static int add_said(struct ai_studio_run *run, struct span text,
		    bool is_thinking, struct err *err)
{
	if (!text.len)
		return 0;
	run->has_thought |= is_thinking;
	return is_thinking ? part_said(&run->parts, "thinking", text, err) :
		part_text(&run->parts, text, err);
}

/* Do the parts say the same as the text, and no more? */
static int are_parts_said(struct ai_studio_run *run,
			  const struct jval *chunk, bool *out,
			  struct err *err)
{
	struct span text = jval_get_text(chunk, "text");
	const struct jval *part = jval_first(jval_get(chunk, "parts"));
	int rc = 0;

	buf_reset(&run->value);
	for (*out = part != NULL; rc >= 0 && part; part = part->next) {
		if (jval_count(part) != 1)
			*out = false;
		rc = buf_add_span(&run->value, jval_get_text(part, "text"),
				  err);
	}
	if (text.at && !span_equals(text, buf_span(&run->value)))
		*out = false;
	return rc;
}

/* All that has no place of its own. Where a chunk branches off changes when
 * somebody branches, so the session tells that. */
static int add_native(struct ai_studio_run *run, const struct jval *chunk,
		      struct err *err)
{
	const char *taken[32] = {
		"text", "role", "branchParent", "branchChildren",
		"errorMessage", NULL
	};
	const struct jval *member = jval_first(chunk);
	char names[20][40];
	bool is_said;
	size_t n = 5;
	size_t i;
	int rc;

	/* The first one's is the key of the message. */
	if (!run->natives.len && jval_get_text(chunk, "id").len)
		taken[n++] = "id";
	rc = are_parts_said(run, chunk, &is_said, err);
	if (is_said)
		taken[n++] = "parts";
	if (is_thought(chunk))
		taken[n++] = "isThought";
	for (i = 0; member && i < 20; member = member->next) {
		if (!ai_studio_is_file(member) || member->key.len >= sizeof(*names) ||
		    memchr(member->key.at, '\0', member->key.len))
			continue;
		memcpy(names[i], member->key.at, member->key.len);
		names[i][member->key.len] = '\0';
		taken[n++] = names[i++];
	}
	taken[n] = NULL;
	buf_reset(&run->value);
	if (rc >= 0)
		rc = chat_add_rest(&run->value, chunk, taken, err);
	if (rc >= 0 && run->natives.len)
		rc = buf_add_char(&run->natives, ',', err);
	if (rc >= 0)
		rc = run->value.len ? buf_add_span(&run->natives,
						   buf_span(&run->value),
						   err) :
			buf_add_str(&run->natives, "{}", err);
	return rc;
}

static int add_branches(struct ai_studio_run *run, const struct jval *chunk,
			struct err *err)
{
	const struct jval *parent = jval_get(chunk, "branchParent");
	const struct jval *children = jval_get(chunk, "branchChildren");
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = 0;

	if (!parent && !jval_count(children))
		return 0;
	if (run->branches.len)
		rc = buf_add_char(&run->branches, ',', err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "index", run->index, err);
	if (rc >= 0)
		rc = rest_add_value(&fields, "branchParent", parent, err);
	if (rc >= 0)
		rc = rest_add_value(&fields, "branchChildren", children, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &run->branches, err);
	jcs_fields_release(&fields);
	return rc;
}

static int add_chunk(struct ai_studio_run *run, const struct jval *chunk,
		     struct err *err)
{
	const struct jval *fault = jval_get(chunk, "errorMessage");
	const struct jval *part;
	int rc;

	rc = add_said(run, jval_get_text(chunk, "text"), is_thought(chunk),
		      err);
	/* Parts may hold thoughts of their own, and files. */
	part = jval_get_text(chunk, "text").at ? NULL :
		jval_first(jval_get(chunk, "parts"));
	for (; rc >= 0 && part; part = part->next) {
		rc = add_said(run, jval_get_text(part, "text"),
			      is_thought(chunk) || is_thought(part), err);
		if (rc >= 0)
			rc = add_files(run, part, err);
	}
	if (rc >= 0)
		rc = add_files(run, chunk, err);
	if (rc >= 0 && jval_is(fault, JVAL_STRING))
		rc = part_said(&run->parts, "error", jval_text(fault), err);
	else if (rc >= 0 && fault && !jval_is(fault, JVAL_NULL))
		rc = part_native(&run->parts, "error", fault, NULL, err);
	if (rc >= 0)
		rc = add_native(run, chunk, err);
	if (rc >= 0)
		rc = add_branches(run, chunk, err);
	return rc;
}

/* Where all that was said so far ends. */
static void make_key(struct ai_studio_run *run, const char *role)
{
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, run->chain, sizeof(run->chain));
	sha256_add(&hash, role, strlen(role) + 1);
	sha256_add(&hash, run->parts.content.data, run->parts.content.len);
	sha256_add(&hash, "\0", 1);
	sha256_add(&hash, run->parts.list.data, run->parts.list.len);
	sha256_finish(&hash, run->chain);
}

static struct span native_role(const struct jval *chunk)
{
	struct span role = jval_get_text(chunk, "role");

	return role.at ? role : span_str("model");
}

bool ai_studio_is_model(const struct jval *chunk)
{
	return !span_equals(native_role(chunk), span_str("user"));
}

bool ai_studio_goes_on(const struct jval *chunk, const struct jval *next)
{
	return jval_is(next, JVAL_OBJECT) && ai_studio_is_model(chunk) &&
	       span_equals(native_role(chunk), native_role(next));
}

/* {"chunks":[...],"role":"model"} */
static int make_native(struct ai_studio_run *run, const struct jval *chunk,
		       struct buf *out, struct err *err)
{
	int rc;

	buf_reset(out);
	rc = buf_add_str(out, "{\"chunks\":[", err);
	if (rc >= 0)
		rc = buf_add_span(out, buf_span(&run->natives), err);
	if (rc >= 0)
		rc = buf_add_str(out, "],\"role\":", err);
	if (rc >= 0)
		rc = chat_add_text(out, native_role(chunk), err);
	return rc < 0 ? rc : buf_add_char(out, '}', err);
}

static void take_time(struct ai_studio_run *run, const struct chat_time *time)
{
	if (time->micros == CHAT_TIME_UNKNOWN)
		return;
	if (run->first.micros == CHAT_TIME_UNKNOWN)
		run->first = *time;
	if (time->micros > run->last.micros)
		run->last = *time;
}

/* Put what the turn's chunks have gathered. */
static int put(struct ai_studio_run *run, const struct jval *chunk,
	       struct err *err)
{
	struct span id = jval_get_text(chunk, "id");
	struct chat_message message = {
		.index = run->index,
		.role = ai_studio_is_model(chunk) ? "assistant" : "user",
		.created = chat_time_of(jval_get(chunk, "createTime")),
		.visibility = "visible",
	};
	char hex[AI_STUDIO_KEY_BYTES * 2 + 1];
	int rc;

	make_key(run, message.role);
	hex_text(run->chain, AI_STUDIO_KEY_BYTES, hex);
	message.key = id.len ? id : span_str(hex);
	if (run->index > 1)
		message.parent = buf_span(&run->key);
	rc = make_native(run, chunk, &run->value, err);
	message.native = buf_span(&run->value);
	if (rc >= 0)
		rc = parts_list(&run->parts, &message.parts, err);
	message.content = buf_span(&run->parts.content);
	if (!message.content.len && message.parts.at && !run->has_file)
		message.visibility = run->has_thought ? "thinking" : "meta";
	take_time(run, &message.created);
	if (rc >= 0)
		rc = chat_put_message(&run->chat, &message, err);
	buf_reset(&run->key);
	run->index++;
	return rc < 0 ? rc : buf_add_span(&run->key, message.key, err);
}

int ai_studio_put(struct ai_studio_run *run, const struct jval *chunk,
		  size_t count, struct err *err)
{
	const struct jval *first = chunk;
	int rc = 0;

	parts_reset(&run->parts);
	buf_reset(&run->natives);
	run->has_file = false;
	run->has_thought = false;
	for (; rc >= 0 && count; count--) {
		rc = add_chunk(run, chunk, err);
		chunk = chunk->next;
	}
	return rc < 0 ? rc : put(run, first, err);
}
