#include "cmd/import/codex/draft_internal.h"

#include <stdio.h>

#include "cmd/import/input/media.h"
#include "cmd/import/records/injected.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

#define MEDIA_MAX 80

void codex_put_part(struct jcs_fields *fields, struct buf *list)
{
	buf_put_char(list, list->len ? ',' : '[');
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_release(fields);
}

/* "data:image/png;base64,...": what stands behind it; absent: none. */
static struct span data_of(struct span url, char media[MEDIA_MAX])
{
	static const char begin[] = "data:";
	static const char mark[] = ";base64,";
	size_t at = span_begins(url, begin) ?
		span_find(span_of(url.at, url.len < MEDIA_MAX ? url.len :
				  MEDIA_MAX), mark, strlen(begin)) :
		SPAN_NOWHERE;

	if (at == SPAN_NOWHERE)
		return span_of(NULL, 0);
	snprintf(media, MEDIA_MAX, "%.*s", (int)(at - strlen(begin)),
		 url.at + strlen(begin));
	at += strlen(mark);
	return span_of(url.at + at, url.len - at);
}

bool codex_put_picture(struct chat *chat, struct span text,
		       struct jcs_fields *fields)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	char media[MEDIA_MAX] = "";
	struct span data = data_of(text, media);
	bool is_one;

	is_one = base64_decode(data.at ? data : text, &bytes, NULL) == 0 &&
		bytes.len;
	if (is_one) {
		fields_fail(fields, chat_add_blob(chat, buf_span(&bytes),
			*media ? media : media_of_file("", buf_span(&bytes)),
			&ref, &why), &why);
		fields_raw(fields, "data", buf_span(&ref));
	}
	buf_release(&bytes);
	buf_release(&ref);
	return is_one;
}

static bool take_picture(struct chat *chat, struct take *block,
			 struct jcs_fields *fields)
{
	const struct jval *url = take_see(block, "image_url");

	if (!codex_put_picture(chat, jval_text(url), fields))
		return false;
	take_done(block, url);
	return true;
}

/* One that is said in words that nobody knows here, and in no others. */
static bool is_strange(const struct take *block)
{
	const struct jval *type = take_see(block, "type");

	return block->object && !jval_is_text(type, "input_image") &&
	       !jval_is_text(type, "image") && !jval_is_text(type, "file") &&
	       !jval_is_text(type, "input_file") &&
	       !jval_is_text(type, "input_audio") &&
	       prose_is_in(block->object);
}

static void put_injected(struct span text, struct buf *list)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (!span_trim(text, SPAN_BLANKS).len)
		return;
	fields_str(&fields, "type", "injected");
	fields_said(&fields, "text", text);
	codex_put_part(&fields, list);
}

/* What the program put around a person's words becomes parts before them. */
static struct span put_apart(struct span text, struct buf *said,
			     struct buf *list)
{
	struct injected pieces = INJECTED_INIT;
	size_t i;

	buf_fail(list, injected_split(text, &pieces, NULL));
	for (i = 0; i < pieces.n; i++) {
		if (!injected_is_said(&pieces.at[i])) {
			put_injected(pieces.at[i].text, list);
			continue;
		}
		if (said->len)
			buf_put_str(said, injected_gap(&pieces.at[i]));
		buf_put_span(said, pieces.at[i].inner);
	}
	injected_release(&pieces);
	return buf_span(said);
}

static void put_text(struct codex_draft *draft, struct span text,
		     enum codex_how how, struct jcs_fields *fields,
		     struct buf *list)
{
	struct buf *content = &draft->content;
	struct buf said = BUF_INIT(BUF_NO_LIMIT);
	struct span request = how == CODEX_AS_READ ? span_of(NULL, 0) :
		codex_request(text);

	if (request.at) {
		put_injected(span_of(text.at, (size_t)(request.at - text.at)),
			     list);
		text = request;
	}
	if (how == CODEX_APART)
		text = put_apart(text, &said, list);
	if (how == CODEX_AS_TYPED) {
		fields_integer(fields, "start", (int64_t)content->len);
		buf_put_span(content, text);
		fields_integer(fields, "end", (int64_t)content->len);
	} else {
		part_place(content, text, fields);
	}
	buf_fail(content, said.failed);
	buf_release(&said);
}

/* A picture that lies somewhere on the disk. */
static bool is_lying(const struct take *block)
{
	const struct jval *type = take_see(block, "type");

	return jval_is_text(type, "local_image") ||
	       jval_is_text(type, "localImage");
}

static void put_type(struct take *block, bool is_text,
		     struct jcs_fields *fields)
{
	const struct jval *marks = take_see(block, "text_elements");
	const struct jval *type = take_see(block, "type");

	if (is_lying(block)) {
		fields_str(fields, "type", "image");
		fields_value(fields, "kind", take_any(block, "type"));
		fields_value(fields, "path", take_any(block, "path"));
	} else if (!type && is_text) {
		fields_str(fields, "type", "text");
	} else {
		fields_value(fields, "type", take_any(block, "type"));
	}
	if (jval_is(marks, JVAL_ARRAY) && !jval_count(marks))
		take_done(block, marks);
	take_rest_under(block, "native", fields);
}

void codex_put_block(struct codex_draft *draft, struct chat *chat,
		     const struct jval *value, enum codex_how how,
		     struct buf *list)
{
	struct take block = take_begin(value);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span text = jval_is(value, JVAL_STRING) ? jval_text(value) :
		jval_text(take_see(&block, "text"));

	/* What the program sets around pictures nobody has typed. */
	if (text.at && (how != CODEX_AS_TYPED ||
			!codex_is_around_picture(text))) {
		(void)take_text(&block, "text");
		put_text(draft, text, how, &fields, list);
	}
	if (!text.at && !take_picture(chat, &block, &fields) &&
	    is_strange(&block))
		prose_place(&draft->content, value, &fields);
	else if (block.object)
		put_type(&block, text.at != NULL, &fields);
	else if (text.at)
		fields_str(&fields, "type", "text");
	else
		fields_value(&fields, "native", value);
	codex_put_part(&fields, list);
}

void codex_put_blocks(struct codex_draft *draft, struct chat *chat,
		      const struct jval *content, enum codex_how how,
		      struct buf *list)
{
	const struct jval *block = NULL;

	if (jval_is(content, JVAL_STRING))
		codex_put_block(draft, chat, content, how, list);
	else if (jval_is(content, JVAL_ARRAY))
		block = jval_first(content);
	for (; block; block = block->next)
		codex_put_block(draft, chat, block, how, list);
}

/* A text that was typed may have marks in it: an empty list says there are
 * none. */
static bool is_alone(const struct jval *block)
{
	const struct jval *marks = jval_get(block, "text_elements");

	return jval_count(block) == 2 ||
	       (jval_count(block) == 3 && jval_is(marks, JVAL_ARRAY) &&
		!jval_count(marks));
}

bool codex_is_plain(const struct jval *content, const struct buf *said)
{
	const struct jval *block = jval_is(content, JVAL_STRING) ? content :
		jval_first(content);
	const struct jval *text = jval_is(block, JVAL_STRING) ? block :
		jval_get(block, "text");
	const struct jval *type = jval_get(block, "type");

	if (!jval_is(text, JVAL_STRING) ||
	    !span_equals(jval_text(text), buf_span(said)))
		return false;
	return block == content ||
	       (jval_count(content) == 1 && is_alone(block) &&
		(jval_is_text(type, "input_text") ||
		 jval_is_text(type, "output_text") ||
		 jval_is_text(type, "text") || jval_is_text(type, "Text")));
}

void codex_put_pictures(struct chat *chat, struct take *payload,
			struct buf *list)
{
	static const char *const names[] = { "images", "local_images" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct jval *at;
	size_t i;

	for (i = 0; i < 2; i++) {
		at = jval_first(take_value(payload, names[i], JVAL_ARRAY));
		for (; at; at = at->next) {
			fields_str(&fields, "type", "image");
			if (i || !codex_put_picture(chat, jval_text(at),
						    &fields))
				fields_value(&fields, i ? "path" : "url", at);
			codex_put_part(&fields, list);
		}
	}
}
