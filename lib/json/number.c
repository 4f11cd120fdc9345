#include "lib/json/number.h"

#include <float.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/number_big.h"

#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1075	/* of a mantissa read as an integer */
#define EXPONENT_MIN (-1074)
#define DIGITS_EXACT 15		/* so many digits survive a double */
#define DIGITS_MAX 17		/* so many tell all doubles apart */
#define POW10_EXACT 22		/* the largest exact power of ten */

/*
 * No double or midpoint of two has more than 767 significant digits, so
 * what follows 800 matters only by being zero or not.
 */
#define PARSE_DIGITS_MAX 800
#define PARSE_EXPONENT_MAX 1000000000000LL

static const double pow10_exact[POW10_EXACT + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

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

static double from_bits(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint64_t to_bits(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static void decimal_set(struct decimal *dec, uint64_t digits, int scale)
{
	int len = snprintf(dec->digits, sizeof(dec->digits), "%llu",
			   (unsigned long long)digits);

	dec->point = len - scale;
	while (len > 1 && dec->digits[len - 1] == '0')
		len--;
	dec->count = len;
}

/*
 * Most decimals that people and clocks write are m / 10^k with m < 2^53,
 * where one division is exact enough to prove the answer: with 15 digits
 * any two decimals are different doubles; with 16, both neighbours must be.
 */
static bool format_short(double value, struct decimal *dec)
{
	double scaled;
	double m;
	int k;

	if (FLT_EVAL_METHOD != 0 || value < 1e-6)
		return false;
	for (k = 1; k <= POW10_EXACT; k++) {
		scaled = value * pow10_exact[k];
		if (scaled >= (double)NUMBER_INTEGER_MAX - 2)
			return false;
		m = (double)(uint64_t)(scaled + 0.5);
		if (m / pow10_exact[k] != value)
			continue;
		if (m >= 1e15 && ((m - 1) / pow10_exact[k] == value ||
				  (m + 1) / pow10_exact[k] == value))
			return false;
		decimal_set(dec, (uint64_t)m, k);
		return true;
	}
	return false;
}

/* The value and half the gaps to its neighbours, over a common divisor. */
struct dragon {
	struct big r;
	struct big s;
	struct big above;
	struct big below;
	bool is_even;		/* then the ends of the interval belong to it */
};

static void dragon_init(struct dragon *dragon, uint64_t mantissa, int exponent)
{
	bool is_edge = mantissa == (uint64_t)1 << MANTISSA_BITS &&
		       exponent > EXPONENT_MIN;
	unsigned up = exponent > 0 ? (unsigned)exponent : 0;
	unsigned down = exponent < 0 ? (unsigned)-exponent : 0;
	unsigned extra = is_edge ? 2 : 1;

	dragon->is_even = !(mantissa & 1);
	big_set(&dragon->r, mantissa);
	big_shift_left(&dragon->r, up + extra);
	big_set(&dragon->s, 1);
	big_shift_left(&dragon->s, down + extra);
	big_set(&dragon->below, 1);
	big_shift_left(&dragon->below, up);
	big_set(&dragon->above, 1);
	big_shift_left(&dragon->above, up + extra - 1);
}

static bool dragon_is_low(const struct dragon *dragon)
{
	return big_compare(&dragon->r, &dragon->below) <
	       (dragon->is_even ? 1 : 0);
}

static bool dragon_is_high(const struct dragon *dragon)
{
	return big_compare_sum(&dragon->r, &dragon->above, &dragon->s) >
	       (dragon->is_even ? -1 : 0);
}

static void dragon_times_ten(struct dragon *dragon)
{
	big_mul_add(&dragon->r, 10, 0);
	big_mul_add(&dragon->above, 10, 0);
	big_mul_add(&dragon->below, 10, 0);
}

/* Scale so that the value is below 1; the result is the decimal exponent. */
static int dragon_scale(struct dragon *dragon, int log2)
{
	double estimate = log2 * 0.30102999566398120 - 1e-10;
	int point = (int)estimate + (estimate > 0 ? 1 : 0);

	/* The estimate is right or one too small. */
	if (point >= 0) {
		big_mul_pow10(&dragon->s, (unsigned)point);
	} else {
		big_mul_pow10(&dragon->r, (unsigned)-point);
		big_mul_pow10(&dragon->above, (unsigned)-point);
		big_mul_pow10(&dragon->below, (unsigned)-point);
	}
	if (!dragon_is_high(dragon))
		return point;
	big_mul_add(&dragon->s, 10, 0);
	return point + 1;
}

/* Nearest of digit and digit + 1; a tie goes to the even one. */
static bool dragon_rounds_up(const struct dragon *dragon, int digit)
{
	int order = big_compare_sum(&dragon->r, &dragon->r, &dragon->s);

	return order > 0 || (order == 0 && (digit & 1));
}

/* Steele and White's free-format algorithm: shortest, then nearest. */
static void format_exact(double value, struct decimal *dec)
{
	uint64_t bits = to_bits(value);
	uint64_t mantissa = bits & (((uint64_t)1 << MANTISSA_BITS) - 1);
	int exponent = (int)(bits >> MANTISSA_BITS);
	struct dragon dragon;
	bool is_low;
	bool is_high;
	int log2 = -1;
	int digit;
	uint64_t rest;

	if (exponent)
		mantissa |= (uint64_t)1 << MANTISSA_BITS;
	else
		exponent = 1;
	exponent -= EXPONENT_BIAS;
	for (rest = mantissa; rest; rest >>= 1)
		log2++;
	dragon_init(&dragon, mantissa, exponent);
	dec->point = dragon_scale(&dragon, log2 + exponent);
	dec->count = 0;
	do {
		dragon_times_ten(&dragon);
		for (digit = 0; big_compare(&dragon.r, &dragon.s) >= 0; digit++)
			big_sub(&dragon.r, &dragon.s);
		is_low = dragon_is_low(&dragon);
		is_high = dragon_is_high(&dragon);
		if (is_high && (!is_low || dragon_rounds_up(&dragon, digit)))
			digit++;
		dec->digits[dec->count++] = (char)('0' + digit);
	} while (!is_low && !is_high);
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
	else if (!format_short(value, &dec))
		format_exact(value, &dec);
	to = put_decimal(to, &dec);
	*to = '\0';
	return (size_t)(to - out);
}

/* Significant digits as one integer, and what power of ten it is times. */
struct significand {
	struct big big;
	uint64_t small;		/* the same while count <= 19 */
	size_t count;
	long long exponent;
	bool is_cut;		/* digits that are not all 0 were left out */
};

static void significand_add(struct significand *sig, struct span digits,
			    bool is_fraction)
{
	size_t i;
	uint32_t digit;

	for (i = 0; i < digits.len; i++) {
		digit = (uint32_t)(digits.at[i] - '0');
		if (sig->count >= PARSE_DIGITS_MAX) {
			sig->is_cut |= digit != 0;
			sig->exponent += !is_fraction;
			continue;
		}
		sig->exponent -= is_fraction;
		if (!sig->count && !digit)
			continue;
		big_mul_add(&sig->big, 10, digit);
		if (sig->count < 19)
			sig->small = sig->small * 10 + digit;
		sig->count++;
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

/* One rounding only: both operands are exact doubles. */
static bool parse_short(const struct significand *sig, double *out)
{
	double m = (double)sig->small;

	if (FLT_EVAL_METHOD != 0 || sig->count > 19 || sig->is_cut ||
	    sig->small > NUMBER_INTEGER_MAX)
		return false;
	if (sig->exponent < -POW10_EXACT || sig->exponent > POW10_EXACT)
		return false;
	*out = sig->exponent < 0 ? m / pow10_exact[-sig->exponent]
				 : m * pow10_exact[sig->exponent];
	return true;
}

/* quotient has its highest bit set and stands for quotient * 2^(top - 63). */
static double round_quotient(uint64_t quotient, bool is_inexact, int top)
{
	int keep = top >= -1022 ? 53 : 1075 + top;
	int drop = 64 - keep;
	uint64_t mantissa = keep > 0 ? quotient >> drop : 0;
	uint64_t half = (uint64_t)1 << (drop - 1);
	uint64_t rest = keep > 0 ? quotient & (half * 2 - 1) : quotient;

	if (rest > half || (rest == half && (is_inexact || mantissa & 1)))
		mantissa++;
	if (top < -1022)
		return from_bits(mantissa);
	if (mantissa >> 53) {
		mantissa >>= 1;
		top++;
	}
	if (top > 1023)
		return from_bits((uint64_t)2047 << MANTISSA_BITS);
	mantissa &= ((uint64_t)1 << MANTISSA_BITS) - 1;
	return from_bits((uint64_t)(top + 1023) << MANTISSA_BITS | mantissa);
}

static double parse_exact(struct significand *sig)
{
	struct big den;
	uint64_t quotient = 0;
	int shift;
	int i;

	big_set(&den, 1);
	if (sig->exponent < 0)
		big_mul_pow10(&den, (unsigned)-sig->exponent);
	else
		big_mul_pow10(&sig->big, (unsigned)sig->exponent);
	/* 2^62 < big * 2^shift / den < 2^64; den gets the 63 of the division */
	shift = 63 - (int)big_bits(&sig->big) + (int)big_bits(&den);
	if (shift > 63)
		big_shift_left(&sig->big, (unsigned)(shift - 63));
	else
		big_shift_left(&den, (unsigned)(63 - shift));
	for (i = 0; i < 64; i++) {
		quotient <<= 1;
		if (big_compare(&sig->big, &den) >= 0) {
			big_sub(&sig->big, &den);
			quotient |= 1;
		}
		big_mul_add(&sig->big, 2, 0);
	}
	if (!(quotient >> 63)) {
		quotient <<= 1;
		shift++;
	}
	if (63 - shift < -1075)
		return 0;
	return round_quotient(quotient, sig->is_cut || !big_is_zero(&sig->big),
			      63 - shift);
}

int number_parse(const char *text, size_t len, double *out)
{
	struct number_parts parts;
	struct significand sig;
	long long point;
	double value;

	if (!number_split(span_of(text, len), &parts))
		return ERR_INVALID;
	big_set(&sig.big, 0);
	sig.small = 0;
	sig.count = 0;
	sig.is_cut = false;
	sig.exponent = exponent_value(parts.exponent);
	significand_add(&sig, parts.whole, false);
	significand_add(&sig, parts.fraction, true);
	point = sig.exponent + (long long)sig.count;
	if (!sig.count || point < -330)
		value = 0;
	else if (point > 310)
		return ERR_LIMIT;
	else if (!parse_short(&sig, &value))
		value = parse_exact(&sig);
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

bool number_is_canonical(struct span text)
{
	struct number_parts parts;
	char again[NUMBER_TEXT_MAX];
	double value;
	size_t len;

	if (text.len >= NUMBER_TEXT_MAX || !number_split(text, &parts))
		return false;
	if (!parts.exponent.at &&
	    parts.whole.len + parts.fraction.len <= DIGITS_EXACT)
		return is_canonical_short(&parts);
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
