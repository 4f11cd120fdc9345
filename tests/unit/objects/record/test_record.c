/* objects/record: what is a record, what is not, and how one is built. */
#include "lib/id/cid.h"
#include "objects/record/record.h"
#include "tests/tap.h"

#define AT "2026-11-21T01:20:00.123456Z-0000-6MkqXf3a"
#define LINE "{\"at\":\"" AT "\",\"data\":{\"content\":\"tea, not coffee\"," \
	"\"tags\":[\"taste\"]},\"entity\":\"memory:abcdefghijklmnopqrstuvwxy2" \
	"\",\"prev\":[],\"type\":\"memory:create\"}"
#define CID "bagaaieraonzbmqvezpx64y4n5ylb2aw6pd4abpkjbefhvuro5lb64kca3ukq"

/* A line of parts; NULL parts take what is right. */
struct parts {
	const char *at, *data, *entity, *prev, *type;
};

static struct span line_of(const struct parts *parts, struct buf *buf)
{
	buf_reset(buf);
	if (buf_printf(buf, NULL, "{\"at\":%s,\"data\":%s,\"entity\":%s,"
		       "\"prev\":%s,\"type\":%s}",
		       parts->at ? parts->at : "\"" AT "\"",
		       parts->data ? parts->data : "{}",
		       parts->entity ? parts->entity : "\"memory:a\"",
		       parts->prev ? parts->prev : "[]",
		       parts->type ? parts->type : "\"memory:create\"") < 0)
		bail_out("out of memory");
	return buf_span(buf);
}

static void test_good(void)
{
	struct err err = ERR_INIT;
	struct record record;
	unsigned char id[RECORD_ID_BYTES];
	char text[CID_TEXT_MAX];

	if (!is_int(record_parse(span_str(LINE), &record, &err), 0, "parses"))
		bail_out("%s", err.text);
	ok(span_equals(record.line, span_str(LINE)), "the line");
	ok(span_equals(record.type, span_str("memory:create")), "the type");
	ok(span_equals(record.verb, span_str("create")), "the verb");
	ok(span_equals(record.at, span_str(AT)), "the time");
	ok(span_equals(record.prev, span_str("[]")), "prev");
	ok(span_equals(record.entity,
		       span_str("memory:abcdefghijklmnopqrstuvwxy2")),
	   "the entity");
	ok(span_begins(record.data, "{\"content\""), "the data");
	is_str(record.kind->name, "memory", "the kind");
	record_id(record.line, id);
	cid_text(CID_JSON, id, text);
	/* sha256sum of the line, then base32(1): by other tools. */
	is_str(text, CID, "the id");
}

static void test_good_parts(void)
{
	static const struct parts good[] = {
		{ .at = "\"0000-00-00T00:00:00.000000Z-0000-00000000\"" },
		{ .data = "{\"\\n\":[{}],\"a\":null}" },
		{ .entity = "\"message:p:c/\xc3\xa9\"",
		  .type = "\"message:update\"" },
		{ .prev = "[\"" CID "\"]" },
		{ .entity = "\"acu:x\"", .type = "\"acu:derive\"" },
		{ .entity = "\"vault:x\"", .type = "\"vault:create\"" },
	};
	struct buf buf = BUF_INIT(4096);
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct err err = ERR_INIT;
		struct record record;

		if (!ok(record_parse(line_of(&good[i], &buf), &record, &err) ==
			0, "good record %zu", i))
			diag("%s", err.text);
	}
	buf_release(&buf);
}

struct bad {
	const char *what;
	struct parts parts;
};

static const struct bad bad_parts[] = {
	{ "time: no string", { .at = "1" } },
	{ "time: short", { .at = "\"2026-11-21T01:20:00.123456Z\"" } },
	{ "time: 30 February",
	  { .at = "\"2026-02-30T01:20:00.123456Z-0000-6MkqXf3a\"" } },
	{ "time: upper-case counter",
	  { .at = "\"2026-11-21T01:20:00.123456Z-000A-6MkqXf3a\"" } },
	{ "time: node with 0",
	  { .at = "\"2026-11-21T01:20:00.123456Z-0000-6MkqXf30\"" } },
	{ "time: escaped",
	  { .at = "\"\\n026-11-21T01:20:00.123456Z-0000-6MkqXf3a\"" } },
	{ "data: array", { .data = "[]" } },
	{ "data: null", { .data = "null" } },
	{ "data: white space", { .data = "{ }" } },
	{ "data: unsorted", { .data = "{\"b\":1,\"a\":1}" } },
	{ "data: twice", { .data = "{\"a\":1,\"a\":1}" } },
	{ "data: number", { .data = "{\"a\":1.0}" } },
	{ "data: escape", { .data = "{\"a\":\"\\u0041\"}" } },
	{ "data: surrogate", { .data = "{\"a\":\"\\ud800\"}" } },
	{ "data: UTF-8", { .data = "{\"a\":\"\xff\"}" } },
	{ "entity: number", { .entity = "7" } },
	{ "entity: unknown kind", { .entity = "\"todo:a\"" } },
	{ "entity: empty key", { .entity = "\"memory:\"" } },
	{ "entity: other kind", { .entity = "\"acu:a\"" } },
	{ "entity: escape", { .entity = "\"memory:\\\"\"" } },
	{ "entity: newline", { .entity = "\"memory:\\n\"" } },
	{ "entity: DEL", { .entity = "\"memory:\x7f\"" } },
	{ "entity: UTF-8", { .entity = "\"memory:\xc3\"" } },
	{ "entity: no home", { .entity = "\"message:a\"",
			       .type = "\"message:create\"" } },
	{ "type: unknown kind", { .type = "\"todo:create\"" } },
	{ "type: unknown verb", { .type = "\"memory:derive\"" } },
	{ "type: number", { .type = "1" } },
	{ "type: escape", { .type = "\"memory:create\\n\"" } },
	{ "prev: object", { .prev = "{}" } },
	{ "prev: string", { .prev = "\"" CID "\"" } },
	{ "prev: number in it", { .prev = "[1]" } },
	{ "prev: no id", { .prev = "[\"a\"]" } },
	{ "prev: id in upper case", { .prev =
	  "[\"BAGAAIERAONZBMQVEZPX64Y4N5YLB2AW6PD4ABPKJBEFHVURO5LB64KCA"
	  "3UKQ\"]" } },
	{ "prev: id of a segment", { .prev = "[\"bafkreihdwdcefgh4dqkjv6"
	  "7uzcmw7ojee6xedzdetojuzjevtenxquvyku\"]" } },
	{ "prev: id with a loose bit", { .prev = "[\"bagaaieraonzbmqvezp"
	  "x64y4n5ylb2aw6pd4abpkjbefhvuro5lb64kca3ukr\"]" } },
	{ "prev: an id twice", { .prev = "[\"" CID "\",\"" CID "\"]" } },
};

static void test_bad_parts(void)
{
	struct buf buf = BUF_INIT(4096);
	size_t i;

	for (i = 0; i < sizeof(bad_parts) / sizeof(*bad_parts); i++) {
		struct err err = ERR_INIT;
		struct record record = { .kind = NULL };

		if (!ok(record_parse(line_of(&bad_parts[i].parts, &buf), &record,
				     &err) == ERR_INVALID && !record.kind &&
			strstr(err.text, " at byte "), "%s", bad_parts[i].what))
			diag("%s", err.text);
	}
	buf_release(&buf);
}

static void test_bad_lines(void)
{
	static const char *const bad[] = {
		"", "{}", "[]", "null", LINE "\n", LINE " ", " " LINE,
		LINE LINE, "{\"at\":\"" AT "\"}",
		"{\"at\":\"" AT "\",\"data\":{},\"entity\":\"memory:a\","
		"\"prev\":[]}",
		"{\"at\":\"" AT "\",\"data\":{},\"entity\":\"memory:a\","
		"\"prev\":[],\"type\":\"memory:create\",\"z\":1}",
		"{\"a\":1,\"at\":\"" AT "\",\"data\":{},\"entity\":"
		"\"memory:a\",\"prev\":[]}",
		"{\"at\":\"" AT "\",\"data\":{},\"entity\":\"memory:a\","
		"\"type\":\"memory:create\",\"prev\":[]}",
		"{\"at\":\"" AT "\",\"Data\":{},\"entity\":\"memory:a\","
		"\"prev\":[],\"type\":\"memory:create\"}",
		"{\"at\":\"" AT "\",\"data\":{},\"data\":{},\"entity\":"
		"\"memory:a\",\"prev\":[],\"type\":\"memory:create\"}",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = ERR_INIT;
		struct record record;
		int rc = record_parse(span_str(bad[i]), &record, &err);

		ok(rc == ERR_INVALID || rc == ERR_LIMIT, "no record: line %zu",
		   i);
	}
}

static void test_every_cut(void)
{
	struct record record;
	size_t taken = 0;
	size_t len;

	for (len = 0; len < sizeof(LINE) - 1; len++)
		taken += record_parse(span_of(LINE, len), &record, NULL) == 0;
	is_int(taken, 0, "no beginning of a record is one");
}

static void test_limits(void)
{
	struct buf buf = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = {
		.type = "memory:create", .entity = span_str("memory:a"),
		.at = AT,
	};
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	size_t around;

	if (buf_add_str(&data, "{}", NULL) < 0)
		bail_out("out of memory");
	parts.data = buf_span(&data);
	is_int(record_build(&parts, &buf, &err), 0, "a small record");
	around = buf.len + sizeof("\"a\":\"\"") - 1;
	buf_reset(&buf);
	buf_reset(&data);
	if (buf_add_str(&data, "{\"a\":\"", NULL) < 0 ||
	    buf_reserve(&data, RECORD_MAX_BYTES, NULL) < 0)
		bail_out("out of memory");
	memset(data.data + data.len, 'x', RECORD_MAX_BYTES - around);
	data.len += RECORD_MAX_BYTES - around;
	if (buf_add_str(&data, "\"}", NULL) < 0)
		bail_out("out of memory");
	parts.data = buf_span(&data);
	is_int(record_build(&parts, &buf, &err), 0, "the largest record");
	is_int(buf.len, RECORD_MAX_BYTES, "has the largest size");
	buf_reset(&buf);
	data.data[data.len - 2] = 'x';
	data.data[data.len - 1] = '"';
	if (buf_add_str(&data, "}", NULL) < 0)
		bail_out("out of memory");
	parts.data = buf_span(&data);
	is_int(record_build(&parts, &buf, &err), ERR_LIMIT,
	       "one byte more is refused");
	is_int(buf.len, 0, "and nothing is left behind");
	buf_release(&data);
	buf_release(&buf);
}

/* Ids 0, 1, 2 ... made of one byte; the order of texts is another one. */
static void make_ids(unsigned char (*ids)[RECORD_ID_BYTES], size_t n)
{
	size_t i;

	memset(ids, 0, n * sizeof(*ids));
	for (i = 0; i < n; i++) {
		ids[i][0] = (unsigned char)(i >> 8);
		ids[i][1] = (unsigned char)i;
	}
}

static void test_build(void)
{
	unsigned char (*ids)[RECORD_ID_BYTES] =
		calloc(RECORD_PREV_MAX + 1, sizeof(*ids));
	unsigned char (*back)[RECORD_ID_BYTES] =
		calloc(RECORD_PREV_MAX + 1, sizeof(*back));
	struct record_parts parts = {
		.type = "memory:update", .entity = span_str("memory:a"),
		.at = AT, .data = span_str("{}"),
		.prev = (const unsigned char (*)[RECORD_ID_BYTES])ids,
		.prev_n = RECORD_PREV_MAX
	};
	struct buf buf = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	struct record record;
	size_t n = 0;

	if (!ids || !back)
		bail_out("out of memory");
	make_ids(ids, RECORD_PREV_MAX + 1);
	memcpy(ids[7], ids[9], RECORD_ID_BYTES);
	is_int(buf_add_str(&buf, "before", &err), 0, "something stands there");
	is_int(record_build(&parts, &buf, &err), 0, "many prev, one twice");
	ok(record_parse(span_of(buf.data + 6, buf.len - 6), &record, &err) ==
	   0, "it is a record behind what stood there");
	is_int(record_prev(&record, back, RECORD_PREV_MAX, &n, &err), 0,
	       "prev is read back");
	is_int(n, RECORD_PREV_MAX - 1, "without the double");
	is_int(record_prev(&record, back, n - 1, &n, &err), ERR_LIMIT,
	       "more than there is room for");
	parts.prev_n++;
	err_clear(&err);
	n = buf.len;
	is_int(record_build(&parts, &buf, &err), ERR_LIMIT, "too many prev");
	is_int(buf.len, n, "the buffer is as it was");
	buf_release(&buf);
	free(ids);
	free(back);
}

static void test_build_refuses(void)
{
	static const struct record_parts bad[] = {
		{ .type = "memory:create\",\"z\":\"", .entity = { "memory:a", 8 },
		  .at = AT, .data = { "{}", 2 } },
		{ .type = "memory:create", .at = AT, .data = { "{}", 2 },
		  .entity = { "memory:a\",\"x\":\"", 15 } },
		{ .type = "memory:create", .entity = { "memory:a", 8 },
		  .at = AT, .data = { "{ }", 3 } },
		{ .type = "memory:create", .entity = { "memory:a", 8 },
		  .at = AT, .data = { "{},\"data2\":{}", 13 } },
		{ .type = "memory:create", .entity = { "memory:a", 8 },
		  .at = "now", .data = { "{}", 2 } },
	};
	struct buf buf = BUF_INIT(4096);
	struct buf tiny = BUF_INIT(20);
	struct record_parts good = bad[2];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err err = ERR_INIT;

		ok(record_build(&bad[i], &buf, &err) < 0 && buf.len == 0,
		   "parts %zu make no record", i);
	}
	good.data = span_str("{}");
	is_int(record_build(&good, &tiny, NULL), ERR_LIMIT, "no room");
	is_int(tiny.len, 0, "and nothing is left behind");
	buf_release(&buf);
	buf_release(&tiny);
}

/* Two ids whose texts sort one way and whose digests the other. */
static void test_prev_order(void)
{
	unsigned char ids[2][RECORD_ID_BYTES];
	char texts[2][CID_TEXT_MAX];
	struct buf buf = BUF_INIT(4096);
	struct buf prev = BUF_INIT(4096);
	struct parts parts = { .at = NULL };
	struct record record;
	int i;

	memset(ids[0], 0x00, RECORD_ID_BYTES);
	memset(ids[1], 0xff, RECORD_ID_BYTES);
	for (i = 0; i < 2; i++)
		cid_text(CID_JSON, ids[i], texts[i]);
	ok(strcmp(texts[0], texts[1]) > 0, "texts sort against their digests");
	for (i = 0; i < 2; i++) {
		buf_reset(&prev);
		if (buf_printf(&prev, NULL, "[\"%s\",\"%s\"]", texts[!i],
			       texts[i]) < 0)
			bail_out("out of memory");
		parts.prev = buf_text(&prev);
		is_int(record_parse(line_of(&parts, &buf), &record, NULL),
		       i ? ERR_INVALID : 0, "prev in the order of texts only");
	}
	buf_release(&prev);
	buf_release(&buf);
}

int main(void)
{
	test_good();
	test_good_parts();
	test_bad_parts();
	test_bad_lines();
	test_every_cut();
	test_limits();
	test_build();
	test_build_refuses();
	test_prev_order();
	return done_testing();
}
