#include "cmd/import/parse/when_zone.h"

#include <stddef.h>
#include <strings.h>

#include "lib/time/timestamp.h"

#define MINUTE (60 * TIMESTAMP_SECOND)
#define ZONE_NAME_MAX 64

/*
 * Left out because they mean several: CST, BST, IST, AST, SST, GST, ECT and
 * the like. Minutes east of UTC.
 */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "Z", 0 }, { "UTC", 0 }, { "GMT", 0 }, { "UT", 0 }, { "WET", 0 },
	{ "WEST", 60 }, { "CET", 60 }, { "CEST", 120 }, { "MEZ", 60 },
	{ "MESZ", 120 }, { "EET", 120 },
	{ "EEST", 180 }, { "MSK", 180 },
	{ "EST", -300 }, { "EDT", -240 }, { "CDT", -300 }, { "MST", -420 },
	{ "MDT", -360 }, { "PST", -480 }, { "PDT", -420 }, { "AKST", -540 },
	{ "AKDT", -480 }, { "HST", -600 }, { "ADT", -180 }, { "NST", -210 },
	{ "NDT", -150 }, { "BRT", -180 },
	{ "JST", 540 }, { "KST", 540 }, { "AEST", 600 }, { "AEDT", 660 },
	{ "ACST", 570 }, { "ACDT", 630 }, { "AWST", 480 }, { "NZST", 720 },
	{ "NZDT", 780 },
};

static bool is_word(struct span text, const char *word)
{
	return text.len == strlen(word) &&
	       !strncasecmp(text.at, word, text.len);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* +h, +hh, +hhmm, +hh:mm; also with U+2212 for the minus. */
static bool take_offset(struct span text, int64_t *out_east)
{
	static const char minus[] = "\xe2\x88\x92";
	bool is_west = text.len && text.at[0] == '-';
	int digits[4] = { 0, 0, 0, 0 };
	size_t n = 0;
	size_t i = 1;
	int minutes;

	if (span_begins(text, minus)) {
		is_west = true;
		i = strlen(minus);
	} else if (!text.len || (text.at[0] != '+' && !is_west)) {
		return false;
	}
	for (; i < text.len; i++) {
		if (text.at[i] == ':' && n == 2 && i + 3 == text.len)
			continue;
		if (!is_digit(text.at[i]) || n == 4)
			return false;
		digits[n++] = text.at[i] - '0';
	}
	if (n == 1)
		minutes = digits[0] * 60;
	else if (n == 2 || n == 4)
		minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 +
			  digits[3];
	else
		return false;
	if (minutes > 18 * 60 || digits[2] > 5)
		return false;
	*out_east = (is_west ? -minutes : minutes) * MINUTE;
	return true;
}

bool when_zone_offset(struct span text, int64_t *out_east)
{
	size_t i;

	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (is_word(text, zones[i].name)) {
			*out_east = zones[i].minutes * MINUTE;
			return true;
		}
	}
	if (text.len > 3 && (is_word(span_of(text.at, 3), "UTC") ||
			     is_word(span_of(text.at, 3), "GMT")))
		text = span_of(text.at + 3, text.len - 3);
	return take_offset(text, out_east);
}

bool when_zone_is_name(struct span text)
{
	size_t i;

	if (!text.len || text.len > ZONE_NAME_MAX)
		return false;
	for (i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool is_letter = (c >= 'A' && c <= 'Z') ||
				 (c >= 'a' && c <= 'z');

		if (!is_letter && (i == 0 || !c || !strchr(" /_-+.'()0123456789",
							  c)))
			return false;
	}
	return true;
}
