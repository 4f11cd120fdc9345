#include "lib/base/span.h"
#include "tests/tap.h"

static size_t find(const char *text, const char *bytes, size_t from)
{
	return span_find(span_str(text), bytes, from);
}

int main(void)
{
	struct span none = { NULL, 0 };

	is_int((long long)find("abcabc", "bc", 0), 1, "the first");
	is_int((long long)find("abcabc", "bc", 2), 4, "the next");
	is_int((long long)find("aab", "ab", 0), 1, "behind a false start");
	ok(find("abcabc", "bc", 5) == SPAN_NOWHERE, "cut by the end");
	ok(find("abc", "bd", 0) == SPAN_NOWHERE, "not there");
	ok(find("abc", "a", 9) == SPAN_NOWHERE, "from behind the end");
	ok(span_find(none, "a", 0) == SPAN_NOWHERE, "nothing in nothing");
	ok(span_has(span_of("a\0b", 3), "b") && !span_has(none, "b"),
	   "a NUL ends no text");
	ok(span_begins(span_str("ab"), "a") && !span_begins(span_str("a"), "ab"),
	   "begins");
	ok(span_ends(span_str("ab"), "b") && !span_ends(span_str("b"), "ab"),
	   "ends");
	return done_testing();
}
