#include "lib/json/number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 17		/* so many tell all doubles apart */

/*
 * No double or midpoint of two has more than 767 significant digits, so
 * what follows 800 matters only by being zero or not.
 */
#define PARSE_DIGITS_MAX 800
#define PARSE_EXPONENT_MAX 1000000000000LL

/* 0.d1d2d3... times 10^point */
struct decimal {
	char digits[DIGITS_MAX + 5];
	int count;
	int point;
};

/* The scanned parts of a number's text. */
struct number_parts {
	struct span whole;
	struct span fraction;	/* absent: no point */
	struct span exponent;	/* with its sign; absent: none */
	bool is_negative;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct span take_digits(const char **at, const char *end)
{
	const char *from = *at;

	while (*at < end && is_digit(**at))
		++*at;
	return span_of(from, (size_t)(*at - from));
}

static bool split_exponent(const char **at, const char *end,
			   struct number_parts *parts)
{
	const char *from = *at;
	struct span digits;

	if (*at < end && (**at == '+' || **at == '-'))
		++*at;
	digits = take_digits(at, end);
	parts->exponent = span_of(from, (size_t)(*at - from));
	return digits.len > 0;
}

static bool number_split(struct span text, struct number_parts *parts)
{
	const char *at = text.at;
	const char *end = at + text.len;

	memset(parts, 0, sizeof(*parts));
	if (at < end && *at == '-') {
		parts->is_negative = true;
		at++;
	}
	parts->whole = take_digits(&at, end);
	if (!parts->whole.len)
		return false;
	if (parts->whole.len > 1 && parts->whole.at[0] == '0')
		return false;
	if (at < end && *at == '.') {
		at++;
		parts->fraction = take_digits(&at, end);
		if (!parts->fraction.len)
			return false;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (!split_exponent(&at, end, parts))
			return false;
	}
	return at == end;
}

/* digits * 10^exponent, without a point, which a locale might write else. */
static double scaled_value(uint64_t digits, int exponent)
{
	char text[NUMBER_TEXT_MAX];

	snprintf(text, sizeof(text), "%llue%d", (unsigned long long)digits,
		 exponent);
	return strtod(text, NULL);
}

/* The nearest decimal of count digits as digits * 10^*exponent. */
static uint64_t nearest_decimal(double value, int count, int *exponent)
{
	char text[NUMBER_TEXT_MAX];
	uint64_t digits = 0;
	const char *at;

	snprintf(text, sizeof(text), "%.*e", count - 1, value);
	for (at = text; *at != 'e'; at++) {
		if (is_digit(*at))
			digits = digits * 10 + (uint64_t)(*at - '0');
	}
	*exponent = (int)strtol(at + 1, NULL, 10) - (count - 1);
	return digits;
}

static void decimal_set(struct decimal *dec, uint64_t digits, int exponent)
{
	int len = snprintf(dec->digits, sizeof(dec->digits), "%llu",
			   (unsigned long long)digits);

	dec->point = len + exponent;
	while (len > 1 && dec->digits[len - 1] == '0')
		len--;
	dec->count = len;
}

/*
 * The fewest digits that are read as value again; of those the nearest ones.
 * Up to 15 digits survive a double, so where 15 do, they are the shortest but
 * for zeros at their end. Below a power of two doubles are twice as dense: the
 * nearest digits may fail there when the next ones above do not.
 */
static void decimal_shortest(struct decimal *dec, double value)
{
	int count = value < DBL_MIN ? 1 : DBL_DIG;
	int exponent;
	bool is_power_of_two = frexp(value, &exponent) == 0.5;
	uint64_t digits;

	for (;; count++) {
		digits = nearest_decimal(value, count, &exponent);
		if (count == DIGITS_MAX ||
		    scaled_value(digits, exponent) == value)
			break;
		if (is_power_of_two &&
		    scaled_value(digits + 1, exponent) == value) {
			digits++;
			break;
		}
	}
	decimal_set(dec, digits, exponent);
}

static char *put(char *to, const char *from, int count)
{
	memcpy(to, from, (size_t)count);
	return to + count;
}

static char *put_zeros(char *to, int count)
{
	memset(to, '0', (size_t)count);
	return to + count;
}

static char *put_exponent(char *to, const struct decimal *dec)
{
	int exponent = dec->point - 1;

	*to++ = dec->digits[0];
	if (dec->count > 1) {
		*to++ = '.';
		to = put(to, dec->digits + 1, dec->count - 1);
	}
	*to++ = 'e';
	return to + snprintf(to, 6, "%+d", exponent % 1000);
}

/* The five cases of Number::toString. */
static char *put_decimal(char *to, const struct decimal *dec)
{
	if (dec->count <= dec->point && dec->point <= 21) {
		to = put(to, dec->digits, dec->count);
		return put_zeros(to, dec->point - dec->count);
	}
	if (dec->point > 0 && dec->point <= 21) {
		to = put(to, dec->digits, dec->point);
		*to++ = '.';
		return put(to, dec->digits + dec->point,
			   dec->count - dec->point);
	}
	if (dec->point > -6 && dec->point <= 0) {
		to = put(to, "0.", 2);
		to = put_zeros(to, -dec->point);
		return put(to, dec->digits, dec->count);
	}
	return put_exponent(to, dec);
}

size_t number_format(double value, char out[NUMBER_TEXT_MAX])
{
	struct decimal dec = { "", 0, 0 };
	char *to = out;

	out[0] = '\0';
	if (!(value >= -DBL_MAX && value <= DBL_MAX))
		return 0;
	if (value < 0) {
		*to++ = '-';
		value = -value;
	}
	if (value < (double)NUMBER_INTEGER_MAX &&
	    (double)(uint64_t)value == value)
		decimal_set(&dec, (uint64_t)value, 0);
	else
		decimal_shortest(&dec, value);
	to = put_decimal(to, &dec);
	*to = '\0';
	return (size_t)(to - out);
}

/* Significant digits, and what power of ten they are times. */
struct significand {
	char digits[PARSE_DIGITS_MAX + sizeof("1e-1000000000000")];
	size_t count;
	long long exponent;
};

static void significand_add(struct significand *sig, struct span digits,
			    bool is_fraction)
{
	size_t i;

	for (i = 0; i < digits.len; i++) {
		if (!sig->count && digits.at[i] == '0') {
			sig->exponent -= is_fraction;
		} else if (sig->count < PARSE_DIGITS_MAX) {
			sig->digits[sig->count++] = digits.at[i];
			sig->exponent -= is_fraction;
		} else {
			/* An odd last digit lies on no double or midpoint. */
			sig->exponent += !is_fraction;
			if (digits.at[i] != '0')
				sig->digits[PARSE_DIGITS_MAX - 1] |= 1;
		}
	}
}

static long long exponent_value(struct span text)
{
	bool is_negative = text.len && text.at[0] == '-';
	long long value = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!is_digit(text.at[i]))
			continue;
		value = value * 10 + (text.at[i] - '0');
		if (value > PARSE_EXPONENT_MAX)
			value = PARSE_EXPONENT_MAX;
	}
	return is_negative ? -value : value;
}

int number_parse(const char *text, size_t len, double *out)
{
	struct number_parts parts;
	struct significand sig;
	long long point;
	double value = 0;

	if (!number_split(span_of(text, len), &parts))
		return ERR_INVALID;
	sig.count = 0;
	sig.exponent = exponent_value(parts.exponent);
	significand_add(&sig, parts.whole, false);
	significand_add(&sig, parts.fraction, true);
	point = sig.exponent + (long long)sig.count;
	if (sig.count && point > DBL_MAX_10_EXP + 1)
		return ERR_LIMIT;
	if (sig.count && point > -330) {
		snprintf(sig.digits + sig.count,
			 sizeof(sig.digits) - sig.count, "e%lld", sig.exponent);
		value = strtod(sig.digits, NULL);
	}
	if (value > DBL_MAX)
		return ERR_LIMIT;
	*out = parts.is_negative ? -value : value;
	return 0;
}

bool number_is_json(struct span text, bool *is_integer)
{
	struct number_parts parts;

	if (!number_split(text, &parts))
		return false;
	if (is_integer)
		*is_integer = !parts.fraction.at && !parts.exponent.at;
	return true;
}

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_OPEN };

__extension__ typedef __int128 wide;

static wide distance(wide a, wide b)
{
	return a > b ? a - b : b - a;
}

/* n/unit, of 16 or 17 digits; unit: a power of ten. */
static enum verdict judge_decimal(uint64_t n, uint64_t unit)
{
	const int64_t least = INT64_C(1) << (DBL_MANT_DIG - 1);
	int exponent;
	double part = frexp((double)n / (double)unit, &exponent);
	int64_t m = (int64_t)ldexp(part, DBL_MANT_DIG);
	int k = DBL_MANT_DIG - exponent;
	wide scale;
	wide off;
	wide fewer;

	if (k < 1 || k > 60)
		return VERDICT_OPEN;
	/* Both times 2^k * unit. The division was off by one at most. */
	scale = (wide)1 << k;
	off = n * scale - m * (wide)unit;
	m += 2 * off > (wide)unit ? 1 : -2 * off > (wide)unit ? -1 : 0;
	off = distance(n * scale, m * (wide)unit);
	/* At its ends doubles change their distance. */
	if (m <= least || m >= 2 * least - 1 || 2 * off >= (wide)unit ||
	    2 * off == scale)
		return VERDICT_OPEN;
	if (2 * off > scale)
		return VERDICT_NO;
	unit /= 10;
	fewer = (m * (wide)unit + scale / 2) / scale * scale;
	off = distance(fewer, m * (wide)unit);
	return 2 * off == (wide)unit ? VERDICT_OPEN :
	       2 * off < (wide)unit ? VERDICT_NO : VERDICT_YES;
}

/*
 * Up to 15 significant digits in plain notation need no conversion: no two
 * such decimals are the same double, so each is the shortest of its own.
 */
static bool is_canonical_short(const struct number_parts *parts)
{
	struct span fraction = parts->fraction;
	size_t zeros = 0;

	if (!fraction.at)
		return parts->whole.at[0] != '0' || !parts->is_negative;
	if (fraction.at[fraction.len - 1] == '0')
		return false;
	if (parts->whole.at[0] != '0')
		return true;
	while (zeros < fraction.len && fraction.at[zeros] == '0')
		zeros++;
	return zeros <= 5;
}

/*
 * 16 or 17 digits in plain notation, as programs write times: exact, in whole
 * numbers. The text is n/10^f and the double next to it m/2^k. It is canonical
 * if no other decimal of so many digits is nearer to that, and none of fewer
 * digits is read as it. Where that is a close call the other way decides.
 */
static enum verdict judge_long(const struct number_parts *parts)
{
	size_t f = parts->fraction.len;
	size_t digits = parts->whole.len + f;
	uint64_t n = 0;
	uint64_t unit = 1;
	size_t i;

	if (parts->exponent.at || parts->whole.at[0] == '0' || !f ||
	    digits > DIGITS_MAX || f > DBL_DIG)
		return VERDICT_OPEN;
	if (parts->fraction.at[f - 1] == '0')
		return VERDICT_NO;
	for (i = 0; i < parts->whole.len; i++)
		n = n * 10 + (uint64_t)(parts->whole.at[i] - '0');
	for (i = 0; i < f; i++) {
		n = n * 10 + (uint64_t)(parts->fraction.at[i] - '0');
		unit *= 10;
	}
	return judge_decimal(n, unit);
}

bool number_is_canonical(struct span text)
{
	struct number_parts parts;
	char again[NUMBER_TEXT_MAX];
	enum verdict verdict;
	double value;
	size_t len;

	if (text.len >= NUMBER_TEXT_MAX || !number_split(text, &parts))
		return false;
	if (!parts.exponent.at &&
	    parts.whole.len + parts.fraction.len <= DBL_DIG)
		return is_canonical_short(&parts);
	verdict = judge_long(&parts);
	if (verdict != VERDICT_OPEN)
		return verdict == VERDICT_YES;
	if (number_parse(text.at, text.len, &value) < 0)
		return false;
	len = number_format(value, again);
	return span_equals(text, span_of(again, len));
}

bool number_is_exact(struct span integer)
{
	static const char largest[] = "9007199254740992";
	size_t len = sizeof(largest) - 1;

	if (integer.len && integer.at[0] == '-')
		integer = span_of(integer.at + 1, integer.len - 1);
	if (integer.len != len)
		return integer.len < len;
	return memcmp(integer.at, largest, len) <= 0;
}
