#include "refs/index/shard/shard.h"

#include <stdlib.h>
#include <string.h>

#include "refs/index/words/spoken.h"

#define NEAR_STEP 32		/* elements, of a guess that was not right */

/* Of one element of each column. */
static const size_t sizes[SHARD_PARTS] = {
	[SHARD_DIGESTS] = SHA256_BYTES,
	[SHARD_SEGMENTS] = sizeof(struct tree_segment),
	[SHARD_GISTS] = sizeof(uint8_t),
	[SHARD_TOKENS] = sizeof(uint32_t),
	[SHARD_WHOS] = sizeof(uint16_t),
	[SHARD_MICROS] = sizeof(int64_t),
	[SHARD_INDEXES] = sizeof(int16_t),
	[SHARD_TIES] = sizeof(uint32_t),
	[SHARD_IN_SEGMENTS] = sizeof(uint16_t),
	[SHARD_LINES] = sizeof(uint32_t),
	[SHARD_BIGS] = sizeof(struct shard_big),
	[SHARD_SESSIONS] = sizeof(uint64_t),
	[SHARD_FIRSTS] = sizeof(uint32_t),
	[SHARD_SUMS] = sizeof(struct shard_sum),
	[SHARD_ENTITIES] = sizeof(uint64_t),
	[SHARD_ENTITY_ROWS] = sizeof(uint32_t),
	[SHARD_OF_CAPSULES] = sizeof(uint32_t),
	[SHARD_KNOWN] = PAGES_NAME_BYTES,
	[SHARD_ENTITIES_AGAIN] = sizeof(uint64_t),
	[SHARD_SESSIONS_AGAIN] = sizeof(uint64_t),
	[SHARD_ALL_WHOS] = sizeof(struct shard_who),
	[SHARD_TEXTS] = sizeof(struct shard_text),
	[SHARD_TEXT_HEAP] = 1,
	[SHARD_TERMS] = sizeof(struct shard_term),
	[SHARD_TERM_HEAP] = 1,
	[SHARD_POSTINGS] = 1,
};

/*
 * How long a row is, in six bits: as it is up to 16, which is 8 steps to a
 * power of two and goes on so up to 512, as most are; then by powers.
 */
#define GIST_STEPS 8u
#define GIST_FINE 56u		/* stands for 512 */

static uint32_t length_of(uint32_t step)
{
	if (step >= GIST_FINE)
		return (uint32_t)512 << (step - GIST_FINE);
	return step < GIST_STEPS ? step :
	       (GIST_STEPS + step % GIST_STEPS) << (step / GIST_STEPS - 1);
}

uint8_t shard_gist(uint32_t tokens, uint8_t traits)
{
	uint8_t step = 0;

	while (step < SHARD_GIST_LENGTHS && length_of(step + 1u) <= tokens)
		step++;
	if (traits & (SHARD_HIDDEN | SHARD_SILENT | SHARD_CAPSULES))
		step |= SHARD_GIST_OTHER;
	if (traits & SPOKEN_QUESTION)
		step |= SHARD_GIST_ASKS;
	return step;
}

uint32_t shard_gist_tokens(uint8_t gist)
{
	return length_of(gist & SHARD_GIST_LENGTHS);
}

size_t shard_count(const struct shard *shard, enum shard_part part)
{
	return (size_t)shard->head->parts[part].n;
}

int shard_part(const struct shard *shard, enum shard_part part,
	       uint64_t first, uint64_t n, const void **out, struct err *err)
{
	uint64_t all = shard->head->parts[part].n;

	if (first > all || n > all - first)
		return err_set(err, ERR_CORRUPT, "a wrong index");
	return pages_at(shard->pages, shard->head->parts[part].at +
			first * sizes[part], n * sizes[part], out, err);
}

int shard_is_same_part(const struct shard *a, const struct shard *b,
		       enum shard_part part, bool *out_is_same,
		       struct err *err)
{
	size_t n = shard_count(a, part);
	const void *x;
	const void *y;
	int rc;

	*out_is_same = n == shard_count(b, part);
	if (!*out_is_same || !n)
		return 0;
	rc = shard_part(a, part, 0, n, &x, err);
	if (rc == 0)
		rc = shard_part(b, part, 0, n, &y, err);
	if (rc == 0)
		*out_is_same = !memcmp(x, y, n * sizes[part]);
	return rc;
}

/* Do all columns lie in the body, and have those of rows one element each? */
static bool is_head(const struct shard_head *head)
{
	static const enum shard_part of_rows[] = {
		SHARD_WHOS, SHARD_MICROS, SHARD_INDEXES, SHARD_TIES,
		SHARD_IN_SEGMENTS, SHARD_LINES, SHARD_ENTITIES,
		SHARD_ENTITY_ROWS
	};
	size_t i;

	for (i = 0; i < SHARD_PARTS; i++) {
		if (head->parts[i].n > UINT32_MAX)
			return false;
	}
	for (i = 0; i < sizeof(of_rows) / sizeof(*of_rows); i++) {
		if (head->parts[of_rows[i]].n != head->parts[SHARD_TOKENS].n)
			return false;
	}
	return head->mark == SHARD_MARK &&
	       head->parts[SHARD_SEGMENTS].n <= SHARD_SEGMENTS_MAX &&
	       head->parts[SHARD_DIGESTS].n == head->parts[SHARD_SEGMENTS].n &&
	       head->parts[SHARD_SUMS].n == head->parts[SHARD_SESSIONS].n &&
	       head->parts[SHARD_FIRSTS].n ==
	       head->parts[SHARD_SESSIONS].n + 1;
}

int shard_init(struct shard *shard, struct pages *pages, struct err *err)
{
	const void *at;
	int rc;

	*shard = (struct shard){ .pages = pages,
				 .path = BUF_INIT(BUF_NO_LIMIT) };
	rc = pages_at(pages, 0, sizeof(*shard->head), &at, err);
	if (rc < 0)
		return rc;
	shard->head = at;
	if (!is_head(shard->head))
		return err_set(err, ERR_CORRUPT, "an index of another form");
	shard->places = calloc(shard_count(shard, SHARD_SEGMENTS) + 1,
			       sizeof(*shard->places));
	return shard->places ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

void shard_release(struct shard *shard)
{
	pages_free(shard->pages);
	buf_release(&shard->path);
	free(shard->places);
	memset(shard, 0, sizeof(*shard));
}

static int hash_at(const struct shard *shard, enum shard_part part,
		   size_t number, uint64_t *out, struct err *err)
{
	const void *at;
	int rc = shard_part(shard, part, number, 1, &at, err);

	if (rc == 0)
		memcpy(out, at, sizeof(*out));
	return rc;
}

/* The place sought is one of these, or the last of them. */
struct range {
	size_t from, to;
};

/* It is before `at`, or behind. */
static int step_to(const struct shard *shard, enum shard_part part,
		   uint64_t hash, size_t at, struct range *range,
		   struct err *err)
{
	uint64_t there;
	int rc;

	if (at < range->from || at >= range->to)
		return 0;
	rc = hash_at(shard, part, at, &there, err);
	if (rc == 0 && there < hash)
		range->from = at + 1;
	else
		range->to = at;
	return rc;
}

static int halve(const struct shard *shard, enum shard_part part,
		 uint64_t hash, struct range *range, struct err *err)
{
	int rc = 0;

	while (rc == 0 && range->from < range->to)
		rc = step_to(shard, part, hash, range->from +
			     (range->to - range->from) / 2, range, err);
	return rc;
}

/* Hashes are spread evenly: it is near there, most often. */
static size_t guess_of(uint64_t hash, size_t n)
{
	return (size_t)((hash >> 32) * (uint64_t)n >> 32);
}

int shard_lower_bound(const struct shard *shard, enum shard_part part,
		      uint64_t hash, size_t *out, struct err *err)
{
	size_t n = shard_count(shard, part);
	size_t guess = guess_of(hash, n);
	struct range range = { 0, n };
	size_t step;
	int rc = n ? step_to(shard, part, hash, guess, &range, err) : 0;

	/* Few pages are looked at: each step is longer than the one before. */
	for (step = NEAR_STEP; rc == 0 && range.from > guess &&
	     range.to == n && guess + step < n; step *= 2)
		rc = step_to(shard, part, hash, guess + step, &range, err);
	for (step = NEAR_STEP; rc == 0 && range.to <= guess && !range.from &&
	     range.to; step *= 2)
		rc = step_to(shard, part, hash, range.to > step ?
			     range.to - step : 0, &range, err);
	if (rc == 0)
		rc = halve(shard, part, hash, &range, err);
	*out = range.from;
	return rc;
}

/* From `from` on, the first element that is not less; few steps away, when
 * both are as long. */
static int gallop(const struct shard *shard, enum shard_part part,
		  uint64_t hash, size_t from, size_t *out, struct err *err)
{
	size_t end = shard_count(shard, part);
	struct range range = { from, end };
	size_t step;
	int rc = 0;

	for (step = 1; rc == 0 && range.from + step < end && range.to == end;
	     step *= 2)
		rc = step_to(shard, part, hash, range.from + step - 1, &range,
			     err);
	if (rc == 0)
		rc = halve(shard, part, hash, &range, err);
	*out = range.from;
	return rc;
}

int shard_common(const struct shard *a, const struct shard *b,
		 enum shard_part part, const struct shard_visitor *visitor,
		 struct err *err)
{
	size_t place = 0;
	size_t i;
	int rc = 0;

	if (shard_count(a, part) > shard_count(b, part)) {
		const struct shard *other = a;

		a = b;
		b = other;
	}
	for (i = 0; rc == 0 && i < shard_count(a, part); i++) {
		uint64_t hash = 0;
		uint64_t there = 0;

		rc = hash_at(a, part, i, &hash, err);
		if (rc == 0)
			rc = gallop(b, part, hash, place, &place, err);
		if (rc < 0 || place == shard_count(b, part))
			break;
		rc = hash_at(b, part, place, &there, err);
		if (rc == 0 && there == hash)
			rc = visitor->hash(visitor->arg, hash, err);
	}
	return rc;
}

static int has_name(const struct shard *shard, const unsigned char *name,
		    bool *out, struct err *err)
{
	size_t n = shard_count(shard, SHARD_KNOWN);
	const void *names;
	size_t i;
	int rc = shard_part(shard, SHARD_KNOWN, 0, n, &names, err);

	for (i = 0; rc == 0 && i < n; i++)
		*out |= !memcmp((const unsigned char *)names +
				i * PAGES_NAME_BYTES, name, PAGES_NAME_BYTES);
	return rc;
}

int shard_knows(const struct shard *a, const struct shard *b, bool *out,
		struct err *err)
{
	int rc;

	*out = false;
	rc = has_name(a, pages_name(b->pages), out, err);
	return rc < 0 ? rc : has_name(b, pages_name(a->pages), out, err);
}

int shard_term_text(const struct shard *shard, const struct shard_term *term,
		    struct word *out, struct err *err)
{
	const void *at;
	int rc = shard_part(shard, SHARD_TERM_HEAP, term->text,
			    (uint64_t)term->stem_len + term->form_len, &at,
			    err);

	if (rc < 0)
		return rc;
	out->stem = span_of(at, term->stem_len);
	out->form = span_of((const char *)at + term->stem_len, term->form_len);
	return 0;
}

int shard_word(const struct shard *shard, size_t number, struct word *out,
	       bool *out_is_there, struct err *err)
{
	const void *term;
	int rc;

	*out = (struct word){ .position = 0 };
	*out_is_there = number < shard_count(shard, SHARD_TERMS);
	if (!*out_is_there)
		return 0;
	rc = shard_part(shard, SHARD_TERMS, number, 1, &term, err);
	return rc < 0 ? rc : shard_term_text(shard, term, out, err);
}
