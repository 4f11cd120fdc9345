#include <stdlib.h>
#include <string.h>

#include "cmd/action/forget/going.h"
#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

#define NEEDLE_MIN 8		/* what is shorter says nothing by itself */
#define BEGIN_BYTES 24
#define BEGIN_MIN 4
#define NEEDLES_MAX 256		/* of more things nobody looks for each */

static void release_all(struct buf *at, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_wipe(&at[i]);
	free(at);
}

void needles_release(struct needles *needles)
{
	release_all(needles->at, needles->n);
	release_all(needles->begins.at, needles->begins.n);
}

/* The whole text; of one that JSON escapes, in one way here and in another
 * there perhaps, the longest piece without that. */
static struct span plain_piece(struct span inner)
{
	struct span best = span_of(inner.at, 0);
	size_t begin = 0;
	size_t at;

	for (at = 0; at <= inner.len; at++) {
		if (at < inner.len && inner.at[at] != '\\')
			continue;
		if (at - begin > best.len)
			best = span_of(inner.at + begin, at - begin);
		/* The letter that is escaped, or that says how, goes too. */
		begin = at + (at + 1 < inner.len && inner.at[at + 1] == 'u' ?
			      6 : 2);
		at = begin - 1;
	}
	return best;
}

/* Of its first line, as much as a subject surely has. */
static int add_begin(struct needle_begins *begins, struct span text,
		     struct err *err)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct buf begin = BUF_INIT(BEGIN_BYTES + 1);
	struct span line;
	int rc = jcs_words(text, &words, err);

	line = buf_span(&words);
	line.len = strcspn(buf_text(&words), "\r\n");
	if (line.len > BEGIN_BYTES)
		line.len = BEGIN_BYTES;
	line.len = utf8_valid_prefix(line);
	if (rc == 0 && line.len >= BEGIN_MIN) {
		rc = array_room(begins, err);
		if (rc == 0)
			rc = buf_add_span(&begin, line, err);
		if (rc == 0)
			begins->at[begins->n++] = begin;
		else
			buf_release(&begin);
	}
	buf_wipe(&words);
	return rc;
}

int needles_add(struct needles *needles, const struct record *record,
		struct err *err)
{
	struct buf needle = BUF_INIT(BUF_NO_LIMIT);
	struct span text;
	int rc;

	if (needles->n == NEEDLES_MAX || needles->begins.n == NEEDLES_MAX ||
	    !jcs_find(record->data, "content", &text) ||
	    jcs_type_of(text) != JCS_STRING)
		return 0;
	rc = add_begin(&needles->begins, text, err);
	if (rc < 0)
		return rc;
	text = plain_piece(jcs_string_inner(text));
	if (text.len < NEEDLE_MIN)
		return 0;
	rc = array_room_in(needles->at, needles->n, needles->cap, err);
	if (rc == 0)
		rc = buf_add_span(&needle, text, err);
	if (rc == 0)
		needles->at[needles->n++] = needle;
	else
		buf_release(&needle);
	return rc;
}

static bool has_any(const struct buf *at, size_t n, struct span bytes)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (span_has(bytes, buf_text(&at[i])))
			return true;
	return false;
}

bool needles_are_in(const struct needles *needles, struct span bytes)
{
	return has_any(needles->at, needles->n, bytes);
}

bool needles_begin_in(const struct needles *needles, struct span line)
{
	return has_any(needles->begins.at, needles->begins.n, line);
}
