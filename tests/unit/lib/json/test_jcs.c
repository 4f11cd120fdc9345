#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

#include "tests/unit/json_fixture.h"

static void test_accepted(void)
{
	static const char *const texts[] = {
		"null", "true", "false", "0", "-1", "1.5", "\"\"", "[]", "{}",
		"[1,2,[3,{}]]", "{\"a\":1,\"b\":{\"a\":[]}}", "{\"\":0}",
		"\"\\b\\t\\n\\f\\r\\u0000\\u0007\\u000b\\u000e\\u001f\"",
		"\"/ \x7f \xe2\x80\xa8 \xc3\xa4 \xf0\x9f\x98\x82\"",
		"\"\\\"\\\\\"", "{\"\\n\":1,\"\\r\":2,\"1\":3}",
		"{\"\\\"\":1,\"#\":2,\"[\":3,\"\\\\\":4,\"]\":5}",
		/* U+1F602 sorts before U+FB33: D83D below FB33 */
		"{\"\xe2\x82\xac\":1,\"\xf0\x9f\x98\x82\":2,\"\xef\xac\xb3\":3}",
		"{\"a\":1,\"aa\":2,\"b\":3}", "9007199254740991",
		"[0.1,1e-7,1e+21,1700000000.123456]",
		"{\"\\u0000\":1,\"\\u0001\":2,\"\\b\":3,\"\\u000b\":4}",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err err = ERR_INIT;
		int rc = jcs_check(span_str(texts[i]), &err);

		ok(rc == 0 && err.code == 0, "canonical: %s", texts[i]);
		if (rc < 0)
			diag("%s", err.text);
	}
}

static void test_refused(void)
{
	static const struct {
		const char *text;
		size_t at;	/* byte of the message */
	} cases[] = {
		{ "", 0 }, { " 1", 0 }, { "1 ", 1 }, { "1\n", 1 }, { "1 2", 1 },
		{ "[1, 2]", 3 }, { "{\"a\": 1}", 5 }, { "{ }", 1 },
		{ "{\"b\":1,\"a\":2}", 7 }, { "{\"a\":1,\"a\":2}", 7 },
		{ "{\"a\":1,\"\\u0061\":2}", 8 }, { "\"\\u0061\"", 1 },
		{ "\"\\/\"", 1 }, { "\"\\u000a\"", 1 }, { "\"\\u001F\"", 1 },
		{ "\"\\u0020\"", 1 }, { "\"\\u2028\"", 1 }, { "\"\\u0008\"", 1 },
		{ "\"\\x\"", 1 }, { "\"\\", 1 }, { "\"\\u00", 1 },
		{ "\"\n\"", 1 }, { "\"\x1f\"", 1 }, { "\"abc", 4 },
		{ "\"\xff\"", 1 }, { "\"\xc0\x80\"", 1 },
		{ "\"\xed\xa0\x80\"", 1 }, { "\"\xf4\x90\x80\x80\"", 1 },
		{ "\"\xc3\"", 1 }, { "\"\xe2\x82\"", 1 },
		{ "1.0", 0 }, { "01", 0 }, { "-0", 0 }, { "1e5", 0 },
		{ "1E+21", 1 }, { "+1", 0 }, { "-", 0 }, { ".5", 0 },
		{ "9007199254740993", 0 }, { "1e400", 0 }, { "NaN", 0 },
		{ "Infinity", 0 }, { "-Infinity", 0 },
		{ "tru", 0 }, { "nulll", 4 }, { "True", 0 },
		{ "[", 1 }, { "[1", 2 }, { "[1,", 3 }, { "[1,]", 3 },
		{ "[,1]", 1 }, { "]", 0 }, { "[1}", 2 }, { "{", 1 },
		{ "{\"a\"", 4 }, { "{\"a\":", 5 }, { "{\"a\":1", 6 },
		{ "{\"a\":1,}", 7 }, { "{1:2}", 1 }, { "{\"a\",1}", 4 },
		{ "{\"a\":1]", 6 }, { "[1]]", 3 }, { "[1 2]", 2 },
		{ "\xef\xbb\xbf{}", 0 }, { "'a'", 0 }, { "/**/1", 0 },
		{ "{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x82\":2}", 9 },
		{ "{\"a\":1,\"\":2}", 7 }, { "[[],[1],[}]", 9 },
	};
	char want[64];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		int rc = jcs_check(span_str(cases[i].text), &err);
		const char *place = strstr(err.text, " at byte ");

		snprintf(want, sizeof(want), " at byte %zu", cases[i].at);
		ok(rc == ERR_INVALID && err.code == rc && place &&
		   !strcmp(place, want), "refused: %s", cases[i].text);
		if (!place || strcmp(place, want))
			diag("rc %d, '%s', want%s", rc, err.text, want);
	}
	is_int(jcs_check(span_of("12\0", 3), NULL), ERR_INVALID,
	       "12 and a NUL");
	is_int(jcs_check(span_of("\"\0\"", 3), NULL), ERR_INVALID,
	       "a bare NUL in a string");
	is_int(jcs_check(span_of("{}\0", 3), NULL), ERR_INVALID,
	       "a NUL behind the value");
	is_int(jcs_check(span_of(NULL, 0), NULL), ERR_INVALID, "no text");
}

/* Text of depth containers inside each other; the caller frees it. */
static char *nested(size_t depth, const char *open, const char *close)
{
	size_t open_len = strlen(open);
	size_t close_len = strlen(close);
	char *text = malloc(depth * (open_len + close_len) + 2);
	char *at = text;
	size_t i;

	if (!text)
		bail_out("out of memory");
	for (i = 0; i < depth; i++, at += open_len)
		memcpy(at, open, open_len);
	*at++ = '1';
	for (i = 0; i < depth; i++, at += close_len)
		memcpy(at, close, close_len);
	*at = '\0';
	return text;
}

static void test_depth(void)
{
	struct err err = ERR_INIT;
	char *text = nested(JCS_DEPTH_MAX, "[", "]");

	is_int(jcs_check(span_str(text), NULL), 0, "64 arrays");
	free(text);
	text = nested(JCS_DEPTH_MAX + 1, "[", "]");
	is_int(jcs_check(span_str(text), &err), ERR_LIMIT, "65 arrays");
	ok(strstr(err.text, "at byte 64") != NULL, "the 65th is blamed");
	free(text);
	text = nested(JCS_DEPTH_MAX, "{\"a\":", "}");
	is_int(jcs_check(span_str(text), NULL), 0, "64 objects");
	free(text);
	text = nested(1000000, "{\"a\":[", "]}");
	is_int(jcs_check(span_str(text), NULL), ERR_LIMIT, "a depth bomb");
	free(text);
}

static const char sample[] =
	"{\"at\":\"2026-11-21T01:20:00.123456Z-0000-6MkqXf3a\",\"data\":{"
	"\"content\":\"say \\\"hi\\\",\\n{[\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x82"
	"]}\",\"n\":-12.5,\"tags\":[\"a\",\"\",[],{}]},\"entity\":\"memory:x\","
	"\"ok\":true,\"prev\":[],\"type\":\"memory:create\"}";

static void test_members(void)
{
	struct jcs_member members[8];
	struct span text = span_of(sample, sizeof(sample) - 1);
	struct err err = ERR_INIT;
	size_t count = 99;

	is_int(jcs_object_scan(text, members, 8, &count, &err), 0, "scan");
	is_int(count, 6, "six members");
	ok(span_equals(members[0].name, span_str("at")), "the first name");
	ok(span_equals(members[2].value, span_str("\"memory:x\"")), "a string");
	ok(span_equals(members[3].value, span_str("true")), "a word");
	ok(span_equals(members[4].value, span_str("[]")), "an empty array");
	ok(span_equals(members[5].value, span_str("\"memory:create\"")),
	   "the last value");
	ok(members[1].value.at[0] == '{' &&
	   members[1].value.at[members[1].value.len - 1] == '}',
	   "an object as a whole");
	is_int(jcs_object_scan(text, members, 6, &count, NULL), 0,
	       "just enough room");
	count = 99;
	is_int(jcs_object_scan(text, members, 5, &count, &err), ERR_LIMIT,
	       "too many members");
	is_int(count, 99, "which writes no count");
	is_int(jcs_object_scan(span_str("[1]"), members, 8, &count, NULL),
	       ERR_INVALID, "an array is no object");
	is_int(jcs_object_scan(span_str("{}"), NULL, 0, &count, NULL), 0,
	       "an empty object needs no room");
	is_int(count, 0, "and has no members");
	is_int(jcs_object_scan(span_str("{\"a\":1}"), NULL, 0, &count, NULL),
	       ERR_LIMIT, "no room at all");
	is_int(jcs_object_scan(span_str("{\"a\":1}x"), members, 8, &count,
			       NULL), ERR_INVALID, "trailing bytes");
}

static void test_iter(void)
{
	struct span text = span_of(sample, sizeof(sample) - 1);
	struct jcs_iter iter;
	struct span data;
	struct span name;
	struct span value;
	int count = 0;

	ok(jcs_find(text, "data", &data), "data is found");
	ok(!jcs_find(text, "content", &value) && !value.at,
	   "inner members are not");
	ok(jcs_find(data, "tags", &value), "tags in data");
	for (iter = jcs_iter_array(value); jcs_next(&iter, &name, &value);)
		count++;
	is_int(count, 4, "four tags");
	ok(span_equals(value, span_str("{}")) && !name.at, "the last is {}");
	for (count = 0, iter = jcs_iter_object(data);
	     jcs_next(&iter, NULL, NULL);)
		count++;
	is_int(count, 3, "three members in data");
	iter = jcs_iter_object(span_str("[1]"));
	ok(!jcs_next(&iter, NULL, NULL), "an array has no members");
	iter = jcs_iter_array(span_str("[]"));
	ok(!jcs_next(&iter, NULL, NULL), "[] has no items");
	iter = jcs_iter_array(span_of(NULL, 0));
	ok(!jcs_next(&iter, NULL, NULL), "nothing has no items");
	ok(jcs_find_string(text, "entity", &value) &&
	   span_equals(value, span_str("memory:x")), "a string's inner text");
	ok(!jcs_find_string(text, "ok", &value) && !value.at,
	   "true is no string");
	ok(jcs_find(text, "type", &value) &&
	   jcs_is_text(value, "memory:create") &&
	   !jcs_is_text(value, "memory:creat"), "text is compared whole");
}

static void test_values(void)
{
	struct buf text = BUF_INIT(64);
	struct span value = { NULL, 0 };
	int64_t number = 7;

	is_int(jcs_type_of(span_str("{}")), JCS_OBJECT, "object");
	is_int(jcs_type_of(span_str("[]")), JCS_ARRAY, "array");
	is_int(jcs_type_of(span_str("\"\"")), JCS_STRING, "string");
	is_int(jcs_type_of(span_str("-1")), JCS_NUMBER, "number");
	is_int(jcs_type_of(span_str("true")), JCS_TRUE, "true");
	is_int(jcs_type_of(span_str("false")), JCS_FALSE, "false");
	is_int(jcs_type_of(span_str("null")), JCS_NULL, "null");
	is_int(jcs_type_of(span_of(NULL, 0)), JCS_NONE, "nothing");
	ok(jcs_integer(span_str("-9007199254740992"), &number) &&
	   number == -9007199254740992, "-2^53");
	ok(!jcs_integer(span_str("9007199254740993"), &number), "2^53 + 1");
	ok(!jcs_integer(span_str("1.5"), &number) &&
	   !jcs_integer(span_str("1e+21"), &number) &&
	   !jcs_integer(span_str("-"), &number) &&
	   !jcs_integer(span_str("\"1\""), &number) &&
	   !jcs_integer(span_of(NULL, 0), &number), "no integers");
	ok(jcs_string_is_plain(span_str("\"a\xc3\xa4\"")), "plain");
	ok(!jcs_string_is_plain(span_str("\"a\\n\"")), "not plain");
	ok(!jcs_string_is_plain(value), "nothing is not plain");
	is_int(jcs_string_decode(span_str("\"a\\n\\u0000\\\"\xc3\xa4\\\\\""),
				 &text, NULL), 0, "decode");
	is_bytes(text.data, text.len, "a\n\0\"\xc3\xa4\\", 7, "decoded");
	is_int(jcs_string_decode(span_str("12"), &text, NULL), ERR_INVALID,
	       "a number has no text");
	is_int(jcs_string_decode(span_str("\"abc\\x\""), &text, NULL),
	       ERR_INVALID, "a wrong escape");
	is_int(text.len, 7, "a failure adds nothing");
	buf_release(&text);
}

static void test_write(void)
{
	struct buf out = BUF_INIT(256);
	char all[0x21];
	size_t i;

	for (i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	is_int(jcs_add_string(&out, span_of(all, sizeof(all)), NULL), 0,
	       "every control character");
	is_str(buf_text(&out), "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005"
	       "\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\\u0010"
	       "\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018"
	       "\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f \"",
	       "in canonical escapes");
	is_int(jcs_check(buf_span(&out), NULL), 0, "which the check takes");
	buf_reset(&out);
	is_int(jcs_add_string(&out, span_str("a\"\\/\x7f\xc3\xa4"), NULL), 0,
	       "quotes");
	is_str(buf_text(&out), "\"a\\\"\\\\/\x7f\xc3\xa4\"", "escaped");
	is_int(jcs_add_string(&out, span_str("ab\xff"), NULL), ERR_INVALID,
	       "no UTF-8");
	is_int(jcs_add_integer(&out, 9007199254740993, NULL), ERR_INVALID,
	       "beyond 2^53");
	is_int(jcs_add_number(&out, strtod("nan", NULL), NULL), ERR_INVALID,
	       "NaN");
	is_int(out.len, 11, "failures add nothing");
	buf_reset(&out);
	is_int(jcs_add_integer(&out, -9007199254740992, NULL), 0, "-2^53");
	is_int(jcs_add_number(&out, 0.1, NULL), 0, "0.1");
	is_str(buf_text(&out), "-90071992547409920.1", "written");
	out.max = out.len + 4;
	is_int(jcs_add_string(&out, span_str("abc"), NULL), ERR_LIMIT,
	       "a full buffer");
	is_str(buf_text(&out), "-90071992547409920.1", "stays as it was");
	buf_release(&out);
}

static void test_fields(void)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;
	char name[8];
	int rc = 0;
	int i;

	fields_text(&fields, "\xef\xac\xb3", span_str("x\n"));
	fields_integer(&fields, "n", 3);
	fields_raw(&fields, "\xf0\x9f\x98\x82", span_str("[]"));
	fields_bool(&fields, "a\"", 1);
	fields_null(&fields, "");
	fields_number(&fields, "aa", 0.5);
	rc |= jcs_fields_write(&fields, &out, &err);
	is_int(rc, 0, "fields in any order");
	is_str(buf_text(&out), "{\"\":null,\"a\\\"\":true,\"aa\":0.5,\"n\":3,"
	       "\"\xf0\x9f\x98\x82\":[],\"\xef\xac\xb3\":\"x\\n\"}", "sorted");
	is_int(jcs_check(buf_span(&out), NULL), 0, "and canonical");
	fields_str(&fields, "bad", "\xff");
	is_int(fields_end(&fields, NULL), ERR_INVALID,
	       "a value that is not UTF-8");
	err_clear(&fields.err);
	fields_str(&fields, "\xff", "x");
	is_int(fields_end(&fields, NULL), ERR_INVALID,
	       "a name that is not UTF-8");
	is_int(fields.count, 6, "neither is kept");
	err_clear(&fields.err);
	fields_null(&fields, "n");
	is_int(fields_end(&fields, NULL), 0, "n again");
	is_int(jcs_fields_write(&fields, &out, &err), ERR_INVALID,
	       "is refused when writing");
	ok(strstr(err.text, "'n'") != NULL, "with its name");
	jcs_fields_reset(&fields);
	buf_reset(&out);
	is_int(jcs_fields_write(&fields, &out, NULL), 0, "no fields");
	is_str(buf_text(&out), "{}", "are an empty object");
	for (i = 0, rc = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "%d", i * 7919 % 300);
		fields_integer(&fields, name, i);
	}
	buf_reset(&out);
	rc |= jcs_fields_write(&fields, &out, NULL);
	ok(rc == 0 && jcs_check(buf_span(&out), NULL) == 0, "300 fields");
	jcs_fields_release(&fields);
	buf_release(&out);
}

/* What the check takes is what the writer makes of it, and nothing else. */
static bool agrees(struct span text)
{
	struct jdoc_options options = { 0, 0, JDOC_DUPLICATES_REFUSE, 0 };
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	bool is_canonical = jcs_check(text, NULL) == 0;
	bool is_same = false;

	if (jdoc_parse(text, &options, &doc, NULL) == 0)
		is_same = jdoc_to_jcs(jdoc_root(doc), &out, NULL) == 0 &&
			  span_equals(buf_span(&out), text);
	jdoc_free(doc);
	buf_release(&out);
	return is_same == is_canonical;
}

static void test_damaged(void)
{
	size_t len = sizeof(sample) - 1;
	char *copy = malloc(len);
	int torn = 0;
	int wrong = 0;
	size_t i;
	unsigned bit;

	if (!copy)
		bail_out("out of memory");
	is_int(jcs_check(span_of(sample, len), NULL), 0, "the sample");
	for (i = 0; i < len; i++) {
		/* a copy of exactly that length, so that ASan sees overreads */
		char *cut = malloc(i + 1);

		if (!cut)
			bail_out("out of memory");
		memcpy(cut, sample, i);
		torn += jcs_check(span_of(cut, i), NULL) != ERR_INVALID;
		free(cut);
	}
	is_int(torn, 0, "every torn sample is refused");
	for (i = 0; i < len * 8; i++) {
		bit = i % 8;
		memcpy(copy, sample, len);
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << bit));
		wrong += !agrees(span_of(copy, len));
	}
	is_int(wrong, 0, "with any bit flipped, check and writer agree");
	free(copy);
}

/* An object that is built: its first failure is told at the end, once. */
static void test_built(void)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct err err = ERR_INIT;

	fields_text(&fields, "t", span_str("a\"b"));
	fields_integer(&fields, "i", -7);
	fields_bool(&fields, "b", 1);
	fields_null(&fields, "n");
	fields_number(&fields, "d", 0.5);
	fields_str(&fields, "s", "x");
	fields_raw(&fields, "r", span_str("[1]"));
	is_int(jcs_fields_write(&fields, &out, &err), 0, "an object");
	is_str(buf_text(&out), "{\"b\":true,\"d\":0.5,\"i\":-7,\"n\":null,"
	       "\"r\":[1],\"s\":\"x\",\"t\":\"a\\\"b\"}", "sorted");
	fields_text(&fields, "bad", span_str("\xff"));
	fields_integer(&fields, "late", 1);
	is_int(fields_end(&fields, NULL), ERR_INVALID, "no UTF-8");
	is_int(jcs_fields_write(&fields, &out, &err), ERR_INVALID, "told");
	ok(strstr(err.text, "UTF-8") != NULL, "with the reason");
	jcs_fields_reset(&fields);
	is_int(fields_end(&fields, NULL), 0, "reset forgets it");
	(void)err_set(&why, ERR_LIMIT, "too much");
	fields_fail(&fields, ERR_LIMIT, &why);
	fields_fail(&fields, ERR_NOMEM, NULL);
	err_clear(&err);
	is_int(fields_end(&fields, &err), ERR_LIMIT, "the first from outside");
	is_str(err.text, "too much", "with its text");
	buf_reset(&out);
	jcs_put_string(&out, span_str("\xff"));
	is_int(buf_end(&out, NULL), ERR_INVALID, "text in text alike");
	jcs_fields_release(&fields);
	buf_release(&out);
}

/* Objects in objects, and lists that were built in a buffer. */
static void test_built_of_others(void)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf list = BUF_INIT(4);

	fields_integer(&inner, "b", 1);
	fields_str(&inner, "a", "x");
	fields_object(&fields, "o", &inner);
	buf_put_str(&list, "[2]");
	fields_buf(&fields, "l", &list);
	is_int(jcs_fields_write(&fields, &out, NULL), 0, "an object");
	is_str(buf_text(&out), "{\"l\":[2],\"o\":{\"a\":\"x\",\"b\":1}}",
	       "with what was built");
	fields_str(&inner, "c", "\xff");
	fields_object(&fields, "p", &inner);
	is_int(fields_end(&fields, NULL), ERR_INVALID, "the inner failure");
	jcs_fields_reset(&fields);
	buf_put_str(&list, "too long");
	fields_buf(&fields, "l", &list);
	is_int(fields_end(&fields, NULL), ERR_LIMIT, "the list's failure");
	jcs_fields_release(&inner);
	jcs_fields_release(&fields);
	buf_release(&list);
	buf_release(&out);
}

int main(void)
{
	test_accepted();
	test_refused();
	test_depth();
	test_members();
	test_iter();
	test_values();
	test_write();
	test_fields();
	test_built();
	test_built_of_others();
	test_damaged();
	return done_testing();
}
