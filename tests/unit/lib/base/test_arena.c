/* lib/base/arena: copies that live as long as all the others. */
#include <stdio.h>

#include "lib/base/arena.h"
#include "tests/tap.h"

int main(void)
{
	struct arena arena = ARENA_INIT;
	struct span kept[1000];
	struct span none = { NULL, 0 };
	struct err err = ERR_INIT;
	char text[32];
	size_t good = 0, i;

	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "text %zu", i);
		if (arena_keep(&arena, span_str(text), &kept[i], &err) < 0)
			bail_out("%s", err.text);
	}
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "text %zu", i);
		good += span_equals(kept[i], span_str(text)) &&
			!kept[i].at[kept[i].len];
	}
	is_int(good, 1000, "each is as it was, with a NUL behind it");
	is_int(arena_keep(&arena, none, &none, &err), 0, "absent text");
	ok(none.at && !none.len && !*none.at, "is empty then");
	is_int(arena_keep(&arena, span_of("x", (size_t)-2), &kept[1], NULL),
	       ERR_NOMEM, "more than there is");
	ok(span_equals(kept[1], span_str("text 1")), "changes nothing");
	arena_release(&arena);
	ok(!arena.chunks, "released");
	return done_testing();
}
