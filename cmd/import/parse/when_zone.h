/*
 * Names of time zones that mean one offset.
 */
#ifndef VV_CMD_IMPORT_PARSE_WHEN_ZONE_H
#define VV_CMD_IMPORT_PARSE_WHEN_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/span.h"

/*
 * Read a zone: Z, UTC, GMT, an offset (+2, +02, +0200, +02:00) alone or
 * behind UTC or GMT, or an abbreviation of the table. *out_east: what it is
 * ahead of UTC, in microseconds. False when it is none of these.
 */
bool when_zone_offset(struct span text, int64_t *out_east);

/*
 * Could it be a zone all the same? Letters with what stands between them in
 * "Central European Standard Time" or "Europe/Berlin".
 */
bool when_zone_is_name(struct span text);

#endif
