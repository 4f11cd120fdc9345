#include "lib/base/array.h"
#include "tests/tap.h"

struct pair {
	char letter;
	size_t number;
};

struct pairs {
	struct pair *at;
	size_t n;
	size_t cap;
};

static void test_room(void)
{
	struct pairs pairs = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < 100; i++) {
		if (array_room(&pairs, NULL) < 0)
			bail_out("out of memory");
		pairs.at[pairs.n++] = (struct pair){ 'a', i };
	}
	for (i = 0; i < pairs.n && pairs.at[i].number == i; i++)
		;
	is_int(i, 100, "a list grows by its own type");
	ok(pairs.cap >= pairs.n, "within its room");
	is_int(array_room_in(pairs.at, 5000, pairs.cap, NULL), 0,
	       "room for many at once");
	ok(pairs.cap > 5000 && pairs.at[99].number == 99,
	   "what was there stays");
	free(pairs.at);
}

int main(void)
{
	int *numbers = NULL;
	int *before_it;
	size_t cap = 0;
	size_t moved = 0;
	size_t i;
	struct err err = ERR_INIT;

	for (i = 0; i < 1000; i++) {
		size_t before = cap;

		if (array_room_in(numbers, i, cap, &err) < 0)
			bail_out("%s", err.text);
		moved += cap != before;
		numbers[i] = (int)i;
	}
	for (i = 0; i < 1000 && numbers[i] == (int)i; i++)
		;
	is_int(i, 1000, "what was there stays");
	ok(cap >= 1000 && moved < 10, "it doubles: %zu steps", moved);
	before_it = numbers;
	is_int(array_room_at(&numbers, (size_t)-1 / 2, &cap, cap, &err),
	       ERR_NOMEM, "a size beyond all memory");
	ok(numbers == before_it && cap < 5000, "changes nothing");
	free(numbers);
	test_room();
	return done_testing();
}
