#include "cmd/import/parse/brackets.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* One bit for each of 64 bytes, the first byte's lowest. */
struct marks {
	uint64_t quotes;
	uint64_t backslashes;
	uint64_t opens;
	uint64_t closes;
};

/* '{' and '[' differ in this bit, as do '}' and ']'; no other byte becomes
 * one of them by it. */
#define CASE_BIT 0x20

#ifdef __SSE2__

static uint64_t equal16(__m128i bytes, char c)
{
	int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));

	return (uint64_t)(unsigned)mask;
}

static struct marks marks_of(const char *text)
{
	const __m128i bit = _mm_set1_epi8(CASE_BIT);
	struct marks marks = { 0, 0, 0, 0 };
	__m128i bytes;
	unsigned i;

	for (i = 0; i < BRACKETS_STEP; i += 16) {
		bytes = _mm_loadu_si128((const __m128i *)(const void *)
					(text + i));
		marks.quotes |= equal16(bytes, '"') << i;
		marks.backslashes |= equal16(bytes, '\\') << i;
		bytes = _mm_or_si128(bytes, bit);
		marks.opens |= equal16(bytes, '{') << i;
		marks.closes |= equal16(bytes, '}') << i;
	}
	return marks;
}

#else

#define ONES 0x0101010101010101u
#define LOW_BITS (ONES * 0x7f)

/* The bytes of the word that are c, as eight bits. */
static uint64_t equal8(uint64_t word, unsigned char c)
{
	uint64_t other = word ^ ONES * c;

	/* The high bit of each byte: 1 where it is zero, without borrowing. */
	other = ~(((other & LOW_BITS) + LOW_BITS) | other | LOW_BITS);
	return (other >> 7) * 0x0102040810204080u >> 56;
}

static uint64_t load8(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof(word));
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static struct marks marks_of(const char *text)
{
	struct marks marks = { 0, 0, 0, 0 };
	uint64_t word;
	unsigned i;

	for (i = 0; i < BRACKETS_STEP; i += 8) {
		word = load8(text + i);
		marks.quotes |= equal8(word, '"') << i;
		marks.backslashes |= equal8(word, '\\') << i;
		word |= ONES * CASE_BIT;
		marks.opens |= equal8(word, '{') << i;
		marks.closes |= equal8(word, '}') << i;
	}
	return marks;
}

#endif

/* Each backslash that is not escaped itself escapes the byte behind it. */
static uint64_t escaped_by(struct brackets *brackets, uint64_t backslashes)
{
	uint64_t escaped = brackets->escaped;
	uint64_t lowest;

	brackets->escaped = 0;
	backslashes &= ~escaped;
	while (backslashes) {
		lowest = backslashes & (0 - backslashes);
		escaped |= lowest << 1;
		brackets->escaped = lowest >> (BRACKETS_STEP - 1);
		backslashes &= ~(lowest | lowest << 1);
	}
	return escaped;
}

/* Each bit becomes the parity of those up to it: from an opening quote to
 * before the closing one all are 1. */
static uint64_t parity_up_to(uint64_t bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	bits ^= bits << 32;
	return bits;
}

static size_t place_of(uint64_t bit)
{
	return (size_t)__builtin_ctzll(bit);
}

/* Behind the quote that closes, or 0. */
static size_t end_of_string(struct brackets *brackets, uint64_t quotes)
{
	if (!brackets->has_begun)
		quotes &= quotes - 1;
	return quotes ? place_of(quotes) + 1 : 0;
}

static size_t end_of_container(struct brackets *brackets, uint64_t opens,
			       uint64_t closes)
{
	uint64_t both = opens | closes;
	uint64_t lowest;

	/* Too deep to end within these bytes: only count. */
	if (brackets->depth > BRACKETS_STEP) {
		brackets->depth += (uint64_t)__builtin_popcountll(opens);
		brackets->depth -= (uint64_t)__builtin_popcountll(closes);
		return 0;
	}
	for (; both; both &= both - 1) {
		lowest = both & (0 - both);
		if (opens & lowest)
			brackets->depth++;
		else if (!--brackets->depth)
			return place_of(lowest) + 1;
	}
	return 0;
}

static size_t step(struct brackets *brackets, const char *text)
{
	struct marks marks = marks_of(text);
	uint64_t quotes = marks.quotes &
			  ~escaped_by(brackets, marks.backslashes);
	uint64_t inside;
	size_t end;

	if (brackets->is_string) {
		end = end_of_string(brackets, quotes);
	} else {
		inside = parity_up_to(quotes) ^ brackets->quoted;
		brackets->quoted = 0 - (inside >> (BRACKETS_STEP - 1));
		end = end_of_container(brackets, marks.opens & ~inside,
				       marks.closes & ~inside);
	}
	brackets->has_begun = true;
	return end;
}

void brackets_begin(struct brackets *brackets, char first)
{
	memset(brackets, 0, sizeof(*brackets));
	brackets->is_string = first == '"';
}

size_t brackets_scan(struct brackets *brackets, const char *text, size_t len)
{
	size_t at;
	size_t end;

	for (at = 0; at + BRACKETS_STEP <= len; at += BRACKETS_STEP) {
		end = step(brackets, text + at);
		if (end)
			return at + end;
	}
	return 0;
}
