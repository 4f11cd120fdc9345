/*
 * When it is the turn of something that changes: after a moment of quiet, soon
 * enough where there is none, and later and later where it fails.
 */
#ifndef VV_CMD_WATCH_TURN_H
#define VV_CMD_WATCH_TURN_H

#include <stdbool.h>
#include <stdint.h>

#define TURN_QUIET_MS 2000
/* Where there is no quiet: leaves what is done then a second and a half of
 * the five in which a written line is to be in the vault. */
#define TURN_MOST_MS 3500
#define TURN_RETRY_MS 5000		/* doubled each time ... */
#define TURN_RETRY_MOST_MS 600000	/* up to this */
#define TURN_BUSY_MS 2000		/* while others are at it */

/* What three clocks show, in milliseconds: one that goes on while the machine
 * sleeps, one that does not, and the one that people set. */
struct clocks {
	int64_t now;
	int64_t awake;
	int64_t wall;
};
#define CLOCKS_ASLEEP_MS 10000	/* less is no sleep */
#define CLOCKS_SET_MS 60000	/* and no clock that was set */

/* Has the machine slept between the two, or was its clock set? */
bool clocks_jumped(const struct clocks *before, const struct clocks *after);

/* All times in milliseconds of the first of these clocks. */
struct turn {
	int64_t first;		/* change since it had its turn; -1: none */
	int64_t last;
	int64_t not_before;
	unsigned failures;	/* in a row */
};

#define TURN_INIT { -1, -1, 0, 0 }

/* It changed. */
void turn_touch(struct turn *turn, int64_t now);
/* It is due without waiting for quiet. */
void turn_hurry(struct turn *turn, int64_t now);

/* When it is due; -1: nothing changed. */
int64_t turn_due(const struct turn *turn);

/* It has its turn: what changes from now on is for the next one. */
void turn_begin(struct turn *turn);
/* It went well and took so long; nothing takes more than half of the time. */
void turn_done(struct turn *turn, int64_t now, int64_t took_ms);
/* It failed, or somebody else was at it, and is due again. */
void turn_failed(struct turn *turn, int64_t now);
void turn_busy(struct turn *turn, int64_t now);

#endif
