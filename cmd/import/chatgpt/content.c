#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
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

/* One of a type that is not known here. */
static bool is_strange(const struct jval *part)
{
	struct span type = jval_get_text(part, "content_type");

	return jval_is(part, JVAL_OBJECT) && !chatgpt_is_own(part) &&
	       !span_ends(type, "asset_pointer") &&
	       !span_equals(type, span_str("audio_transcription"));
}

static void put_strange(struct buf *out, const struct jval *part)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	prose_put(part, &text);
	if (text.len && out->len)
		buf_put_str(out, "\n\n");
	buf_put_span(out, buf_span(&text));
	buf_fail(out, text.failed);
	buf_release(&text);
}

static struct span join_parts(struct chatgpt_run *run,
			      const struct jval *parts)
{
	const struct jval *part;

	if (is_one_text(parts))
		return jval_text(jval_first(parts));
	for (part = jval_first(parts); part; part = part->next) {
		buf_put_span(&run->text, text_of_part(part));
		if (is_strange(part))
			put_strange(&run->text, part);
	}
	buf_fail(&run->parts, jdoc_to_jcs(parts, &run->parts, NULL));
	return buf_span(&run->text);
}

/* Append a text behind what there is, with something between. */
static void put_behind(struct buf *out, const char *between, struct span text)
{
	if (text.len && out->len)
		buf_put_str(out, between);
	buf_put_span(out, text);
}

static void join_thoughts(struct buf *out, const struct jval *thoughts)
{
	const struct jval *thought = jval_first(thoughts);

	for (; jval_is(thoughts, JVAL_ARRAY) && thought;
	     thought = thought->next) {
		put_behind(out, "\n\n", jval_get_text(thought, "summary"));
		put_behind(out, "\n", jval_get_text(thought, "content"));
	}
}

/* Those whose text stands in several members, which stay. */
static struct span join_members(struct chatgpt_run *run,
				const struct jval *content)
{
	const struct jval *type = jval_get(content, "content_type");

	if (jval_is_text(type, "thoughts")) {
		join_thoughts(&run->text, jval_get(content, "thoughts"));
	} else if (jval_is_text(type, "user_editable_context")) {
		put_behind(&run->text, "",
			   jval_get_text(content, "user_profile"));
		put_behind(&run->text, "\n\n",
			   jval_get_text(content, "user_instructions"));
	} else {
		prose_put(content, &run->text);
	}
	return buf_span(&run->text);
}

/* Has the list a part that could be taken for one of ours? Then it stays as
 * it is, and an exporter need not tell them apart. */
static bool has_own(const struct jval *parts)
{
	const struct jval *part = jval_first(parts);

	while (part && !chatgpt_is_own(part))
		part = part->next;
	return part != NULL;
}

static struct span read_content(struct chatgpt_run *run, struct take *content,
				struct span instead)
{
	const char *const written[] = {
		chatgpt_text_member(jval_text(take_see(content,
						       "content_type"))),
		NULL
	};
	const char *member = written[0];
	const struct jval *value = member ? take_see(content, member) : NULL;
	bool is_parts = member && !strcmp(member, "parts");

	take_absent(content, "content.", written, &run->absent);
	if (instead.at)
		return instead;
	/* Without a part there is none for the text. */
	if (is_parts && (!jval_is(value, JVAL_ARRAY) || !jval_count(value)))
		return span_of("", 0);
	if (is_parts ? !has_own(value) : jval_is(value, JVAL_STRING))
		take_done(content, value);
	if (jval_is(value, JVAL_STRING))
		return jval_text(value);
	return is_parts ? join_parts(run, value) :
		join_members(run, content->object);
}

/* Behind those of the source. */
static void put_own(struct chatgpt_run *run)
{
	const struct buf *own = &run->own.list;

	if (!run->own.count)
		return;
	buf_fail(&run->parts, run->own.err.code);
	buf_fail(&run->parts, own->failed);
	if (run->parts.failed)
		return;
	if (run->parts.len) {
		buf_cut(&run->parts, run->parts.len - 1);
		buf_put_char(&run->parts, ',');
		buf_put(&run->parts, own->data + 1, own->len - 1);
	} else {
		buf_put_span(&run->parts, buf_span(own));
	}
	buf_put_char(&run->parts, ']');
}

struct span chatgpt_content(struct chatgpt_run *run,
			    const struct jval *content,
			    const struct chatgpt_shown *shown)
{
	struct take take = take_exact(content);
	struct span text = jval_text(content);

	buf_reset(&run->text);
	buf_reset(&run->parts);
	if (take.object) {
		text = read_content(run, &take, shown->text);
		take_rest_under(&take, "content", &run->native);
	} else {
		fields_exact(&run->native, "content", content);
	}
	put_own(run);
	fields_fail(&run->native, run->text.failed, NULL);
	fields_fail(&run->native, run->parts.failed, NULL);
	return text;
}

struct chat_time chatgpt_time(const struct jval *value)
{
	struct span text = jval_text(value);
	int64_t micros = 0;
	unsigned flags = 0;

	if (text.len && timestamp_from_decimal_seconds(text, &micros, &flags,
						       NULL) >= 0)
		return chat_time_read(micros ? 0 : ERR_INVALID, micros, flags);
	return chat_time_of(value);
}

struct chat_time chatgpt_take_time(struct take *take, const char *name)
{
	const struct jval *value = take_see(take, name);
	struct chat_time time = chatgpt_time(value);

	/* A number is what is written again. */
	if (jval_is(value, JVAL_NUMBER) && chat_time_is_whole(&time))
		take_done(take, value);
	return time;
}

void chatgpt_native_key(struct chatgpt_run *run, struct span key)
{
	buf_reset(&run->key);
	chat_put_key(&run->key, key);
	if (!span_equals(buf_span(&run->key), key))
		fields_said(&run->native, "key", key);
}

int chatgpt_native_write(struct chatgpt_run *run, struct span *out,
			 struct err *err)
{
	int rc;

	if (run->absent.len) {
		buf_put_char(&run->absent, ']');
		fields_buf(&run->native, "absent", &run->absent);
	}
	rc = fields_end(&run->native, err);
	buf_reset(&run->value);
	fields_put(&run->native, &run->value);
	*out = buf_span(&run->value);
	return rc < 0 ? rc : buf_end(&run->value, err);
}
