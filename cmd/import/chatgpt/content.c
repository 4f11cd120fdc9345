#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "lib/time/timestamp.h"

const char *chatgpt_text_member(struct span content_type)
{
	static const struct {
		const char *type;
		const char *member;
	} rows[] = {
		{ "text", "parts" },
		{ "multimodal_text", "parts" },
		{ "code", "text" },
		{ "execution_output", "text" },
		{ "reasoning_recap", "content" },
		{ "tether_quote", "text" },
		{ "tether_browsing_display", "result" },
		{ "sonic_webpage", "text" },
		{ "system_error", "text" },
		{ "model_editable_context", "model_set_context" },
	};
	size_t i;

	/* Third parties leave the type of plain text out. */
	if (!content_type.at)
		return "parts";
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (span_equals(content_type, span_str(rows[i].type)))
			return rows[i].member;
	}
	return NULL;
}

static bool is_one_text(const struct jval *parts)
{
	return jval_count(parts) == 1 &&
	       jval_is(jval_first(parts), JVAL_STRING);
}

/* What of a part is text: itself, or what was heard in it. */
static struct span text_of_part(const struct jval *part)
{
	if (jval_is(part, JVAL_OBJECT) &&
	    jval_is_text(jval_get(part, "content_type"),
			 "audio_transcription"))
		return jval_get_text(part, "text");
	return jval_text(part);
}

static int join_parts(struct chatgpt_run *run, const struct jval *parts,
		      struct span *out, struct err *err)
{
	const struct jval *part;
	int rc = 0;

	if (is_one_text(parts)) {
		*out = jval_text(jval_first(parts));
		return 0;
	}
	for (part = jval_first(parts); rc >= 0 && part; part = part->next)
		rc = buf_add_span(&run->text, text_of_part(part), err);
	if (rc >= 0 && jval_count(parts))
		rc = jdoc_to_jcs(parts, &run->parts, err);
	*out = buf_span(&run->text);
	return rc;
}

/* Append a text behind what there is, with something between. */
static int add_behind(struct buf *out, const char *between, struct span text,
		      struct err *err)
{
	int rc = 0;

	if (!text.len)
		return 0;
	if (out->len)
		rc = buf_add_str(out, between, err);
	return rc < 0 ? rc : buf_add_span(out, text, err);
}

static int join_thoughts(struct chatgpt_run *run, const struct jval *content,
			 struct err *err)
{
	const struct jval *thought = jval_get(content, "thoughts");
	int rc = 0;

	if (!jval_is(thought, JVAL_ARRAY))
		return 0;
	for (thought = jval_first(thought); rc >= 0 && thought;
	     thought = thought->next) {
		rc = add_behind(&run->text, "\n\n",
				jval_get_text(thought, "summary"), err);
		if (rc >= 0)
			rc = add_behind(&run->text, "\n",
					jval_get_text(thought, "content"),
					err);
	}
	return rc;
}

static int join_instructions(struct chatgpt_run *run,
			     const struct jval *content, struct err *err)
{
	int rc;

	rc = add_behind(&run->text, "", jval_get_text(content,
						      "user_profile"), err);
	return rc < 0 ? rc : add_behind(&run->text, "\n\n",
		jval_get_text(content, "user_instructions"), err);
}

int chatgpt_text(struct chatgpt_run *run, const struct jval *content,
		 struct span *out, struct err *err)
{
	const struct jval *type = jval_get(content, "content_type");
	const char *member = chatgpt_text_member(jval_text(type));
	const struct jval *value;
	int rc = 0;

	buf_reset(&run->text);
	buf_reset(&run->parts);
	*out = jval_text(content);
	if (!jval_is(content, JVAL_OBJECT))
		return 0;
	value = member ? jval_get(content, member) : NULL;
	if (jval_is(value, JVAL_STRING)) {
		*out = jval_text(value);
	} else if (member && jval_is(value, JVAL_ARRAY) &&
		   !strcmp(member, "parts")) {
		rc = join_parts(run, value, out, err);
	} else {
		if (jval_is_text(type, "thoughts"))
			rc = join_thoughts(run, content, err);
		else if (jval_is_text(type, "user_editable_context"))
			rc = join_instructions(run, content, err);
		*out = buf_span(&run->text);
	}
	return rc;
}

int chatgpt_content_rest(const struct jval *content, struct buf *out,
			 struct err *err)
{
	const char *taken[2] = { NULL, NULL };
	const char *member = chatgpt_text_member(jval_text(
		jval_get(content, "content_type")));
	const struct jval *value;

	if (!content || jval_is(content, JVAL_NULL))
		return 0;
	if (!jval_is(content, JVAL_OBJECT))
		return jdoc_to_jcs(content, out, err);
	value = member ? jval_get(content, member) : NULL;
	if (value && !strcmp(member, "parts") ?
	    jval_is(value, JVAL_ARRAY) : jval_is(value, JVAL_STRING))
		taken[0] = member;
	return chat_add_rest(out, content, taken, err);
}

struct chat_time chatgpt_time(const struct jval *value, bool *is_exact)
{
	struct chat_time time = chat_time_of(value);
	struct span text = jval_text(value);

	if (time.micros == CHAT_TIME_UNKNOWN && text.len &&
	    timestamp_from_decimal_seconds(text, &time.micros, &time.flags,
					   NULL) < 0)
		time = (struct chat_time)CHAT_TIME_NONE;
	*is_exact = !value || jval_is(value, JVAL_NULL) ||
		(time.micros != CHAT_TIME_UNKNOWN && time.micros &&
		 !(time.flags & (TIMESTAMP_NO_ZONE | TIMESTAMP_NO_TIME)));
	return time;
}
