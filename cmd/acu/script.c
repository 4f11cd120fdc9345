#include "cmd/acu/script.h"

#include <stddef.h>

#include "cmd/acu/text.h"

struct range {
	uint32_t first;
	uint32_t last;
	enum script_class class;
};

/* Sorted; what stands in none is a letter. */
static const struct range ranges[] = {
	{ 0x0080, 0x009f, SCRIPT_SYMBOL },	/* controls */
	{ 0x00a0, 0x00a0, SCRIPT_SPACE },
	{ 0x00a1, 0x00a9, SCRIPT_MARK },
	{ 0x00ab, 0x00b1, SCRIPT_MARK },
	{ 0x00b4, 0x00b4, SCRIPT_MARK },
	{ 0x00b6, 0x00b8, SCRIPT_MARK },
	{ 0x00bb, 0x00bb, SCRIPT_MARK },
	{ 0x00bf, 0x00bf, SCRIPT_MARK },
	{ 0x00d7, 0x00d7, SCRIPT_SYMBOL },
	{ 0x00f7, 0x00f7, SCRIPT_SYMBOL },
	{ 0x037e, 0x037e, SCRIPT_MARK },	/* Greek */
	{ 0x055a, 0x055f, SCRIPT_MARK },	/* Armenian */
	{ 0x0589, 0x058a, SCRIPT_MARK },
	{ 0x05be, 0x05be, SCRIPT_MARK },	/* Hebrew */
	{ 0x05f3, 0x05f4, SCRIPT_MARK },
	{ 0x0609, 0x060d, SCRIPT_MARK },	/* Arabic */
	{ 0x061b, 0x061f, SCRIPT_MARK },
	{ 0x066a, 0x066d, SCRIPT_MARK },
	{ 0x06d4, 0x06d4, SCRIPT_MARK },
	{ 0x0964, 0x0965, SCRIPT_MARK },	/* dandas of India */
	{ 0x0e01, 0x0e4e, SCRIPT_RUNNING },	/* Thai */
	{ 0x0e4f, 0x0e4f, SCRIPT_MARK },
	{ 0x0e5a, 0x0e5b, SCRIPT_MARK },
	{ 0x0e81, 0x0ecd, SCRIPT_RUNNING },	/* Lao */
	{ 0x0f04, 0x0f14, SCRIPT_MARK },	/* Tibetan */
	{ 0x0f40, 0x0fbc, SCRIPT_RUNNING },
	{ 0x1000, 0x103f, SCRIPT_RUNNING },	/* Myanmar */
	{ 0x104a, 0x104f, SCRIPT_MARK },
	{ 0x1050, 0x109d, SCRIPT_RUNNING },
	{ 0x1361, 0x1368, SCRIPT_MARK },	/* Ethiopic */
	{ 0x1680, 0x1680, SCRIPT_SPACE },
	{ 0x1780, 0x17d3, SCRIPT_RUNNING },	/* Khmer */
	{ 0x17d4, 0x17da, SCRIPT_MARK },
	{ 0x1800, 0x180a, SCRIPT_MARK },	/* Mongolian */
	{ 0x1944, 0x1945, SCRIPT_MARK },	/* Limbu */
	{ 0x1950, 0x1aad, SCRIPT_RUNNING },	/* Tai Le to Tai Tham */
	{ 0x1b05, 0x1b4b, SCRIPT_RUNNING },	/* Balinese */
	{ 0x2000, 0x200a, SCRIPT_SPACE },
	{ 0x200b, 0x2027, SCRIPT_MARK },
	{ 0x2028, 0x2029, SCRIPT_SPACE },
	{ 0x202a, 0x202e, SCRIPT_MARK },
	{ 0x202f, 0x202f, SCRIPT_SPACE },
	{ 0x2030, 0x205e, SCRIPT_MARK },
	{ 0x205f, 0x205f, SCRIPT_SPACE },
	{ 0x2060, 0x206f, SCRIPT_MARK },
	{ 0x20a0, 0x20cf, SCRIPT_MARK },	/* currencies */
	{ 0x2190, 0x2bff, SCRIPT_SYMBOL },	/* arrows to more arrows */
	{ 0x2cf9, 0x2cff, SCRIPT_MARK },	/* Coptic, Nubian */
	{ 0x2e00, 0x2e7f, SCRIPT_MARK },
	{ 0x2e80, 0x2fdf, SCRIPT_DENSE },	/* radicals */
	{ 0x3000, 0x3000, SCRIPT_SPACE },
	{ 0x3001, 0x3004, SCRIPT_MARK },
	{ 0x3005, 0x3007, SCRIPT_DENSE },
	{ 0x3008, 0x3020, SCRIPT_MARK },
	{ 0x3021, 0x3029, SCRIPT_DENSE },
	{ 0x3030, 0x303f, SCRIPT_MARK },
	{ 0x3041, 0x309f, SCRIPT_DENSE },	/* kana */
	{ 0x30a0, 0x30a0, SCRIPT_MARK },
	{ 0x30a1, 0x30fa, SCRIPT_DENSE },
	{ 0x30fb, 0x30fb, SCRIPT_MARK },
	{ 0x30fc, 0x312f, SCRIPT_DENSE },	/* and bopomofo */
	{ 0x3190, 0x31ff, SCRIPT_DENSE },
	{ 0x3200, 0x33ff, SCRIPT_SYMBOL },
	{ 0x3400, 0x4dbf, SCRIPT_DENSE },	/* Han */
	{ 0x4dc0, 0x4dff, SCRIPT_SYMBOL },
	{ 0x4e00, 0x9fff, SCRIPT_DENSE },
	{ 0xa60d, 0xa60f, SCRIPT_MARK },	/* Vai */
	{ 0xa6f2, 0xa6f7, SCRIPT_MARK },	/* Bamum */
	{ 0xa980, 0xa9c0, SCRIPT_RUNNING },	/* Javanese */
	{ 0xa9c1, 0xa9cd, SCRIPT_MARK },
	{ 0xd800, 0xf8ff, SCRIPT_SYMBOL },	/* surrogates, private use */
	{ 0xf900, 0xfaff, SCRIPT_DENSE },
	{ 0xfe00, 0xfe0f, SCRIPT_SYMBOL },	/* variants of pictures */
	{ 0xfe10, 0xfe6f, SCRIPT_MARK },
	{ 0xfeff, 0xfeff, SCRIPT_SPACE },
	{ 0xff01, 0xff0f, SCRIPT_MARK },	/* full width */
	{ 0xff1a, 0xff20, SCRIPT_MARK },
	{ 0xff3b, 0xff40, SCRIPT_MARK },
	{ 0xff5b, 0xff65, SCRIPT_MARK },
	{ 0xff66, 0xff9f, SCRIPT_DENSE },
	{ 0xffe0, 0xffff, SCRIPT_SYMBOL },
	{ 0x11141, 0x11143, SCRIPT_MARK },	/* Chakma */
	{ 0x1b000, 0x1b16f, SCRIPT_DENSE },	/* older kana */
	{ 0x1e95e, 0x1e95f, SCRIPT_MARK },	/* Adlam */
	{ 0x1f000, 0x1faff, SCRIPT_SYMBOL },	/* pictures */
	{ 0x20000, 0x3ffff, SCRIPT_DENSE },
	{ 0xe0000, 0x10ffff, SCRIPT_SYMBOL },
};

static enum script_class class_of_ascii(uint32_t point)
{
	if (acu_is_space(point))
		return SCRIPT_SPACE;
	if (point < ' ' || point == 0x7f)
		return SCRIPT_SYMBOL;
	if (acu_is_word((unsigned char)point) && point != '_')
		return SCRIPT_LETTER;
	return SCRIPT_MARK;
}

enum script_class script_class_of(uint32_t point)
{
	size_t low = 0;
	size_t high = sizeof(ranges) / sizeof(ranges[0]);

	if (point < 0x80)
		return class_of_ascii(point);
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (point > ranges[middle].last)
			low = middle + 1;
		else if (point < ranges[middle].first)
			high = middle;
		else
			return ranges[middle].class;
	}
	return SCRIPT_LETTER;
}

static bool is_among(uint32_t point, const uint32_t *list)
{
	for (; *list; list++) {
		if (*list == point)
			return true;
	}
	return false;
}

bool script_is_question(uint32_t point)
{
	static const uint32_t others[] = {
		0x37e, 0x55e, 0x61f, 0x1367, 0x1945, 0x203d, 0x2047, 0x2048,
		0x2049, 0x2cfa, 0x2cfb, 0x2e2e, 0xa60f, 0xa6f7, 0xfe16, 0xfe56,
		0xff1f, 0x11143, 0
	};

	return point == '?' || (point > 0x7f && is_among(point, others));
}

bool script_is_hard_end(uint32_t point)
{
	static const uint32_t ends[] = {
		0x589, 0x55c, 0x6d4, 0x964, 0x965, 0xf0d, 0xf0e, 0x104a,
		0x104b, 0x1362, 0x1368, 0x17d4, 0x17d5, 0x1803, 0x1809,
		0x1944, 0x203c, 0x3002, 0xa6f3, 0xfe12, 0xfe15, 0xfe52,
		0xfe57, 0xff01, 0xff0e, 0xff61, 0x11141, 0x11142, 0
	};

	return point > 0x7f &&
	       (is_among(point, ends) || script_is_question(point));
}

bool script_is_closer(uint32_t point)
{
	static const uint32_t closers[] = {
		'"', '\'', ')', ']', '}', '*', '_', '`', '~', 0xbb, 0x2019,
		0x201d, 0x203a, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011,
		0x3015, 0x3017, 0x3019, 0x301b, 0x301e, 0x301f, 0xfe42,
		0xfe44, 0xff02, 0xff07, 0xff09, 0xff3d, 0xff5d, 0xff60,
		0xff63, 0
	};

	return is_among(point, closers);
}
