#include "refs/index/lookup_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

/* The places of one term. */
static int take_postings(struct lookup *lookup,
			 const struct searched *searched,
			 const struct shard_term *term, uint32_t slots,
			 uint32_t exact, struct err *err)
{
	const void *bytes;
	int rc = shard_part(searched->shard, SHARD_POSTINGS, term->postings,
			    term->postings_len, &bytes, err);

	return rc < 0 ? rc :
	       postings_add(lookup->postings,
			    span_of(bytes, term->postings_len), slots, exact,
			    err);
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

#define NOTHING UINT32_MAX	/* of a row counts */

/* Count what stands in one row. */
static void count_places(const struct row_places *row, uint32_t mask,
			 struct counting *counting)
{
	uint32_t last = 0;
	size_t i;

	for (i = 0; i < row->n; i++) {
		const struct occurrence *one = &row->at[i];

		if (one->position != last + 1)
			counting->before = 0;
		count_word(counting, one->slots & mask, one->exact & mask,
			   !one->position);
		last = one->position;
	}
}

/* Of a row with several places: *out_number is what tells of them, if any
 * counts. */
static int put_counts(const struct lookup *lookup, struct searched *searched,
		      const struct counting *counting, uint32_t *out_number,
		      struct err *err)
{
	size_t slots = lookup->recall->query->slots_n;
	size_t first = searched->counts.n;
	size_t slot;
	int rc = array_room(&searched->more, err);

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
	if (rc < 0 || searched->counts.n == first)
		return rc;
	if (searched->counts.n >= FOUND_ONCE)
		return err_set(err, ERR_LIMIT, "too much is found");
	*out_number = (uint32_t)searched->more.n;
	searched->more.at[searched->more.n++] = (struct found_more){
		counting->pairs, (uint32_t)first
	};
	rc = array_room(&searched->more, err);
	if (rc == 0)
		searched->more.at[searched->more.n].first =
			(uint32_t)searched->counts.n;
	return rc;
}

static int put_places(const struct lookup *lookup, struct searched *searched,
		      uint32_t mask, const struct row_places *row,
		      uint32_t *out_number, struct err *err)
{
	uint32_t slots = row->at->slots & mask;
	struct counting counting;

	if (row->n == 1 && slots && !(slots & (slots - 1))) {
		uint32_t slot = (uint32_t)__builtin_ctz(slots);

		*out_number = FOUND_ONCE | slot << 1 |
			      (row->at->exact >> slot & 1);
		return 0;
	}
	memset(&counting, 0, sizeof(counting));
	count_places(row, mask, &counting);
	return put_counts(lookup, searched, &counting, out_number, err);
}

void lookup_found(const struct searched *searched,
		  const struct found_row *row, struct found *out)
{
	const struct found_more *more;

	if (row->number & FOUND_ONCE) {
		out->once = (struct row_count){
			(uint8_t)((row->number & ~FOUND_ONCE) >> 1), 1,
			row->number & 1
		};
		out->at = &out->once;
		out->n = 1;
		out->pairs = 0;
		return;
	}
	more = &searched->more.at[row->number];
	out->at = searched->counts.at + more->first;
	out->n = more[1].first - more->first;
	out->pairs = more->pairs;
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
		(uint32_t)session, (uint32_t)searched->rows.n, 0
	};
	lookup->said = 0;
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

/* The gists of a shard tell it of most rows, and lie in few pages. */
static int is_counted(const struct lookup *lookup,
		      const struct searched *searched, uint32_t row,
		      bool *out, struct err *err)
{
	const void *gist = searched->gists ? &searched->gists[row] : NULL;
	const void *tokens;
	int rc = gist ? 0 :
		 shard_part(searched->shard, SHARD_GISTS, row, 1, &gist, err);

	*out = true;
	if (rc < 0 || !(*(const uint8_t *)gist & SHARD_GIST_OTHER))
		return rc;
	rc = shard_part(searched->shard, SHARD_TOKENS, row, 1, &tokens, err);
	if (rc == 0)
		*out = !(shard_traits_of(*(const uint32_t *)tokens) &
			 lookup->without);
	return rc;
}

static int put_row(struct lookup *lookup, struct searched *searched,
		   size_t session, const struct found_row *row,
		   struct err *err)
{
	struct found found;
	size_t i;
	int rc = put_session(lookup, searched, session, err);

	if (rc == 0)
		rc = array_room(&searched->rows, err);
	if (rc < 0)
		return rc;
	searched->rows.at[searched->rows.n++] = *row;
	searched->sessions.at[searched->sessions.n - 1].end =
		(uint32_t)searched->rows.n;
	if (searched->states[session] != SESSION_SIMPLE)
		return 0;
	lookup_found(searched, row, &found);
	for (i = 0; i < found.n; i++)
		rank_count(&lookup->counts, &found.at[i], &lookup->said);
	return 0;
}

static int take_row(struct lookup *lookup, struct searched *searched,
		    size_t session, const struct row_places *places,
		    struct err *err)
{
	struct found_row row = { places->row, NOTHING };
	bool counts = false;
	uint32_t slots = 0;
	int rc = is_counted(lookup, searched, row.row, &counts, err);

	if (rc < 0 || searched->states[session] == SESSION_OUT || !counts)
		return rc;
	rc = slots_of(lookup, searched, row.row, &slots, err);
	if (rc == 0)
		rc = put_places(lookup, searched, slots, places, &row.number,
				err);
	return rc < 0 || row.number == NOTHING ? rc :
	       put_row(lookup, searched, session, &row, err);
}

static size_t at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

/* Rows and sessions of what was found. */
static int put_found(struct lookup *lookup, struct searched *searched,
		     struct err *err)
{
	size_t sessions = shard_count(searched->shard, SHARD_SESSIONS);
	size_t rows = shard_count(searched->shard, SHARD_TOKENS);
	size_t most = postings_most(lookup->postings);
	struct row_places row;
	size_t session = 0;
	int rc = array_reserve(&searched->rows, at_most(most, rows), err);

	if (rc == 0)
		rc = array_reserve(&searched->sessions,
				   at_most(most, sessions), err);
	/* So many are in most pages of that column. */
	if (rc == 0 && most > 2 * rows / PAGE_BYTES)
		rc = lookup_all_gists(searched, err);
	while (rc == 0) {
		rc = postings_next(lookup->postings, &row, err);
		if (rc < 0 || !row.n)
			break;
		while (session < sessions &&
		       searched->firsts[session + 1] <= row.row)
			session++;
		if (session == sessions)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		rc = take_row(lookup, searched, session, &row, err);
	}
	return rc;
}

int lookup_words(struct lookup *lookup, struct err *err)
{
	size_t i;
	size_t slot;
	int rc = postings_new(&lookup->postings, err);

	for (i = 0; rc == 0 && i < lookup->n; i++) {
		struct searched *searched = &lookup->at[i];

		postings_begin(lookup->postings, (uint32_t)
			       shard_count(searched->shard, SHARD_TOKENS));
		for (slot = 0; rc == 0 &&
		     slot < lookup->recall->query->slots_n; slot++)
			rc = take_slot(lookup, searched, slot, err);
		if (rc == 0)
			rc = put_found(lookup, searched, err);
	}
	postings_free(lookup->postings);
	lookup->postings = NULL;
	return rc;
}
