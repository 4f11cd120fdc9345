#include "refs/index/words/spoken.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/time/timestamp.h"

#define ZERO_TIME "0000"	/* how a clock without a time begins */

bool spoken_has(const struct kind *kind)
{
	return !strcmp(kind->name, "message") ||
	       !strcmp(kind->name, "memory") || !strcmp(kind->name, "session");
}

static int put_text(struct span data, const char *name, struct buf *out,
		    struct err *err)
{
	struct span value;

	return jcs_find(data, name, &value) ? jcs_words(value, out, err) : 0;
}

static int order_tags(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Tags stand behind what they tag, as in the set that the fold makes. */
static int put_tags(struct span data, struct buf *out, struct err *err)
{
	struct { struct span *at; size_t n, cap; } list = { NULL, 0, 0 };
	struct jcs_iter iter;
	struct span tags;
	struct span tag;
	size_t i;
	int rc = 0;

	if (!jcs_find(data, "tags", &tags))
		return 0;
	iter = jcs_iter_array(tags);
	while (rc == 0 && jcs_next(&iter, NULL, &tag)) {
		if (jcs_type_of(tag) == JCS_STRING &&
		    (rc = array_room(&list, err)) == 0)
			list.at[list.n++] = tag;
	}
	if (list.n)
		qsort(list.at, list.n, sizeof(*list.at), order_tags);
	for (i = 0; rc == 0 && i < list.n; i++) {
		if (i && span_equals(list.at[i], list.at[i - 1]))
			continue;
		rc = buf_add_str(out, "\n", err);
		if (rc == 0)
			rc = jcs_string_decode(list.at[i], out, err);
	}
	free(list.at);
	return rc;
}

/* What people noted on a conversation stands behind its title. */
static int put_notes(struct span data, struct buf *out, struct err *err)
{
	struct jcs_iter iter;
	struct span notes;
	struct span note;
	int rc = 0;

	if (!jcs_find(data, "notes", &notes))
		return 0;
	iter = jcs_iter_object(notes);
	while (rc == 0 && jcs_next(&iter, NULL, &note)) {
		if (jcs_type_of(note) != JCS_STRING)
			continue;
		rc = buf_add_str(out, out->len ? "\n" : "", err);
		if (rc == 0)
			rc = jcs_string_decode(note, out, err);
	}
	return rc;
}

/* What a picture shows stands behind what was said with it. */
static int put_caption(struct span data, struct buf *out, struct err *err)
{
	struct span native;
	struct span caption;
	int rc;

	if (!jcs_find(data, "native", &native) ||
	    jcs_type_of(native) != JCS_OBJECT ||
	    !jcs_find(native, "blip_caption", &caption))
		return 0;
	rc = buf_add_str(out, out->len ? "\n" : "", err);
	return rc < 0 ? rc : put_text(native, "blip_caption", out, err);
}

static int64_t time_of(struct span data, struct span at)
{
	struct span created;
	int64_t micros;

	if (jcs_find_string(data, "created", &created) &&
	    timestamp_parse(created, &micros, NULL, NULL) == 0)
		return micros;
	if (at.len >= TIMESTAMP_TEXT && !span_begins(at, ZERO_TIME) &&
	    timestamp_parse(span_of(at.at, TIMESTAMP_TEXT), &micros, NULL,
			    NULL) == 0)
		return micros;
	return INT64_MIN;
}

/* "chatgpt" of "message:chatgpt:C/N"; made here, there is none. */
static struct span provider_of(struct span entity)
{
	const char *first = memchr(entity.at, ':', entity.len);
	const char *second;

	if (!first)
		return span_of("", 0);
	first++;
	second = memchr(first, ':', (size_t)(entity.at + entity.len - first));
	return second ? span_of(first, (size_t)(second - first)) :
	       span_of("", 0);
}

static struct span text_of(struct span data, const char *name)
{
	struct span text;

	return jcs_find_string(data, name, &text) ? text : span_of("", 0);
}

struct span spoken_project(struct span data)
{
	struct span native;
	struct span cwd = text_of(data, "cwd");

	if (!cwd.len && jcs_find(data, "native", &native) &&
	    jcs_type_of(native) == JCS_OBJECT)
		cwd = text_of(native, "cwd");
	return cwd;
}

int spoken_read(struct span entity, const struct kind *kind, struct span data,
	      struct span at, struct spoken *out, struct err *err)
{
	struct span index;
	int rc;

	out->entity = entity;
	out->kind = kind;
	out->session = text_of(data, "session");
	if (!out->session.len)
		out->session = entity;
	out->role = text_of(data, "role");
	out->name = text_of(data, "name");
	out->model = text_of(data, "model");
	out->visibility = text_of(data, "visibility");
	out->provider = provider_of(entity);
	out->source = text_of(data, "source");
	if (!out->source.len)
		out->source = out->provider;
	out->project = spoken_is_title(out) ? spoken_project(data) :
		       span_of("", 0);
	out->micros = time_of(data, at);
	out->index = -1;
	if (jcs_find(data, "index", &index))
		(void)jcs_integer(index, &out->index);
	buf_reset(&out->text);
	rc = put_text(data, spoken_is_title(out) ? "title" : "content",
		      &out->text, err);
	if (rc == 0 && spoken_is_title(out))
		rc = put_notes(data, &out->text, err);
	if (rc == 0)
		rc = put_caption(data, &out->text, err);
	return rc < 0 ? rc : put_tags(data, &out->text, err);
}

bool spoken_is_title(const struct spoken *spoken)
{
	return !strcmp(spoken->kind->name, "session");
}

bool spoken_is_visible(const struct spoken *spoken)
{
	return !spoken->visibility.len ||
	       span_equals(spoken->visibility, span_str("visible"));
}

/* Does it say nothing but what its source left out? */
static bool is_empty_native(struct span native)
{
	struct jcs_iter iter = jcs_iter_object(native);
	struct span name;

	while (jcs_next(&iter, &name, NULL)) {
		if (!span_equals(name, span_str("absent")))
			return false;
	}
	return true;
}

bool spoken_is_root(struct span state)
{
	struct span value;

	return jcs_find(state, "visibility", &value) &&
	       jcs_is_text(value, "meta") &&
	       (!jcs_find(state, "parent", &value) ||
		jcs_type_of(value) == JCS_NULL) &&
	       (!jcs_find(state, "content", &value) ||
		jcs_is_text(value, "")) &&
	       !jcs_find(state, "parts", &value) &&
	       (!jcs_find(state, "native", &value) ||
		is_empty_native(value)) &&
	       !jcs_find(state, "created", &value);
}

/* Code stands between lines of ``` or ~~~, or in one between `...`. */
static bool has_code(struct span text)
{
	size_t line = 0;
	size_t tick = 0;	/* behind the last one of the line */
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (i - line == 2 && (!memcmp(text.at + line, "```", 3) ||
				      !memcmp(text.at + line, "~~~", 3)))
			return true;
		if (text.at[i] == '`' && tick && i > tick)
			return true;
		if (text.at[i] == '`')
			tick = i + 1;
		if (text.at[i] == '\n') {
			line = i + 1;
			tick = 0;
		}
	}
	return false;
}

uint32_t spoken_flags(const struct spoken *spoken)
{
	uint32_t flags = 0;

	if (span_equals(spoken->role, span_str("user")))
		flags |= SPOKEN_IS_USERS;
	if (spoken->text.len &&
	    memchr(spoken->text.data, '?', spoken->text.len))
		flags |= SPOKEN_QUESTION;
	if (has_code(buf_span(&spoken->text)))
		flags |= SPOKEN_HAS_CODE;
	return flags;
}

uint32_t spoken_flags_of(const struct word *word)
{
	return (word_tells_time(word->form) ? SPOKEN_TELLS_TIME : 0) |
	       (word_tells_number(word->form) ? SPOKEN_TELLS_NUMBER : 0) |
	       (word->is_whole && memchr(word->form.at, '_', word->form.len) ?
		SPOKEN_HAS_CODE : 0);
}

uint32_t spoken_tie(const unsigned char id[RECORD_ID_BYTES])
{
	uint32_t tie = 0;
	size_t i;

	for (i = 0; i < sizeof(tie); i++)
		tie = tie << 8 | id[i];
	return tie;
}

void spoken_release(struct spoken *spoken)
{
	buf_release(&spoken->text);
}
