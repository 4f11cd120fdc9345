/*
 * What was not taken is the rest, whatever an object holds.
 */
#include "cmd/import/records/take.h"

#include "cmd/import/records/part.h"
#include "tests/tap.h"

static struct jdoc *parse(const char *json)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0)
		bail_out("%s", json);
	return doc;
}

/* The rest, behind a field of the importer's own. */
static void is_rest(const struct take *take, const char *own, const char *want)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (own)
		fields_str(&fields, own, "ours");
	take_rest(take, &fields);
	ok(jcs_fields_write(&fields, &text, NULL) == 0 &&
	   !strcmp(buf_text(&text), want), "%s", want);
	if (strcmp(buf_text(&text), want))
		diag("%s", buf_text(&text));
	jcs_fields_release(&fields);
	buf_release(&text);
}

static void test_understood(void)
{
	static const struct take_role roles[] = {
		{ "user", "user" }, { "bot", "assistant" }, { NULL, NULL }
	};
	struct jdoc *doc = parse("{\"id\":\"\",\"name\":7,\"at\":\"soon\","
				 "\"when\":\"2024-01-01T00:00:00Z\",\"no\":null,"
				 "\"who\":\"bot\",\"flag\":false,\"n\":1.5}");
	struct take take = take_begin(jdoc_root(doc));
	long long n = 0;

	ok(!take_filled(&take, "id").at && !take_text(&take, "name").at &&
	   !take_text(&take, "no").at && !take_text(&take, "nowhere").at,
	   "no texts");
	ok(take_time(&take, "at").micros == CHAT_TIME_UNKNOWN &&
	   take_time(&take, "when").micros != CHAT_TIME_UNKNOWN, "one time");
	ok(!strcmp(take_role(&take, "who", roles), "assistant"), "a role");
	ok(!take_flag(&take, "flag") && !take_integer(&take, "n", &n),
	   "a flag, and no integer");
	is_rest(&take, NULL, "{\"at\":\"soon\",\"id\":\"\",\"n\":1.5,"
		"\"name\":7,\"who\":\"bot\"}");
	jdoc_free(doc);
}

static void test_exact(void)
{
	static const char *const names[] = { "no", "nowhere", "in", NULL };
	struct jdoc *doc = parse("{\"no\":null,\"in\":{\"none\":null,"
				 "\"list\":[null,{\"x\":null}],\"is\":{}}}");
	struct take take = take_exact(jdoc_root(doc));
	struct buf absent = BUF_INIT(BUF_NO_LIMIT);
	struct take in;

	ok(!take_text(&take, "no").at &&
	   take_time(&take, "no").micros == CHAT_TIME_UNKNOWN, "a null");
	in = take_inner(&take, "in");
	ok(!take_text(&in, "none").at, "a null in an object");
	is_rest(&take, NULL, "{\"no\":{\"$raw\":\"bnVsbA==\"}}");
	is_rest(&in, NULL, "{\"is\":{},\"list\":[null,{\"x\":null}],"
		"\"none\":{\"$raw\":\"bnVsbA==\"}}");
	take_absent(&take, "a.", names, &absent);
	take_absent(&take, "", names, &absent);
	ok(buf_end(&absent, NULL) == 0 &&
	   !strcmp(buf_text(&absent), "[\"a.nowhere\",\"nowhere\""),
	   "what is not there");
	buf_release(&absent);
	jdoc_free(doc);
}

static void test_names(void)
{
	struct jdoc *doc = parse("{\"x\":1,\"x_\":2,\"$x\":3}");
	struct take take = take_begin(jdoc_root(doc));

	is_rest(&take, "x", "{\"$$x\":3,\"x\":\"ours\",\"x_\":2,\"x__\":1}");
	jdoc_free(doc);
	doc = parse("{\"x\":1,\"\\ud800\":2}");
	take = take_begin(jdoc_root(doc));
	is_rest(&take, NULL, "{\"$raw\":\"eyJ4IjoxLCJcdWQ4MDAiOjJ9\"}");
	jdoc_free(doc);
	take = take_begin(NULL);
	is_rest(&take, "x", "{\"x\":\"ours\"}");
}

static void test_parts(void)
{
	struct jdoc *doc = parse("{\"text\":\"hm\",\"sign\":\"s\"}");
	struct take take = take_begin(jdoc_root(doc));
	struct parts parts = PARTS_INIT;
	struct span list;

	part_text(&parts, span_str("one"));
	ok(parts_list(&parts, &list, NULL) == 0 && !list.at, "plain text");
	part_said(&parts, "thinking", take_text(&take, "text"), &take);
	ok(parts_list(&parts, &list, NULL) == 0 &&
	   span_equals(list, span_str("[{\"end\":3,\"start\":0,"
	   "\"type\":\"text\"},{\"native\":{\"sign\":\"s\"},\"text\":\"hm\","
	   "\"type\":\"thinking\"}]")), "parts");
	part_text(&parts, span_str("\xff"));
	part_said(&parts, "error", span_str("\xff"), NULL);
	ok(parts_list(&parts, &list, NULL) == ERR_INVALID, "a failure is told");
	parts_reset(&parts);
	ok(parts_list(&parts, &list, NULL) == 0, "and forgotten");
	parts_release(&parts);
	jdoc_free(doc);
}

int main(void)
{
	test_understood();
	test_exact();
	test_names();
	test_parts();
	return done_testing();
}
