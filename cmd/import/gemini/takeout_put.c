#include "cmd/import/gemini/takeout_internal.h"

#include <stdio.h>

#include "cmd/import/parse/html.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/time/timestamp.h"

#define PROVIDER "gemini"
#define ANSWER_KEY "answer"
#define TITLE_BYTES 80
#define HASH_BYTES 8		/* of the prompt, within one second */

/* White space differs between the forms, so it does not count. */
static void hash_words(struct sha256 *hash, struct span text)
{
	bool is_between = false;
	bool is_begun = false;
	size_t len;

	while (text.len) {
		len = takeout_space(text);
		if (len) {
			is_between = is_begun;
			text = span_of(text.at + len, text.len - len);
			continue;
		}
		if (is_between)
			sha256_add(hash, " ", 1);
		is_between = false;
		is_begun = true;
		sha256_add(hash, text.at, 1);
		text = span_of(text.at + 1, text.len - 1);
	}
}

/*
 * "2026-08-01T10:00:00Z-<hash>", and "~2" when the same was asked twice in
 * that second.
 */
static int takeout_put_make_key(struct takeout_run *run,
				const struct takeout_activity *activity,
				struct span prompt, bool *out_is_known, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	char text[TIMESTAMP_TEXT_MAX] = "unknown";
	struct sha256 hash;
	uint64_t times;
	bool is_new = false;
	int rc;

	sha256_init(&hash);
	hash_words(&hash, prompt);
	if (activity->time.micros != CHAT_TIME_UNKNOWN) {
		timestamp_text(activity->time.micros, text);
		snprintf(text + strlen("YYYY-MM-DDThh:mm:ss"), 2, "Z");
	} else {
		sha256_add(&hash, "\0", 1);
		sha256_add(&hash, activity->time_text.at,
			   activity->time_text.len);
	}
	sha256_finish(&hash, digest);
	buf_reset(&run->key);
	buf_putf(&run->key, "%s-", text);
	buf_fail(&run->key, hex_add(&run->key, digest, HASH_BYTES, NULL));
	sha256_of(run->key.data, run->key.len, digest);
	rc = table_count(&run->seen, digest, &times, err);
	if (times)
		buf_putf(&run->key, "~%u", (unsigned)times + 1);
	if (rc == 0)
		rc = buf_end(&run->key, err);
	sha256_of(run->key.data, run->key.len, digest);
	if (rc == 0)
		rc = table_include(&run->known, digest, &is_new, err);
	*out_is_known = !is_new;
	return rc;
}

/* What the prompt does not say. */
static int make_native(struct takeout_run *run,
		       const struct takeout_activity *activity,
		       struct span verb, struct err *err)
{
	struct take take = take_begin(activity->record);
	struct jcs_fields *fields = &run->fields;

	jcs_fields_reset(fields);
	buf_reset(&run->native);
	(void)take_text(&take, "header");
	(void)take_text(&take, "title");
	(void)take_time(&take, "time");
	if (activity->html.at)
		(void)take_any(&take, "safeHtmlItem");
	if (jval_count(jval_get(activity->record, "products")) == 1)
		(void)take_value(&take, "products", JVAL_ARRAY);
	if (verb.at)
		fields_text(fields, "verb", verb);
	if (!activity->record)
		fields_said(fields, "time", activity->time_text);
	fields_said(fields, "titleUrl", activity->link);
	take_rest(&take, fields);
	fields_put(fields, &run->native);
	return buf_end(&run->native, err);
}

static int put_prompt(struct takeout_run *run,
		      const struct takeout_activity *activity,
		      struct span verb, struct span prompt, struct err *err)
{
	struct chat_message message = {
		.key = span_str(TAKEOUT_PROMPT_KEY), .role = "user",
		.created = activity->time, .content = prompt,
		.visibility = "visible",
	};
	struct parts *parts = &run->parts;
	size_t i;
	int rc;

	parts_reset(parts);
	rc = make_native(run, activity, verb, err);
	for (i = 0; i < activity->files_n; i++) {
		part_begin(parts, "file");
		fields_said(&parts->fields, "name", activity->files[i]);
		part_end(parts);
	}
	if (rc == 0)
		rc = parts_list(parts, &message.parts, err);
	message.native = buf_span(&run->native);
	if (rc == 0)
		rc = chat_put_message(&run->chat, &message, err);
	for (i = 0; rc == 0 && i < activity->files_n; i++)
		rc = takeout_put_file(run, activity->files[i],
				      &activity->time, err);
	return rc;
}

/* {"safeHtmlItem":[{...}]}: what an answer's pieces have beside HTML. */
static int make_answer(struct takeout_run *run,
		       const struct takeout_activity *activity,
		       struct err *err)
{
	const struct jval *items = jval_get(activity->record, "safeHtmlItem");
	const struct jval *item = jval_first(items);
	struct buf *native = &run->native;
	bool has_more = false;
	struct take take;
	size_t start;

	buf_reset(native);
	buf_put_str(native, "{\"safeHtmlItem\":[");
	for (; item; item = item->next) {
		if (item != jval_first(items))
			buf_put_char(native, ',');
		take = take_begin(item);
		(void)take_text(&take, "html");
		start = native->len;
		if (take.object)
			take_put(&take, native);
		else
			buf_fail(native, jdoc_to_jcs(item, native, NULL));
		has_more |= native->len > start;
		if (native->len == start)
			buf_put_str(native, "{}");
	}
	buf_put_str(native, "]}");
	if (!has_more)
		buf_cut(native, 0);
	return buf_end(native, err);
}

/* The answer as text; as it came it is kept in a blob. */
static int put_answer(struct takeout_run *run,
		      const struct takeout_activity *activity,
		      struct err *err)
{
	struct chat_message message = {
		.key = span_str(ANSWER_KEY), .parent = span_str(TAKEOUT_PROMPT_KEY),
		.index = 1, .role = "assistant", .created = activity->time,
		.visibility = "visible",
	};
	struct parts *parts = &run->parts;
	int rc;

	parts_reset(parts);
	buf_reset(&run->value);
	rc = html_to_text(activity->html, &parts->content, err);
	if (rc == 0)
		rc = chat_add_blob(&run->chat, activity->html, "text/html",
				   &run->value, err);
	part_begin(parts, "html");
	fields_buf(&parts->fields, "data", &run->value);
	part_end(parts);
	if (rc == 0)
		rc = parts_list(parts, &message.parts, err);
	if (rc == 0)
		rc = make_answer(run, activity, err);
	message.content = buf_span(&parts->content);
	message.native = buf_span(&run->native);
	return rc < 0 ? rc : chat_put_message(&run->chat, &message, err);
}

/* The begin of the prompt's first line. */
static struct span title_of(struct span prompt)
{
	size_t space;
	size_t len = 0;

	while (prompt.len && (space = takeout_space(prompt)))
		prompt = span_of(prompt.at + space, prompt.len - space);
	while (len < prompt.len && prompt.at[len] != '\n' && prompt.at[len])
		len++;
	if (len > TITLE_BYTES) {
		len = TITLE_BYTES;
		while (len && ((unsigned char)prompt.at[len] & 0xc0) == 0x80)
			len--;
	}
	return len ? span_of(prompt.at, len) : span_of(NULL, 0);
}

static int takeout_put_put_session(struct takeout_run *run,
				   const struct takeout_activity *activity,
				   struct span prompt, bool has_verb, struct err *err)
{
	struct chat_session session = {
		.provider = PROVIDER, .key = buf_span(&run->key),
		.title = title_of(prompt), .created = activity->time,
		.updated = CHAT_TIME_NONE,
		.active = span_str(activity->html.at ? ANSWER_KEY :
				   TAKEOUT_PROMPT_KEY),
	};

	session.native = span_str(has_verb ?
		"{\"inferred\":[\"session\",\"title\"]}" :
		"{\"inferred\":[\"session\",\"title\",\"verb\"]}");
	run->sessions++;
	if (activity->time.flags & TIMESTAMP_NO_ZONE)
		run->unzoned++;
	return chat_put_session(&run->chat, &session, err);
}

static const char *why_not(const struct takeout_run *run,
			   const struct takeout_activity *activity,
			   enum takeout_kind kind)
{
	if (kind == TAKEOUT_NOTE)
		return "an activity that is no prompt (created, added, used, "
		       "gave feedback)";
	if (kind == TAKEOUT_UNKNOWN && !activity->html.at &&
	    !activity->files_n && !activity->link.at &&
	    !jval_get(activity->record, "titleUrl"))
		return "an activity in words that are not known here, "
		       "without an answer";
	if (!import_is_wanted(run->job, activity->time.micros))
		return "older than --since";
	return NULL;
}

int takeout_put(struct takeout_run *run,
		const struct takeout_activity *activity, struct err *err)
{
	struct span verb;
	struct span prompt;
	enum takeout_kind kind = takeout_verb(activity->title,
					      activity->is_translated, &verb,
					      &prompt);
	const char *reason = why_not(run, activity, kind);
	bool is_known = false;
	int rc;

	if (reason)
		return import_leave_out(run->source, reason, NULL, err);
	rc = takeout_put_make_key(run, activity, prompt, &is_known, err);
	if (rc == 0 && is_known)
		return import_leave_out(run->source, "an activity that "
					"another file of the export has too",
					NULL, err);
	if (rc == 0)
		rc = chat_begin(&run->chat, run->job, run->source, PROVIDER,
				buf_span(&run->key), err);
	if (rc == 0)
		rc = takeout_put_put_session(run, activity, prompt,
			verb.at && kind != TAKEOUT_UNKNOWN, err);
	if (rc == 0)
		rc = put_prompt(run, activity, verb, prompt, err);
	if (rc == 0 && activity->html.at)
		rc = put_answer(run, activity, err);
	return rc;
}

int takeout_other(struct takeout_run *run, struct span product,
		  struct err *err)
{
	struct buf name = BUF_INIT(256);
	int rc;

	run->others++;
	if (product.len && product.len < 128 && utf8_is_valid(product) &&
	    !memchr(product.at, '\0', product.len))
		buf_put_span(&name, product);
	rc = import_leave_out(run->source, "an activity of another product "
			      "than " TAKEOUT_PRODUCT,
			      name.len ? buf_text(&name) : NULL, err);
	buf_release(&name);
	return rc;
}
