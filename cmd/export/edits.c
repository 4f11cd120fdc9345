#include "cmd/export/edits.h"

#include <stdlib.h>

#include "cmd/export/plain.h"
#include "lib/base/array.h"

int edits_compare(struct edits *edits, const struct jval *value,
		  struct span now, struct err *err)
{
	struct buf canonical = BUF_INIT(BUF_NO_LIMIT);
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct edit *edit;
	int rc;

	rc = jdoc_to_jcs(value, &canonical, err);
	if (rc < 0 || !now.at || span_equals(buf_span(&canonical), now))
		goto out;
	rc = array_room(edits, err);
	if (rc == 0)
		rc = export_plain(edits->view, now, &plain, err);
	if (rc < 0)
		goto out;
	edit = &edits->at[edits->n++];
	edit->raw = value->raw;
	edit->text = edits->text.len;
	edit->len = plain.len;
	rc = buf_add_span(&edits->text, buf_span(&plain), err);
out:
	buf_release(&canonical);
	buf_release(&plain);
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct edit *left = a;
	const struct edit *right = b;

	return (left->raw.at > right->raw.at) - (left->raw.at < right->raw.at);
}

void edits_apply(struct edits *edits, struct span text, struct buf *out)
{
	const char *at = text.at;
	const struct edit *edit;
	size_t i;

	qsort(edits->at, edits->n, sizeof(*edits->at), by_place);
	for (i = 0; i < edits->n; i++) {
		edit = &edits->at[i];
		/* What two agents share is edited once. */
		if (edit->raw.at < at)
			continue;
		buf_put(out, at, (size_t)(edit->raw.at - at));
		buf_put(out, edits->text.data + edit->text, edit->len);
		at = edit->raw.at + edit->raw.len;
	}
	buf_put(out, at, (size_t)(text.at + text.len - at));
}

void edits_release(struct edits *edits)
{
	free(edits->at);
	buf_release(&edits->text);
}
