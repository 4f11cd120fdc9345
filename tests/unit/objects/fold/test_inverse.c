/*
 * What takes a change back: of four states the fields that are set, and those
 * that are left.
 */
#include "objects/fold/inverse.h"
#include "tests/tap.h"

static const char *const sets[] = { "tags", NULL };

struct row {
	const char *what;
	const char *before;
	const char *after;
	const char *now;
	const char *without;	/* NULL: as before */
	const char *want;
	const char *left;
};

static const struct row rows[] = {
	{ "nothing", "{}", "{}", "{}", NULL, "{}", "" },
	{ "a field set", "{\"a\":1}", "{\"a\":2}", "{\"a\":2}", NULL,
	  "{\"a\":1}", "" },
	{ "a field made", "{}", "{\"a\":2}", "{\"a\":2}", NULL,
	  "{\"a\":null}", "" },
	{ "a field deleted", "{\"a\":1,\"b\":1}", "{\"b\":1}", "{\"b\":1}",
	  NULL, "{\"a\":1}", "" },
	{ "set otherwise since", "{\"a\":1}", "{\"a\":2}", "{\"a\":3}", NULL,
	  "{}", "/a " },
	{ "set back since", "{\"a\":1}", "{\"a\":2}", "{\"a\":1}", NULL,
	  "{}", "" },
	{ "another field is no matter", "{}", "{\"a\":2}",
	  "{\"a\":2,\"b\":1}", NULL, "{\"a\":null}", "" },
	{ "deeper", "{\"a\":{\"x\":1,\"y\":1}}", "{\"a\":{\"x\":2,\"y\":1}}",
	  "{\"a\":{\"x\":2,\"y\":9}}", NULL, "{\"a\":{\"x\":1}}", "" },
	{ "an object for a value", "{\"a\":1}", "{\"a\":{\"x\":1,\"y\":2}}",
	  "{\"a\":{\"x\":1,\"y\":2}}", NULL, "{\"a\":1}", "" },
	{ "a value for an object", "{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":1}",
	  "{\"a\":1}", NULL, "{\"a\":{\"x\":1,\"y\":2}}", "" },
	{ "a blob is one value",
	  "{\"a\":{\"$blob\":\"p\",\"media\":\"m\",\"size\":9}}",
	  "{\"a\":{\"$blob\":\"q\",\"media\":\"m\",\"size\":9}}",
	  "{\"a\":{\"$blob\":\"q\",\"media\":\"m\",\"size\":9}}", NULL,
	  "{\"a\":{\"$blob\":\"p\",\"media\":\"m\",\"size\":9}}", "" },
	{ "a name with a slash", "{}", "{\"a/b\":2}", "{\"a/b\":3}", NULL,
	  "{}", "/a~1b " },
	{ "elements added", "{\"tags\":[\"a\"]}", "{\"tags\":[\"a\",\"b\"]}",
	  "{\"tags\":[\"a\",\"b\",\"c\"]}", NULL, "{\"tags\":[\"a\",\"c\"]}",
	  "" },
	{ "elements taken", "{\"tags\":[\"a\",\"b\"]}", "{\"tags\":[\"a\"]}",
	  "{\"tags\":[\"a\"]}", NULL, "{\"tags\":[\"a\",\"b\"]}", "" },
	{ "a set made", "{}", "{\"tags\":[\"a\"]}", "{\"tags\":[\"a\"]}",
	  NULL, "{\"tags\":null}", "" },
	{ "a set made, and more in it", "{}", "{\"tags\":[\"a\"]}",
	  "{\"tags\":[\"a\",\"b\"]}", NULL, "{\"tags\":[\"b\"]}", "" },
	{ "another's word stands then", "{\"a\":1}", "{\"a\":2}", "{\"a\":2}",
	  "{\"a\":3}", "{\"a\":3}", "" },
	{ "another says the same", "{\"a\":1}", "{\"a\":2}", "{\"a\":2}",
	  "{\"a\":2}", "{}", "" },
	{ "another adds the same", "{}", "{\"tags\":[\"a\"]}",
	  "{\"tags\":[\"a\"]}", "{\"tags\":[\"a\"]}", "{}", "" },
};

static int take_left(void *arg, struct span path, size_t by, struct err *err)
{
	struct buf *left = arg;

	(void)by;
	buf_put_span(left, path);
	buf_put_char(left, ' ');
	return buf_end(left, err);
}

static void check(const struct row *row)
{
	struct buf left = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const struct fold_inverse_visitor visitor = { take_left, &left };
	const struct fold_inverse inverse = {
		.before = span_str(row->before), .after = span_str(row->after),
		.now = span_str(row->now), .sets = sets,
		.without = span_str(row->without ? row->without : row->before),
	};

	ok(fold_invert(&inverse, &visitor, &out, NULL) == 0, "%s", row->what);
	is_str(buf_text(&out), row->want, "what is set");
	is_str(buf_text(&left), row->left, "what is left");
	buf_release(&left);
	buf_release(&out);
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(&rows[i]);
	return done_testing();
}
