/*
 * Words that people give to what they mend: on the command line, in the input,
 * in an editor.
 */
#ifndef VV_CMD_ACTION_MEND_FORM_TEXT_H
#define VV_CMD_ACTION_MEND_FORM_TEXT_H

#include "cmd/action/action.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"
#include "objects/record/kinds.h"

#define TEXT_SUBJECT_MAX 512

/* Append the words with blanks between them; "-" alone: the input's. */
MUST_USE int text_join(const struct action_call *call,
		       const struct action_value *words, struct buf *out,
		       struct err *err);

/* Append the input, without blanks and line ends behind it. ERR_INVALID: it
 * is no UTF-8. */
MUST_USE int text_input(const struct action_call *call, struct buf *out,
			struct err *err);

/* "name": [texts], each once. */
void text_put_set(struct jcs_fields *fields, const char *name,
		  const char *const *texts, size_t n);

/* "edit: The user likes rain": the verb and how data's words begin. */
MUST_USE int text_subject(const char *verb, struct span data, struct buf *out,
			  struct err *err);

/* A form (form.h) that is edited. */
struct text_form {
	const char *name;		/* of a file of its kind */
	const char *instead;		/* what goes without an editor */
	const struct kind *kind;
	const struct jval *state;	/* NULL: of something new */
	struct span shown;		/* what changes are told against */
	struct buf *text;		/* what is opened, and became of it */
};

/*
 * Have it edited, and append the data that it was changed to; nothing where
 * all was taken away. Where it cannot be read whoever is there is asked to edit
 * it again, so that nothing typed is lost.
 */
MUST_USE int text_edit(const struct action_call *call,
		       const struct text_form *form, struct buf *data,
		       struct err *err);

#endif
