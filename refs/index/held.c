#include "refs/index/recall_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

#define FEW 3			/* so many are read one by one */
#define BYTES_MAX ((size_t)64 << 20)

/* The state of an entity. */
struct held_state {
	const struct kind *kind;
	struct span data, at;
};

struct held {
	struct table wanted;	/* hashes of entities: 1 + their state, or 0 */
	struct { struct held_state *at; size_t n, cap; } states;
	struct arena texts;
	size_t bytes;
};

static void hash_entity(struct span entity, unsigned char out[HASH128_BYTES])
{
	struct xxh128 hashing;

	xxh128_init(&hashing);
	xxh128_add(&hashing, entity.at, entity.len);
	xxh128_finish(&hashing, out);
}

void held_free(struct held *held)
{
	if (!held)
		return;
	table_release(&held->wanted);
	arena_release(&held->texts);
	free(held->states.at);
	free(held);
}

static int hold(void *arg, const struct view_entity *entity, struct err *err)
{
	struct held *held = arg;
	unsigned char hash[HASH128_BYTES];
	struct held_state state = { .kind = entity->kind };
	uint64_t number;
	int rc;

	hash_entity(entity->entity, hash);
	if (!entity->state.at || !table_get(&held->wanted, hash, &number) ||
	    held->bytes + entity->state.len > BYTES_MAX)
		return 0;
	held->bytes += entity->state.len;
	rc = arena_keep(&held->texts, entity->state, &state.data, err);
	if (rc == 0)
		rc = arena_keep(&held->texts,
				recall_newest(entity)->record.at, &state.at,
				err);
	if (rc == 0)
		rc = array_room(&held->states, err);
	if (rc < 0)
		return rc;
	held->states.at[held->states.n++] = state;
	return table_put(&held->wanted, hash, held->states.n, err);
}

static int want(struct held *held, const struct recall *recall, size_t first,
		size_t n, struct err *err)
{
	unsigned char hash[HASH128_BYTES];
	size_t i;
	int rc = 0;

	for (i = first; rc == 0 && i < first + n; i++) {
		const struct row *row = &recall->rows.at[recall->hits[i].row];

		if (row->flags & ROW_IS_PLACED)
			continue;
		hash_entity(row->entity, hash);
		rc = table_put(&held->wanted, hash, 0, err);
	}
	return rc;
}

int recall_hold(struct recall *recall, size_t first, size_t n,
		struct err *err)
{
	const struct row *row = &recall->rows.at[recall->hits[first].row];
	struct held *held;
	struct view_visitor visitor = { hold, NULL };
	struct err reason = ERR_INIT;
	int rc;

	held_free(recall->held);
	recall->held = NULL;
	if (n <= FEW || recall->filter.with_history)
		return 0;
	held = calloc(1, sizeof(*held));
	if (!held)
		return err_set(err, ERR_NOMEM, "out of memory");
	recall->held = held;
	held->wanted = (struct table)TABLE_INIT(HASH128_BYTES, TABLE_NO_LIMIT);
	visitor.arg = held;
	rc = want(held, recall, first, n, &reason);
	if (rc == 0 && held->wanted.count <= FEW)
		return 0;
	if (rc == 0)
		rc = recall_name(recall,
				 &recall->rows.at[recall->hits[first].row],
				 &reason);
	if (rc == 0)
		rc = view_home(recall->views[row->construct], row->entity,
			       &visitor, &reason);
	/* What is damaged is complained of by whoever needs it. */
	return rc == ERR_NOMEM ? err_set(err, rc, "out of memory") : 0;
}

int held_read(const struct held *held, const struct row *row,
	      struct buf *data, struct spoken *out, bool *out_is_held,
	      struct err *err)
{
	unsigned char hash[HASH128_BYTES];
	const struct held_state *state;
	uint64_t number = 0;
	int rc;

	*out_is_held = false;
	if (!held || row->flags & ROW_IS_PLACED)
		return 0;
	hash_entity(row->entity, hash);
	if (!table_get(&held->wanted, hash, &number) || !number)
		return 0;
	*out_is_held = true;
	state = &held->states.at[number - 1];
	rc = buf_add_span(data, state->data, err);
	return rc < 0 ? rc : spoken_read(row->entity, state->kind,
					 buf_span(data), state->at, out, err);
}
