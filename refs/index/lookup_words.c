#include "refs/index/lookup_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

static bool get_varint(const unsigned char **at, const unsigned char *end,
		       uint32_t *out)
{
	unsigned shift = 0;

	*out = 0;
	while (*at < end && shift < 32) {
		unsigned char byte = *(*at)++;

		*out |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
		shift += 7;
	}
	return false;
}

/* The places of one term, which are sorted. */
static int take_postings(struct lookup *lookup,
			 const struct searched *searched,
			 const struct shard_term *term, uint32_t slots,
			 uint32_t exact, struct err *err)
{
	size_t rows = shard_count(searched->shard, SHARD_TOKENS);
	struct occurrence one = { 0, 0, slots, exact };
	const unsigned char *end;
	const unsigned char *at;
	const void *bytes;
	uint32_t step;
	int rc = shard_part(searched->shard, SHARD_POSTINGS, term->postings,
			    term->postings_len, &bytes, err);

	/* Each takes two bytes or more. */
	if (rc == 0)
		rc = array_room_at(&lookup->places.at, sizeof(one),
				   &lookup->places.cap, lookup->places.n +
				   term->postings_len / 2, err);
	if (rc == 0)
		rc = array_room(&lookup->runs, err);
	if (rc < 0)
		return rc;
	at = bytes;
	end = at + term->postings_len;
	while (at < end) {
		if (!get_varint(&at, end, &step) ||
		    !get_varint(&at, end, &one.position) ||
		    step >= rows - one.row)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		one.row += step;
		lookup->places.at[lookup->places.n++] = one;
	}
	lookup->runs.at[lookup->runs.n++] = lookup->places.n;
	return 0;
}

static int read_term(const struct searched *searched, size_t number,
		     const struct shard_term **out, struct word *word,
		     struct err *err)
{
	const void *term;
	int rc = shard_part(searched->shard, SHARD_TERMS, number, 1, &term,
			    err);

	if (rc < 0)
		return rc;
	*out = term;
	return shard_term_text(searched->shard, term, word, err);
}

/* Which slots is a term found by? Each of them takes it but once: as long as
 * no slot before it does. */
static int take_term(struct lookup *lookup, struct searched *searched,
		     size_t number, size_t slot, struct err *err)
{
	const struct shard_term *term;
	struct word word = { .position = 0 };
	uint32_t exact;
	uint32_t slots;
	int rc = read_term(searched, number, &term, &word, err);

	if (rc < 0)
		return rc;
	slots = query_match(lookup->recall->query, &word, &exact);
	if (!slots || slots & (((uint32_t)1 << slot) - 1))
		return 0;
	return take_postings(lookup, searched, term, slots, exact, err);
}

static int take_stem(struct lookup *lookup, struct searched *searched,
		     struct span stem, size_t slot, struct err *err)
{
	const struct shard *shard = searched->shard;
	uint64_t hash = xxh64_of(stem.at, stem.len);
	const struct shard_term *term;
	struct word word;
	size_t number;
	int rc = shard_lower_bound(shard, SHARD_TERMS, hash, &number, err);

	for (; rc == 0 && number < shard_count(shard, SHARD_TERMS); number++) {
		rc = read_term(searched, number, &term, &word, err);
		if (rc < 0 || term->hash != hash)
			break;
		if (span_equals(word.stem, stem))
			rc = take_term(lookup, searched, number, slot, err);
	}
	return rc;
}

static int take_slot(struct lookup *lookup, struct searched *searched,
		     size_t slot, struct err *err)
{
	const struct query_slot *at = &lookup->recall->query->slots[slot];
	size_t i;
	int rc = 0;

	/* A beginning, or a part, may be any term's. */
	for (i = 0; (at->is_prefix || at->is_part) && rc == 0 &&
	     i < shard_count(searched->shard, SHARD_TERMS); i++)
		rc = take_term(lookup, searched, i, slot, err);
	for (i = 0; !at->is_prefix && rc == 0 && i < at->stems_n; i++)
		rc = take_stem(lookup, searched, at->stems[i], slot, err);
	return rc;
}

static bool is_before(const struct occurrence *a, const struct occurrence *b)
{
	return a->row != b->row ? a->row < b->row : a->position < b->position;
}

static void merge_two(const struct occurrence *from, size_t middle, size_t end,
		      struct occurrence *to)
{
	size_t a = 0;
	size_t b = middle;

	while (a < middle && b < end)
		*to++ = is_before(&from[b], &from[a]) ? from[b++] : from[a++];
	while (a < middle)
		*to++ = from[a++];
	while (b < end)
		*to++ = from[b++];
}

/* Each two runs become one, from one array into the other. */
static void merge_pairs(struct lookup *lookup)
{
	size_t *ends = lookup->runs.at;
	size_t n = lookup->runs.n;
	size_t first = 0;
	size_t i;

	for (i = 0; i < n; i += 2) {
		size_t end = ends[i + 1 < n ? i + 1 : i];

		merge_two(lookup->places.at + first, ends[i] - first,
			  end - first, lookup->other.at + first);
		ends[i / 2] = end;
		first = end;
	}
	lookup->runs.n = (n + 1) / 2;
}

static int merge_runs(struct lookup *lookup, struct err *err)
{
	struct occurrence *at;
	size_t cap;
	int rc = array_room_at(&lookup->other.at, sizeof(*at),
			       &lookup->other.cap, lookup->places.n, err);

	while (rc == 0 && lookup->runs.n > 1) {
		merge_pairs(lookup);
		at = lookup->places.at;
		cap = lookup->places.cap;
		lookup->places.at = lookup->other.at;
		lookup->places.cap = lookup->other.cap;
		lookup->other.at = at;
		lookup->other.cap = cap;
	}
	return rc;
}

/* Count what stands in one row, from *at on. */
static void count_places(const struct lookup *lookup, uint32_t mask,
			 size_t *at, struct counting *counting)
{
	uint32_t row = lookup->places.at[*at].row;
	uint32_t last = 0;

	for (; *at < lookup->places.n && lookup->places.at[*at].row == row;
	     ++*at) {
		const struct occurrence *one = &lookup->places.at[*at];

		if (one->position != last + 1)
			counting->before = 0;
		count_word(counting, one->slots & mask, one->exact & mask,
			   !one->position);
		last = one->position;
	}
}

/* Returns how many slots were counted. */
static int put_counts(const struct lookup *lookup, struct searched *searched,
		      const struct counting *counting, struct err *err)
{
	size_t slots = lookup->recall->query->slots_n;
	size_t first = searched->counts.n;
	size_t slot;
	int rc = 0;

	for (slot = 0; rc == 0 && slot < slots; slot++) {
		if (!counting->stem[slot])
			continue;
		rc = array_room(&searched->counts, err);
		if (rc == 0)
			searched->counts.at[searched->counts.n++] =
				(struct row_count){ (uint8_t)slot,
						    counting->stem[slot],
						    counting->exact[slot] };
	}
	return rc < 0 ? rc : (int)(searched->counts.n - first);
}

/* The same of a row that has but one place, as most have. */
static int put_count(struct searched *searched, uint32_t mask,
		     const struct occurrence *one, struct err *err)
{
	uint32_t slots = one->slots & mask;
	uint8_t slot;
	int n = 0;
	int rc = 0;

	for (slot = 0; rc == 0 && slots >> slot && slot < QUERY_SLOTS_MAX;
	     slot++) {
		if (!(slots >> slot & 1))
			continue;
		rc = array_room(&searched->counts, err);
		if (rc == 0)
			searched->counts.at[searched->counts.n++] =
				(struct row_count){ slot, 1,
						    one->exact >> slot & 1 };
		n++;
	}
	return rc < 0 ? rc : n;
}

static int put_places(struct lookup *lookup, struct searched *searched,
		      uint32_t mask, size_t *at, uint32_t *out_pairs,
		      struct err *err)
{
	const struct occurrence *one = &lookup->places.at[*at];
	struct counting counting;

	*out_pairs = 0;
	if (*at + 1 == lookup->places.n || one[1].row != one->row) {
		++*at;
		return put_count(searched, mask, one, err);
	}
	memset(&counting, 0, sizeof(counting));
	count_places(lookup, mask, at, &counting);
	*out_pairs = counting.pairs;
	return put_counts(lookup, searched, &counting, err);
}

static void skip_places(const struct lookup *lookup, size_t *at)
{
	uint32_t row = lookup->places.at[*at].row;

	while (*at < lookup->places.n && lookup->places.at[*at].row == row)
		++*at;
}

static int put_session(struct lookup *lookup, struct searched *searched,
		       size_t session, struct err *err)
{
	size_t n = searched->sessions.n;
	const void *hash;
	int rc;

	if (n && searched->sessions.at[n - 1].session == session)
		return 0;
	rc = array_room(&searched->sessions, err);
	if (rc < 0)
		return rc;
	searched->sessions.at[searched->sessions.n++] = (struct found_session){
		(uint32_t)session, searched->rows.n, searched->rows.n
	};
	if (searched->states[session] != SESSION_MIXED)
		return 0;
	rc = shard_part(searched->shard, SHARD_SESSIONS, session, 1, &hash,
			err);
	return rc < 0 ? rc : table_put(&lookup->mixed, hash, 1, err);
}

/* Words of titles are looked for in titles alone. */
static int slots_of(const struct lookup *lookup,
		    const struct searched *searched, uint32_t row,
		    uint32_t *out, struct err *err)
{
	uint8_t kind;
	uint16_t who;
	int rc;

	*out = lookup->slots;
	if (!lookup->title_slots)
		return 0;
	rc = lookup_kind_of(searched, row, &who, &kind, err);
	if (rc == 0 && kind & WHO_IS_TITLE)
		*out |= lookup->title_slots;
	return rc;
}

/* Does the row count? gists: the column, where it was read. */
static int is_counted(const struct lookup *lookup,
		      const struct searched *searched, uint32_t row,
		      const uint8_t *gists, bool *out, struct err *err)
{
	const void *trait;
	int rc;

	*out = true;
	if (gists && !(gists[row] & SHARD_GIST_OTHER))
		return 0;
	rc = shard_part(searched->shard, SHARD_TRAITS, row, 1, &trait, err);
	if (rc == 0)
		*out = !(*(const uint8_t *)trait & lookup->without);
	return rc;
}

static int put_row(struct lookup *lookup, struct searched *searched,
		   size_t session, const uint8_t *gists, size_t *at,
		   struct err *err)
{
	uint32_t row = lookup->places.at[*at].row;
	size_t first = searched->counts.n;
	bool counts = false;
	uint32_t slots = 0;
	uint32_t pairs;
	int rc = is_counted(lookup, searched, row, gists, &counts, err);

	if (rc == 0)
		rc = slots_of(lookup, searched, row, &slots, err);
	if (rc < 0)
		return rc;
	if (searched->states[session] == SESSION_OUT || !counts) {
		skip_places(lookup, at);
		return 0;
	}
	rc = put_places(lookup, searched, slots, at, &pairs, err);
	if (rc <= 0)
		return rc;
	rc = put_session(lookup, searched, session, err);
	if (rc == 0)
		rc = array_room(&searched->rows, err);
	if (rc < 0)
		return rc;
	searched->rows.at[searched->rows.n++] = (struct found_row){
		row, pairs, (uint32_t)first
	};
	searched->sessions.at[searched->sessions.n - 1].end =
		searched->rows.n;
	return 0;
}

/* Rows and sessions of what was found; the last row tells where the counts
 * of the one before it end. */
static int put_found(struct lookup *lookup, struct searched *searched,
		     struct err *err)
{
	size_t sessions = shard_count(searched->shard, SHARD_SESSIONS);
	size_t session = 0;
	size_t at = 0;
	const void *gists = NULL;
	int rc = 0;

	/* Where much of it is looked at, all of the column is read at once. */
	if (lookup->places.n > sessions / 4)
		rc = shard_part(searched->shard, SHARD_GISTS, 0,
				shard_count(searched->shard, SHARD_GISTS),
				&gists, err);
	while (rc == 0 && at < lookup->places.n) {
		uint32_t row = lookup->places.at[at].row;

		while (session < sessions &&
		       searched->firsts[session + 1] <= row)
			session++;
		if (session == sessions)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		rc = put_row(lookup, searched, session, gists, &at,
			     err);
	}
	if (rc == 0 && searched->counts.n > UINT32_MAX)
		rc = err_set(err, ERR_LIMIT, "too much is found");
	if (rc == 0)
		rc = array_room(&searched->rows, err);
	if (rc == 0)
		searched->rows.at[searched->rows.n] = (struct found_row){
			UINT32_MAX, 0, (uint32_t)searched->counts.n
		};
	return rc;
}

int lookup_words(struct lookup *lookup, struct err *err)
{
	size_t i;
	size_t slot;
	int rc = 0;

	for (i = 0; rc == 0 && i < lookup->n; i++) {
		struct searched *searched = &lookup->at[i];

		lookup->places.n = lookup->runs.n = 0;
		for (slot = 0; rc == 0 &&
		     slot < lookup->recall->query->slots_n; slot++)
			rc = take_slot(lookup, searched, slot, err);
		if (rc == 0)
			rc = merge_runs(lookup, err);
		if (rc == 0)
			rc = put_found(lookup, searched, err);
	}
	return rc;
}
