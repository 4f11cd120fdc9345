/*
 * Times as agents write them into databases: text in UTC without saying so, or
 * a number whose unit goes by its size.
 */
#ifndef VV_CMD_IMPORT_AGENTS_CLOCK_H
#define VV_CMD_IMPORT_AGENTS_CLOCK_H

#include "cmd/import/records/chat.h"

/* "2026-05-04 09:00:00", ISO 8601, seconds or milliseconds since 1970; else
 * unknown. */
struct chat_time clock_utc(const struct jval *value);

#endif
