#include "refs/index/lookup_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

static int out_of_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int text_at(const struct searched *searched, uint16_t number,
		   struct span *out, struct err *err)
{
	const void *at = "";
	int rc;

	if (number >= shard_count(searched->shard, SHARD_TEXTS))
		return err_set(err, ERR_CORRUPT, "a wrong index");
	rc = shard_part(searched->shard, SHARD_TEXT_HEAP,
			searched->texts[number].at,
			searched->texts[number].len, &at, err);
	*out = span_of(at, searched->texts[number].len);
	return rc;
}

static int read_who(const struct searched *searched,
		    const struct shard_who *who, struct spoken *out,
		    struct err *err)
{
	struct span kind;
	int rc = text_at(searched, who->name, &out->name, err);

	if (rc == 0)
		rc = text_at(searched, who->role, &out->role, err);
	if (rc == 0)
		rc = text_at(searched, who->model, &out->model, err);
	if (rc == 0)
		rc = text_at(searched, who->provider, &out->provider, err);
	if (rc == 0)
		rc = text_at(searched, who->project, &out->project, err);
	if (rc == 0)
		rc = text_at(searched, who->kind, &kind, err);
	if (rc < 0)
		return rc;
	out->kind = kind_find(kind);
	return out->kind ? 0 : err_set(err, ERR_CORRUPT, "a wrong index");
}

/* Whose name is asked for, and who may be a hit? */
static int look_at_who(const struct lookup *lookup, struct searched *searched,
		       size_t number, struct err *err)
{
	struct recall_filter filter = lookup->recall->filter;
	struct spoken spoken = SPOKEN_INIT;
	uint32_t *named = &searched->named[number];
	uint8_t kind = 0;
	int rc = read_who(searched, &searched->whos[number], &spoken, err);

	/* Times are another thing. */
	filter.since = INT64_MIN;
	filter.until = INT64_MAX;
	if (rc == 0)
		rc = rows_name(lookup->recall->words, lookup->recall->query,
			       spoken.name, named, err);
	if (rc < 0)
		return rc;
	if (!recall_wants(&filter, &spoken))
		kind |= WHO_IS_OUT;
	if (spoken_is_title(&spoken))
		kind |= WHO_IS_TITLE;
	if (filter.project && recall_wants_project(&filter, spoken.project))
		kind |= WHO_IS_CHOSEN;
	searched->kinds[number] = kind;
	searched->may_name |= *named != 0;
	searched->needs_whos |= *named || kind & (WHO_IS_OUT | WHO_IS_CHOSEN) ||
				query_title_slots(lookup->recall->query);
	return 0;
}

static int open_columns(struct searched *searched, struct err *err)
{
	const struct shard *shard = searched->shard;
	const void *at[4] = { NULL };
	int rc = shard_part(shard, SHARD_FIRSTS, 0,
			    shard_count(shard, SHARD_FIRSTS), &at[0], err);

	if (rc == 0)
		rc = shard_part(shard, SHARD_ALL_WHOS, 0,
				shard_count(shard, SHARD_ALL_WHOS), &at[1],
				err);
	if (rc == 0)
		rc = shard_part(shard, SHARD_TEXTS, 0,
				shard_count(shard, SHARD_TEXTS), &at[2], err);
	if (rc == 0)
		rc = shard_part(shard, SHARD_SUMS, 0,
				shard_count(shard, SHARD_SUMS), &at[3], err);
	searched->firsts = at[0];
	searched->sums = at[3];
	searched->whos = at[1];
	searched->texts = at[2];
	return rc;
}

static int open_searched(const struct lookup *lookup,
			 struct searched *searched, const struct shard *shard,
			 struct err *err)
{
	size_t whos = shard_count(shard, SHARD_ALL_WHOS);
	size_t i;
	int rc;

	searched->shard = shard;
	rc = open_columns(searched, err);
	searched->states = calloc(shard_count(shard, SHARD_SESSIONS) + 1,
				  sizeof(*searched->states));
	searched->named = calloc(whos + 1, sizeof(*searched->named));
	searched->kinds = calloc(whos + 1, sizeof(*searched->kinds));
	if (rc == 0 && (!searched->states || !searched->named ||
			!searched->kinds))
		rc = out_of_memory(err);
	for (i = 0; rc == 0 && i < whos; i++)
		rc = look_at_who(lookup, searched, i, err);
	return rc;
}

static void searched_release(struct searched *searched)
{
	free(searched->states);
	free(searched->named);
	free(searched->kinds);
	free(searched->rows.at);
	free(searched->more.at);
	free(searched->counts.at);
	free(searched->sessions.at);
}

void lookup_free(struct lookup *lookup)
{
	size_t i;

	if (!lookup)
		return;
	for (i = 0; lookup->at && i < lookup->n; i++)
		searched_release(&lookup->at[i]);
	free(lookup->at);
	table_release(&lookup->mixed);
	table_release(&lookup->left_out);
	table_release(&lookup->told);
	shards_release(&lookup->shards);
	free(lookup);
}

void lookup_rest(struct lookup *lookup)
{
	size_t i;

	for (i = 0; i < lookup->shards.n; i++)
		pages_rest(lookup->shards.at[i].pages);
}

/* Those that nothing of the view is in stay closed. */
static int open_shards(struct lookup *lookup, struct err *err)
{
	const struct shards *shards = &lookup->shards;
	size_t i;
	int rc = 0;

	lookup->at = calloc(shards->n + 1, sizeof(*lookup->at));
	if (!lookup->at)
		return out_of_memory(err);
	for (i = 0; rc == 0 && i < shards->n; i++) {
		if (shards->at[i].in_view)
			rc = open_searched(lookup, &lookup->at[lookup->n++],
					   &shards->at[i], err);
	}
	return rc;
}

/* What was found in a session of a shard. */
static void find_found(const struct searched *searched, size_t session,
		       size_t *first, size_t *end)
{
	size_t from = 0;
	size_t to = searched->sessions.n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (searched->sessions.at[middle].session < session)
			from = middle + 1;
		else
			to = middle;
	}
	*first = *end = 0;
	if (from == searched->sessions.n ||
	    searched->sessions.at[from].session != session)
		return;
	*first = searched->sessions.at[from].first;
	*end = searched->sessions.at[from].end;
}

/* The rows of a mixed session that lie in one shard: counted, and put among
 * those of recall when some row of the session says a word. */
static int put_mixed_of(struct lookup *lookup, size_t number, uint64_t hash,
			bool is_needed, struct err *err)
{
	struct searched *searched = &lookup->at[number];
	struct recall *recall = lookup->recall;
	struct rows *rows = &recall->rows;
	struct wanted_rows wanted = { .searched = number, .is_mixed = true };
	size_t before = rows->n;
	uint64_t counted;
	bool is_chosen;
	size_t i;
	int rc = lookup_find_session(searched, hash, &wanted.session, err);

	if (rc <= 0 || searched->states[wanted.session] == SESSION_OUT)
		return rc < 0 ? rc : 0;
	find_found(searched, wanted.session, &wanted.found, &wanted.end);
	counted = rows->all;
	rc = lookup_is_chosen(lookup, &wanted, &is_chosen, err);
	if (rc == 0 && is_chosen)
		rc = rows_choose(rows, lookup->construct, hash, err);
	if (rc == 0)
		rc = lookup_count_mixed(lookup, &wanted, err);
	if (rc < 0 || rows->all == counted)
		return rc;
	rc = rows_session(rows, lookup->construct, hash, &wanted.number, err);
	if (rc < 0 || !is_needed)
		return rc;
	rc = lookup_put_rows(lookup, &wanted, rows, err);
	for (i = before; rc == 0 && i < rows->n; i++)
		rc = lookup_put_times(lookup, &rows->at[i], err);
	return rc;
}

static int put_mixed(struct lookup *lookup, struct err *err)
{
	size_t i;
	size_t number;
	int rc = 0;

	for (i = 0; rc == 0 && i < lookup->mixed.count; i++) {
		uint64_t hash;

		memcpy(&hash, table_key_at(&lookup->mixed, i), sizeof(hash));
		for (number = 0; rc == 0 && number < lookup->n; number++)
			rc = put_mixed_of(lookup, number, hash,
					  table_value_at(&lookup->mixed, i),
					  err);
	}
	return rc;
}

static int put_simple_of(struct lookup *lookup, size_t number, size_t found,
			 struct rows *rows, struct err *err)
{
	const struct searched *searched = &lookup->at[number];
	const struct found_session *at = &searched->sessions.at[found];
	struct wanted_rows wanted = {
		.searched = number, .session = at->session,
		.found = at->first, .end = at->end,
	};
	size_t i = rows->n;
	uint64_t hash;
	const void *bytes;
	bool is_chosen;
	int rc = shard_part(searched->shard, SHARD_SESSIONS, at->session, 1,
			    &bytes, err);

	if (rc < 0)
		return rc;
	hash = *(const uint64_t *)bytes;
	rc = rows_session(rows, lookup->construct, hash, &wanted.number, err);
	if (rc == 0)
		rc = lookup_is_chosen(lookup, &wanted, &is_chosen, err);
	if (rc == 0 && is_chosen)
		rc = rows_choose(rows, lookup->construct, hash, err);
	if (rc == 0)
		rc = lookup_put_rows(lookup, &wanted, rows, err);
	for (; rc == 0 && i < rows->n; i++)
		rc = lookup_put_times(lookup, &rows->at[i], err);
	return rc;
}

/* Who picks reads all that was found. */
static int put_simple(struct lookup *lookup, struct err *err)
{
	struct rows *rows = &lookup->recall->rows;
	size_t number;
	size_t i;
	int rc = 0;

	for (number = 0; rc == 0 && number < lookup->n; number++) {
		const struct searched *searched = &lookup->at[number];

		for (i = 0; rc == 0 && i < searched->sessions.n; i++) {
			size_t session = searched->sessions.at[i].session;

			if (searched->states[session] == SESSION_SIMPLE)
				rc = put_simple_of(lookup, number, i, rows,
						   err);
		}
	}
	return rc;
}

int lookup_new(struct recall *recall, uint32_t construct,
	       const struct lookup_visitor *visitor, struct lookup **out,
	       struct err *err)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	int rc;

	if (!lookup)
		return out_of_memory(err);
	*out = lookup;
	lookup->recall = recall;
	lookup->construct = construct;
	lookup->visitor = visitor;
	lookup->slots = query_slots(recall->query, false);
	lookup->title_slots = query_title_slots(recall->query);
	lookup->without = SHARD_SILENT | SHARD_CAPSULES |
			  (recall->filter.with_all ? 0 : SHARD_HIDDEN);
	lookup->mixed = (struct table)TABLE_INIT(8, TABLE_NO_LIMIT);
	lookup->left_out = (struct table)TABLE_INIT(8, TABLE_NO_LIMIT);
	lookup->told = (struct table)TABLE_INIT(16, TABLE_NO_LIMIT);
	rc = shards_open(recall->views[construct], recall->words,
			 recall->filter.until_ms, &lookup->shards, err);
	if (rc == 0)
		rc = open_shards(lookup, err);
	if (rc == 0)
		rc = lookup_mixed(lookup, err);
	if (rc == 0)
		rc = lookup_total(lookup, err);
	if (rc == 0)
		rc = lookup_words(lookup, err);
	if (rc == 0)
		rc = put_mixed(lookup, err);
	if (rc == 0 && recall->pick)
		rc = put_simple(lookup, err);
	if (rc == ERR_CORRUPT)
		shards_drop(&lookup->shards);
	return rc;
}

size_t lookup_segments(const struct lookup *lookup)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < lookup->n; i++)
		n += lookup->at[i].shard->in_view;
	return n;
}

int lookup_is_title(const struct lookup *lookup, const struct row *row,
		    bool *out, struct err *err)
{
	uint8_t kind = 0;
	uint16_t who;
	int rc = lookup_kind_of(&lookup->at[row->shard], row->number, &who,
				&kind, err);

	*out = kind & WHO_IS_TITLE;
	return rc;
}

int lookup_place(const struct lookup *lookup, const struct row *row,
		 const struct tree_segment **segment, uint32_t *line,
		 struct err *err)
{
	const struct shard *shard = lookup->at[row->shard].shard;
	const void *at;
	int rc = shard_part(shard, SHARD_LINES, row->number, 1, &at, err);

	if (rc < 0)
		return rc;
	*line = *(const uint32_t *)at;
	rc = shard_part(shard, SHARD_IN_SEGMENTS, row->number, 1, &at, err);
	if (rc == 0)
		rc = shard_part(shard, SHARD_SEGMENTS,
				*(const uint16_t *)at, 1, &at, err);
	if (rc == 0)
		*segment = at;
	return rc;
}
