/*
 * The clock stamps of VIVIM's operations, of which there are three forms:
 *
 *   2024-01-15T10:30:00.000Z-0001-node	server; counter in hex
 *   1772101800123:00001:node		browser; ms, counter padded to five
 *   1772101800123:1:node		chain; ms, counter
 *
 * They do not compare as text, so they become one: an `at` of node zero,
 * which sorts by time, then counter, whatever the form. A counter beyond four
 * hex digits carries into the microseconds. Decimal counters read as hex keep
 * their order, should a server write them so.
 */
#ifndef VV_CMD_IMPORT_VIVIM_STAMP_H
#define VV_CMD_IMPORT_VIVIM_STAMP_H

#include "lib/time/hlc.h"

enum vivim_stamp_form { VIVIM_SERVER, VIVIM_BROWSER, VIVIM_CHAIN };

struct vivim_stamp {
	enum vivim_stamp_form form;
	struct hlc time;
	struct span node;	/* may hold '-' and ':', borrowed */
};

/*
 * Read a stamp. ERR_INVALID for another text, for a time outside the years
 * 2000 to 2100, and for a counter that fills the millisecond.
 */
MUST_USE int vivim_stamp_parse(struct span text, struct vivim_stamp *out,
			       struct err *err);

/* The `at` of it. */
void vivim_stamp_at(const struct vivim_stamp *stamp, char out[HLC_TEXT_MAX]);

#endif
