/*
 * Times: what is read lies within the calendar and reads the same again from
 * its ISO form; what is not leaves the outputs alone.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/parse/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(int rc, int64_t micros, const struct err *err)
{
	char text[TIMESTAMP_TEXT_MAX];
	int64_t again = 0;

	if (rc < 0) {
		assert(rc == ERR_INVALID && micros == 5 && err->text[0]);
		return;
	}
	assert(micros >= TIMESTAMP_MIN && micros <= TIMESTAMP_MAX);
	timestamp_text(micros, text);
	rc = when_parse(span_str(text), &again, NULL, NULL);
	assert(rc == 0 && again == micros);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct err err = ERR_INIT;
	unsigned flags = 0;
	int64_t micros = 5;
	int rc;

	rc = when_parse(text, &micros, &flags, &err);
	check(rc, micros, &err);
	err_clear(&err);
	micros = 5;
	rc = when_parse_day(text, &micros, &flags, &err);
	check(rc, micros, &err);
	err_clear(&err);
	micros = 5;
	rc = when_parse_clock(text, 0, &micros, &flags, &err);
	check(rc, micros, &err);
	err_clear(&err);
	micros = 5;
	rc = when_from_number(text, WHEN_MILLISECONDS, &micros, &flags, &err);
	check(rc, micros, &err);
	return 0;
}
