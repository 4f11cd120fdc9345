#include "cmd/import/parse/window.h"

void window_release(struct window *window)
{
	buf_release(&window->held);
}

static void forget(struct window *window)
{
	size_t left = window->held.len - window->keep;

	if (!window->keep)
		return;
	memmove(window->held.data, window->held.data + window->keep, left);
	buf_cut(&window->held, left);
	window->base += window->keep;
	window->at -= window->keep;
	window->keep = 0;
}

int window_more(struct window *window, struct err *err)
{
	struct buf *held = &window->held;
	size_t got = 0;
	int rc;

	forget(window);
	rc = buf_reserve(held, WINDOW_BLOCK_BYTES + WINDOW_PAD_BYTES, err);
	if (rc < 0)
		return rc;
	if (!window->is_end)
		rc = window->feed.read(window->feed.arg,
				       held->data + held->len,
				       WINDOW_BLOCK_BYTES, &got, err);
	if (rc < 0)
		return rc;
	held->len += got;
	window->is_end = !got;
	memset(held->data + held->len, 0, WINDOW_PAD_BYTES);
	return 0;
}

int window_fill(struct window *window, size_t len, struct err *err)
{
	int rc = 0;

	while (rc >= 0 && !window->is_end && window_left(window) < len)
		rc = window_more(window, err);
	return rc;
}

int window_skip_bom(struct window *window, struct err *err)
{
	static const char bom[] = "\xef\xbb\xbf";
	int rc = window_fill(window, strlen(bom), err);

	if (rc >= 0 && span_begins(span_of(window_text(window),
					   window_left(window)), bom)) {
		window->at += strlen(bom);
		window->keep = window->at;
	}
	return rc;
}
