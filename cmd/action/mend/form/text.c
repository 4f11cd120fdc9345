#include "cmd/action/mend/form/text.h"

#include <string.h>

#include "cmd/action/mend/form/form.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/os/file.h"

#define INPUT_MAX_BYTES ((size_t)256 << 20)
#define SUBJECT_BYTES 60

static void cut_end(struct buf *text, size_t from)
{
	while (text->len > from &&
	       strchr(" \t\r\n", text->data[text->len - 1]))
		buf_cut(text, text->len - 1);
}

int text_input(const struct action_call *call, struct buf *out,
	       struct err *err)
{
	size_t from = out->len;
	int rc = call->settings.input < 0 ?
		 err_set(err, ERR_INVALID, "there is no input to read") :
		 file_read_fd(call->settings.input, "standard input",
			      INPUT_MAX_BYTES, out, err);

	if (rc == 0 && !utf8_is_valid(span_of(out->data + from,
					      out->len - from)))
		rc = err_set(err, ERR_INVALID, "standard input is no text in "
			     "UTF-8");
	if (rc == 0)
		cut_end(out, from);
	return rc;
}

int text_join(const struct action_call *call, const struct action_value *words,
	      struct buf *out, struct err *err)
{
	size_t i;
	int rc;

	if (words->n == 1 && !strcmp(words->texts[0], "-"))
		return text_input(call, out, err);
	for (i = 0; i < words->n; i++)
		buf_putf(out, "%s%s", i ? " " : "", words->texts[i]);
	rc = buf_end(out, err);
	if (rc == 0 && !utf8_is_valid(buf_span(out)))
		rc = err_set(err, ERR_INVALID, "the words are no text in UTF-8");
	if (rc == 0)
		cut_end(out, 0);
	return rc;
}

void text_put_set(struct jcs_fields *fields, const char *name,
		  const char *const *texts, size_t n)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	size_t j;

	buf_put_char(&list, '[');
	for (i = 0; i < n; i++) {
		for (j = 0; j < i && strcmp(texts[i], texts[j]) != 0;)
			j++;
		if (j < i)
			continue;
		buf_put_str(&list, i ? "," : "");
		jcs_put_string(&list, span_str(texts[i]));
	}
	buf_put_char(&list, ']');
	fields_buf(fields, name, &list);
	buf_release(&list);
}

int text_subject(const char *verb, struct span data, struct buf *out,
		 struct err *err)
{
	static const char *const names[] = { "content", "title", "name" };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	struct span line = span_of("", 0);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 3 && !text.len; i++) {
		if (jcs_find(data, names[i], &value))
			rc = jcs_words(value, &text, err);
	}
	if (text.len) {
		value = buf_span(&text);
		line = text_cut(span_take_line(&value), SUBJECT_BYTES);
	}
	while (line.len && line.at[line.len - 1] == ' ')
		line.len--;
	/* What is no line, or is cut, is told so far. */
	if (rc == 0)
		rc = utf8_is_line(line) ?
		     buf_printf(out, err, "%s: %.*s%s", verb, (int)line.len,
				line.at, line.len < text.len ? "..." : "") :
		     buf_add_str(out, verb, err);
	buf_release(&text);
	return rc;
}

/* Why it cannot be read stands above it the next time. */
static int put_reason(struct buf *text, const struct err *reason,
		      struct err *err)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	struct span rest = buf_span(text);
	int rc;

	if (span_begins(rest, "#! "))
		(void)span_take_line(&rest);
	buf_putf(&all, "#! %s\n", reason->text);
	buf_put_span(&all, rest);
	rc = buf_end(&all, err);
	buf_release(text);
	*text = all;
	return rc;
}

static bool asks_again(const struct action_call *call,
		       const struct err *reason)
{
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	bool is_yes = false;

	buf_putf(&question, "%s. Edit it again?", reason->text);
	if (host_can_ask(call->host) && buf_end(&question, NULL) == 0)
		is_yes = host_confirm(call->host, buf_span(&question));
	buf_release(&question);
	return is_yes;
}

/* ERR_INVALID, in reason, is what can be edited again. */
static int read_form(const struct text_form *form, struct buf *data,
		     struct err *reason)
{
	struct span text = buf_span(form->text);

	if (form_is_empty(text))
		return 0;
	if (!utf8_is_valid(text))
		return err_set(reason, ERR_INVALID, "what was written is no "
			       "text in UTF-8");
	return form_read(form->kind, form->state, form->shown, text, data,
			 reason);
}

int text_edit(const struct action_call *call, const struct text_form *form,
	      struct buf *data, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc;

	for (;;) {
		rc = host_edit(call->host, form->name, form->instead, form->text,
			       err);
		if (rc < 0)
			return rc;
		rc = read_form(form, data, &reason);
		if (rc != ERR_INVALID || !asks_again(call, &reason))
			return err_copy(err, rc, &reason);
		rc = put_reason(form->text, &reason, err);
		if (rc < 0)
			return rc;
		err_clear(&reason);
		buf_reset(data);
	}
}
