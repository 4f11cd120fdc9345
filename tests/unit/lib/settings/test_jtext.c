#include "lib/settings/jtext.h"

#include "tests/tap.h"

static const char *const names[] = { "servers" };
static const struct jtext_place place = { names, 1, "ours" };
static const char value[] = "{\"command\":\"x\",\"args\":[\"a\",\"b\"]}";

static bool with(const char *text, bool is_loose, struct buf *out)
{
	struct jtext json = JTEXT_INIT;
	struct buf begun = BUF_INIT(BUF_NO_LIMIT);
	bool is_good;

	jtext_begin(span_str(text), "{\n}\n", &begun);
	buf_reset(out);
	is_good = jtext_read(&json, buf_span(&begun), is_loose, NULL) == 0 &&
		  jtext_add(&json, &place, span_str(value), out, NULL) == 0;
	jtext_release(&json);
	buf_release(&begun);
	return is_good;
}

/* What is ours, and what holds nothing else. */
static bool without(const struct buf *text, struct buf *out)
{
	struct jtext json = JTEXT_INIT;
	const struct jval *root;
	const struct jval *servers;
	bool is_good = jtext_read(&json, buf_span(text), true, NULL) == 0;

	buf_reset(out);
	root = is_good ? jtext_root(&json) : NULL;
	servers = jval_get(root, "servers");
	is_good = jval_get(servers, "ours") != NULL;
	if (is_good && jval_count(servers) == 1)
		jtext_cut(&json, root, servers, out);
	else if (is_good)
		jtext_cut(&json, servers, jval_get(servers, "ours"), out);
	jtext_release(&json);
	return is_good && buf_end(out, NULL) == 0;
}

static void test_exact(void)
{
	static const char *const texts[] = {
		"{}", "{\"a\":1}", "{ \"a\": [1,2] }", "{\n\t\"a\": 1\n}\n",
		"{\n  \"servers\": {\n    \"x\": {}\n  },\n  \"b\": 2\n}",
		"{\r\n    \"servers\": {\r\n        \"x\": 1\r\n    }\r\n}\r\n",
		"\xef\xbb\xbf{\"servers\": {\"x\": 1}}",
		"// first\n{\n  \"a\": 1, // one\n  /* two */ \"b\": 2 // b\n}\n",
		"{\n  \"servers\": {\n    \"x\": 1, // one\n  }, // s\n}\n// end",
		"{ // open\n}", "{/* , */}", "{\"servers\":{\"x\":[1,2,],},}",
		"{\"servers\": {\"x\": 1 /* , */ }}",
		"{\"a\":\"// no comment, /* none */\",\"servers\":{\"x\":1}}",
		"{\n \"servers\":\n {\n  \"x\":1\n ,\n  \"y\":2\n }\n}",
		"{\"servers\":{\"x\":\"\\\"\",\n\"y\":1}}",
	};
	struct buf in = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ok(with(texts[i], true, &in), "%s: put in", texts[i]);
		ok(without(&in, &out), "there");
		is_str(buf_text(&out), texts[i], "taken out, nothing is left");
	}
	buf_release(&in);
	buf_release(&out);
}

static void test_layout(void)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	ok(with("{\n    \"servers\": {\n        \"x\": 1, // one\n    },\n}",
		true, &out), "four blanks");
	is_str(buf_text(&out), "{\n    \"servers\": {\n        \"x\": 1, // one"
	       "\n        \"ours\": {\n            \"command\": \"x\",\n"
	       "            \"args\": [\"a\", \"b\"]\n        },\n    },\n}",
	       "as the others stand, with their comma");
	ok(with("{\n  \"servers\": {\n    \"x\": 1 // one\n  }\n}", true,
		&out), "a comment behind the last one");
	is_str(buf_text(&out), "{\n  \"servers\": {\n    \"x\": 1, // one\n"
	       "    \"ours\": {\n      \"command\": \"x\",\n"
	       "      \"args\": [\"a\", \"b\"]\n    }\n  }\n}",
	       "stays with it");
	ok(with("\xef\xbb\xbf \r\n", true, &out), "blank");
	is_str(buf_text(&out), "\xef\xbb\xbf{\n  \"servers\": {\n    \"ours\": "
	       "{\n      \"command\": \"x\",\n      \"args\": [\"a\", \"b\"]\n"
	       "    }\n  }\n}\n", "its mark stays");
	buf_release(&out);
}

static void test_refused(void)
{
	static const char *const strict[] = {
		"{\"a\":1,}", "{// x\n}", "{\"a\":/**/1}",
	};
	static const char *const broken[] = {
		"{", "[]", "{\"servers\":[]}", "{\"servers\":1}", "{,}",
		"{\"a\":1,,}", "{\"a\":,}", "{} /* open", "{\"a\":1 / 2}",
		"{\"a\":1,\"a\":2}", "{\"a\":\"\n\"}", "x", "{\"a", "{\"a\"/",
	};
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < sizeof(strict) / sizeof(strict[0]); i++) {
		ok(!with(strict[i], false, &out), "%s: no JSON", strict[i]);
		ok(with(strict[i], true, &out), "but loosely");
	}
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		ok(!with(broken[i], true, &out), "%s: refused", broken[i]);
	buf_release(&out);
}

int main(void)
{
	test_exact();
	test_layout();
	test_refused();
	return done_testing();
}
