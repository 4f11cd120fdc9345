/*
 * What the files of a form share.
 */
#ifndef VV_CMD_ACTION_MEND_FORM_FORM_INTERNAL_H
#define VV_CMD_ACTION_MEND_FORM_FORM_INTERNAL_H

#include "cmd/action/mend/form/form.h"
#include "lib/base/array.h"

#define FORM_LINE "---"
#define FORM_BLOCK "|"
#define FORM_INDENT "  "

/* Offsets into the form's text. */
struct form_line {
	size_t name;
	size_t name_len;
	size_t text;
	size_t text_len;
	size_t number;		/* of the line, from 1 */
	size_t lines;		/* of a block, so far */
	bool is_block;
};

/* A form as it was read. */
struct form {
	struct form_line *at;
	size_t n;
	size_t cap;
	struct buf text;
	bool has_words;		/* the line above them is there */
	struct span words;	/* borrowed from what was read */
};

#define FORM_INIT { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT), false, { NULL, 0 } }

MUST_USE int form_parse(struct span text, struct form *out, struct err *err);
void form_release(struct form *form);

/* A part of a path, in which '/' and '~' stand as in JSON Pointer. */
void form_put_name(struct buf *out, struct span name);

/* One part of such a name, as it was; and the part up to the first '/'. */
void form_put_decoded(struct buf *out, struct span part);
struct span form_first_part(struct span path);

/* What stands there now; NULL: nothing. */
const struct jval *form_find(const struct jval *state, struct span path);

/* The value of a change as JSON; before: what stands. ERR_INVALID. */
MUST_USE int form_put_text(struct buf *out, const struct kind *kind,
			   const struct jval *before,
			   const struct form_change *change, struct err *err);

/* Append JSON in its canonical form. */
MUST_USE int form_canonical(struct span json, struct buf *out,
			    struct err *err);

/* Check all changes, and put those in front, *n of them, that do not say what
 * stands already. ERR_INVALID. */
MUST_USE int form_choose(const struct kind *kind, const struct jval *state,
			 struct form_change *changes, size_t *n,
			 struct err *err);

#endif
