#include <stdlib.h>
#include <string.h>

#include "cmd/action/mend/form/form_internal.h"

/* Changes by path; the text of what goes is empty. */
struct changes {
	struct form_change *at;
	size_t n;
	size_t cap;
};

static struct span text_of(const struct form *form,
			   const struct form_line *line)
{
	return span_of(form->text.data + line->text, line->text_len);
}

static struct span name_of(const struct form *form,
			   const struct form_line *line)
{
	return span_of(form->text.data + line->name, line->name_len);
}

static const struct form_line *line_of(const struct form *form,
				       struct span name)
{
	size_t i;

	for (i = 0; i < form->n; i++) {
		if (span_equals(name_of(form, &form->at[i]), name))
			return &form->at[i];
	}
	return NULL;
}

static int add_change(struct changes *changes, struct span name,
		      struct span text, struct err *err)
{
	int rc = array_room(changes, err);

	if (rc == 0)
		changes->at[changes->n++] = (struct form_change){
			name, text.len ? text : span_of(NULL, 0)
		};
	return rc;
}

/* Lines that are new or other, then those that are gone. */
static int compare_lines(const struct form *shown, const struct form *edited,
			 struct changes *changes, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < edited->n; i++) {
		const struct form_line *line = &edited->at[i];
		struct span name = name_of(edited, line);
		struct span text = text_of(edited, line);
		const struct form_line *before = line_of(shown, name);

		if (line_of(edited, name) != line)
			rc = err_set(err, ERR_INVALID, "line %zu: '%.*s' is "
				     "there twice", line->number,
				     (int)name.len, name.at);
		else if (before ? !span_equals(text, text_of(shown, before)) :
			 text.len > 0)
			rc = add_change(changes, name, text, err);
	}
	for (i = 0; rc == 0 && i < shown->n; i++) {
		struct span name = name_of(shown, &shown->at[i]);

		if (shown->at[i].text_len && !line_of(edited, name))
			rc = add_change(changes, name, span_of(NULL, 0), err);
	}
	return rc;
}

static int compare_words(const struct kind *kind, const struct form *shown,
			 const struct form *edited, struct changes *changes,
			 struct err *err)
{
	const char *name = form_words(kind);

	if (!name)
		return 0;
	if (!edited->has_words)
		return err_set(err, ERR_INVALID, "the line '---' above the "
			       "words is missing");
	if (span_equals(shown->words, edited->words))
		return 0;
	return add_change(changes, span_str(name),
			  span_trim(edited->words,
				    SPAN_BLANKS).len ? edited->words :
			  span_of(NULL, 0), err);
}

int form_read(const struct kind *kind, const struct jval *state,
	      struct span shown, struct span edited, struct buf *out,
	      struct err *err)
{
	struct form before = FORM_INIT;
	struct form after = FORM_INIT;
	struct changes changes = { NULL, 0, 0 };
	int rc = form_parse(shown, &before, err);

	if (rc == 0)
		rc = form_parse(edited, &after, err);
	if (rc == 0)
		rc = compare_lines(&before, &after, &changes, err);
	if (rc == 0)
		rc = compare_words(kind, &before, &after, &changes, err);
	if (rc == 0)
		rc = form_data(kind, state, changes.at, changes.n, out, err);
	free(changes.at);
	form_release(&before);
	form_release(&after);
	return rc;
}
