#include <stdlib.h>
#include <string.h>

#include "cmd/action/forget/going.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

#define NEEDLE_MIN 8		/* what is shorter says nothing by itself */
#define NEEDLES_MAX 256		/* of more things nobody looks for each */

void needles_release(struct needles *needles)
{
	size_t i;

	for (i = 0; i < needles->n; i++) {
		buf_wipe(&needles->at[i]);
		buf_release(&needles->at[i]);
	}
	free(needles->at);
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

int needles_add(struct needles *needles, const struct record *record,
		struct err *err)
{
	struct buf needle = BUF_INIT(BUF_NO_LIMIT);
	struct span text;
	int rc;

	if (needles->n == NEEDLES_MAX ||
	    !jcs_find(record->data, "content", &text) ||
	    jcs_type_of(text) != JCS_STRING)
		return 0;
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

bool needles_are_in(const struct needles *needles, struct span bytes)
{
	size_t i;

	for (i = 0; i < needles->n; i++)
		if (span_has(bytes, buf_text(&needles->at[i])))
			return true;
	return false;
}
