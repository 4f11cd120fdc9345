#include "lib/time/hlc.h"

#include <jansson.h>

#include "lib/os/file.h"
#include "lib/time/timestamp.h"
#include "tests/unit/fixture.h"

#define NOW INT64_C(1795224000123456)
#define NOW_TEXT "2026-11-21T01:20:00.123456Z"

static void test_text(void)
{
	struct hlc time = { NOW, 0x2f };
	struct hlc back;
	char node[HLC_NODE_MAX];
	char text[HLC_TEXT_MAX];

	hlc_text(&time, "6MkqXf3a", text);
	is_str(text, NOW_TEXT "-002f-6MkqXf3a", "text of a time");
	is_int(strlen(text), HLC_TEXT, "has the stated length");
	is_int(hlc_parse(span_str(text), &back, node, NULL), 0, "is read");
	ok(hlc_compare(&back, &time) == 0, "back");
	is_str(node, "6MkqXf3a", "with its node");
	hlc_import_text(NOW, text);
	is_str(text, NOW_TEXT "-0000-00000000", "of an importer");
	ok(hlc_text_is_valid(span_str(text)), "is valid");
	hlc_import_text(HLC_UNKNOWN, text);
	is_str(text, HLC_UNKNOWN_TEXT, "of an unknown time");
	is_int(hlc_parse(span_str(text), &back, node, NULL), 0, "is read");
	ok(back.micros == HLC_UNKNOWN && !back.counter, "as unknown");
	hlc_import_text(TIMESTAMP_MAX + 1, text);
	is_str(text, HLC_UNKNOWN_TEXT, "a time beyond the year 9999");
	hlc_import_text(TIMESTAMP_MIN, text);
	is_str(text, "0001-01-01T00:00:00.000000Z-0000-00000000",
	       "the first time");
}

static void test_refused(void)
{
	static const char *const bad[] = {
		"",
		"2026-11-21T01:20:00.123456Z-0000-6MkqXf3",
		"2026-11-21T01:20:00.123456Z-0000-6MkqXf3aa",
		"2026-11-21T01:20:00.123456Z-0000-6MkqXf3l",
		"2026-11-21T01:20:00.123456Z-0000-6MkqXf30",
		"2026-11-21T01:20:00.123456Z-000A-6MkqXf3a",
		"2026-11-21T01:20:00.123456Z-0g00-6MkqXf3a",
		"2026-11-21T01:20:00.123456z-0000-6MkqXf3a",
		"2026-11-21t01:20:00.123456Z-0000-6MkqXf3a",
		"2026-11-21 01:20:00.123456Z-0000-6MkqXf3a",
		"2026-11-21T01:20:00,123456Z-0000-6MkqXf3a",
		"2026-11-21T01:20:60.123456Z-0000-6MkqXf3a",
		"2026-11-21T24:20:00.123456Z-0000-6MkqXf3a",
		"2026-02-29T01:20:00.123456Z-0000-6MkqXf3a",
		"2026-13-21T01:20:00.123456Z-0000-6MkqXf3a",
		"2026-11-21T01:20:00.1234+01-0000-6MkqXf3a",
		"2026-11-21T01:20:00.123456Z_0000-6MkqXf3a",
		"2026-11-21T01:20:00.123456Z-0000_6MkqXf3a",
		"0000-00-00T00:00:00.000000Z-0001-00000000",
		"0000-00-00T00:00:00.000000Z-0000-6MkqXf3a",
		"0000-01-01T00:00:00.000000Z-0000-00000000",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!hlc_text_is_valid(span_str(bad[i])), "refused: %s", bad[i]);
}

/* The order of times is the order of their texts' bytes. */
static void test_order(void)
{
	struct hlc times[] = {
		{ HLC_UNKNOWN, 0 },    { TIMESTAMP_MIN, 0 }, { -1, 0xffff },
		{ 0, 0 },	       { 0, 1 },	     { 0, 0xffff },
		{ 1, 0 },	       { NOW, 9 },	     { NOW, 10 },
		{ TIMESTAMP_MAX, 0 },
	};
	size_t count = sizeof(times) / sizeof(times[0]);
	size_t i, j;
	int wrong = 0;

	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			char a[HLC_TEXT_MAX], b[HLC_TEXT_MAX];
			int order = hlc_compare(&times[i], &times[j]);
			int bytes;

			hlc_text(&times[i], HLC_NODE_IMPORT, a);
			hlc_text(&times[j], HLC_NODE_IMPORT, b);
			bytes = strcmp(a, b);
			wrong += (order < 0) != (bytes < 0) ||
				 (order > 0) != (bytes > 0);
		}
	}
	is_int(wrong, 0, "texts sort like times");
}

static void test_clock(void)
{
	struct hlc clock = HLC_INIT;
	struct hlc remote = { NOW + HLC_DRIFT_MICROS, 7 };
	struct hlc before;

	hlc_tick(&clock, NOW);
	ok(clock.micros == NOW && clock.counter == 0, "first tick");
	hlc_tick(&clock, NOW - 1000);
	ok(clock.micros == NOW && clock.counter == 1, "physical time went back");
	clock.counter = HLC_COUNTER_MAX;
	hlc_tick(&clock, NOW);
	ok(clock.micros == NOW + 1 && clock.counter == 0,
	   "a full counter carries");
	is_int(hlc_receive(&clock, &remote, NOW, NULL), 0, "60 s ahead");
	ok(clock.micros == remote.micros && clock.counter == 8, "is followed");
	before = clock;
	remote.micros++;
	is_int(hlc_receive(&clock, &remote, NOW, NULL), ERR_LIMIT,
	       "a microsecond more");
	ok(hlc_compare(&clock, &before) == 0, "is not");
	remote = (struct hlc)HLC_INIT;
	is_int(hlc_receive(&clock, &remote, NOW, NULL), 0, "unknown time");
	ok(hlc_compare(&clock, &before) > 0 &&
	   clock.micros == before.micros, "is a tick of our own");
	remote = (struct hlc){ NOW + 5, HLC_COUNTER_MAX };
	clock = (struct hlc){ NOW, 0 };
	is_int(hlc_receive(&clock, &remote, NOW, NULL), 0, "a full remote");
	ok(clock.micros == NOW + 6 && clock.counter == 0, "carries as well");
	clock = (struct hlc){ TIMESTAMP_MAX, HLC_COUNTER_MAX };
	hlc_tick(&clock, NOW);
	ok(clock.micros == TIMESTAMP_MAX && clock.counter == HLC_COUNTER_MAX,
	   "the end of time is not passed");
}

static int64_t int_of(const json_t *event, const char *key)
{
	return json_integer_value(json_object_get(event, key));
}

static bool run_event(struct hlc *clock, const json_t *event)
{
	const char *op = json_string_value(json_object_get(event, "op"));

	if (strcmp(op, "recv")) {
		hlc_tick(clock, int_of(event, "pt"));
	} else {
		struct hlc remote = { int_of(event, "ml"),
				      (uint32_t)int_of(event, "mc") };

		if (hlc_receive(clock, &remote, int_of(event, "pt"), NULL) < 0)
			return false;
	}
	return clock->micros == int_of(event, "l") &&
	       clock->counter == (uint32_t)int_of(event, "c");
}

static void test_script(void)
{
	const char *path = vector_path("hlc/hlc-script.json");
	json_t *all, *one, *event;
	size_t i, j;
	int events = 0, wrong = 0;

	if (!path) {
		skip(2, "../shared is not here");
		return;
	}
	all = json_load_file(path, 0, NULL);
	json_array_foreach(all, i, one) {
		struct hlc clocks[16] = { { 0, 0 } };

		json_array_foreach(json_object_get(one, "events"), j, event) {
			int64_t node = int_of(event, "node");

			events++;
			wrong += node < 0 || node > 15 ||
				 !run_event(&clocks[node], event);
		}
	}
	is_int(events, 2400, "40 runs of 60 events");
	is_int(wrong, 0, "all as scripted");
	json_decref(all);
}

static void test_file(void)
{
	const char *path = in_scratch("clock");
	struct hlc clock = { NOW, 3 };
	struct hlc other = HLC_INIT;
	struct err err = ERR_INIT;

	is_int(hlc_load(path, &other, &err), 0, "a missing file");
	ok(other.micros == HLC_UNKNOWN, "changes nothing");
	is_int(hlc_store(path, &other, &err), 0, "an unset clock");
	ok(!file_exists(path), "is not stored");
	is_int(hlc_store(path, &clock, &err), 0, "stored");
	is_int(hlc_load(path, &other, &err), 0, "loaded");
	ok(hlc_compare(&clock, &other) == 0, "the same");
	other = (struct hlc){ NOW + 10, 0 };
	is_int(hlc_load(path, &other, &err), 0, "an older file");
	ok(other.micros == NOW + 10, "sets no clock back");
	other = (struct hlc){ NOW, 2 };
	is_int(hlc_store(path, &other, &err), 0, "an older clock");
	other = (struct hlc)HLC_INIT;
	is_int(hlc_load(path, &other, &err), 0, "leaves the file");
	ok(hlc_compare(&clock, &other) == 0, "as it was");
}

static void test_damage(void)
{
	static const char *const bad[] = {
		"", "x\n", NOW_TEXT "-0000-00000000",
		NOW_TEXT "-0000-00000000\n\n", NOW_TEXT "-000G-00000000\n",
	};
	const char *path = in_scratch("damaged");
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hlc clock = { 5, 5 };

		if (file_write_atomic(path, span_str(bad[i]), 0600, NULL) < 0)
			bail_out("cannot write");
		is_int(hlc_load(path, &clock, NULL), ERR_CORRUPT,
		       "a damaged file");
		ok(clock.micros == 5 && clock.counter == 5,
		   "changes no clock");
		is_int(hlc_store(path, &clock, NULL), 0, "and is replaced");
		clock = (struct hlc)HLC_INIT;
		ok(hlc_load(path, &clock, NULL) == 0 && clock.micros == 5,
		   "by a good one");
	}
	is_int(hlc_store(in_scratch("no/such"), &(struct hlc){ NOW, 0 }, NULL),
	       ERR_NOT_FOUND, "a missing folder");
}

int main(void)
{
	scratch_begin();
	test_text();
	test_refused();
	test_order();
	test_clock();
	test_script();
	test_file();
	test_damage();
	scratch_end();
	return done_testing();
}
