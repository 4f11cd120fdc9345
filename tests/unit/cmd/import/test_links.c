/*
 * Who follows whom where links are lost or wrong.
 */
#include "cmd/import/records/links.h"

#include <stdlib.h>

#include "lib/base/buf.h"
#include "tests/tap.h"

#define TURNS_MAX 64
#define CHAINS 2

/*
 * Turns as text, one behind the other: a kind (r reply, p prompt, a answer,
 * o other, t result of a tool, w wall, ~ aside), what it names (a number, -
 * begin, ? lost, . unsaid, * elsewhere), and a ' where it is of another chain.
 */
static uint32_t read_turns(const char *text, struct link *turns)
{
	static const char kinds[] = "rpaotw~";
	static const struct link empty = { .parent = LINK_NONE };
	uint32_t n = 0;

	while (*text) {
		struct link *turn = &turns[n++];
		char *end;

		*turn = empty;
		turn->kind = (enum link_kind)(strchr(kinds, *text++) - kinds);
		turn->parent = *text == '?' ? LINK_LOST :
			*text == '.' ? LINK_UNSAID :
			*text == '*' ? LINK_ELSEWHERE : LINK_NONE;
		if (strchr("-?.*", *text)) {
			text++;
		} else {
			turn->parent = (uint32_t)strtoul(text, &end, 10);
			text = end;
		}
		turn->chain = *text == '\'';
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	return n;
}

/* What each follows, a ! behind a guess; then where the chains stand. */
static void mends(const char *text, const char *want)
{
	struct link turns[TURNS_MAX];
	uint32_t tails[CHAINS];
	struct buf got = BUF_INIT(1 << 16);
	uint32_t n = read_turns(text, turns);
	uint32_t i;

	links_mend(turns, n, tails, CHAINS);
	for (i = 0; i < n; i++) {
		if (turns[i].parent == LINK_NONE)
			buf_put_str(&got, "-");
		else
			buf_putf(&got, "%u", (unsigned)turns[i].parent);
		buf_put_str(&got, turns[i].is_guessed ? "! " : " ");
	}
	buf_put_str(&got, "|");
	for (i = 0; i < CHAINS; i++) {
		if (tails[i] != LINK_NONE)
			buf_putf(&got, " %u", (unsigned)tails[i]);
	}
	if (buf_end(&got, NULL) < 0)
		bail_out("out of memory");
	is_str(buf_text(&got), want, text);
	buf_release(&got);
}

static void test_lost(void)
{
	mends("", "|");
	mends("r- r0 r1", "- 0 1 | 2");
	mends("r? r0 r?", "- 0 1! | 2");
	/* A branch of a tree is no wrong link, nor is a second begin. */
	mends("r- r0 r0 r- r?", "- 0 0 - 3! | 4");
	mends("p. a. p. a.", "- 0 1 2 | 3");
	mends("p- a0 p* a2", "- 0 - 2 | 3");
	/* What is lost stays within its chain. */
	mends("p- p0' a0 a?' p?", "- 0 0 1! 2! | 4 3");
}

/* What is lost is not off the way of what names the turn before it. */
static void test_hung(void)
{
	mends("r- r? r0 r2", "- 0! 1! 2 | 3");
	mends("r- r? r1 r0 r0", "- 0! 1 2! 2! | 4");
	mends("r- r? r? r0 r1", "- 0! 1! 2! 3! | 4");
	mends("r- r? r0 r0 r1", "- 0! 1! 1! 3! | 4");
	mends("r- r0 r? r0 r1", "- 0 1! 0 2! | 4");
	mends("r- r2 r1 r0", "- 0! 1 2! | 3");
	/* Two that hang side by side: each has its own. */
	mends("r- r0 r? r0 r? r1 r3", "- 0 1! 0 3! 2! 4! | 6");
}

static void test_circles(void)
{
	mends("r0", "- | 0");
	mends("r- r1 r1", "- 0! 1 | 2");
	mends("r- r3 r1 r2", "- 0! 1 2 | 3");
	mends("r2 r0 r1", "- 0 1 | 2");
	/* A way into a circle, and one that is met twice. */
	mends("r- r2 r4 r2 r3", "- 2 0! 2 3 | 4");
	mends("r1 r0 r0", "- 0 0 | 2");
}

static void test_later(void)
{
	mends("p- o2 a0 p1", "- 2 0 1 | 3");
	/* The talk stands where what names another one stands. */
	mends("r- r3 r0 r2", "- 3 0 2 | 1");
	/* One that is lost further on stands behind what has a place. */
	mends("r- r2 r?", "- 2 0! | 1");
}

static void test_logs(void)
{
	/* An edited prompt; one edited twice; the first one. */
	mends("p- a0 p1 a2 p1 a4", "- 0 1 2 1 4 | 5");
	mends("p- a0 p1 p1 p1 a4", "- 0 1 1 1 4 | 5");
	mends("p- a0 p- a2", "- 0 - 2 | 3");
	/* What stands between does not hide that it was. */
	mends("p- a0 o1 p2 a3 p1 a5", "- 0 1 2 3 1 5 | 6");
	/* Steering: an answer goes on behind it. */
	mends("p- a0 t1 a2 p2 a4", "- 0 1 2 3! 4 | 5");
	/* Results side by side, and what follows one of them. */
	mends("p- a0 t1 t1 t1 a2", "- 0 1 2 3 4 | 5");
	/* The next prompt follows an error, the answer came all the same. */
	mends("p- o0 a0 p1", "- 0 1 2! | 3");
	mends("p- a0 o0 p2", "- 0 1! 2 | 3");
	/* A second answer, and a begin that is none. */
	mends("p- a0 p1 a0 a?", "- 0 1 2! 3! | 4");
	/* What comes late to an abandoned branch stays there. */
	mends("p- a0 t1 p2 a3 p2 t4 a5 p7", "- 0 1 2 3 2 4 5 7 | 8");
	/* ... and one may go back to it. */
	mends("p- a0 p1 a2 p1 a4 p3 a6", "- 0 1 2 1 4 3 6 | 7");
}

static void test_walls(void)
{
	mends("p- a0 w1 o2 p3 a4", "- 0 1 2 3 4 | 5");
	mends("p- a0 w? o2 p3", "- 0 1! 2 3 | 4");
	/* Nobody goes back behind a compaction. */
	mends("p- a0 p1 a2 w3 o4 p1 a6", "- 0 1 2 3 4 5! 6 | 7");
	mends("p- a0 p1 a2 w1 p4", "- 0 1 2 3! 4 | 5");
	/* Behind it there are branches as before. */
	mends("p- a0 w1 o2 p3 a4 p3", "- 0 1 2 3 4 3 | 6");
}

static void test_asides(void)
{
	mends("p- ~0 a1 ~2 p3", "- 0 0 2 2 | 4");
	mends("~- p0 ~- a1", "- - - 1 | 3");
	/* What one of them has lost is lost to who names it. */
	mends("p- a0 ~? p2", "- 0 1! 1! | 3");
	mends("~? p0 a1", "- - 1 | 2");
	/* The place of the first prompt, behind what came before it. */
	mends("~- p0 a1 p0", "- - 1 - | 3");
}

/* A chain of many, and each that comes names one at its begin. */
static void test_many(void)
{
	enum { MANY = 200000 };
	struct link *turns = calloc(MANY, sizeof(*turns));
	uint32_t tails[CHAINS];
	uint32_t i;
	bool is_right = true;

	if (!turns)
		bail_out("out of memory");
	for (i = 0; i < MANY; i++) {
		turns[i].kind = i % 2 ? LINK_ANSWER : LINK_PROMPT;
		turns[i].parent = i ? i < MANY / 2 ? i - 1 : 1 : LINK_NONE;
	}
	links_mend(turns, MANY, tails, CHAINS);
	for (i = MANY / 2; i < MANY; i++)
		is_right &= turns[i].parent ==
			(turns[i].kind == LINK_PROMPT ? 1 : i - 1);
	ok(is_right && turns[MANY - 1].depth == 4, "a log of many turns");
	for (i = 0; i < MANY; i++)
		turns[i] = (struct link){ .parent = i + 1 == MANY ? 0 : i + 1 };
	links_mend(turns, MANY, tails, CHAINS);
	ok(turns[0].parent == LINK_NONE && turns[1].parent == 2 &&
	   turns[MANY - 1].parent == 0, "a circle of many turns");
	free(turns);
}

int main(void)
{
	test_lost();
	test_hung();
	test_circles();
	test_later();
	test_logs();
	test_walls();
	test_asides();
	test_many();
	return done_testing();
}
