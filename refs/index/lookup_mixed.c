#include "refs/index/lookup_internal.h"

#include <string.h>

#include "lib/base/xxh.h"

/* Hashes of entities that may have several records. */
struct mixing {
	struct lookup *lookup;
	struct table again;
};

static int take_session(void *arg, uint64_t hash, struct err *err)
{
	const struct mixing *mixing = arg;

	return table_include(&mixing->lookup->mixed, &hash, NULL, err);
}

static int take_entity(void *arg, uint64_t hash, struct err *err)
{
	struct mixing *mixing = arg;

	return table_include(&mixing->again, &hash, NULL, err);
}

/* The hashes that a shard lists in one of its parts. */
static int take_list(struct mixing *mixing, const struct shard *shard,
		     enum shard_part part, struct shard_visitor take,
		     struct err *err)
{
	size_t n = shard_count(shard, part);
	const void *at;
	size_t i;
	int rc = shard_part(shard, part, 0, n, &at, err);

	for (i = 0; rc == 0 && i < n; i++)
		rc = take.hash(mixing, ((const uint64_t *)at)[i], err);
	return rc;
}

/* What two shards have in common is listed by the younger one, but where two
 * processes made them at one time. */
static int take_pair(struct mixing *mixing, const struct shard *a,
		     const struct shard *b, struct err *err)
{
	const struct shard_visitor entities = { take_entity, mixing };
	const struct shard_visitor sessions = { take_session, mixing };
	bool is_known;
	int rc = shard_knows(a, b, &is_known, err);

	if (rc < 0 || is_known)
		return rc;
	rc = shard_common(a, b, SHARD_ENTITIES, &entities, err);
	return rc < 0 ? rc :
	       shard_common(a, b, SHARD_SESSIONS, &sessions, err);
}

static int take_lists(struct mixing *mixing, struct err *err)
{
	const struct shard_visitor entities = { take_entity, mixing };
	const struct shard_visitor sessions = { take_session, mixing };
	const struct lookup *lookup = mixing->lookup;
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < lookup->n; i++) {
		const struct shard *shard = lookup->at[i].shard;

		rc = take_list(mixing, shard, SHARD_ENTITIES_AGAIN, entities,
			       err);
		if (rc == 0)
			rc = take_list(mixing, shard, SHARD_SESSIONS_AGAIN,
				       sessions, err);
		for (j = 0; rc == 0 && j < i; j++)
			rc = take_pair(mixing, shard, lookup->at[j].shard,
				       err);
	}
	return rc;
}

static size_t session_of(const struct searched *searched, uint32_t row)
{
	size_t from = 0;
	size_t to = shard_count(searched->shard, SHARD_SESSIONS);

	/* The last one that begins at the row or before it. */
	while (from + 1 < to) {
		size_t middle = from + (to - from) / 2;

		if (searched->firsts[middle] <= row)
			from = middle;
		else
			to = middle;
	}
	return from;
}

static int mix_session(struct mixing *mixing, const struct searched *searched,
		       size_t session, struct err *err)
{
	const void *at;
	int rc = shard_part(searched->shard, SHARD_SESSIONS, session, 1, &at,
			    err);

	return rc < 0 ? rc : take_session(mixing, *(const uint64_t *)at, err);
}

/* Where the view has not all of a shard, what of each session does it have? */
static int look_at_session(struct mixing *mixing, struct searched *searched,
			   size_t session, const uint16_t *segments,
			   struct err *err)
{
	size_t n = shard_count(searched->shard, SHARD_SEGMENTS);
	size_t rows = 0;
	size_t in_view = 0;
	uint32_t row;

	for (row = searched->firsts[session];
	     row < searched->firsts[session + 1]; row++) {
		if (row >= shard_count(searched->shard, SHARD_TOKENS) ||
		    segments[row] >= n)
			return err_set(err, ERR_CORRUPT, "a wrong index");
		rows++;
		in_view += searched->shard->places[segments[row]] > 0;
	}
	if (in_view == rows)
		return 0;
	searched->states[session] = in_view ? SESSION_MIXED : SESSION_OUT;
	return in_view ? mix_session(mixing, searched, session, err) : 0;
}

static int look_at_sessions(struct mixing *mixing, struct searched *searched,
			    struct err *err)
{
	const struct shard *shard = searched->shard;
	const void *at;
	size_t i;
	int rc;

	if (shard->in_view == shard_count(shard, SHARD_SEGMENTS))
		return 0;
	rc = shard_part(shard, SHARD_IN_SEGMENTS, 0,
			shard_count(shard, SHARD_TOKENS), &at, err);
	for (i = 0; rc == 0 && i < shard_count(shard, SHARD_SESSIONS); i++)
		rc = look_at_session(mixing, searched, i, at, err);
	return rc;
}

/* The fold tells of the entity that a row is of. */
static int tell_row(struct mixing *mixing, size_t number, uint32_t row,
		    struct err *err)
{
	struct lookup *lookup = mixing->lookup;
	const struct lookup_visitor *visitor = lookup->visitor;
	const struct searched *searched = &lookup->at[number];
	uint64_t key = (uint64_t)number << 32 | row;
	struct row named = {
		.construct = lookup->construct, .shard = (uint32_t)number,
		.number = row,
	};
	unsigned char hash[HASH128_BYTES];
	struct xxh128 hashing;
	bool is_new = false;
	int rc = table_include(&lookup->left_out, &key, NULL, err);

	if (rc == 0)
		rc = mix_session(mixing, searched, session_of(searched, row),
				 err);
	if (rc == 0)
		rc = recall_name(lookup->recall, &named, err);
	if (rc < 0)
		return rc;
	xxh128_init(&hashing);
	xxh128_add(&hashing, named.entity.at, named.entity.len);
	xxh128_finish(&hashing, hash);
	rc = table_include(&lookup->told, hash, &is_new, err);
	return rc < 0 || !is_new ? rc :
	       visitor->entity(visitor->arg, named.entity, err);
}

static bool is_in_view(const struct searched *searched, uint16_t segment)
{
	return segment < shard_count(searched->shard, SHARD_SEGMENTS) &&
	       searched->shard->places[segment];
}

/* Rows of the entity with that hash that the view has: their number, and that
 * they are told when is_told. */
static int each_of_entity(struct mixing *mixing, size_t number, uint64_t hash,
			  bool is_told, size_t *n, struct err *err)
{
	const struct searched *searched = &mixing->lookup->at[number];
	const struct shard *shard = searched->shard;
	const void *at;
	size_t i;
	int rc = shard_lower_bound(shard, SHARD_ENTITIES, hash, &i, err);

	for (; rc == 0 && i < shard_count(shard, SHARD_ENTITIES); i++) {
		uint32_t row;

		rc = shard_part(shard, SHARD_ENTITIES, i, 1, &at, err);
		if (rc < 0 || *(const uint64_t *)at != hash)
			break;
		rc = shard_part(shard, SHARD_ENTITY_ROWS, i, 1, &at, err);
		if (rc < 0)
			break;
		row = *(const uint32_t *)at;
		rc = shard_part(shard, SHARD_IN_SEGMENTS, row, 1, &at, err);
		if (rc < 0 || !is_in_view(searched, *(const uint16_t *)at))
			continue;
		++*n;
		if (is_told)
			rc = tell_row(mixing, number, row, err);
	}
	return rc;
}

static int tell_again(struct mixing *mixing, uint64_t hash, struct err *err)
{
	size_t number;
	size_t n = 0;
	int pass;
	int rc = 0;

	for (pass = 0; rc == 0 && pass < 2; pass++) {
		if (pass && n < 2)
			return 0;
		for (number = 0; rc == 0 && number < mixing->lookup->n;
		     number++)
			rc = each_of_entity(mixing, number, hash, pass, &n,
					    err);
	}
	return rc;
}

static int tell_capsules(struct mixing *mixing, size_t number,
			 struct err *err)
{
	const struct searched *searched = &mixing->lookup->at[number];
	const struct shard *shard = searched->shard;
	size_t n = shard_count(shard, SHARD_OF_CAPSULES);
	const void *rows;
	const void *at;
	size_t i;
	int rc = shard_part(shard, SHARD_OF_CAPSULES, 0, n, &rows, err);

	for (i = 0; rc == 0 && i < n; i++) {
		uint32_t row = ((const uint32_t *)rows)[i];

		rc = shard_part(shard, SHARD_IN_SEGMENTS, row, 1, &at, err);
		if (rc == 0 && is_in_view(searched, *(const uint16_t *)at))
			rc = tell_row(mixing, number, row, err);
	}
	return rc;
}

/* Sessions of rows that the fold told of say a word, as far as is known. */
static int mix_told(struct lookup *lookup, size_t first, struct err *err)
{
	const struct rows *rows = &lookup->recall->rows;
	size_t i;
	int rc = 0;

	for (i = first; rc == 0 && i < rows->n; i++) {
		uint64_t key[2];

		memcpy(key, table_key_at(&rows->sessions, rows->at[i].session),
		       sizeof(key));
		rc = table_put(&lookup->mixed, &key[1], 1, err);
	}
	return rc;
}

/* Tell each shard which of its sessions are mixed. */
static int mark_sessions(struct lookup *lookup, struct err *err)
{
	size_t number;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < lookup->mixed.count; i++) {
		uint64_t hash;

		memcpy(&hash, table_key_at(&lookup->mixed, i), sizeof(hash));
		for (number = 0; rc >= 0 && number < lookup->n; number++) {
			struct searched *searched = &lookup->at[number];
			size_t session;

			rc = lookup_find_session(searched, hash, &session,
						 err);
			if (rc > 0 && searched->states[session] !=
			    SESSION_OUT)
				searched->states[session] = SESSION_MIXED;
		}
	}
	return rc < 0 ? rc : 0;
}

int lookup_mixed(struct lookup *lookup, struct err *err)
{
	struct mixing mixing = {
		lookup, TABLE_INIT(sizeof(uint64_t), TABLE_NO_LIMIT)
	};
	size_t told = lookup->recall->rows.n;
	uint64_t hash;
	size_t i;
	int rc = take_lists(&mixing, err);

	for (i = 0; rc == 0 && i < lookup->n; i++)
		rc = look_at_sessions(&mixing, &lookup->at[i], err);
	for (i = 0; rc == 0 && i < mixing.again.count; i++) {
		memcpy(&hash, table_key_at(&mixing.again, i), sizeof(hash));
		rc = tell_again(&mixing, hash, err);
	}
	for (i = 0; rc == 0 && i < lookup->n; i++)
		rc = tell_capsules(&mixing, i, err);
	if (rc == 0)
		rc = mix_told(lookup, told, err);
	if (rc == 0)
		rc = mark_sessions(lookup, err);
	table_release(&mixing.again);
	return rc;
}
