#include "refs/index/words/count.h"

#include "lib/base/utf8.h"
#include "refs/index/words/letter_internal.h"

/* Hangul is written with spaces, though recall looks for its pairs. */
#define HANGUL_FIRST 0xac00u
#define HANGUL_LAST 0xd7a3u

/* Where the count stands: is a word open, or a joint behind one? */
enum place { PLACE_BETWEEN, PLACE_WORD, PLACE_JOINT, PLACE_FLAG };

void word_counter_init(struct word_counter *counter)
{
	counter->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

void word_counter_release(struct word_counter *counter)
{
	if (counter->locale)
		freelocale(counter->locale);
	counter->locale = (locale_t)0;
}

static enum letter_class class_of(const struct word_counter *counter,
				  uint32_t point)
{
	if (point >= HANGUL_FIRST && point <= HANGUL_LAST)
		return CLASS_LETTER;
	if (point >= 0x80 && !counter->locale)
		return CLASS_LETTER;
	return letter_class_of(counter->locale, point);
}

/* One character on; returns whether a word begins with it. */
static bool step(const struct word_counter *counter, uint32_t point,
		 enum place *place)
{
	enum place before = *place;

	*place = PLACE_BETWEEN;
	switch (class_of(counter, point)) {
	case CLASS_LETTER:
		*place = PLACE_WORD;
		return before != PLACE_WORD && before != PLACE_JOINT;
	case CLASS_JOINT:
		if (before == PLACE_WORD)
			*place = PLACE_JOINT;
		return false;
	case CLASS_SIGN:
		/* A flag is two of them. */
		if (letter_is_flag(point) && before != PLACE_FLAG)
			*place = PLACE_FLAG;
		return !letter_is_flag(point) || before != PLACE_FLAG;
	case CLASS_RUN:
		return true;
	case CLASS_OTHER:
		break;
	}
	return false;
}

static size_t escape_len(struct span rest)
{
	size_t len = rest.len > 1 && rest.at[1] == 'u' ? 6 : 2;

	return len < rest.len ? len : rest.len;
}

uint64_t word_count(const struct word_counter *counter, struct span inner)
{
	enum place place = PLACE_BETWEEN;
	uint64_t n = 0;
	uint32_t point;
	size_t at = 0;
	size_t len;

	while (at < inner.len) {
		struct span rest = span_of(inner.at + at, inner.len - at);

		if (*rest.at == '\\') {
			place = PLACE_BETWEEN;
			at += escape_len(rest);
			continue;
		}
		point = (unsigned char)*rest.at;
		len = point < 0x80 ? 1 : utf8_decode(rest, &point);
		if (point >= 0x80)
			point = len ? letter_plain(point) : 0;
		if (!letter_is_silent(point))
			n += step(counter, point, &place);
		at += len ? len : 1;
	}
	return n;
}
