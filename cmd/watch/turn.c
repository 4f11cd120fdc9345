#include "cmd/watch/turn.h"

bool clocks_jumped(const struct clocks *before, const struct clocks *after)
{
	int64_t passed = after->now - before->now;
	int64_t asleep = passed - (after->awake - before->awake);
	int64_t set = after->wall - before->wall - passed;

	return asleep > CLOCKS_ASLEEP_MS || set > CLOCKS_SET_MS ||
	       set < -CLOCKS_SET_MS;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void turn_touch(struct turn *turn, int64_t now)
{
	if (turn->first < 0)
		turn->first = now;
	turn->last = now;
}

void turn_hurry(struct turn *turn, int64_t now)
{
	turn->first = now > TURN_MOST_MS ? now - TURN_MOST_MS : 0;
	turn->last = now;
}

int64_t turn_due(const struct turn *turn)
{
	int64_t quiet = turn->last + TURN_QUIET_MS;
	int64_t most = turn->first + TURN_MOST_MS;

	if (turn->first < 0)
		return -1;
	return later(quiet < most ? quiet : most, turn->not_before);
}

void turn_begin(struct turn *turn)
{
	turn->first = -1;
	turn->last = -1;
}

void turn_done(struct turn *turn, int64_t now, int64_t took_ms)
{
	turn->failures = 0;
	turn->not_before = now + took_ms;
}

void turn_failed(struct turn *turn, int64_t now)
{
	int64_t wait = TURN_RETRY_MS;
	unsigned i;

	for (i = 0; i < turn->failures && wait < TURN_RETRY_MOST_MS; i++)
		wait *= 2;
	turn->failures++;
	turn->not_before = now + (wait < TURN_RETRY_MOST_MS ? wait :
				  TURN_RETRY_MOST_MS);
	turn_hurry(turn, now);
}

void turn_busy(struct turn *turn, int64_t now)
{
	turn->not_before = now + TURN_BUSY_MS;
	turn_hurry(turn, now);
}
