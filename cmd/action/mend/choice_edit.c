#include <stdlib.h>
#include <string.h>

#include "cmd/action/mend/choice.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

/*
 * The values as git has two sides of a file: lines that all begin or end with
 * once, and between them what each says, behind a mark with its name.
 */
struct marked {
	struct buf text;
	struct buf first;	/* the first and the last mark, as lines */
	bool ends_open;		/* no value ends with a line's end */
};

#define LAST_MARK ">>>>>>>\n"

/* A value as it is edited: words, or JSON; what is not there has no lines. */
static int text_of(struct span value, struct buf *out, struct err *err)
{
	if (jcs_type_of(value) == JCS_NULL)
		return 0;
	return jcs_type_of(value) == JCS_STRING ?
	       jcs_string_decode(value, out, err) :
	       jdoc_from_jcs(value, out, err);
}

/* Whole lines that both begin with. */
static size_t common_begin(struct span a, struct span b)
{
	size_t same = 0;
	size_t i;

	for (i = 0; i < a.len && i < b.len && a.at[i] == b.at[i]; i++) {
		if (a.at[i] == '\n')
			same = i + 1;
	}
	return same;
}

static size_t common_end(struct span a, struct span b)
{
	size_t same = 0;
	size_t i;

	for (i = 0; i < a.len && i < b.len &&
		    a.at[a.len - 1 - i] == b.at[b.len - 1 - i]; i++) {
		if (a.at[a.len - 1 - i] == '\n')
			same = i;
	}
	return same;
}

static int check_texts(const struct dispute *dispute, struct err *err)
{
	struct span blob;
	size_t i;

	for (i = 0; i < dispute->n; i++) {
		if (jcs_type_of(dispute->at[i].value) == JCS_OBJECT &&
		    jcs_find(dispute->at[i].value, "$blob", &blob))
			return err_set(err, ERR_LIMIT, "a value is too large "
				       "to be edited: --take one, 'vvault cat' "
				       "prints what conflicts names");
	}
	return 0;
}

struct texts {
	struct buf *at;
	size_t n;
	size_t begin, end;	/* bytes that all have in common */
};

/* Each as lines, and what of them is the same. */
static int texts_of(const struct dispute *dispute, struct texts *texts,
		    bool *ends_open, struct err *err)
{
	size_t i;
	int rc = 0;

	*ends_open = true;
	texts->begin = texts->end = SIZE_MAX;
	for (i = 0; rc == 0 && i < texts->n; i++) {
		struct buf *text = &texts->at[i];
		struct span of;

		rc = text_of(dispute->at[i].value, text, err);
		if (rc == 0 && text->len &&
		    text->data[text->len - 1] == '\n')
			*ends_open = false;
		else if (rc == 0 && text->len)
			rc = buf_add_str(text, "\n", err);
		of = buf_span(text);
		if (rc == 0 && common_begin(buf_span(&texts->at[0]), of) <
			       texts->begin)
			texts->begin = common_begin(buf_span(&texts->at[0]),
						    of);
	}
	for (i = 1; rc == 0 && i < texts->n; i++) {
		struct span a = buf_span(&texts->at[0]);
		struct span b = buf_span(&texts->at[i]);
		size_t end = common_end(
			span_of(a.at + texts->begin, a.len - texts->begin),
			span_of(b.at + texts->begin, b.len - texts->begin));

		texts->end = end < texts->end ? end : texts->end;
	}
	return rc;
}

static int put_side(const struct settling *settling,
		    const struct dispute *dispute, size_t i,
		    struct marked *out, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc = choice_name(settling, &dispute->at[i], &name, err);
	size_t at;

	/* A name is on one line. */
	for (at = 0; at < name.len; at++) {
		if ((unsigned char)name.data[at] < ' ')
			name.data[at] = ' ';
	}
	if (!i)
		buf_putf(&out->first, "<<<<<<< %s (stands)\n",
			 buf_text(&name));
	if (!i)
		buf_put_span(&out->text, buf_span(&out->first));
	else
		buf_putf(&out->text, "======= %s\n", buf_text(&name));
	buf_release(&name);
	return rc;
}

static int make_marked(const struct settling *settling,
		       const struct dispute *dispute, struct texts *texts,
		       struct marked *out, struct err *err)
{
	size_t i;
	int rc = texts_of(dispute, texts, &out->ends_open, err);

	if (rc < 0)
		return rc;
	buf_put(&out->text, buf_text(&texts->at[0]), texts->begin);
	for (i = 0; rc == 0 && i < texts->n; i++) {
		rc = put_side(settling, dispute, i, out, err);
		buf_put(&out->text, buf_text(&texts->at[i]) + texts->begin,
			texts->at[i].len - texts->begin - texts->end);
	}
	buf_put_str(&out->text, LAST_MARK);
	buf_put(&out->text, buf_text(&texts->at[0]) + texts->at[0].len -
		texts->end, texts->end);
	buf_fail(&out->text, out->first.failed);
	return rc < 0 ? rc : buf_end(&out->text, err);
}

static bool has_line(struct span text, struct span line)
{
	while (text.len) {
		struct span at = text;
		const char *end = memchr(text.at, '\n', text.len);

		at.len = end ? (size_t)(end - text.at) + 1 : text.len;
		if (span_equals(at, line))
			return true;
		text = span_of(text.at + at.len, text.len - at.len);
	}
	return false;
}

static int check_edited(const struct marked *marked, struct span edited,
			struct err *err)
{
	if (has_line(edited, buf_span(&marked->first)) ||
	    has_line(edited, span_str(LAST_MARK)))
		return err_set(err, ERR_CANCELED, "the marks are still there, "
			       "so nothing was settled");
	if (edited.len)
		return 0;
	return err_set(err, ERR_CANCELED, "nothing was left of it, so nothing "
		       "was settled; --value null removes a field");
}

int choice_edit(const struct settling *settling, struct choice *out,
		struct err *err)
{
	struct marked marked = { BUF_INIT(BUF_NO_LIMIT),
				 BUF_INIT(BUF_NO_LIMIT), false };
	const struct dispute *dispute = out->dispute;
	struct texts texts = { NULL, dispute->n, 0, 0 };
	struct buf edited = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	if (!dispute->field.len)
		return choice_say(span_of("", 0), out, err);
	rc = check_texts(dispute, err);
	if (rc < 0)
		return rc;
	texts.at = calloc(texts.n, sizeof(*texts.at));
	if (!texts.at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < texts.n; i++)
		texts.at[i] = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	rc = make_marked(settling, dispute, &texts, &marked, err);
	if (rc == 0)
		rc = buf_add_span(&edited, buf_span(&marked.text), err);
	if (rc == 0)
		rc = host_edit(settling->call->host, "conflict.md",
			       "--value gives the words", &edited, err);
	if (rc == 0)
		rc = check_edited(&marked, buf_span(&edited), err);
	if (rc == 0 && marked.ends_open && edited.len &&
	    edited.data[edited.len - 1] == '\n')
		buf_cut(&edited, edited.len - 1);
	if (rc == 0)
		rc = choice_say(buf_span(&edited), out, err);
	for (i = 0; i < texts.n; i++)
		buf_release(&texts.at[i]);
	free(texts.at);
	buf_release(&marked.text);
	buf_release(&marked.first);
	buf_release(&edited);
	return rc;
}
