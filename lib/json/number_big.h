/*
 * Natural numbers just large enough to convert doubles exactly; only
 * number.c uses them.
 */
#ifndef VV_LIB_JSON_NUMBER_BIG_H
#define VV_LIB_JSON_NUMBER_BIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Enough for 10^1200 shifted left by 64 bits: the largest that reading 800
 * digits with the smallest exponent can ask for.
 */
#define BIG_WORDS 132

struct big {
	size_t count;			/* words in use, the last one not 0 */
	uint32_t word[BIG_WORDS];	/* least significant first */
};

void big_set(struct big *big, uint64_t value);

/* big = big * factor + more */
void big_mul_add(struct big *big, uint32_t factor, uint32_t more);

void big_mul_pow10(struct big *big, unsigned power);
void big_shift_left(struct big *big, unsigned bits);
bool big_is_zero(const struct big *big);

/* Position of the highest bit plus one; 0 for zero. */
unsigned big_bits(const struct big *big);

int big_compare(const struct big *a, const struct big *b);

/* Order of a + b against c. */
int big_compare_sum(const struct big *a, const struct big *b,
		    const struct big *c);

/* a -= b, where a >= b */
void big_sub(struct big *a, const struct big *b);

#endif
