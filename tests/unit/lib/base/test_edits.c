#include "lib/base/edits.h"

#include <string.h>

#include "tests/tap.h"

static void edits(const char *a, const char *b, unsigned max, unsigned want)
{
	ok(edits_between(span_str(a), span_str(b), max) == want &&
	   edits_between(span_str(b), span_str(a), max) == want,
	   "'%s' and '%s': %u of at most %u", a, b, want, max);
}

int main(void)
{
	char many[300];

	edits("rain", "rain", 2, 0);
	edits("rain", "rains", 2, 1);
	edits("rain", "ruin", 2, 1);
	edits("rain", "rian", 2, 1);
	edits("rain", "rianx", 2, 2);
	edits("rain", "snow", 2, 3);
	edits("rain", "", 2, 3);
	edits("", "", 0, 0);
	edits("rain", "ruin", 0, 1);
	edits("grün", "grünn", 1, 1);
	edits("grün", "grön", 1, 1);
	edits("図書館", "図館書", 1, 1);
	edits("abcdef", "abcdefgh", 1, 2);
	memset(many, 'q', sizeof(many));
	is_int(edits_between(span_of(many, 64), span_of(many, 63), 2), 1,
	       "as long as may be");
	is_int(edits_between(span_of(many, 65), span_of(many, 65), 2), 3,
	       "too long to tell");
	is_int(edits_between(span_str("\xff\xfe"), span_str("\xff"), 2), 1,
	       "what is no UTF-8");
	is_int(edits_length(span_str("grün")), 4, "characters");
	ok(edits_holds(span_str("greenhouse"), span_str("house")), "at the end");
	ok(edits_holds(span_str("greenhouse"), span_str("green")), "begin");
	ok(edits_holds(span_str("house"), span_str("house")), "all of it");
	ok(!edits_holds(span_str("house"), span_str("houses")), "longer");
	ok(!edits_holds(span_str("house"), span_str("hose")), "not at all");
	return done_testing();
}
