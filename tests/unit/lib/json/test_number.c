#include "lib/json/number.h"

#include <locale.h>
#include <stdint.h>

#include "tests/unit/json_fixture.h"

#define ROUNDS 100000

static double from_bits(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void test_format(void)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0.0, "0" }, { -0.0, "0" }, { 1.0, "1" }, { -1.5, "-1.5" },
		{ 1e21, "1e+21" }, { 1e20, "100000000000000000000" },
		{ 123456789012345680000.0, "123456789012345680000" },
		{ 1e-6, "0.000001" }, { 1e-7, "1e-7" },
		{ 1.25e-7, "1.25e-7" }, { 0.1, "0.1" }, { 0.3, "0.3" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 5e-324, "5e-324" }, { -5e-324, "-5e-324" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ 2.2250738585072014e-308, "2.2250738585072014e-308" },
		{ 9007199254740991.0, "9007199254740991" },
		{ 9007199254740992.0, "9007199254740992" },
		{ 9007199254740994.0, "9007199254740994" },
		{ 333333333.33333329, "333333333.3333333" },
		{ 1700000000.123456, "1700000000.123456" },
		{ 4.5, "4.5" }, { 1e23, "1e+23" }, { 9.5e-3, "0.0095" },
		{ 1424953923781206.2, "1424953923781206.2" },
		{ 7.120236347223045e-307, "7.120236347223045e-307" },
	};
	char text[NUMBER_TEXT_MAX];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = number_format(cases[i].value, text);

		is_str(text, cases[i].text, cases[i].text);
		is_int(len, strlen(text), "its length");
	}
	is_int(number_format(from_bits(0x7ff0000000000000), text), 0,
	       "infinity has no form");
	is_int(number_format(from_bits(0xfff0000000000000), text), 0,
	       "minus infinity has no form");
	is_int(number_format(from_bits(0x7ff8000000000000), text), 0,
	       "NaN has no form");
	is_str(text, "", "and leaves an empty text");
}

static void test_parse(void)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0", 0 }, { "1e5", 1e5 }, { "1E+5", 1e5 }, { "0.5e-1", 0.05 },
		{ "9007199254740993", 9007199254740992.0 },
		{ "9007199254740995", 9007199254740996.0 },
		{ "2.4703282292062327e-324", 0 },
		{ "2.4703282292062328e-324", 5e-324 },
		{ "1e-400", 0 }, { "0e999999999999999999999", 0 },
		{ "1e-999999999999999999999", 0 },
		{ "1.7976931348623158e308", 1.7976931348623157e308 },
		{ "2.2250738585072011e-308", 2.225073858507201e-308 },
		{ "0.000000000000000000000000001e27", 1 },
		{ "10000000000000000000000000000e-28", 1 },
	};
	static const char *const wrong[] = {
		"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1",
		"1 ", " 1", "NaN", "Infinity", "1_0", "1,5", "--1", "1e1.5",
	};
	double value = 7;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok(number_parse(cases[i].text, strlen(cases[i].text),
				&value) == 0 && value == cases[i].value,
		   "parse %s", cases[i].text);
	}
	value = 7;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		is_int(number_parse(wrong[i], strlen(wrong[i]), &value),
		       ERR_INVALID, wrong[i]);
	is_int(number_parse("12\0", 3, &value), ERR_INVALID, "12 and a NUL");
	is_int(number_parse("1e400", 5, &value), ERR_LIMIT, "1e400");
	is_int(number_parse("-1e400", 6, &value), ERR_LIMIT, "-1e400");
	is_int(number_parse("1.7976931348623159e308", 22, &value), ERR_LIMIT,
	       "just beyond the largest double");
	is_int(number_parse("1e99999999999999999999", 22, &value), ERR_LIMIT,
	       "a huge exponent");
	ok(value == 7, "a refusal writes no value");
}

/* 2^53 + 1 is a tie to even; one more digit far behind breaks it. */
static void test_parse_long(void)
{
	static char text[3000];
	double value = 0;
	size_t len = (size_t)snprintf(text, sizeof(text), "9007199254740993.");

	memset(text + len, '0', 2000);
	ok(number_parse(text, len + 2000, &value) == 0 &&
	   value == 9007199254740992.0, "a long tie goes to even");
	text[len + 1999] = '1';
	ok(number_parse(text, len + 2000, &value) == 0 &&
	   value == 9007199254740994.0, "a late digit breaks the tie");
	memset(text, '9', 310);
	is_int(number_parse(text, 310, &value), ERR_LIMIT, "310 nines");
}

static void test_canonical(void)
{
	static const char *const right[] = {
		"0", "1", "-1", "10", "123456789012345", "0.1", "-0.5",
		"0.000001", "1e-7", "1e+21", "1.5e+300", "5e-324", "120.5",
		"100000000000000000000",
		"0.30000000000000004", "1700000000.123456",
		"1700000000.1234567", "1703031523.7651238",
		"9.876543210987654", "-123456.12345678902",
	};
	static const char *const wrong[] = {
		"-0", "-0.0", "0.0", "1.0", "1.50", "01", "1e5", "1E5", "1e7",
		"1e21", "1e-6", "0.0000001", "1e-07", "1.0e+21", "10e+21",
		"9007199254740993", "0.1000000000000000055", "1e400", "1e+400",
		"1e-400", "123456789012345678901234567890", "", "-", "1.",
		"333333333.33333329", "1000000000000000000000",
		"1700000000.1234568", "1700000000.1234560",
		"9.8765432109876543", "123456.12345678901",
	};
	size_t i;

	for (i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		ok(number_is_canonical(span_str(right[i])),
		   "canonical: %s", right[i]);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(!number_is_canonical(span_str(wrong[i])),
		   "not canonical: '%s'", wrong[i]);
}

/* Digits without trailing zeros, and the exponent of the first one. */
struct digits {
	unsigned long long digits;
	int exponent;
};

static struct digits digits_of(const char *text)
{
	struct digits out = { 0, 0 };
	bool is_fraction = false;
	bool is_begun = false;
	int zeros = 0;		/* not yet known to be trailing ones */
	const char *at;

	out.exponent = -1;
	for (at = text; *at && *at != 'e'; at++) {
		if (*at == '.') {
			is_fraction = true;
			continue;
		}
		is_begun = is_begun || *at != '0';
		out.exponent += !is_fraction && is_begun;
		out.exponent -= is_fraction && !is_begun;
		for (zeros++; *at != '0' && zeros; zeros--)
			out.digits *= 10;
		out.digits += (unsigned)(*at - '0');
	}
	if (*at)
		out.exponent += (int)strtol(at + 1, NULL, 10);
	return out;
}

/*
 * Brute search: for 1, 2, 3 ... digits take the nearest decimal and its two
 * neighbours; the first that reads back as the value is the answer.
 */
static bool brute_shortest(double value, struct digits *out)
{
	static const int steps[] = { 0, -1, 1 };
	char text[64];
	int places;
	size_t i;

	for (places = 0; places < 17; places++) {
		unsigned long long digits = 0;
		const char *at;

		snprintf(text, sizeof(text), "%.*e", places, value);
		for (at = text; *at != 'e'; at++)
			digits = *at == '.' ? digits
				: digits * 10 + (unsigned)(*at - '0');
		for (i = 0; i < 3; i++) {
			unsigned long long tried =
				digits + (unsigned long long)steps[i];
			char again[64];

			snprintf(again, sizeof(again), "%llue%d", tried,
				 (int)strtol(at + 1, NULL, 10) - places);
			if (strtod(again, NULL) != value)
				continue;
			*out = digits_of(again);
			return true;
		}
	}
	return false;
}

static bool is_shortest(double value)
{
	char text[NUMBER_TEXT_MAX];
	struct digits want = { 0, 0 };
	struct digits got;
	double again = 0;
	size_t len = number_format(value, text);

	got = digits_of(text);
	if (!brute_shortest(value, &want) || want.digits != got.digits ||
	    want.exponent != got.exponent)
		return false;
	return number_is_canonical(span_of(text, len)) &&
	       number_parse(text, len, &again) == 0 && again == value;
}

static void test_powers_of_two(void)
{
	int wrong = 0;
	int e;

	for (e = -1074; e < 1024; e++) {
		uint64_t bits = e < -1022 ? (uint64_t)1 << (e + 1074)
					  : (uint64_t)(e + 1023) << 52;

		wrong += !is_shortest(from_bits(bits));
		wrong += !is_shortest(from_bits(bits + 1));
		wrong += bits > 1 && !is_shortest(from_bits(bits - 1));
	}
	is_int(wrong, 0, "all powers of two and their neighbours");
}

static void test_random(void)
{
	uint64_t state = 88172645463325252u;
	int formats = 0;
	int parses = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		double value = from_bits(next_random(&state) >> 1);
		char text[64];
		double read = -1;
		double want;
		int len;
		int rc;

		if (!(value < 1.7976931348623157e308))
			continue;
		if (i % 16 == 0)
			formats += !is_shortest(value);
		len = snprintf(text, sizeof(text), "%.*e", i % 30, value);
		want = strtod(text, NULL);
		rc = number_parse(text, (size_t)len, &read);
		parses += want > 1.7976931348623157e308 ? rc != ERR_LIMIT
			: rc != 0 || read != want;
	}
	is_int(formats, 0, "random doubles are written shortest");
	is_int(parses, 0, "random decimals are read like strtod reads them");
}

static void test_es6(void)
{
	const char *path = shared_path("vectors/jcs/es6testfile10k.txt");
	char line[128];
	FILE *file;
	int wrong = 0;
	int lines = 0;

	if (!path) {
		skip(2, NO_SHARED);
		return;
	}
	file = fopen(path, "r");
	if (!file)
		bail_out("cannot open %s", path);
	while (fgets(line, sizeof(line), file)) {
		char *comma = strchr(line, ',');
		char text[NUMBER_TEXT_MAX];
		double value;
		double read = -1;

		line[strcspn(line, "\n")] = '\0';
		value = from_bits(strtoull(line, NULL, 16));
		number_format(value, text);
		lines++;
		wrong += !comma || strcmp(comma + 1, text) ||
			 number_parse(text, strlen(text), &read) < 0 ||
			 read != value || !number_is_canonical(span_str(text));
	}
	fclose(file);
	is_int(lines, 10000, "10,000 lines of ES6 numbers");
	is_int(wrong, 0, "all are written and read exactly");
}

static void test_locale(void)
{
	static const char *const names[] = {
		"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "sv_SE.UTF-8",
	};
	char text[NUMBER_TEXT_MAX];
	double value = 0;
	bool is_set = false;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !is_set; i++)
		is_set = setlocale(LC_ALL, names[i]) != NULL;
	if (!is_set) {
		skip(2, "no locale with a decimal comma is installed");
		return;
	}
	number_format(1.5, text);
	is_str(text, "1.5", "a decimal comma does not reach number_format");
	ok(number_parse("1.5", 3, &value) == 0 && value == 1.5,
	   "nor number_parse");
	setlocale(LC_ALL, "C");
}

int main(void)
{
	test_format();
	test_parse();
	test_parse_long();
	test_canonical();
	test_powers_of_two();
	test_random();
	test_es6();
	test_locale();
	return done_testing();
}
