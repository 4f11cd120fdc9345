#include <stdlib.h>
#include <string.h>

#include "cmd/action/mend/form/form_internal.h"

bool form_is_empty(struct span text)
{
	bool is_above = true;

	while (text.len) {
		struct span line = span_take_line(&text);

		if (is_above && span_begins(line, "#"))
			continue;
		if (is_above && span_equals(line, span_str(FORM_LINE)))
			is_above = false;
		else if (span_trim(line, SPAN_BLANKS).len)
			return false;
	}
	return true;
}

static void end_line(struct form *form, struct span line)
{
	struct form_line *last = &form->at[form->n - 1];

	/* The text of a block goes from its first line to its last. */
	buf_put_str(&form->text, last->text_len || last->lines ? "\n" : "");
	buf_put_span(&form->text, line);
	last->lines++;
	last->text_len = form->text.len - last->text;
}

static int begin_line(struct form *form, struct span line, size_t number,
		      struct err *err)
{
	size_t colon = span_find(line, ": ", 0);
	struct span text;
	int rc;

	if (colon == SPAN_NOWHERE && line.at[line.len - 1] == ':')
		colon = line.len - 1;
	if (colon == SPAN_NOWHERE || !colon)
		return err_set(err, ERR_INVALID, "line %zu is no '<field>: "
			       "<value>'", number);
	rc = array_room(form, err);
	if (rc < 0)
		return rc;
	text = span_trim(span_of(line.at + colon + 1, line.len - colon - 1),
			 SPAN_BLANKS);
	form->at[form->n] = (struct form_line){
		.name = form->text.len, .name_len = colon, .number = number,
		.is_block = span_equals(text, span_str(FORM_BLOCK)),
	};
	buf_put(&form->text, line.at, colon);
	form->at[form->n].text = form->text.len;
	if (!form->at[form->n].is_block) {
		buf_put_span(&form->text, text);
		form->at[form->n].text_len = text.len;
	}
	form->n++;
	return 0;
}

/* Lines of a block are further in, or empty. */
static bool is_in_block(const struct form *form, struct span line)
{
	return form->n && form->at[form->n - 1].is_block &&
	       (!line.len || span_begins(line, FORM_INDENT));
}

int form_parse(struct span text, struct form *out, struct err *err)
{
	size_t number = 0;
	int rc = 0;

	while (rc == 0 && text.len && !out->has_words) {
		struct span line = span_take_line(&text);

		number++;
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (is_in_block(out, line))
			end_line(out, line.len ? span_of(line.at + 2,
							 line.len - 2) : line);
		else if (span_equals(line, span_str(FORM_LINE)))
			out->has_words = true;
		else if (span_trim(line, SPAN_BLANKS).len && line.at[0] != '#')
			rc = begin_line(out, line, number, err);
	}
	if (rc == 0)
		rc = buf_end(&out->text, err);
	/* Editors end the last line; whether the words did is not to be seen. */
	while (text.len && strchr("\r\n", text.at[text.len - 1]))
		text.len--;
	out->words = text;
	return rc;
}

void form_release(struct form *form)
{
	free(form->at);
	buf_release(&form->text);
}
