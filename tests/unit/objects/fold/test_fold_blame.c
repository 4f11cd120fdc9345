/* Who gave a field its value, by example. */
#include "tests/unit/fold_made.h"

#define RECORDS_MAX 64

struct told {
	const struct made *made;
	struct buf text;
	int left;		/* calls before it refuses; negative: none */
};

/* "/path=value by n", a "+" before an element, a blank after each. */
static int note(void *arg, struct span path, struct span value,
		bool is_element, const struct fold_record *by, struct err *err)
{
	struct told *told = arg;

	if (!told->left--)
		return err_set(err, ERR_CANCELED, "enough");
	return buf_printf(&told->text, err, "%s%.*s=%.*s:%d ",
			  is_element ? "+" : "", (int)path.len, path.at,
			  (int)value.len, value.at ? value.at : "",
			  (int)(by - told->made->records));
}

static void is_blame(const struct made *made, const char *want,
		     const char *name)
{
	struct told told = { made, BUF_INIT(4096), -1 };
	const struct fold_blame_visitor visitor = { note, &told };
	struct err err = ERR_INIT;

	is_int(fold_blame(made->records, made->n, &visitor, &err), 0, name);
	is_str(buf_text(&told.text), want, name);
	buf_release(&told.text);
}

static void test_lines(struct made *made)
{
	char text[256];

	made->n = 0;
	is_blame(made, "", "no records, nobody");
	make(made, "create", 1, NULL, "{\"a\":1,\"n\":null,\"o\":{\"x\":2,\"y\":3}}");
	is_str(fold_text(made->records, made->n, text, sizeof(text)),
	       "{\"a\":1,\"o\":{\"x\":2,\"y\":3}}", "nulls are no fields");
	is_blame(made, "/a=1:0 /o/x=2:0 /o/y=3:0 ", "a lone record said all");
	make(made, "update", 2, PREV(0), "{\"a\":1,\"o\":{\"y\":4}}");
	is_blame(made, "/a=1:0 /o/x=2:0 /o/y=4:1 ",
		 "who says it again did not set it");
	make(made, "update", 3, PREV(1), "{\"b\":1}");
	make(made, "update", 4, PREV(2), "{\"a\":1}");
	is_blame(made, "/a=1:0 /b=1:2 /o/x=2:0 /o/y=4:1 ",
		 "nor behind one that says nothing of it");
	make(made, "update", 5, PREV(3), "{\"a\":2}");
	make(made, "update", 6, PREV(4), "{\"a\":1,\"o\":{\"x\":null}}");
	is_blame(made, "/a=1:5 /b=1:2 /o/x=null:5 /o/y=4:1 ",
		 "what was something else between is set anew; null takes away");
	make(made, "update", 7, PREV(5), "{\"o\":5}");
	make(made, "update", 8, PREV(6), "{\"o\":{\"y\":4}}");
	is_blame(made, "/a=1:5 /b=1:2 /o/y=4:7 ",
		 "a value above is something else");
}

static void test_meetings(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1}");
	make(made, "update", 2, PREV(0), "{\"a\":2}");
	make(made, "update", 3, PREV(0), "{\"a\":3}");
	is_blame(made, "/a=3:2 ", "of two that disagree the one that stands");
	make(made, "update", 4, PREV(1, 2), "{\"a\":2}");
	is_blame(made, "/a=2:1 ", "one who joins them takes a side");
	made->n = 0;
	make(made, "create", 5, NULL, "{\"a\":1}");
	make(made, "create", 4, NULL, "{\"a\":1}");
	make(made, "update", 6, PREV(0, 1), "{\"a\":1}");
	is_blame(made, "/a=1:1 ", "of two that agree the first");
}

static void test_elements(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"tags\":[\"a\",\"b\"]}");
	make(made, "update", 2, PREV(0), "{\"tags\":[\"a\",\"c\"]}");
	make(made, "update", 3, PREV(0), "{\"tags\":[\"a\",\"b\",\"d\"]}");
	is_blame(made, "+/tags=\"a\":0 +/tags=\"c\":1 +/tags=\"d\":2 ",
		 "each element by who added it");
	make(made, "update", 4, PREV(1, 2), "{\"tags\":[\"b\"]}");
	is_blame(made, "+/tags=\"b\":0 ", "one line had it still");
	make(made, "update", 5, PREV(3), "{\"tags\":[]}");
	is_blame(made, "", "an empty set has none");
	make(made, "update", 6, PREV(4), "{\"tags\":\"b\"}");
	is_blame(made, "+/tags=\"b\":5 ", "added anew, though in no array");
}

static void test_deleted(struct made *made)
{
	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1}");
	make(made, "delete", 2, PREV(0), "{}");
	make(made, "delete", 3, PREV(0), "{}");
	is_blame(made, "=:2 ", "who deleted it last");
	make(made, "create", 4, PREV(1, 2), "{\"a\":1}");
	is_blame(made, "/a=1:3 ", "what comes again comes anew");
}

static void test_failure(struct made *made)
{
	struct told told = { made, BUF_INIT(4096), 1 };
	const struct fold_blame_visitor visitor = { note, &told };
	struct err err = ERR_INIT;

	made->n = 0;
	make(made, "create", 1, NULL, "{\"a\":1,\"b\":2,\"tags\":[\"x\"]}");
	is_int(fold_blame(made->records, made->n, &visitor, &err),
	       ERR_CANCELED, "what the visitor says is the end");
	is_str(buf_text(&told.text), "/a=1:0 ", "and nothing comes behind it");
	buf_release(&told.text);
}

int main(void)
{
	struct made made;

	made_init(&made, RECORDS_MAX);
	test_lines(&made);
	test_meetings(&made);
	test_elements(&made);
	test_deleted(&made);
	test_failure(&made);
	made_release(&made);
	return done_testing();
}
