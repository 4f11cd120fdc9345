#include "cmd/acu/text.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"

size_t acu_char_beyond(struct span text, size_t at, uint32_t *out_point)
{
	size_t len = utf8_decode(span_of(text.at + at, text.len - at),
				 out_point);

	if (len)
		return len;
	*out_point = 0xfffd;
	return 1;
}

size_t acu_utf16_len(struct span text)
{
	size_t units = 0;
	uint32_t point;
	size_t at = 0;

	while (at < text.len) {
		at += acu_char(text, at, &point);
		units += acu_units_of(point);
	}
	return units;
}

bool acu_is_space_beyond(uint32_t point)
{
	switch (point) {
	case 0xa0:
	case 0x1680:
	case 0x2028:
	case 0x2029:
	case 0x202f:
	case 0x205f:
	case 0x3000:
	case 0xfeff:
		return true;
	default:
		return point >= 0x2000 && point <= 0x200a;
	}
}

/* Bytes of white space that end at an offset above 0. */
static size_t space_before(struct span text, size_t end)
{
	uint32_t point;
	size_t len;

	/* All of it takes one to three bytes. */
	for (len = 1; len <= 3 && len <= end; len++) {
		if (acu_char(text, end - len, &point) == len &&
		    acu_is_space(point))
			return len;
	}
	return 0;
}

size_t acu_skip_space(struct span text, size_t at)
{
	size_t begin = at;
	uint32_t point;
	size_t len;

	while (at < text.len) {
		len = acu_char(text, at, &point);
		if (!acu_is_space(point))
			break;
		at += len;
	}
	return at - begin;
}

struct span acu_trim(struct span text)
{
	size_t start = acu_skip_space(text, 0);
	size_t end = text.len;
	size_t len;

	while (end > start && (len = space_before(text, end)) > 0)
		end -= len;
	return span_of(text.at + start, end - start);
}

struct span acu_fence_tag(struct span text)
{
	size_t at = span_find(text, "```", 0);
	size_t end;

	while (at != SPAN_NOWHERE) {
		at += 3;
		/* More backticks: the last three of them count. */
		while (at < text.len && text.at[at] == '`')
			at++;
		end = at;
		while (end < text.len && acu_is_word((unsigned char)text.at[end]))
			end++;
		if (end > at)
			return span_of(text.at + at, end - at);
		at = span_find(text, "```", at);
	}
	return span_of(NULL, 0);
}

int acu_unit_add(struct acu_list *list, size_t message, struct acu_unit **out,
		 struct err *err)
{
	struct acu_unit *unit;
	int rc = array_room_in(list->units, list->units_n, list->units_cap,
			       err);

	if (rc < 0)
		return rc;
	unit = &list->units[list->units_n++];
	memset(unit, 0, sizeof(*unit));
	unit->message = message;
	unit->paragraph = -1;
	unit->units = -1;
	unit->quality.uniqueness = -1;
	unit->quality.words = -1;
	*out = unit;
	return 0;
}

int acu_link_add(struct acu_list *list, const struct acu_link *link,
		 struct err *err)
{
	int rc = array_room_in(list->links, list->links_n, list->links_cap,
			       err);

	if (rc == 0)
		list->links[list->links_n++] = *link;
	return rc;
}

void acu_list_reset(struct acu_list *list)
{
	list->units_n = 0;
	list->links_n = 0;
}

void acu_list_release(struct acu_list *list)
{
	free(list->units);
	free(list->links);
	*list = (struct acu_list)ACU_LIST_INIT;
}
