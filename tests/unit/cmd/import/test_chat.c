/*
 * What every importer of conversations shares: keys, texts, times, the
 * native rest, and the records that come of them.
 */
#include "cmd/import/records/chat.h"
#include "cmd/import/records/take.h"
#include "lib/time/timestamp.h"
#include "tests/importer.h"
#include "tests/tap.h"

static struct err err = ERR_INIT;
static struct buf out = BUF_INIT(1 << 16);

static const char *key_of(struct span key)
{
	buf_reset(&out);
	chat_put_key(&out, key);
	return buf_end(&out, &err) < 0 ? err.text : buf_text(&out);
}

static void test_keys(void)
{
	char text[400];

	memset(text, 'a', sizeof(text));
	is_str(key_of(span_str("0f-1_2.3:+@=,~Z")), "0f-1_2.3:+@=,~Z",
	       "what may stand stands");
	is_str(key_of(span_str("a/b#c d\"\\%")), "a%2fb%23c%20d%22%5c%25",
	       "the rest is escaped");
	is_str(key_of(span_of("\0\xc3\xa9", 3)), "%00%c3%a9",
	       "NUL and what is no ASCII too");
	is_int(strlen(key_of(span_of(text, 160))), 160, "160 bytes stand");
	is_str(key_of(span_of(text, 400)), "sha256-abd5e54be3f59d8ee4943b2"
	       "380def17f546e604cc51da8b9c93f591f205e75db",
	       "a longer one is its hash");
	is_str(key_of(span_of("", 0)), "sha256-e3b0c44298fc1c149afbf4c8996fb"
	       "92427ae41e4649b934ca495991b7852b855", "so is an empty one");
}

static const char *text_of(struct span text)
{
	buf_reset(&out);
	chat_put_text(&out, text);
	return buf_end(&out, NULL) < 0 ? "refused" : buf_text(&out);
}

static void test_texts(void)
{
	is_str(text_of(span_str("a\"\n\xc3\xa9")), "\"a\\\"\\n\xc3\xa9\"",
	       "text");
	is_str(text_of(span_of("a\0b", 3)), "\"a\\u0000b\"", "with NUL");
	/* {"$raw": base64 of "a\ud83db"} */
	is_str(text_of(span_str("a\xed\xa0\xbd" "b")),
	       "{\"$raw\":\"ImFcdWQ4M2RiIg==\"}", "a lone surrogate survives");
	is_str(text_of(span_str("\xed\xa0\xbd")),
	       "{\"$raw\":\"Ilx1ZDgzZCI=\"}", "alone");
	is_str(text_of(span_str("a\xff")), "refused", "what is no text");
}

static const char *time_of(const char *json, bool is_ms)
{
	static char text[TIMESTAMP_TEXT_MAX];
	const struct jdoc_options options = { .flags = 0 };
	struct jdoc *doc = NULL;
	struct chat_time time;

	if (jdoc_parse(span_str(json), &options, &doc, &err) < 0)
		bail_out("%s", err.text);
	time = is_ms ? chat_time_of_ms(jdoc_root(doc)) :
		chat_time_of(jdoc_root(doc));
	jdoc_free(doc);
	if (time.micros == CHAT_TIME_UNKNOWN)
		return "unknown";
	timestamp_text(time.micros, text);
	return text;
}

static void test_times(void)
{
	is_str(time_of("1700000000.123456", false),
	       "2023-11-14T22:13:20.123456Z", "seconds, to the microsecond");
	is_str(time_of("\"2023-11-14T22:13:20+01:00\"", false),
	       "2023-11-14T21:13:20.000000Z", "text");
	is_str(time_of("null", false), "unknown", "null");
	is_str(time_of("0", false), "unknown", "zero");
	is_str(time_of("\"soon\"", false), "unknown", "what is no time");
	is_str(time_of("1700000000123", true), "2023-11-14T22:13:20.123000Z",
	       "milliseconds");
	is_str(time_of("\"1700000000123\"", true),
	       "2023-11-14T22:13:20.123000Z", "as text");
	is_str(time_of("-1", true), "unknown", "negative ones");
	is_str(time_of("1e400", false), "unknown", "beyond all numbers");
}

static const char *rest_of(const char *json)
{
	const struct jdoc_options options = { .flags = 0 };
	struct jdoc *doc = NULL;
	struct take take;

	buf_reset(&out);
	if (jdoc_parse(span_str(json), &options, &doc, &err) < 0)
		bail_out("%s", err.text);
	take = take_begin(jdoc_root(doc));
	(void)take_text(&take, "a");
	(void)take_time(&take, "b");
	take_put(&take, &out);
	if (buf_end(&out, &err) < 0)
		bail_out("%s", err.text);
	jdoc_free(doc);
	return buf_text(&out);
}

static void test_rest(void)
{
	is_str(rest_of("{\"z\":1,\"a\":\"x\",\"b\":1700000000,"
		       "\"$c\":[1.50]}"),
	       "{\"$$c\":[1.5],\"z\":1}", "what nobody took, \"$\" doubled");
	is_str(rest_of("{\"a\":\"x\",\"b\":null}"), "", "nothing is left");
	is_str(rest_of("{\"b\":3}"), "{\"b\":3}", "a time of 1970");
	is_str(rest_of("{\"b\":\"2024-01-01T00:00:00.123456789Z\"}"),
	       "{\"b\":\"2024-01-01T00:00:00.123456789Z\"}",
	       "one that is finer than a microsecond");
	is_str(rest_of("{\"a\":2,\"b\":[]}"), "{\"a\":2,\"b\":[]}",
	       "what was not understood");
	is_str(rest_of("[1]"), "", "no object");
	is_str(rest_of("{\"n\":12345678901234567890}"),
	       "{\"n\":{\"$raw\":\"MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=\"}}",
	       "numbers that JSON of records cannot hold");
}

/* The records of one made conversation. */
static int put_chat(struct import_job *job, struct import_source *source,
		    struct err *why)
{
	struct chat_session session = {
		.provider = "test", .key = span_str("s/1"),
		.title = span_str("A title"),
		.created = { INT64_C(1700000000000000), 0 },
		.updated = { INT64_C(1700000001000000), 0 },
		.active = span_str("m"), .is_guessed = true,
	};
	struct chat_message message = {
		.key = span_str("m"), .parent = span_str("root"), .index = 7,
		.role = "user", .visibility = "visible",
		.created = { INT64_C(1700000000000000), TIMESTAMP_NO_ZONE },
		.content = span_str("hello"),
		.native = span_str("{\"x\":1}"),
	};
	struct chat chat = CHAT_INIT;
	int rc;

	rc = chat_begin(&chat, job, source, "test", session.key, why);
	if (rc >= 0)
		rc = chat_put_message(&chat, &message, why);
	message.key = span_str("unusual");
	message.parent = span_of(NULL, 0);
	message.created = chat_time_read(0, INT64_C(-5), TIMESTAMP_UNUSUAL);
	if (rc >= 0)
		rc = chat_put_message(&chat, &message, why);
	if (rc >= 0)
		rc = chat_put_session(&chat, &session, why);
	chat_release(&chat);
	return rc;
}

static bool sniff_all(const struct import_input *input)
{
	return input != NULL;
}

static void test_records(void)
{
	static const struct importer importer = {
		.name = "test", .one = "test", .many = "tests",
		.construct = "test", .sniff = sniff_all, .read = put_chat,
	};
	struct importer_run run;

	is_int(importer_run(&run, &importer, span_str("{}"), false), 0,
	       "a run");
	is_int(run.records, 3, "three records");
	is_int(run.source.imported, 3, "that are counted");
	is_int(run.source.read, 3, "as read too");
	is_int(run.source.unknown_times, 1, "an unusual time is unknown");
	is_int(run.source.unlikely_times, 1, "and told");
	is_str(buf_text(&run.lines),
	       "{\"at\":\"2023-11-14T22:13:20.000000Z-0000-00000000\",\"data\":"
	       "{\"content\":\"hello\",\"created\":\"2023-11-14T22:13:20.000000"
	       "Z\",\"created_zone\":\"unknown\",\"index\":7,\"native\":{\"x\":"
	       "1},\"parent\":\"message:test:s%2f1/root\",\"role\":\"user\","
	       "\"session\":\"session:test:s%2f1\",\"visibility\":\"visible\"},"
	       "\"entity\":\"message:test:s%2f1/m\",\"prev\":[],\"type\":"
	       "\"message:create\"}\n"
	       "{\"at\":\"0000-00-00T00:00:00.000000Z-0000-00000000\",\"data\":"
	       "{\"content\":\"hello\",\"index\":7,\"native\":{\"x\":1},\"parent\":null,\"role\":"
	       "\"user\",\"session\":\"session:test:s%2f1\",\"visibility\":"
	       "\"visible\"},\"entity\":\"message:test:s%2f1/unusual\","
	       "\"prev\":[],\"type\":\"message:create\"}\n"
	       "{\"at\":\"2023-11-14T22:13:21.000000Z-0000-00000000\",\"data\":"
	       "{\"active\":\"message:test:s%2f1/m\",\"created\":\"2023-11-14T"
	       "22:13:20.000000Z\",\"guessed\":true,\"provider\":\"test\","
	       "\"title\":\"A title\",\"updated\":\"2023-11-14T22:13:21.000000"
	       "Z\"},\"entity\":\"session:test:s%2f1\",\"prev\":[],\"type\":"
	       "\"session:create\"}\n", "as they should be");
	importer_run_release(&run);
}

int main(void)
{
	test_keys();
	test_texts();
	test_times();
	test_rest();
	test_records();
	buf_release(&out);
	return done_testing();
}
