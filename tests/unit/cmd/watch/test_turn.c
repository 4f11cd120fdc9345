/*
 * Whose turn it is, and when.
 */
#include "cmd/watch/turn.h"

#include "tests/tap.h"

static void test_quiet(void)
{
	struct turn turn = TURN_INIT;
	int64_t now;

	is_int(turn_due(&turn), -1, "nothing changed");
	turn_touch(&turn, 10000);
	is_int(turn_due(&turn), 10000 + TURN_QUIET_MS, "after the quiet");
	turn_touch(&turn, 11000);
	is_int(turn_due(&turn), 11000 + TURN_QUIET_MS, "which begins anew");
	for (now = 11500; now < 60000; now += 500)
		turn_touch(&turn, now);
	is_int(turn_due(&turn), 10000 + TURN_MOST_MS, "but not for ever");
	ok(TURN_MOST_MS + 1000 < 5000, "and in time");
	turn_begin(&turn);
	is_int(turn_due(&turn), -1, "it has its turn");
	turn_touch(&turn, 60000);
	turn_done(&turn, 60100, 100);
	is_int(turn_due(&turn), 60000 + TURN_QUIET_MS,
	       "what changed meanwhile is for the next one");
	turn_hurry(&turn, 60200);
	is_int(turn_due(&turn), 60200, "in a hurry");
}

static void test_long(void)
{
	struct turn turn = TURN_INIT;

	turn_touch(&turn, 0);
	turn_begin(&turn);
	turn_touch(&turn, 100);
	turn_done(&turn, 30000, 30000);
	is_int(turn_due(&turn), 60000, "what takes long comes less often");
}

static void test_failures(void)
{
	struct turn turn = TURN_INIT;
	int64_t now = 0;
	int64_t wait = 0;
	int i;

	turn_touch(&turn, now);
	turn_begin(&turn);
	turn_failed(&turn, now);
	is_int(turn_due(&turn), TURN_RETRY_MS, "it failed, and comes again");
	turn_touch(&turn, now);
	is_int(turn_due(&turn), TURN_RETRY_MS, "no earlier for a change");
	for (i = 0; i < 100; i++) {
		wait = turn_due(&turn) - now;
		now = turn_due(&turn);
		turn_begin(&turn);
		turn_failed(&turn, now);
	}
	is_int(wait, TURN_RETRY_MOST_MS, "less and less often");
	turn_begin(&turn);
	turn_done(&turn, now, 10);
	is_int(turn_due(&turn), -1, "it went well");
	turn_touch(&turn, now);
	turn_begin(&turn);
	turn_failed(&turn, now);
	is_int(turn_due(&turn), now + TURN_RETRY_MS, "patience begins anew");
	turn_begin(&turn);
	turn_busy(&turn, now);
	is_int(turn_due(&turn), now + TURN_BUSY_MS, "others are at it");
}

static void test_clocks(void)
{
	const struct clocks before = { 1000000, 600000, 5000000 };
	const struct clocks later = { 1030000, 630000, 5030000 };
	const struct clocks slept = { 1030000, 610000, 5030000 };
	const struct clocks ahead = { 1030000, 630000, 8630000 };
	const struct clocks behind = { 1030000, 630000, 1430000 };

	ok(!clocks_jumped(&before, &later), "time goes on");
	ok(clocks_jumped(&before, &slept), "it slept");
	ok(clocks_jumped(&before, &ahead), "its clock was set ahead");
	ok(clocks_jumped(&before, &behind), "or back");
}

int main(void)
{
	test_clocks();
	test_quiet();
	test_long();
	test_failures();
	return done_testing();
}
