#include "cmd/action/resume/make_internal.h"

#include "lib/base/text.h"

#define FENCE_LEAST 3

/* One that is longer than any in the text. */
static size_t fence_for(struct span text)
{
	size_t longest = FENCE_LEAST - 1;
	size_t run = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		run = text.at[i] == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest + 1;
}

static void put_fence(struct buf *out, size_t len)
{
	while (len--)
		buf_put_char(out, '`');
	buf_put_char(out, '\n');
}

/* What a tool gave back is nobody's words: it stands in a fence. */
static int flatten(struct making *making, struct passage_piece *piece)
{
	const struct passage_call *call = &piece->call;
	struct buf *text = &making->text;
	size_t fence = fence_for(call->result);
	struct span kept;
	int rc;

	buf_reset(text);
	buf_putf(text, "[tool %.*s: ", (int)call->name.len, call->name.at);
	buf_put_span(text, call->input);
	buf_put_str(text, "] gave back:\n\n");
	put_fence(text, fence);
	buf_put_span(text, call->result);
	buf_put_char(text, '\n');
	put_fence(text, fence);
	rc = buf_end(text, making->err);
	if (rc == 0)
		rc = arena_keep(&making->made->arena, buf_span(text), &kept,
				making->err);
	if (rc == 0)
		*piece = (struct passage_piece){ .kind = PIECE_TEXT,
						 .text = kept };
	making->made->passage.counts.flattened++;
	return rc;
}

/* A line's end is one, however it is written. */
static int escape(struct making *making, struct span *text)
{
	struct buf lines = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	buf_reset(&making->text);
	for (i = 0; i < text->len; i++) {
		if (text->at[i] != '\r' || i + 1 == text->len ||
		    text->at[i + 1] != '\n')
			buf_put_char(&lines, text->at[i]);
	}
	rc = buf_end(&lines, making->err);
	if (rc == 0)
		rc = text_escape(&making->text, buf_span(&lines),
				 TEXT_KEEP_LINES, making->err);
	if (rc == 0)
		rc = arena_keep(&making->made->arena, buf_span(&making->text),
				text, making->err);
	buf_release(&lines);
	return rc;
}

int making_flatten(struct making *making)
{
	const struct resume_writer *writer = making->wish->writer;
	struct made *made = making->made;
	size_t i;
	int rc = 0;

	for (i = 0; writer && rc == 0 && i < made->pieces.n; i++) {
		struct passage_piece *piece = &made->pieces.at[i];

		if (writer->lacks & RESUME_NO_CALLS && piece->kind == PIECE_CALL)
			rc = flatten(making, piece);
		if (rc == 0 && writer->lacks & RESUME_NO_CONTROLS &&
		    piece->kind == PIECE_TEXT)
			rc = escape(making, &piece->text);
	}
	return rc;
}
