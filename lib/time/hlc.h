/*
 * Hybrid logical clock: the `at` of records and the clock that makes it.
 */
#ifndef VV_LIB_TIME_HLC_H
#define VV_LIB_TIME_HLC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define HLC_TEXT 41		/* 2026-11-21T01:20:00.123456Z-0000-6MkqXf3a */
#define HLC_TEXT_MAX 42		/* with the terminator */
#define HLC_NODE 8
#define HLC_NODE_MAX 9
#define HLC_COUNTER_MAX 0xffffu
#define HLC_DRIFT_MICROS 60000000	/* how far others may push the clock */

/* The node of what an importer derives, and the `at` of an unknown time. */
#define HLC_NODE_IMPORT "00000000"
#define HLC_UNKNOWN_TEXT "0000-00-00T00:00:00.000000Z-0000-00000000"

/* micros of an unknown time; before every real one. */
#define HLC_UNKNOWN INT64_MIN

struct hlc {
	int64_t micros;		/* since 1970, UTC */
	uint32_t counter;	/* at most HLC_COUNTER_MAX */
};

#define HLC_INIT { HLC_UNKNOWN, 0 }

/* <0, 0, >0 as a is before, equal to or after b. */
int hlc_compare(const struct hlc *a, const struct hlc *b);

/*
 * The text; sorts as bytes like (micros, counter, node). node: HLC_NODE
 * characters. A time outside the years 1 to 9999 becomes HLC_UNKNOWN_TEXT.
 */
void hlc_text(const struct hlc *time, const char *node,
	      char out[HLC_TEXT_MAX]);

/* The text of a source's time, as importers write it: counter 0, node 0. */
void hlc_import_text(int64_t micros, char out[HLC_TEXT_MAX]);

/*
 * Read an `at`. Only what hlc_text writes is accepted: a day of the calendar,
 * lower-case hex, and a node that is HLC_NODE_IMPORT or base58. An unknown
 * time gives micros HLC_UNKNOWN. out_node may be NULL. ERR_INVALID.
 */
MUST_USE int hlc_parse(struct span text, struct hlc *out,
		       char out_node[HLC_NODE_MAX], struct err *err);

/* The same question without an answer in words. */
bool hlc_text_is_valid(struct span text);

/*
 * Advance the clock for an event of ours at physical time now. Always moves
 * forward; a counter that is used up carries into the microseconds.
 */
void hlc_tick(struct hlc *clock, int64_t now);

/*
 * Advance the clock for a time that was received. One further than
 * HLC_DRIFT_MICROS ahead of now is ERR_LIMIT and leaves the clock alone: the
 * caller may go on, nothing but the clock cares. An unknown time counts as
 * an event of our own.
 */
MUST_USE int hlc_receive(struct hlc *clock, const struct hlc *remote,
			 int64_t now, struct err *err);

/*
 * Raise the clock to what the file holds. A missing file, or one that is
 * behind the clock, changes nothing, so a lost or restored file never sets a
 * clock back that was first raised to the times which the vault holds.
 *
 * Returns 0, ERR_CORRUPT (clock unchanged) or ERR_IO.
 */
MUST_USE int hlc_load(const char *path, struct hlc *clock, struct err *err);

/*
 * Put the clock on disk (atomic, fsync); to be done before a time of it is
 * used, under the caller's lock. A file that is ahead already is kept, a
 * damaged one is replaced: raise the clock to the vault's own times first.
 */
MUST_USE int hlc_store(const char *path, const struct hlc *clock,
		       struct err *err);

#endif
