#include "refs/index/lookup_internal.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

int lookup_find_session(const struct searched *searched, uint64_t hash,
			size_t *out, struct err *err)
{
	const struct shard *shard = searched->shard;
	const void *at;
	int rc = shard_lower_bound(shard, SHARD_SESSIONS, hash, out, err);

	if (rc < 0 || *out == shard_count(shard, SHARD_SESSIONS))
		return rc;
	rc = shard_part(shard, SHARD_SESSIONS, *out, 1, &at, err);
	return rc < 0 ? rc : *(const uint64_t *)at == hash;
}

static struct columns columns_of(const struct searched *searched,
				 size_t session)
{
	uint32_t first = searched->firsts[session];

	return (struct columns){
		.searched = searched, .first = first,
		.n = searched->firsts[session + 1] - first,
	};
}

int lookup_all_gists(struct searched *searched, struct err *err)
{
	const void *gists;
	int rc = shard_part(searched->shard, SHARD_GISTS, 0,
			    shard_count(searched->shard, SHARD_GISTS), &gists,
			    err);

	if (rc == 0)
		searched->gists = gists;
	return rc;
}

int lookup_gists(const struct searched *searched, size_t session,
		 struct columns *out, struct err *err)
{
	const void *gists;
	int rc;

	*out = columns_of(searched, session);
	if (searched->gists) {
		out->gists = searched->gists + out->first;
		return 0;
	}
	rc = shard_part(searched->shard, SHARD_GISTS, out->first, out->n,
			&gists, err);
	if (rc == 0)
		out->gists = gists;
	return rc;
}

int lookup_columns(const struct searched *searched, size_t session,
		   struct columns *out, struct err *err)
{
	const struct shard *shard = searched->shard;
	const void *tokens;
	int rc;

	*out = columns_of(searched, session);
	rc = shard_part(shard, SHARD_TOKENS, out->first, out->n, &tokens, err);
	if (rc == 0)
		out->tokens = tokens;
	return rc;
}

static int find_big(const struct shard *shard, uint32_t row,
		    struct shard_big *out, struct err *err)
{
	size_t from = 0;
	size_t to = shard_count(shard, SHARD_BIGS);
	const void *bigs;
	int rc = shard_part(shard, SHARD_BIGS, 0, to, &bigs, err);

	while (rc == 0 && from < to) {
		size_t middle = from + (to - from) / 2;

		*out = ((const struct shard_big *)bigs)[middle];
		if (out->row == row)
			return 0;
		if (out->row < row)
			from = middle + 1;
		else
			to = middle;
	}
	return rc < 0 ? rc : err_set(err, ERR_CORRUPT, "a wrong index");
}

int lookup_tokens(const struct searched *searched, uint32_t row,
		  uint32_t column, uint32_t *out, struct err *err)
{
	struct shard_big big;
	int rc = 0;

	*out = shard_tokens_of(column);
	if (*out == SHARD_BIG_TOKENS) {
		rc = find_big(searched->shard, row, &big, err);
		if (rc == 0)
			*out = big.tokens;
	}
	return rc;
}

int lookup_stands(const struct lookup *lookup, size_t number, uint32_t row,
		  bool *out, struct err *err)
{
	const struct shard *shard = lookup->at[number].shard;
	uint64_t key = (uint64_t)number << 32 | row;
	uint16_t segment;
	const void *at;
	int rc = shard_part(shard, SHARD_IN_SEGMENTS, row, 1, &at, err);

	if (rc < 0)
		return rc;
	segment = *(const uint16_t *)at;
	*out = segment < shard_count(shard, SHARD_SEGMENTS) &&
	       shard->places[segment] &&
	       !table_get(&lookup->left_out, &key, NULL);
	return 0;
}

static bool is_session(const char *wanted, uint64_t hash)
{
	char text[ENTITY_MAX_BYTES + sizeof("session:")];
	int len;

	if (!wanted || xxh64_of(wanted, strlen(wanted)) == hash)
		return true;
	len = snprintf(text, sizeof(text), "session:%s", wanted);
	return len > 0 && (size_t)len < sizeof(text) &&
	       xxh64_of(text, (size_t)len) == hash;
}

int lookup_wants_session(const struct lookup *lookup, size_t number,
			 size_t session, bool *out, struct err *err)
{
	const char *wanted = lookup->recall->filter.session;
	const void *at;
	int rc;

	*out = true;
	if (!wanted)
		return 0;
	rc = shard_part(lookup->at[number].shard, SHARD_SESSIONS, session, 1,
			&at, err);
	if (rc == 0)
		*out = is_session(wanted, *(const uint64_t *)at);
	return rc;
}

int lookup_kind_of(const struct searched *searched, uint32_t row,
		   uint16_t *out_who, uint8_t *out, struct err *err)
{
	const void *at;
	int rc = shard_part(searched->shard, SHARD_WHOS, row, 1, &at, err);

	if (rc < 0)
		return rc;
	*out_who = *(const uint16_t *)at;
	if (*out_who >= shard_count(searched->shard, SHARD_ALL_WHOS))
		return err_set(err, ERR_CORRUPT, "a wrong index");
	*out = searched->kinds[*out_who];
	return 0;
}

int lookup_is_chosen(const struct lookup *lookup,
		     const struct wanted_rows *wanted, bool *out,
		     struct err *err)
{
	const struct searched *searched = &lookup->at[wanted->searched];
	uint32_t row = searched->firsts[wanted->session];
	uint32_t end = searched->firsts[wanted->session + 1];
	bool stands = true;
	uint8_t kind = 0;
	uint16_t who;
	int rc = 0;

	*out = false;
	if (!lookup->recall->filter.project)
		return 0;
	for (; rc == 0 && row < end && !*out; row++) {
		if (wanted->is_mixed)
			rc = lookup_stands(lookup, wanted->searched, row,
					   &stands, err);
		if (rc == 0)
			rc = lookup_kind_of(searched, row, &who, &kind, err);
		*out = rc == 0 && stands && kind & WHO_IS_CHOSEN;
	}
	return rc;
}

int lookup_count_mixed(struct lookup *lookup,
		       const struct wanted_rows *wanted, struct err *err)
{
	const struct searched *searched = &lookup->at[wanted->searched];
	struct rows *rows = &lookup->recall->rows;
	struct columns columns;
	uint32_t tokens = 0;
	bool stands;
	size_t i;
	int rc = lookup_columns(searched, wanted->session, &columns, err);

	for (i = 0; rc == 0 && i < columns.n; i++) {
		uint32_t row = columns.first + (uint32_t)i;

		if (shard_traits_of(columns.tokens[i]) & lookup->without)
			continue;
		rc = lookup_stands(lookup, wanted->searched, row, &stands,
				   err);
		if (rc < 0 || !stands)
			continue;
		rc = lookup_tokens(searched, row, columns.tokens[i], &tokens,
				   err);
		rows->all++;
		rows->tokens += tokens;
	}
	return rc;
}

static bool has_bounds(const struct recall_filter *filter)
{
	return filter->since != INT64_MIN || filter->until != INT64_MAX;
}

/* What stands in a row's columns beside what was found in it. */
static int fill_row(const struct lookup *lookup,
		    const struct wanted_rows *wanted, bool is_out,
		    struct row *row, struct err *err)
{
	const struct searched *searched = &lookup->at[wanted->searched];
	const struct recall_filter *filter = &lookup->recall->filter;
	uint8_t kind = 0;
	uint16_t who = 0;
	int rc = 0;

	/* The column is left closed where it tells nothing. */
	if (searched->needs_whos)
		rc = lookup_kind_of(searched, row->number, &who, &kind, err);
	if (rc < 0)
		return rc;
	row->named = searched->needs_whos ? searched->named[who] : 0;
	row->flags |= kind & WHO_IS_TITLE ? ROW_IS_TITLE : 0;
	is_out |= kind & WHO_IS_OUT;
	if (has_bounds(filter) || days_any(&lookup->recall->query->days))
		rc = lookup_put_times(lookup, row, err);
	if (has_bounds(filter))
		is_out |= row->micros == INT64_MIN ||
			  row->micros < filter->since ||
			  row->micros > filter->until;
	row->flags |= is_out ? ROW_IS_OUT : 0;
	return rc;
}

/* Its counts are those that were found, if it has any. */
static int put_found(const struct lookup *lookup,
		     const struct wanted_rows *wanted, size_t *found,
		     struct row *row, struct rows *rows, struct err *err)
{
	const struct searched *searched = &lookup->at[wanted->searched];
	bool is_picked = lookup->recall->pick != NULL;
	size_t end = wanted->end;
	struct found at;
	size_t i;
	int rc = array_room(rows, err);

	row->first = rows->counts.n;
	row->n = 0;
	while (*found < end && searched->rows.at[*found].row < row->number)
		++*found;
	if (*found < end && searched->rows.at[*found].row == row->number) {
		lookup_found(searched, &searched->rows.at[*found], &at);
		row->pairs = at.pairs;
		row->n = at.n;
		for (i = 0; rc == 0 && i < row->n; i++) {
			rc = array_room(&rows->counts, err);
			if (rc == 0)
				rows->counts.at[rows->counts.n++] = at.at[i];
		}
	}
	/* Who picks asks for no neighbours. */
	if (rc == 0 && (row->n || !is_picked))
		rows->at[rows->n++] = *row;
	return rc;
}

int lookup_put_rows(struct lookup *lookup, const struct wanted_rows *wanted,
		    struct rows *rows, struct err *err)
{
	const struct searched *searched = &lookup->at[wanted->searched];
	size_t found = wanted->found;
	struct columns columns;
	bool is_wanted = true;
	bool stands = true;
	size_t i;
	int rc = lookup_columns(searched, wanted->session, &columns, err);

	if (rc == 0)
		rc = lookup_wants_session(lookup, wanted->searched,
					  wanted->session, &is_wanted, err);
	for (i = 0; rc == 0 && i < columns.n; i++) {
		struct row row = {
			.shard = (uint32_t)wanted->searched,
			.number = columns.first + (uint32_t)i,
			.construct = lookup->construct,
			.session = wanted->number,
			.flags = (shard_traits_of(columns.tokens[i]) & SPOKEN_FLAGS) |
				 ROW_IS_PLACED,
			.micros = INT64_MIN,
		};

		if (shard_traits_of(columns.tokens[i]) & lookup->without)
			continue;
		if (wanted->is_mixed)
			rc = lookup_stands(lookup, wanted->searched,
					   row.number, &stands, err);
		if (rc == 0 && stands)
			rc = lookup_tokens(searched, row.number,
					   columns.tokens[i], &row.tokens,
					   err);
		if (rc == 0 && stands)
			rc = fill_row(lookup, wanted, !is_wanted, &row, err);
		if (rc == 0 && stands)
			rc = put_found(lookup, wanted, &found, &row, rows,
				       err);
	}
	return rc;
}

int lookup_put_times(const struct lookup *lookup, struct row *row,
		     struct err *err)
{
	const struct shard *shard = lookup->at[row->shard].shard;
	struct shard_big big;
	const void *at;
	int rc = shard_part(shard, SHARD_MICROS, row->number, 1, &at, err);

	if (rc < 0)
		return rc;
	row->micros = *(const int64_t *)at;
	rc = shard_part(shard, SHARD_TIES, row->number, 1, &at, err);
	if (rc < 0)
		return rc;
	row->tie = *(const uint32_t *)at;
	rc = shard_part(shard, SHARD_INDEXES, row->number, 1, &at, err);
	if (rc < 0)
		return rc;
	row->index = *(const int16_t *)at;
	if (row->index == SHARD_BIG_INDEX) {
		rc = find_big(shard, row->number, &big, err);
		row->index = big.index;
	}
	return rc;
}
