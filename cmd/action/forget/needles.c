#include <stdlib.h>
#include <string.h>

#include "cmd/action/forget/going.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

#define NEEDLE_BYTES 64		/* of what goes so much is looked for ... */
#define NEEDLE_MIN 8
#define NEEDLES_MAX 256		/* ... of so many things */

void needles_release(struct needles *needles)
{
	size_t i;

	for (i = 0; i < needles->n; i++) {
		buf_wipe(&needles->at[i]);
		buf_release(&needles->at[i]);
	}
	free(needles->at);
}

/* Up to what JSON escapes in one way and a file perhaps in another. */
static struct span plain_begin(struct span inner)
{
	size_t n = 0;

	while (n < inner.len && n < NEEDLE_BYTES && inner.at[n] != '\\')
		n++;
	while (n && n < inner.len && (inner.at[n] & 0xc0) == 0x80)
		n--;
	return span_of(inner.at, n);
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
	text = plain_begin(jcs_string_inner(text));
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
