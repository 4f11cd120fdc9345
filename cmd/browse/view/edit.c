#include "cmd/browse/view/edit.h"

#include "cmd/browse/view/grid.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

void edit_clear(struct edit *edit)
{
	buf_reset(&edit->text);
	edit->at = 0;
}

void edit_set(struct edit *edit, struct span text)
{
	edit_clear(edit);
	buf_put_span(&edit->text, text_cut(text, EDIT_MAX_BYTES));
	if (edit->text.failed)
		buf_reset(&edit->text);
	edit->at = edit->text.len;
}

void edit_release(struct edit *edit)
{
	buf_release(&edit->text);
	edit->at = 0;
}

void edit_insert(struct edit *edit, uint32_t point)
{
	struct buf *text = &edit->text;
	char bytes[UTF8_MAX];
	size_t len = utf8_encode(point, bytes);

	if (buf_reserve(text, len, NULL) < 0)
		return;
	buf_put(text, bytes, len);
	memmove(text->data + edit->at + len, text->data + edit->at,
		text->len - len - edit->at);
	memcpy(text->data + edit->at, bytes, len);
	edit->at += len;
}

/* Does the character there stand on the one before it? */
static bool is_combining(const struct edit *edit, size_t at)
{
	struct span text = buf_span(&edit->text);
	uint32_t point;

	return at < text.len &&
	       utf8_decode(span_of(text.at + at, text.len - at), &point) &&
	       !point_columns(point, false);
}

static size_t step_back(const struct edit *edit, size_t at)
{
	do {
		while (at && ((unsigned char)edit->text.data[--at] & 0xc0) ==
		       0x80)
			;
	} while (at && is_combining(edit, at));
	return at;
}

static size_t step_on(const struct edit *edit, size_t at)
{
	do {
		while (at < edit->text.len && ++at < edit->text.len &&
		       ((unsigned char)edit->text.data[at] & 0xc0) == 0x80)
			;
	} while (is_combining(edit, at));
	return at;
}

void edit_move(struct edit *edit, enum edit_move move)
{
	switch (move) {
	case EDIT_LEFT:
		edit->at = step_back(edit, edit->at);
		break;
	case EDIT_RIGHT:
		edit->at = step_on(edit, edit->at);
		break;
	case EDIT_BEGIN:
		edit->at = 0;
		break;
	case EDIT_END:
		edit->at = edit->text.len;
		break;
	}
}

static void erase_to(struct edit *edit, size_t from)
{
	struct buf *text = &edit->text;

	if (from == edit->at)
		return;
	memmove(text->data + from, text->data + edit->at,
		text->len - edit->at);
	buf_cut(text, text->len - (edit->at - from));
	edit->at = from;
}

void edit_erase(struct edit *edit)
{
	erase_to(edit, step_back(edit, edit->at));
}

void edit_erase_word(struct edit *edit)
{
	size_t at = edit->at;

	while (at && edit->text.data[at - 1] == ' ')
		at--;
	while (at && edit->text.data[at - 1] != ' ')
		at--;
	erase_to(edit, at);
}
