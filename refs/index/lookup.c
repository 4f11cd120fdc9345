#include "refs/index/lookup_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "objects/tree/segment_verify.h"

static int out_of_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int open_parts(struct searched *searched, const struct shard *shard,
		      struct err *err)
{
	const struct shard_head *head = shard->head;
	const void *at[5] = { NULL };
	int rc = shard_part(shard, head->rows, head->rows_n,
			    sizeof(*searched->rows), &at[0], err);

	searched->shard = shard;
	if (rc == 0)
		rc = shard_part(shard, head->entities, head->rows_n,
				sizeof(*searched->entities), &at[2], err);
	if (rc == 0)
		rc = shard_part(shard, head->sessions, head->sessions_n,
				sizeof(*searched->sessions), &at[3], err);
	if (rc == 0)
		rc = shard_part(shard, head->texts, head->texts_n,
				sizeof(*searched->texts), &at[4], err);
	searched->rows = at[0];
	searched->entities = at[2];
	searched->sessions = at[3];
	searched->texts = at[4];
	searched->counts = calloc((size_t)head->rows_n + 1,
				  sizeof(*searched->counts));
	searched->numbers = calloc((size_t)head->sessions_n + 1,
				   sizeof(*searched->numbers));
	searched->named = calloc((size_t)head->texts_n + 1,
				 sizeof(*searched->named));
	searched->is_named = calloc((size_t)head->texts_n + 1,
				    sizeof(*searched->is_named));
	if (rc == 0 && (!searched->counts || !searched->numbers ||
			!searched->named || !searched->is_named))
		rc = out_of_memory(err);
	return rc;
}

static void searched_release(struct searched *searched)
{
	free(searched->counts);
	free(searched->numbers);
	free(searched->named);
	free(searched->is_named);
	free(searched->found.at);
}

static bool is_in_view(const struct searched *searched, size_t row)
{
	uint32_t segment = searched->rows[row].segment;

	return segment < searched->shard->head->segments_n &&
	       searched->shard->places[segment] != SHARD_NO_PLACE;
}

static uint64_t row_count(const struct search *search)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < search->n; i++)
		n += search->at[i].shard->head->rows_n;
	return n;
}

/* May the entity of that hash have several records? */
static bool is_again(const struct search *search, uint64_t entity)
{
	uint64_t bit = entity & search->mask;

	return search->again[bit / 64] >> bit % 64 & 1;
}

/* Mark what comes a second time. Most entities have one record, and a bit
 * says so of almost all of them; the rest is counted. */
static void mark_again(struct search *search, uint64_t *seen)
{
	size_t i;
	size_t row;

	for (i = 0; i < search->n; i++) {
		const struct searched *searched = &search->at[i];

		for (row = 0; row < searched->shard->head->rows_n; row++) {
			uint64_t bit = searched->entities[row] & search->mask;
			uint64_t one = (uint64_t)1 << bit % 64;

			if (!is_in_view(searched, row))
				continue;
			search->again[bit / 64] |= seen[bit / 64] & one;
			seen[bit / 64] |= one;
		}
	}
}

static int count_again(struct search *search, const struct searched *searched,
		       struct err *err)
{
	size_t row;
	int rc = 0;

	for (row = 0; rc == 0 && row < searched->shard->head->rows_n; row++) {
		const uint64_t *entity = &searched->entities[row];
		uint64_t n = 0;

		if (!is_again(search, *entity) || !is_in_view(searched, row))
			continue;
		(void)table_get(&search->entities, entity, &n);
		rc = table_put(&search->entities, entity, n + 1, err);
	}
	return rc;
}

/* How many records each entity has in the view. */
static int count_entities(struct search *search, struct err *err)
{
	uint64_t bits = 1024;
	uint64_t *seen;
	size_t i;
	int rc = 0;

	while (bits < 16 * row_count(search))
		bits *= 2;
	search->mask = bits - 1;
	search->again = calloc(bits / 64, sizeof(*search->again));
	seen = calloc(bits / 64, sizeof(*seen));
	if (!search->again || !seen)
		rc = out_of_memory(err);
	if (rc == 0)
		mark_again(search, seen);
	free(seen);
	for (i = 0; rc == 0 && i < search->n; i++)
		rc = count_again(search, &search->at[i], err);
	return rc;
}

static int open_shards(struct search *search, struct err *err)
{
	const struct shards *shards = search->shards;
	size_t i;
	int rc = 0;

	search->at = calloc(shards->n + 1, sizeof(*search->at));
	if (!search->at)
		return out_of_memory(err);
	for (i = 0; rc == 0 && i < shards->n; i++) {
		if (shards->at[i].in_view)
			rc = open_parts(&search->at[search->n++],
					&shards->at[i], err);
	}
	return rc;
}

/* Where a row lies, as rows of recall say it. */
static int place_row(const struct searched *searched, size_t row,
		     struct row *out, struct err *err)
{
	const void *more;
	int rc = shard_part(searched->shard, searched->shard->head->more +
			    row * sizeof(struct shard_more), 1,
			    sizeof(struct shard_more), &more, err);

	if (rc < 0)
		return rc;
	out->segment = searched->shard->places[searched->rows[row].segment];
	out->line = ((const struct shard_more *)more)->line;
	out->tie = ((const struct shard_more *)more)->tie;
	out->micros = ((const struct shard_more *)more)->micros;
	out->index = ((const struct shard_more *)more)->index;
	return 0;
}

/* Hand an entity to who folds it; its hash is done with. */
static int tell_entity(struct search *search, const struct searched *searched,
		       size_t row, struct err *err)
{
	struct recall *recall = search->recall;
	struct row named = { .entity = { NULL, 0 } };
	int rc = place_row(searched, row, &named, err);

	if (rc == 0)
		rc = table_put(&search->entities, &searched->entities[row], 0,
			       err);
	if (rc == 0)
		rc = lookup_name(recall, recall->views[search->construct],
				 &search->shards->segments.at[named.segment],
				 &named, err);
	return rc < 0 ? rc :
	       search->visitor->entity(search->visitor->arg, named.entity,
				       err);
}

static int text_at(const struct searched *searched, uint16_t number,
		   struct span *out, struct err *err)
{
	const struct shard_head *head = searched->shard->head;
	const void *at;
	int rc;

	if (number >= head->texts_n)
		return err_set(err, ERR_CORRUPT, "a wrong index");
	rc = shard_part(searched->shard, head->texts +
			searched->texts[number].at,
			searched->texts[number].len, 1, &at, err);
	if (rc == 0)
		*out = span_of(at, searched->texts[number].len);
	return rc;
}

/* A session of the folder that is wanted, with or without a title. */
static int choose_session(struct search *search,
			  const struct searched *searched, size_t row,
			  struct err *err)
{
	struct recall *recall = search->recall;
	uint32_t session = searched->rows[row].session;
	struct span project;
	const void *more;
	int rc = shard_part(searched->shard, searched->shard->head->more +
			    row * sizeof(struct shard_more), 1,
			    sizeof(struct shard_more), &more, err);

	if (rc == 0)
		rc = text_at(searched, ((const struct shard_more *)more)
			     ->project, &project, err);
	if (rc == 0 && session >= searched->shard->head->sessions_n)
		rc = err_set(err, ERR_CORRUPT, "a wrong index");
	if (rc < 0 || !recall_wants_project(&recall->filter, project))
		return rc;
	return rows_choose(&recall->rows, search->construct,
			   searched->sessions[session].hash, err);
}

/* Does the row stand for itself, or is it nothing, or for the fold to tell? */
static int look_at_row(struct search *search, struct searched *searched,
		       size_t row, struct err *err)
{
	const struct shard_row *at = &searched->rows[row];
	uint64_t n = 1;
	int rc = 0;

	if (!is_in_view(searched, row))
		return 0;
	if (is_again(search, searched->entities[row]))
		(void)table_get(&search->entities, &searched->entities[row],
				&n);
	if (n == 0)
		return 0;
	if (n > 1 || at->flags & SHARD_CAPSULES)
		return tell_entity(search, searched, row, err);
	if (search->recall->filter.project)
		rc = choose_session(search, searched, row, err);
	searched->counts[row] = !(at->flags & SHARD_SILENT) &&
		(search->recall->filter.with_all ||
		 !(at->flags & SHARD_HIDDEN));
	return rc;
}

static int number_sessions(struct search *search, struct searched *searched,
			   struct err *err)
{
	struct rows *rows = &search->recall->rows;
	const struct shard_head *head = searched->shard->head;
	size_t session;
	size_t row;
	int rc = 0;

	for (session = 0; rc == 0 && session < head->sessions_n; session++) {
		const struct shard_session *at = &searched->sessions[session];
		bool is_empty = true;

		if (at->first > head->rows_n ||
		    at->n > head->rows_n - at->first)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		for (row = at->first; row < at->first + at->n; row++) {
			if (!searched->counts[row])
				continue;
			is_empty = false;
			rows->all++;
			rows->tokens += searched->rows[row].tokens;
		}
		if (!is_empty)
			rc = rows_session(rows, search->construct, at->hash,
					  &searched->numbers[session], err);
	}
	return rc;
}

static int look_at_rows(struct search *search, struct err *err)
{
	size_t i;
	size_t row;
	int rc = 0;

	for (i = 0; rc == 0 && i < search->n; i++) {
		struct searched *searched = &search->at[i];

		for (row = 0; rc == 0 && row < searched->shard->head->rows_n;
		     row++)
			rc = look_at_row(search, searched, row, err);
		if (rc == 0)
			rc = number_sessions(search, searched, err);
	}
	return rc;
}

/* Sessions in which some word stands, here or in what was folded. */
static int mark_needed(struct search *search, struct err *err)
{
	const struct rows *rows = &search->recall->rows;
	size_t i;
	size_t at;

	search->needed = calloc(rows->sessions.count + 1, 1);
	if (!search->needed)
		return out_of_memory(err);
	for (i = 0; i < rows->n; i++)
		search->needed[rows->at[i].session] = 1;
	for (i = 0; i < search->n; i++) {
		const struct searched *searched = &search->at[i];

		for (at = 0; at < searched->found.n; at++) {
			uint32_t row = searched->found.at[at].row;
			uint32_t session = searched->rows[row].session;

			if (session >= searched->shard->head->sessions_n)
				return err_set(err, ERR_CORRUPT,
					       "a wrong index");
			search->needed[searched->numbers[session]] = 1;
		}
	}
	return 0;
}

static int name_of(struct search *search, struct searched *searched,
		   uint16_t number, uint32_t *out, struct err *err)
{
	struct span text;
	int rc = text_at(searched, number, &text, err);

	if (rc == 0 && !searched->is_named[number]) {
		rc = rows_name(search->recall->words, search->recall->query,
			       text, &searched->named[number], err);
		searched->is_named[number] = true;
	}
	if (rc == 0)
		*out = searched->named[number];
	return rc;
}

/* What recall filters by, as far as a row tells it. */
static int read_spoken(const struct searched *searched, size_t row,
		       struct spoken *out, struct err *err)
{
	const struct shard_more *more;
	struct span kind;
	const void *at;
	int rc = shard_part(searched->shard, searched->shard->head->more +
			    row * sizeof(*more), 1, sizeof(*more), &at, err);

	if (rc < 0)
		return rc;
	more = at;
	out->micros = more->micros;
	rc = text_at(searched, more->role, &out->role, err);
	if (rc == 0)
		rc = text_at(searched, more->model, &out->model, err);
	if (rc == 0)
		rc = text_at(searched, more->provider, &out->provider, err);
	if (rc == 0)
		rc = text_at(searched, more->kind, &kind, err);
	if (rc == 0)
		out->kind = kind_find(kind);
	return rc < 0 || out->kind ? rc :
	       err_set(err, ERR_CORRUPT, "a wrong index");
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

static void count_found(const struct searched *searched, size_t row,
			uint32_t mask, size_t *at, struct counting *counting)
{
	uint32_t last = 0;

	while (*at < searched->found.n && searched->found.at[*at].row < row)
		++*at;
	for (; *at < searched->found.n && searched->found.at[*at].row == row;
	     ++*at) {
		const struct occurrence *one = &searched->found.at[*at];

		if (one->position != last + 1)
			counting->before = 0;
		count_word(counting, one->slots & mask, one->exact & mask,
			   !one->position);
		last = one->position;
	}
}

static int put_row(struct search *search, struct searched *searched,
		   size_t row, size_t *found, struct err *err)
{
	const struct shard_row *at = &searched->rows[row];
	struct recall *recall = search->recall;
	struct counting counting = { .before = 0 };
	struct spoken spoken = SPOKEN_INIT;
	struct row put = {
		.construct = search->construct,
		.session = searched->numbers[at->session],
		.tokens = at->tokens,
		.flags = (at->flags & SPOKEN_FLAGS) | ROW_IS_PLACED,
	};
	int rc = place_row(searched, row, &put, err);

	if (rc == 0)
		rc = read_spoken(searched, row, &spoken, err);
	if (rc == 0)
		rc = name_of(search, searched, at->name, &put.named, err);
	if (rc < 0)
		return rc;
	if (!recall_wants(&recall->filter, &spoken) ||
	    !is_session(recall->filter.session,
			searched->sessions[at->session].hash))
		put.flags |= ROW_IS_OUT;
	if (spoken_is_title(&spoken))
		put.flags |= ROW_IS_TITLE;
	count_found(searched, row, query_slots(recall->query,
					       put.flags & ROW_IS_TITLE),
		    found, &counting);
	return rows_put(&recall->rows, &counting, &put, err);
}

static int put_rows(struct search *search, struct err *err)
{
	size_t i;
	size_t row;
	int rc = 0;

	for (i = 0; rc == 0 && i < search->n; i++) {
		struct searched *searched = &search->at[i];
		size_t found = 0;

		for (row = 0; rc == 0 && row < searched->shard->head->rows_n;
		     row++) {
			uint32_t session = searched->rows[row].session;

			if (searched->counts[row] &&
			    session < searched->shard->head->sessions_n &&
			    search->needed[searched->numbers[session]])
				rc = put_row(search, searched, row, &found,
					     err);
		}
	}
	return rc;
}

int lookup(struct recall *recall, uint32_t construct,
	   const struct shards *shards, const struct lookup_visitor *visitor,
	   struct err *err)
{
	struct search search = {
		.recall = recall, .construct = construct, .shards = shards,
		.visitor = visitor,
		.entities = TABLE_INIT(sizeof(uint64_t), TABLE_NO_LIMIT),
	};
	size_t i;
	int rc = open_shards(&search, err);

	if (rc == 0)
		rc = count_entities(&search, err);
	if (rc == 0)
		rc = look_at_rows(&search, err);
	if (rc == 0)
		rc = lookup_words(&search, err);
	if (rc == 0)
		rc = mark_needed(&search, err);
	if (rc == 0)
		rc = put_rows(&search, err);
	for (i = 0; i < search.n; i++)
		searched_release(&search.at[i]);
	free(search.at);
	free(search.needed);
	free(search.again);
	table_release(&search.entities);
	return rc;
}

struct naming {
	struct recall *recall;
	struct row *row;
	const struct buf *text;
};

static int take_name(void *arg, const struct placed *placed, struct err *err)
{
	const struct naming *naming = arg;

	if ((size_t)(placed->record->line.at - naming->text->data) !=
	    naming->row->line)
		return 0;
	memcpy(naming->row->id, placed->id, RECORD_ID_BYTES);
	return rows_set_entity(&naming->recall->rows, naming->row,
			       placed->record->entity, err);
}

int lookup_name(struct recall *recall, struct view *view,
		const struct tree_segment *segment, struct row *row,
		struct err *err)
{
	struct buf text = BUF_INIT(RECORD_MAX_BYTES + 1);
	struct naming naming = { recall, row, &text };
	const struct placed_visitor visitor = { take_name, &naming };
	int rc = segment_load(view->vault->store, view->codec, segment, &text,
			      &visitor, err);

	if (rc == 0 && !row->entity.at)
		rc = err_set(err, ERR_CORRUPT, "an index names no record");
	buf_release(&text);
	return rc;
}
