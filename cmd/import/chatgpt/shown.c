#include "cmd/import/chatgpt/shown.h"

#include <stdlib.h>

#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "cmd/import/records/rest.h"
#include "lib/id/hash.h"

#define SOURCES_MAX 1000	/* of one message */
#define REMARKS "canmore.comment_textdoc"

bool chatgpt_is_own(const struct jval *part)
{
	return jval_is(jval_get(part, "type"), JVAL_STRING) &&
	       !jval_get(part, "content_type");
}

/* --- beside the text ------------------------------------------------------- */

/* Sources that were put, by their addresses. */
struct sources {
	struct chatgpt_run *run;
	struct table seen;
};

static int put_source(struct sources *sources, const struct jval *about,
		      struct err *err)
{
	struct parts *own = &sources->run->own;
	struct span url = jval_get_text(about, "url");
	struct span title = jval_get_text(about, "title");
	unsigned char digest[SHA256_BYTES];
	bool is_new = false;
	int rc;

	if (!url.len || sources->seen.count >= SOURCES_MAX)
		return 0;
	sha256_of(url.at, url.len, digest);
	rc = table_include(&sources->seen, digest, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	part_begin(own, "source");
	if (title.len)
		fields_said(&own->fields, "title", title);
	fields_said(&own->fields, "url", url);
	part_end(own);
	return 0;
}

/* Pictures and the like have addresses too, and are no sources. */
static bool is_picture(const struct jval *reference)
{
	return span_begins(jval_get_text(reference, "type"), "image");
}

/* All that have an address, below a value. */
static int put_sources(struct sources *sources, const struct jval *value,
		       struct err *err)
{
	struct jval_walk walk = jval_walk_begin(value);
	const struct jval *at;
	int rc = 0;

	if (!jval_is(value, JVAL_ARRAY))
		return 0;
	while (rc >= 0 && (at = jval_walk_next(&walk))) {
		if (is_picture(at))
			jval_walk_skip(&walk);
		else if (jval_is(at, JVAL_OBJECT))
			rc = put_source(sources, at, err);
	}
	return rc;
}

/* What the text of a message rests on. */
static int find_sources(struct chatgpt_run *run, const struct jval *message,
			struct err *err)
{
	const struct jval *metadata = jval_get(message, "metadata");
	const struct jval *content = jval_get(message, "content");
	struct sources sources = {
		run, TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT)
	};
	int rc;

	rc = put_sources(&sources, jval_get(metadata, "content_references"),
			 err);
	if (rc >= 0)
		rc = put_sources(&sources, jval_get(metadata, "citations"),
				 err);
	/* A page that was read is its own source. */
	if (rc >= 0 && jval_get(content, "content_type") &&
	    jval_get(content, "url"))
		rc = put_source(&sources, content, err);
	table_release(&sources.seen);
	return rc;
}

/* What pictures of the message were made of. */
static void find_prompts(struct chatgpt_run *run, const struct jval *message)
{
	const struct jval *parts = jval_at(message, "content.parts");
	const struct jval *part = jval_is(parts, JVAL_ARRAY) ?
				  jval_first(parts) : NULL;
	struct span prompt;

	for (; part; part = part->next) {
		prompt = jval_text(jval_at(part, "metadata.dalle.prompt"));
		if (!prompt.len)
			continue;
		part_begin(&run->own, "prompt");
		fields_said(&run->own.fields, "text", prompt);
		part_end(&run->own);
	}
}

/* --- in place of the content ----------------------------------------------- */

static void join_texts(struct buf *out, const struct jval *parts)
{
	const struct jval *part = jval_is(parts, JVAL_ARRAY) ?
				  jval_first(parts) : NULL;

	for (; part; part = part->next)
		buf_put_span(out, jval_text(part));
}

/* The report of Deep Research: a message within the state of a widget. */
static int find_report(struct chatgpt_run *run, const struct jval *message,
		       struct chatgpt_shown *out, struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP,
	};
	const struct jval *state = jval_at(message,
		"metadata.chatgpt_sdk.widget_state");
	const struct jval *report;
	struct jdoc *doc = NULL;
	int rc;

	if (jval_is(state, JVAL_STRING)) {
		rc = jdoc_parse(jval_text(state), &options, &doc, NULL);
		if (rc == ERR_NOMEM)
			return err_set(err, ERR_NOMEM, "out of memory");
		state = doc ? jdoc_root(doc) : NULL;
	}
	report = jval_get(state, "report_message");
	join_texts(&run->shown, jval_at(report, "content.parts"));
	rc = run->shown.len ? find_sources(run, report, err) : 0;
	jdoc_free(doc);
	if (run->shown.len) {
		out->text = buf_span(&run->shown);
		out->is_answer = true;
	}
	return rc < 0 ? rc : buf_end(&run->shown, err);
}

/* "> what it is said of", and the remark. */
static int find_remarks(struct chatgpt_run *run, const struct jval *message,
			struct chatgpt_shown *out, struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP,
	};
	const struct jval *text = jval_at(message, "content.text");
	const struct jval *one;
	struct jdoc *doc = NULL;
	struct span of;

	if (!jval_is_text(jval_get(message, "recipient"), REMARKS))
		return 0;
	if (jdoc_parse(jval_text(text), &options, &doc, NULL) == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	one = doc ? jval_get(jdoc_root(doc), "comments") : NULL;
	one = jval_is(one, JVAL_ARRAY) ? jval_first(one) : NULL;
	for (; one; one = one->next) {
		of = jval_get_text(one, "pattern");
		buf_put_str(&run->shown, run->shown.len ? "\n\n" : "");
		while (of.len) {
			buf_put_str(&run->shown, "> ");
			buf_put_span(&run->shown, span_take_line(&of));
			buf_put_char(&run->shown, '\n');
		}
		buf_put_char(&run->shown, '\n');
		buf_put_span(&run->shown, jval_get_text(one, "comment"));
	}
	jdoc_free(doc);
	if (run->shown.len)
		out->text = buf_span(&run->shown);
	return buf_end(&run->shown, err);
}

static void put_page(struct chatgpt_run *run, const struct chatgpt_page *page)
{
	struct parts *own = &run->own;

	part_begin(own, "canvas");
	fields_integer(&own->fields, "start", 0);
	fields_integer(&own->fields, "end", (int64_t)page->text.len);
	if (page->title.len)
		fields_said(&own->fields, "title", page->title);
	fields_integer(&own->fields, "version", (int64_t)page->version);
	buf_reset(&run->value);
	buf_put_str(&run->value, "memory:" CHATGPT_PROVIDER ":artifact/");
	chat_put_key(&run->value, run->conversation);
	buf_put_char(&run->value, '/');
	chat_put_key(&run->value, page->id);
	fields_fail(&own->fields, buf_end(&run->value, NULL), NULL);
	fields_text(&own->fields, "document", buf_span(&run->value));
	part_end(own);
}

int chatgpt_shown(struct chatgpt_run *run, size_t node,
		  const struct jval *message, struct chatgpt_shown *out,
		  struct err *err)
{
	const struct chatgpt_page *page = chatgpt_canvas_page(&run->canvas,
							      node);
	int rc;

	*out = (struct chatgpt_shown){ .is_answer = false };
	parts_reset(&run->own);
	buf_reset(&run->shown);
	if (page) {
		out->text = page->text;
		put_page(run, page);
		return 0;
	}
	/* Before widgets a tool brought it. */
	out->is_answer = jval_is(jval_at(message,
		"metadata.is_async_task_result_message"), JVAL_TRUE) &&
		jval_is_text(jval_at(message, "author.role"), "tool");
	rc = find_report(run, message, out, err);
	if (rc >= 0 && !out->text.at)
		rc = find_remarks(run, message, out, err);
	if (rc >= 0)
		rc = find_sources(run, message, err);
	find_prompts(run, message);
	return rc;
}
