/*
 * Dates as people write them: what is read is a stretch of the calendar, what
 * is not leaves the output alone and says why. Times told are read again.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "lib/time/dates.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int offset(void *arg, int64_t micros)
{
	(void)arg;
	return micros / TIMESTAMP_DAY % 365 < 180 ? 7200 : 3600;
}

static void tell(const struct wall *wall, int64_t micros)
{
	char text[WALL_TEXT_MAX];
	struct period again;
	int rc;

	wall_text_near(wall, micros, text);
	rc = dates_read(span_str(text), wall, &again, NULL);
	assert(rc == 0);
	wall_text_iso(wall, micros, text);
	rc = dates_read(span_str(text), wall, &again, NULL);
	assert(rc == 0 && again.start <= micros && again.end >= micros);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct wall wall = { offset, NULL, INT64_C(1715769020000000) };
	struct period period = { 5, 5 };
	struct err err = ERR_INIT;
	int rc = dates_read(span_of(data, len), &wall, &period, &err);

	if (rc < 0) {
		assert(rc == ERR_INVALID && err.text[0]);
		assert(period.start == 5 && period.end == 5);
		return 0;
	}
	assert(period.start <= period.end);
	assert(period.start >= TIMESTAMP_MIN - TIMESTAMP_DAY);
	assert(period.end <= TIMESTAMP_MAX + TIMESTAMP_DAY);
	if (period.start > TIMESTAMP_MIN + 800 * TIMESTAMP_DAY &&
	    period.start < TIMESTAMP_MAX - 800 * TIMESTAMP_DAY)
		tell(&wall, period.start);
	return 0;
}
