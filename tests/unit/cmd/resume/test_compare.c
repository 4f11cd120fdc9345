#include "cmd/resume/compare.h"
#include "tests/tap.h"
#include "tests/unit/cmd/resume/passage_sample.h"

static int told;

static int note(void *arg, struct span copy, struct span original,
		struct err *err)
{
	(void)arg;
	(void)copy;
	(void)original;
	(void)err;
	told++;
	return 0;
}

/* A summary may be there, or may be what the importer takes for a program's
 * words; nothing else may be missing. */
static void test_summary(void)
{
	const struct compare_visitor visitor = { note, NULL };
	struct passage_turn turns[SAMPLE_N(sample_turns)];
	struct passage ours = sample_passage;
	struct passage theirs = sample_passage;
	struct err err = ERR_INIT;

	memcpy(turns, sample_turns, sizeof(turns));
	turns[5].is_summary = true;
	ours.turns = turns;
	is_int(passage_compare(&ours, &sample_passage, 0, &visitor, &err), 0,
	       "a summary comes back");
	told = 0;
	theirs.turns = turns + 6;
	theirs.n = 1;
	ours.turns = turns + 5;
	ours.n = 2;
	ok(passage_compare(&ours, &theirs, 0, &visitor, &err) == 0 &&
	   told == 1, "or does not, and all else is told once");
	turns[5].is_summary = false;
	is_int(passage_compare(&ours, &theirs, 0, &visitor, &err),
	       ERR_CORRUPT, "a prompt must come back");
	turns[5].is_summary = true;
	turns[6].role = PASSAGE_USER;
	ours.n = 1;
	is_int(passage_compare(&ours, &theirs, 0, NULL, &err), ERR_CORRUPT,
	       "and nothing more");
}

int main(void)
{
	test_summary();
	return done_testing();
}
