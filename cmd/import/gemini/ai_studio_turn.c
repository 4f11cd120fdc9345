#include "cmd/import/gemini/ai_studio_internal.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
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
static void add_file(struct ai_studio_run *run, const struct jval *member)
{
	struct take take = take_begin(member);
	struct parts *parts = &run->parts;

	run->has_file = true;
	part_begin(parts, "file");
	fields_said(&parts->fields, "kind", member->key);
	part_base64(parts, &run->chat, "data", &take, "data",
		    jval_text(take_see(&take, "mimeType")));
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

static void add_files(struct ai_studio_run *run, struct take *take)
{
	const struct jval *member = jval_first(take->object);

	for (; member; member = member->next) {
		if (!ai_studio_is_file(member))
			continue;
		add_file(run, member);
		take_done(take, member);
	}
}

static void add_said(struct ai_studio_run *run, struct span text,
		     bool is_thinking)
{
	if (!text.len)
		return;
	run->has_thought |= is_thinking;
	if (is_thinking)
		part_said(&run->parts, "thinking", text, NULL);
	else
		part_text(&run->parts, text);
}

/* Parts may hold thoughts of their own, and files. They are taken where they
 * say the same as the text of the chunk, and no more. */
static void add_parts(struct ai_studio_run *run, struct take *take,
		      struct span text)
{
	const struct jval *parts = take_see(take, "parts");
	const struct jval *part = jval_first(parts);
	bool is_thinking = is_thought(take->object);
	bool is_said = part != NULL;
	struct span words;
	struct take inner;

	buf_reset(&run->value);
	for (; part; part = part->next) {
		inner = take_begin(part);
		words = take_text(&inner, "text");
		buf_put_span(&run->value, words);
		if (!text.at) {
			add_said(run, words, is_thinking || is_thought(part));
			add_files(run, &inner);
		}
		is_said &= jval_count(part) == 1 && inner.n == 1;
	}
	if (is_said && (!text.at || span_equals(text, buf_span(&run->value))))
		take_done(take, parts);
}

static void add_branches(struct ai_studio_run *run, struct take *take)
{
	const struct jval *parent = take_any(take, "branchParent");
	const struct jval *children = take_see(take, "branchChildren");
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (parent || jval_count(children) || jval_is(children, JVAL_ARRAY))
		take_done(take, children);
	if (!parent && !jval_count(children))
		return;
	if (run->branches.len)
		buf_put_char(&run->branches, ',');
	fields_integer(&fields, "index", run->index);
	fields_value(&fields, "branchParent", parent);
	fields_value(&fields, "branchChildren", children);
	buf_fail(&run->branches,
		 jcs_fields_write(&fields, &run->branches, NULL));
	jcs_fields_release(&fields);
}

/* All that has no place of its own. */
static void add_native(struct ai_studio_run *run, const struct take *take)
{
	size_t start;

	if (run->natives.len)
		buf_put_char(&run->natives, ',');
	start = run->natives.len;
	take_put(take, &run->natives);
	if (run->natives.len == start)
		buf_put_str(&run->natives, "{}");
}

/* Where a chunk branches off changes when somebody branches, so the session
 * tells that. */
static void add_chunk(struct ai_studio_run *run, const struct jval *chunk)
{
	struct take take = take_begin(chunk);
	struct span text = take_text(&take, "text");
	const struct jval *fault = take_any(&take, "errorMessage");

	(void)take_text(&take, "role");
	(void)take_value(&take, "isThought", JVAL_TRUE);
	/* The first one's is the key of the message. */
	if (!run->natives.len)
		(void)take_filled(&take, "id");
	add_said(run, text, is_thought(chunk));
	add_parts(run, &take, text);
	add_files(run, &take);
	if (jval_is(fault, JVAL_STRING))
		part_said(&run->parts, "error", jval_text(fault), NULL);
	else if (fault && !jval_is(fault, JVAL_NULL))
		part_native(&run->parts, "error", fault);
	add_branches(run, &take);
	add_native(run, &take);
}

/* Where all that was said so far ends. */
static void ai_studio_turn_make_key(struct ai_studio_run *run, const char *role)
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
static void make_native(struct ai_studio_run *run, const struct jval *chunk)
{
	struct buf *out = &run->value;

	buf_reset(out);
	buf_put_str(out, "{\"chunks\":[");
	buf_fail(out, run->natives.failed);
	buf_put_span(out, buf_span(&run->natives));
	buf_put_str(out, "],\"role\":");
	chat_put_text(out, native_role(chunk));
	buf_put_char(out, '}');
}

static void note_time(struct ai_studio_run *run, const struct chat_time *time)
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

	ai_studio_turn_make_key(run, message.role);
	hex_text(run->chain, AI_STUDIO_KEY_BYTES, hex);
	message.key = id.len ? id : span_str(hex);
	if (run->index > 1)
		message.parent = buf_span(&run->key);
	make_native(run, chunk);
	message.native = buf_span(&run->value);
	rc = parts_list(&run->parts, &message.parts, err);
	message.content = buf_span(&run->parts.content);
	if (!message.content.len && message.parts.at && !run->has_file)
		message.visibility = run->has_thought ? "thinking" : "meta";
	note_time(run, &message.created);
	if (rc == 0)
		rc = buf_end(&run->value, err);
	if (rc == 0)
		rc = chat_put_message(&run->chat, &message, err);
	buf_reset(&run->key);
	buf_put_span(&run->key, message.key);
	run->index++;
	return rc < 0 ? rc : buf_end(&run->key, err);
}

int ai_studio_put(struct ai_studio_run *run, const struct jval *chunk,
		  size_t count, struct err *err)
{
	const struct jval *first = chunk;

	parts_reset(&run->parts);
	buf_reset(&run->natives);
	run->has_file = false;
	run->has_thought = false;
	for (; count; count--) {
		add_chunk(run, chunk);
		chunk = chunk->next;
	}
	return put(run, first, err);
}
