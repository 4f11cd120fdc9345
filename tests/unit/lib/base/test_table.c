#include "lib/base/table.h"

#include "tests/tap.h"

static void key_of(uint32_t number, unsigned char key[16])
{
	memset(key, 0, 16);
	memcpy(key, &number, sizeof(number));
}

static bool adds(struct table *table, const void *key, uint64_t value)
{
	bool is_new = false;

	return table_add(table, key, value, &is_new, NULL) == 0 && is_new;
}

static void test_basics(void)
{
	struct table table = TABLE_INIT(4, 3);
	uint64_t value = 0;

	ok(!table_get(&table, "aaaa", &value), "an empty table has nothing");
	ok(!table_remove(&table, "aaaa"), "to remove");
	is_int(table_put(&table, "aaaa", 1, NULL), 0, "put");
	is_int(table_put(&table, "aaaa", 2, NULL), 0, "put again");
	ok(table_get(&table, "aaaa", &value) && value == 2, "the later value");
	ok(!adds(&table, "aaaa", 3), "add finds it there");
	ok(table_get(&table, "aaaa", NULL) &&
	   table_value_at(&table, 0) == 2, "and keeps the value");
	ok(adds(&table, "bbbb", UINT64_MAX >> 1), "add new");
	ok(adds(&table, "cccc", 5), "up to the limit");
	is_int(table_add(&table, "dddd", 6, NULL, NULL), ERR_LIMIT,
	       "and no more");
	is_int(table_put(&table, "bbbb", 7, NULL), 0, "but old keys");
	is_int(table.count, 3, "three entries");
	ok(!memcmp(table_key_at(&table, 1), "bbbb", 4), "in their order");
	ok(table_remove(&table, "aaaa"), "removed");
	ok(!table_get(&table, "aaaa", NULL), "gone");
	ok(!memcmp(table_key_at(&table, 0), "cccc", 4), "the last moved");
	ok(table_get(&table, "cccc", &value) && value == 5, "and is found");
	table_reset(&table);
	ok(!table.count && !table_get(&table, "bbbb", NULL), "reset");
	ok(adds(&table, "bbbb", 1), "usable again");
	table_release(&table);
	table_release(&table);
	ok(adds(&table, "bbbb", 1), "also after release");
	table_release(&table);
}

#define MANY 1000000

static void test_many(void)
{
	struct table table = TABLE_INIT(16, TABLE_NO_LIMIT);
	unsigned char key[16];
	uint32_t i;
	int wrong = 0;

	for (i = 0; i < MANY; i++) {
		key_of(i, key);
		wrong += !adds(&table, key, i);
	}
	is_int(wrong, 0, "a million entries");
	ok(table_memory(&table) <= 40 * 1000 * 1000, "take %zu bytes",
	   table_memory(&table));
	for (i = 0; i < MANY; i++) {
		uint64_t value = 0;

		key_of(i, key);
		wrong += !table_get(&table, key, &value) || value != i;
		key_of(i + MANY, key);
		wrong += table_get(&table, key, NULL);
	}
	is_int(wrong, 0, "are found, and no others");
	table_release(&table);
}

/* Against a plain array, with so few keys that runs collide and wrap. */
static void test_model(void)
{
	struct table table = TABLE_INIT(16, TABLE_NO_LIMIT);
	static uint64_t model[200];	/* 0: absent */
	uint32_t state = 1;
	size_t count = 0;
	int wrong = 0;
	int step;

	for (step = 0; step < 200000; step++) {
		unsigned char key[16];
		uint32_t number;
		uint64_t value = 0;

		state = state * 1664525u + 1013904223u;
		number = (state >> 8) % 200;
		key_of(number, key);
		if (state >> 31) {
			wrong += table_put(&table, key, state, NULL) != 0;
			count += !model[number];
			model[number] = state;
		} else {
			wrong += table_remove(&table, key) !=
				 (model[number] != 0);
			count -= model[number] != 0;
			model[number] = 0;
		}
		state = state * 1664525u + 1013904223u;
		number = (state >> 8) % 200;
		key_of(number, key);
		wrong += table_get(&table, key, &value) !=
			 (model[number] != 0) || value != model[number];
		wrong += table.count != count;
	}
	is_int(wrong, 0, "200,000 steps agree with the model");
	table_release(&table);
}

static void test_sizes(void)
{
	struct table byte = TABLE_INIT(1, TABLE_NO_LIMIT);
	struct table wide = TABLE_INIT(TABLE_KEY_MAX, TABLE_NO_LIMIT);
	unsigned char key[TABLE_KEY_MAX] = { 0 };
	int wrong = 0;
	int i;

	for (i = 0; i < 256; i++) {
		key[0] = (unsigned char)i;
		key[TABLE_KEY_MAX - 1] = (unsigned char)i;
		wrong += !adds(&byte, key, 1);
		wrong += !adds(&wide, key, 1);
	}
	ok(!wrong && byte.count == 256 && wide.count == 256,
	   "keys of 1 and of 64 bytes");
	table_release(&byte);
	table_release(&wide);
}

static void test_count(void)
{
	struct table table = TABLE_INIT(4, TABLE_NO_LIMIT);
	uint64_t before = 7;

	ok(table_count(&table, "aaaa", &before, NULL) == 0 && before == 0 &&
	   table_count(&table, "aaaa", &before, NULL) == 0 && before == 1 &&
	   table_count(&table, "bbbb", &before, NULL) == 0 && before == 0 &&
	   table_count(&table, "aaaa", &before, NULL) == 0 && before == 2,
	   "keys are counted");
	table_release(&table);
}

int main(void)
{
	test_basics();
	test_many();
	test_model();
	test_sizes();
	test_count();
	return done_testing();
}
