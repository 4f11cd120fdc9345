#include "lib/base/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/base/xxh.h"

#define FIRST_ENTRIES 16
#define FIRST_INDEX 32
#define VALUE_BYTES sizeof(uint64_t)

/*
 * index[] holds positions + 1 (0: free), probed linearly and at most 3/4
 * full. Entries grow by a quarter rather than double: they are the bulk.
 */
static size_t entry_size(const struct table *table)
{
	return table->key_len + VALUE_BYTES;
}

static unsigned char *entry_at(const struct table *table, size_t position)
{
	return table->entries + position * entry_size(table);
}

static void set_value(struct table *table, size_t position, uint64_t value)
{
	memcpy(entry_at(table, position) + table->key_len, &value,
	       sizeof(value));
}

static size_t home_of(const struct table *table, const void *key)
{
	unsigned char seeded[TABLE_KEY_MAX + sizeof(table->seed)];

	memcpy(seeded, &table->seed, sizeof(table->seed));
	memcpy(seeded + sizeof(table->seed), key, table->key_len);
	return xxh64_of(seeded, sizeof(table->seed) + table->key_len) &
	       (table->index_len - 1);
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t find_slot(const struct table *table, const void *key)
{
	size_t slot = home_of(table, key);

	while (table->index[slot] &&
	       memcmp(entry_at(table, table->index[slot] - 1), key,
		      table->key_len))
		slot = (slot + 1) & (table->index_len - 1);
	return slot;
}

static int grow_index(struct table *table, struct err *err)
{
	size_t len = table->index_len ? table->index_len * 2 : FIRST_INDEX;
	uint32_t *index = calloc(len, sizeof(*index));
	size_t i;

	if (!index)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (!table->seed)
		table->seed = random_u64();
	free(table->index);
	table->index = index;
	table->index_len = len;
	for (i = 0; i < table->count; i++)
		index[find_slot(table, entry_at(table, i))] = (uint32_t)(i + 1);
	return 0;
}

static int grow_entries(struct table *table, struct err *err)
{
	size_t room = table->room + table->room / 4;
	unsigned char *entries;

	if (room < FIRST_ENTRIES)
		room = FIRST_ENTRIES;
	if (room > SIZE_MAX / entry_size(table))
		return err_set(err, ERR_NOMEM, "out of memory");
	entries = realloc(table->entries, room * entry_size(table));
	if (!entries)
		return err_set(err, ERR_NOMEM, "out of memory");
	table->entries = entries;
	table->room = room;
	return 0;
}

static int make_room(struct table *table, struct err *err)
{
	int rc = 0;

	if (table->count >= table->max || table->count >= TABLE_NO_LIMIT)
		return err_set(err, ERR_LIMIT, "more than %zu entries",
			       table->count);
	if (table->count == table->room)
		rc = grow_entries(table, err);
	if (rc == 0 && (table->count + 1) * 4 > table->index_len * 3)
		rc = grow_index(table, err);
	return rc;
}

static bool table_find(const struct table *table, const void *key,
		       size_t *out_position)
{
	size_t slot;

	if (!table->count)
		return false;
	slot = find_slot(table, key);
	if (!table->index[slot])
		return false;
	*out_position = table->index[slot] - 1;
	return true;
}

int table_add(struct table *table, const void *key, uint64_t value,
	      bool *out_is_new, struct err *err)
{
	size_t position;
	bool is_new;
	int rc;

	assert(table->key_len >= 1 && table->key_len <= TABLE_KEY_MAX);
	is_new = !table_find(table, key, &position);
	if (out_is_new)
		*out_is_new = is_new;
	if (!is_new)
		return 0;
	rc = make_room(table, err);
	if (rc < 0)
		return rc;
	position = table->count;
	table->index[find_slot(table, key)] = (uint32_t)(position + 1);
	table->count++;
	memcpy(entry_at(table, position), key, table->key_len);
	set_value(table, position, value);
	return 0;
}

int table_include(struct table *table, const void *key, bool *out_is_new,
		  struct err *err)
{
	return table_add(table, key, 0, out_is_new, err);
}

int table_put(struct table *table, const void *key, uint64_t value,
	      struct err *err)
{
	size_t position;

	if (!table_find(table, key, &position))
		return table_add(table, key, value, NULL, err);
	set_value(table, position, value);
	return 0;
}

int table_count(struct table *table, const void *key, uint64_t *out_before,
		struct err *err)
{
	*out_before = 0;
	(void)table_get(table, key, out_before);
	return table_put(table, key, *out_before + 1, err);
}

bool table_get(const struct table *table, const void *key, uint64_t *out_value)
{
	size_t position;

	if (!table_find(table, key, &position))
		return false;
	if (out_value)
		*out_value = table_value_at(table, position);
	return true;
}

/*
 * Close the gap at a freed slot: a later one of the same run moves back
 * unless it stands between its home and the gap already. So no tombstones.
 */
static void close_gap(struct table *table, size_t gap)
{
	size_t mask = table->index_len - 1;
	size_t slot = gap;

	for (;;) {
		size_t home;

		table->index[gap] = 0;
		do {
			slot = (slot + 1) & mask;
			if (!table->index[slot])
				return;
			home = home_of(table, entry_at(table,
						       table->index[slot] - 1));
		} while (((slot - home) & mask) < ((slot - gap) & mask));
		table->index[gap] = table->index[slot];
		gap = slot;
	}
}

bool table_remove(struct table *table, const void *key)
{
	size_t position, last;

	if (!table_find(table, key, &position))
		return false;
	close_gap(table, find_slot(table, key));
	last = table->count - 1;
	if (position != last) {
		table->index[find_slot(table, entry_at(table, last))] =
			(uint32_t)(position + 1);
		memcpy(entry_at(table, position), entry_at(table, last),
		       entry_size(table));
	}
	table->count--;
	return true;
}

const unsigned char *table_key_at(const struct table *table, size_t position)
{
	assert(position < table->count);
	return entry_at(table, position);
}

uint64_t table_value_at(const struct table *table, size_t position)
{
	uint64_t value;

	assert(position < table->count);
	memcpy(&value, entry_at(table, position) + table->key_len,
	       sizeof(value));
	return value;
}

size_t table_memory(const struct table *table)
{
	return table->room * entry_size(table) +
	       table->index_len * sizeof(*table->index);
}

void table_reset(struct table *table)
{
	table->count = 0;
	if (table->index)
		memset(table->index, 0,
		       table->index_len * sizeof(*table->index));
}

void table_release(struct table *table)
{
	free(table->entries);
	free(table->index);
	table->entries = NULL;
	table->index = NULL;
	table->count = 0;
	table->room = 0;
	table->index_len = 0;
}
