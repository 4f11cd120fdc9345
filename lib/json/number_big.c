#include "lib/json/number_big.h"

#include <assert.h>
#include <string.h>

#define POW10_STEP 9	/* 10^9 is the largest that fits a word */

static const uint32_t small_pow10[POW10_STEP] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
};

static void big_trim(struct big *big)
{
	while (big->count && !big->word[big->count - 1])
		big->count--;
}

static void big_push(struct big *big, uint32_t word)
{
	assert(big->count < BIG_WORDS);
	big->word[big->count++] = word;
}

void big_set(struct big *big, uint64_t value)
{
	big->word[0] = (uint32_t)value;
	big->word[1] = (uint32_t)(value >> 32);
	big->count = 2;
	big_trim(big);
}

void big_mul_add(struct big *big, uint32_t factor, uint32_t more)
{
	uint64_t carry = more;
	size_t i;

	for (i = 0; i < big->count; i++) {
		carry += (uint64_t)big->word[i] * factor;
		big->word[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		big_push(big, (uint32_t)carry);
	big_trim(big);
}

void big_mul_pow10(struct big *big, unsigned power)
{
	for (; power >= POW10_STEP; power -= POW10_STEP)
		big_mul_add(big, 1000000000, 0);
	if (power)
		big_mul_add(big, small_pow10[power], 0);
}

void big_shift_left(struct big *big, unsigned bits)
{
	size_t words = bits / 32;

	if (!big->count)
		return;
	if (bits % 32)
		big_mul_add(big, (uint32_t)1 << bits % 32, 0);
	if (!words)
		return;
	assert(big->count + words <= BIG_WORDS);
	memmove(big->word + words, big->word, big->count * sizeof(uint32_t));
	memset(big->word, 0, words * sizeof(uint32_t));
	big->count += words;
}

bool big_is_zero(const struct big *big)
{
	return big->count == 0;
}

unsigned big_bits(const struct big *big)
{
	unsigned bits;
	uint32_t top;

	if (!big->count)
		return 0;
	bits = (unsigned)(big->count - 1) * 32;
	for (top = big->word[big->count - 1]; top; top >>= 1)
		bits++;
	return bits;
}

int big_compare(const struct big *a, const struct big *b)
{
	size_t i;

	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (i = a->count; i-- > 0;) {
		if (a->word[i] != b->word[i])
			return a->word[i] < b->word[i] ? -1 : 1;
	}
	return 0;
}

int big_compare_sum(const struct big *a, const struct big *b,
		    const struct big *c)
{
	struct big sum;
	const struct big *longer = a->count >= b->count ? a : b;
	const struct big *other = longer == a ? b : a;
	uint64_t carry = 0;
	size_t i;

	sum.count = longer->count;
	for (i = 0; i < longer->count; i++) {
		carry += longer->word[i];
		carry += i < other->count ? other->word[i] : 0;
		sum.word[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		big_push(&sum, (uint32_t)carry);
	return big_compare(&sum, c);
}

void big_sub(struct big *a, const struct big *b)
{
	uint64_t borrow = 0;
	uint64_t part;
	size_t i;

	for (i = 0; i < a->count; i++) {
		part = (i < b->count ? b->word[i] : 0) + borrow;
		borrow = a->word[i] < part;
		a->word[i] = (uint32_t)(a->word[i] - part);
	}
	big_trim(a);
}
