#include "cmd/import/vivim/stamp.h"

#include "tests/tap.h"

static int parse(const char *text, struct vivim_stamp *out)
{
	return vivim_stamp_parse(span_str(text), out, NULL);
}

static void test_forms(void)
{
	char at[HLC_TEXT_MAX];
	struct vivim_stamp stamp;

	ok(parse("2024-01-15T10:30:00.000Z-0001-node", &stamp) == 0 &&
	   stamp.form == VIVIM_SERVER && stamp.time.counter == 1 &&
	   span_equals(stamp.node, span_str("node")), "the server's form");
	vivim_stamp_at(&stamp, at);
	ok(!strcmp(at, "2024-01-15T10:30:00.000000Z-0001-00000000"),
	   "its time and counter stand in the clock text");
	ok(parse("1705314600000:00010:a:b-c", &stamp) == 0 &&
	   stamp.form == VIVIM_BROWSER && stamp.time.counter == 10 &&
	   span_equals(stamp.node, span_str("a:b-c")), "the browser's form");
	vivim_stamp_at(&stamp, at);
	ok(!strcmp(at, "2024-01-15T10:30:00.000000Z-000a-00000000"),
	   "the same moment has the same time");
	ok(parse("1705314600000:7:did:key:z6", &stamp) == 0 &&
	   stamp.form == VIVIM_CHAIN && stamp.time.counter == 7 &&
	   span_equals(stamp.node, span_str("did:key:z6")),
	   "the chain's form");
}

/* Ordered in time, each of another form than the one before. */
static void test_order(void)
{
	static const char *const texts[] = {
		"1705314599999:99999:z",
		"2024-01-15T10:30:00.000Z-0001-n",
		"1705314600000:2:n",
		"2024-01-15T10:30:00.000Z-000A-n",
		"1705314600000:00011:n",
		"1705314600000:65535:n",
		"1705314600000:65536:n",
		"1705314600000:99999:n",
		"2024-01-15T10:30:00.001Z-0000-n",
		"1705314600002:0:n",
	};
	char last[HLC_TEXT_MAX] = "";
	char at[HLC_TEXT_MAX];
	struct vivim_stamp stamp;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ok(parse(texts[i], &stamp) == 0, "%s is a stamp", texts[i]);
		vivim_stamp_at(&stamp, at);
		ok(strcmp(last, at) < 0, "%s is later than %s", at, last);
		memcpy(last, at, sizeof(last));
	}
}

static void test_refusals(void)
{
	static const char *const texts[] = {
		"", "x", "1705314600000", "1705314600000:", "1705314600000:1",
		"1705314600000:1:", "1705314600000::n", ":1:n", "0:1:n",
		"99999999999999:1:n", "1705314600000:x:n",
		"1705314600000:65536000:n", "17053146000000000:1:n",
		"2024-01-15T10:30:00.000Z", "2024-01-15T10:30:00.000Z-",
		"2024-01-15T10:30:00.000Z-0001", "2024-13-15T10:30:00Z-0001-n",
		"2024-01-15T10:30:00.000Z-00g1-n", "1999-01-15T10:30:00Z-1-n",
		"2024-01-15T10:30:00.000Z-0001-",
	};
	struct vivim_stamp stamp;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ok(parse(texts[i], &stamp) == ERR_INVALID, "'%s' is none",
		   texts[i]);
	ok(vivim_stamp_parse(span_of(NULL, 0), &stamp, NULL) == ERR_INVALID,
	   "nothing is none");
}

int main(void)
{
	test_forms();
	test_order();
	test_refusals();
	return done_testing();
}
