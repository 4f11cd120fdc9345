#include "refs/index/words/letter_internal.h"

#include <stddef.h>
#include <wctype.h>

struct points {
	uint32_t first, last;
};

/* Scripts that are written without spaces: Thai, Lao, Burmese, Khmer, kana,
 * bopomofo, ideographs, hangul. */
static const struct points runs[] = {
	{ 0x0e01, 0x0eff }, { 0x1000, 0x109f }, { 0x1780, 0x17d3 },
	{ 0x3005, 0x3007 }, { 0x3041, 0x30fa }, { 0x30fc, 0x312f },
	{ 0x31f0, 0x31ff }, { 0x3400, 0x9fff }, { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xff66, 0xff9f }, { 0x20000, 0x3ffff },
};

/* What a word is the same without: vowel signs and letters that are only
 * drawn longer, marks that nobody sees, the color of an emoji's skin. */
static const struct points silent[] = {
	{ 0x00ad, 0x00ad }, { 0x0591, 0x05bd }, { 0x05bf, 0x05bf },
	{ 0x05c1, 0x05c2 }, { 0x05c4, 0x05c5 }, { 0x05c7, 0x05c7 },
	{ 0x0610, 0x061a }, { 0x061c, 0x061c }, { 0x0640, 0x0640 },
	{ 0x064b, 0x065f }, { 0x0670, 0x0670 }, { 0x06d6, 0x06ed },
	{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x2069 },
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0x1f3fb, 0x1f3ff },
};

/* Emoji and the like, each of which is a word; of flags, each two. */
static const struct points signs[] = {
	{ 0x2600, 0x27bf }, { 0x2b00, 0x2bff }, { 0x1f000, 0x1faff },
};

/* Letters that the locale takes for none: combining marks and viramas. */
static const struct points letters[] = {
	{ 0x0300, 0x036f }, { 0x094d, 0x094d }, { 0x09cd, 0x09cd },
	{ 0x0a4d, 0x0a4d }, { 0x0acd, 0x0acd }, { 0x0b4d, 0x0b4d },
	{ 0x0bcd, 0x0bcd }, { 0x0c4d, 0x0c4d }, { 0x0ccd, 0x0ccd },
	{ 0x0d4d, 0x0d4d },
};

#define IS_AMONG(point, list) \
	is_among(point, list, sizeof(list) / sizeof((list)[0]))

static bool is_among(uint32_t point, const struct points *list, size_t n)
{
	size_t i;

	for (i = 0; i < n && point >= list[i].first; i++) {
		if (point <= list[i].last)
			return true;
	}
	return false;
}

uint32_t letter_plain(uint32_t point)
{
	if (point < 0x0622)
		return point;
	if (point >= 0xff01 && point <= 0xff5e)
		return point - 0xff01 + '!';
	if (point >= 0x0660 && point <= 0x0669)
		return point - 0x0660 + '0';
	if (point >= 0x06f0 && point <= 0x06f9)
		return point - 0x06f0 + '0';
	switch (point) {
	case 0x0622: case 0x0623: case 0x0625: case 0x0671:
		return 0x0627;
	case 0x0629:
		return 0x0647;
	case 0x0649: case 0x06cc:
		return 0x064a;
	case 0x06a9:
		return 0x0643;
	default:
		return point;
	}
}

/* Asked of each character. */
static bool is_joint(uint32_t point)
{
	switch (point) {
	case '_': case '-': case '.': case '/': case ':': case '@': case '\'':
	case '+': case 0x2019:
		return true;
	default:
		return false;
	}
}

enum letter_class letter_class_of(locale_t locale, uint32_t point)
{
	if (is_joint(point))
		return CLASS_JOINT;
	if (point < 0x80)
		return (point >= '0' && point <= '9') ||
		       ((point | 0x20) >= 'a' && (point | 0x20) <= 'z') ?
		       CLASS_LETTER : CLASS_OTHER;
	if (IS_AMONG(point, runs))
		return CLASS_RUN;
	if (IS_AMONG(point, silent) || IS_AMONG(point, letters))
		return CLASS_LETTER;
	if (IS_AMONG(point, signs))
		return CLASS_SIGN;
	return iswalnum_l((wint_t)point, locale) ? CLASS_LETTER :
	       CLASS_OTHER;
}

bool letter_is_silent(uint32_t point)
{
	return point >= 0xad && IS_AMONG(point, silent);
}

bool letter_is_flag(uint32_t point)
{
	return point >= 0x1f1e6 && point <= 0x1f1ff;
}
