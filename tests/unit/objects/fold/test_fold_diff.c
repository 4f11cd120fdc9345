/* Comparing two states, and laying one over another. */
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"
#include "tests/tap.h"

/* Collect "path from->to" of each field, a space after each. */
static int note_field(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	struct buf *text = arg;
	const struct span none = { "-", 1 };

	if (!from.at)
		from = none;
	if (!to.at)
		to = none;
	return buf_printf(text, err, "%.*s %.*s>%.*s ", (int)path.len, path.at,
			  (int)from.len, from.at, (int)to.len, to.at);
}

static void is_diff(const char *from, const char *to, const char *want,
		    const char *name)
{
	struct buf text = BUF_INIT(4096);
	struct fold_diff_visitor visitor = { note_field, &text };
	struct err err = ERR_INIT;

	is_int(fold_diff(span_str(from), span_str(to), &visitor, &err), 0,
	       name);
	is_str(buf_text(&text), want, name);
	buf_release(&text);
}

static void is_layer(const char *below, const char *above, const char *want,
		     const char *name)
{
	struct buf text = BUF_INIT(4096);
	struct err err = ERR_INIT;

	is_int(fold_layer(span_str(below), span_str(above), &text, &err), 0,
	       name);
	is_str(buf_text(&text), want, name);
	is_int(jcs_check(buf_span(&text), &err), 0, "it is canonical");
	buf_release(&text);
}

static void test_diff(void)
{
	is_diff("{\"a\":1}", "{\"a\":1}", "", "equal states");
	is_diff(NULL, NULL, "", "two absent states");
	is_diff(NULL, "{}", "", "an empty state has no fields");
	is_diff(NULL, "{\"a\":1,\"b\":{\"c\":[1,2],\"d\":{}}}",
		"/a ->1 /b/c ->[1,2] /b/d ->{} ", "all is new");
	is_diff("{\"a\":1,\"b\":2}", "{\"b\":3,\"c\":4}",
		"/a 1>- /b 2>3 /c ->4 ", "one gone, one changed, one new");
	is_diff("{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"x\":1,\"y\":3}}",
		"/a/y 2>3 ", "below an object");
	is_diff("{\"a\":{\"x\":1}}", "{\"a\":7}", "/a ->7 /a/x 1>- ",
		"an object becomes a value");
	is_diff("{\"a\":{}}", "{\"a\":{\"x\":1}}", "/a {}>- /a/x ->1 ",
		"an empty object is a leaf");
	is_diff("{\"a\":[1,2]}", "{\"a\":[2,1]}", "/a [1,2]>[2,1] ",
		"an array is a leaf");
	is_diff("{\"a/b~c\":{\"\":\"x\"},\"q\\\"\":1}", "{}",
		"/a~1b~0c/ \"x\">- /q\" 1>- ", "pointers are escaped");
	is_diff("{}", "{\"a\":{\"b\":1},\"a-b\":2,\"a/b\":3,"
		"\"\xf0\x9f\x98\x80\":4,\"\xef\xac\xb3\":5}",
		"/a/b ->1 /a-b ->2 /a~1b ->3 /\xf0\x9f\x98\x80 ->4 "
		"/\xef\xac\xb3 ->5 ", "the order is that of canonical JSON");
}

static int refuse_field(void *arg, struct span path, struct span from,
			struct span to, struct err *err)
{
	(void)path;
	(void)from;
	(void)to;
	++*(int *)arg;
	return err_set(err, ERR_CANCELED, "enough");
}

static void test_stop(void)
{
	int calls = 0;
	struct fold_diff_visitor visitor = { refuse_field, &calls };
	struct err err = ERR_INIT;

	is_int(fold_diff(span_str("{\"a\":1,\"b\":1}"), span_str("{}"),
			 &visitor, &err), ERR_CANCELED, "a visitor can stop it");
	is_int(calls, 1, "at once");
	is_str(err.text, "enough", "with its own words");
}

static void test_layer(void)
{
	is_layer("{\"a\":1}", NULL, "{\"a\":1}", "nothing above");
	is_layer(NULL, "{\"a\":1}", "{\"a\":1}", "nothing below");
	is_layer(NULL, NULL, "{}", "nothing at all");
	is_layer("{\"a\":1,\"o\":{\"x\":1,\"y\":2}}",
		 "{\"b\":2,\"o\":{\"y\":3,\"z\":4}}",
		 "{\"a\":1,\"b\":2,\"o\":{\"x\":1,\"y\":3,\"z\":4}}",
		 "leaf by leaf");
	is_layer("{\"o\":{\"x\":1,\"y\":{\"z\":2}},\"p\":1}", "{\"o\":5}",
		 "{\"o\":5,\"p\":1}", "a value covers what was under it");
	is_layer("{\"o\":5,\"p\":1}", "{\"o\":{\"x\":{\"y\":1}}}",
		 "{\"o\":{\"x\":{\"y\":1}},\"p\":1}",
		 "fields cover a value above them");
	is_layer("{\"o\":{\"x\":1,\"y\":2},\"p\":1}",
		 "{\"o\":{\"x\":null},\"p\":null,\"q\":null}",
		 "{\"o\":{\"y\":2}}", "null takes away");
	is_layer("{\"o\":{\"x\":1,\"y\":2},\"p\":1}", "{\"o\":null}",
		 "{\"p\":1}", "null takes all that lies under it");
	is_layer("{\"a\\n\":2,\"a\\\\\":1}", "{\"a\\n\":3}",
		 "{\"a\\n\":3,\"a\\\\\":1}", "names with escapes");
}

static void test_layer_failure(void)
{
	struct buf text = BUF_INIT(10);
	struct err err = ERR_INIT;

	is_int(buf_add_str(&text, "kept", &err), 0, "something in the buffer");
	is_int(fold_layer(span_str("{\"a\":\"long\"}"), span_str("{\"b\":1}"),
			  &text, &err), ERR_LIMIT, "no room for the layers");
	is_str(buf_text(&text), "kept", "the buffer is as before");
	buf_release(&text);
}

int main(void)
{
	test_diff();
	test_stop();
	test_layer();
	test_layer_failure();
	return done_testing();
}
