#include "cmd/import/parse/array_items.h"
#include "cmd/import/parse/brackets.h"
#include "lib/base/buf.h"
#include "lib/json/jdoc.h"
#include "tests/feed.h"
#include "tests/tap.h"

/* "<item>@<offset>|" for each, then the return value and what err says. */
static const char *read_all(struct fed fed, const char *member)
{
	static struct buf out = BUF_INIT(1 << 16);
	struct feed feed = { fed_read, &fed };
	struct array_items *items = NULL;
	struct err err = ERR_INIT;
	struct array_item item;
	uint64_t index = 0;
	int rc;

	buf_reset(&out);
	rc = array_items_new(feed, member, &items, &err);
	while (rc >= 0) {
		rc = array_items_next(items, &item, &err);
		if (item.text.at &&
		    (buf_add_span(&out, item.text, &err) < 0 ||
		     buf_printf(&out, &err, "@%d%s|", (int)item.offset,
				item.index == index++ ? "" : "?!") < 0))
			bail_out("%s", err.text);
		if (rc < 0 || item.found == FOUND_END)
			break;
	}
	if (buf_printf(&out, &err, "%d %s", rc, err.text) < 0 ||
	    array_items_next(items, &item, NULL) < 0 || item.found)
		bail_out("cannot read on");
	array_items_free(items);
	return buf_text(&out);
}

static void check(const char *text, const char *member, const char *want)
{
	struct fed fed = { span_str(text), 0, 0, false };

	is_str(read_all(fed, member), want, text);
	fed.step = 1;
	is_str(read_all(fed, member), want, "the same, byte by byte");
}

static void test_arrays(void)
{
	check("[]", NULL, "0 ");
	check(" [ ] \r\n", NULL, "0 ");
	check("\xef\xbb\xbf[1]", NULL, "1@4|0 ");
	check("[1,2.5e3 , null]", NULL, "1@1|2.5e3@3|null@11|0 ");
	check("[{\"a\":[1,{}]},[[]],\"x,]\"]", NULL,
	      "{\"a\":[1,{}]}@1|[[]]@14|\"x,]\"@19|0 ");
	check("[\"\\\"]\",{\"}\\\\\":\"\\\\\\\"}\"}]", NULL,
	      "\"\\\"]\"@1|{\"}\\\\\":\"\\\\\\\"}\"}@7|0 ");
	check("{\"a\":1}", NULL, "{\"a\":1}@0|0 ");
	check(" 12", NULL, "12@1|0 ");
	check("\"a\" ", NULL, "\"a\"@0|0 ");
}

static void test_broken(void)
{
	check("", NULL, "-7 the JSON text is cut short (byte 0)");
	check("[", NULL, "-7 the JSON text is cut short (byte 1)");
	check("[1", NULL, "1@1|-7 the JSON text is cut short (byte 2)");
	check("[1,", NULL, "1@1|-7 the JSON text is cut short (byte 3)");
	check("[{\"a\":\"}]", NULL,
	      "{\"a\":\"}]@1|-7 the JSON text is cut short (byte 9)");
	check("[{\"a\":\"\\", NULL,
	      "{\"a\":\"\\@1|-7 the JSON text is cut short (byte 8)");
	check("{\"a\"", NULL,
	      "{\"a\"@0|-7 the JSON text is cut short (byte 4)");
	check("[1 2]", NULL, "1@1|-1 no comma (byte 3)");
	check("[1}", NULL, "1@1|-1 no comma (byte 2)");
	check("[,1]", NULL, "-1 no value (byte 1)");
	check("[1,]", NULL, "1@1|-1 no value (byte 3)");
	check("[1] x", NULL, "1@1|-1 more text behind the JSON text (byte 4)");
	check("{} {}", NULL,
	      "{}@0|-1 more text behind the JSON text (byte 3)");
	check("[{nonsense: [}, \"x\"],2]", NULL,
	      "{nonsense: [}, \"x\"]@1|2@21|0 ");
	check("[tru,1]", NULL, "tru@1|1@5|0 ");
}

static void test_members(void)
{
	check("{\"a\":[1,2],\"b\":[3]}", "b", "3@16|0 ");
	check("{\"a\":[1,2],\"b\":{\"c\":[5]},\"c\":[]}", "c", "0 ");
	check(" { \"x\" : \"]}\\\"\" , \"a\" : [ 7 ] , \"z\" : null } ", "a",
	      "7@26|0 ");
	check("{\"a\":[1]}x", "a",
	      "1@6|-1 more text behind the JSON text (byte 9)");
	check("{\"a\":[1],\"a\":[2]}", "a",
	      "1@6|-1 the member stands there twice (byte 13)");
	check("{\"a\":[1],\"b\":", "a",
	      "1@6|-7 the JSON text is cut short (byte 13)");
	check("{\"a\":[1],\"b\"", "a",
	      "1@6|-7 the JSON text is cut short (byte 12)");
	check("{\"a\":[1]", "a", "1@6|-7 the JSON text is cut short (byte 8)");
	check("{\"b\":[1]}", "a", "-2 there is no member \"a\"");
	check("{}", "a", "-2 there is no member \"a\"");
	check("{\"a\":{}}", "a", "-1 the member is no array (byte 5)");
	check("{1:2}", "a", "-1 no name of a member (byte 1)");
	check("{\"a\" [1]}", "a", "-1 no colon (byte 5)");
	check("{\"b\":1 \"a\":[1]}", "a", "-1 no comma (byte 7)");
	check("[1]", "a", "-1 the JSON text is no object (byte 0)");
}

static void test_feed_fails(void)
{
	struct fed fed = { span_str("[1,{\"a\""), 0, 0, true };

	is_str(read_all(fed, NULL), "1@1|-4 the disk is gone",
	       "an error of the feed is not the end of the text");
}

/* Every length and place of an item against the steps and the blocks. */
static void test_seams(void)
{
	static const char item[] = "{\"k\\\\\":\"[\\\"}\\\\\",\"x\":[{},[\"]\"]]}";
	struct buf text = BUF_INIT(1 << 20);
	size_t wrong = 0;
	size_t pad;
	size_t i;

	for (pad = 0; pad < 200; pad++) {
		struct feed feed;
		struct fed fed = { { NULL, 0 }, 0, 0, false };
		struct array_items *items = NULL;
		struct array_item got;
		struct err err = ERR_INIT;

		buf_reset(&text);
		if (buf_printf(&text, &err, "[[\"%*s\"]", (int)pad, "") < 0)
			bail_out("%s", err.text);
		for (i = 0; i < 3; i++) {
			if (buf_printf(&text, &err, ",%s", item) < 0)
				bail_out("%s", err.text);
		}
		if (buf_add_char(&text, ']', &err) < 0)
			bail_out("%s", err.text);
		fed.text = buf_span(&text);
		fed.step = 1 + pad % 67;
		feed.read = fed_read;
		feed.arg = &fed;
		if (array_items_new(feed, NULL, &items, &err) < 0 ||
		    array_items_next(items, &got, &err) < 0 ||
		    got.found != FOUND_ONE)
			bail_out("%s", err.text);
		wrong += got.text.len != pad + 4;
		for (i = 0; i < 3; i++)
			wrong += array_items_next(items, &got, &err) < 0 ||
				 got.found != FOUND_ONE ||
				 !span_equals(got.text, span_str(item));
		wrong += array_items_next(items, &got, &err) < 0 ||
			 got.found != FOUND_END;
		array_items_free(items);
	}
	is_int(wrong, 0, "items are whole wherever blocks end");
	buf_release(&text);
}

static int next_found(struct array_items *items, struct array_item *item)
{
	int rc = array_items_next(items, item, NULL);

	return rc < 0 ? rc : (int)item->found;
}

/* An endless array of items that are longer and longer. */
struct long_source {
	uint64_t at;
	uint64_t begin;
	uint64_t end;
};

static int give_long(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	struct long_source *source = arg;
	char *to = bytes;
	size_t i;

	(void)err;
	memset(to, 'x', len);
	for (i = 0; i < len && source->at < source->end; i++, source->at++) {
		if (source->at > 8 && source->at + 64 < source->end &&
		    len - i > 64 && !(source->at & 63)) {
			source->at += 63;
			i += 63;
			continue;
		}
		if (source->at < 6)
			to[i] = "[1,[\"\""[source->at];
		if (source->at == 5)
			to[i] = 'y';
		if (source->at + 6 > source->end)
			to[i] = "\"],2]"[source->at + 5 - source->end];
	}
	*out_len = i;
	return 0;
}

static void test_too_long(void)
{
	struct long_source source = { 0, 0, ARRAY_ITEM_MAX + 4096 };
	struct feed feed = { give_long, &source };
	struct array_items *items = NULL;
	struct array_item item;
	struct err err = ERR_INIT;

	if (array_items_new(feed, NULL, &items, &err) < 0)
		bail_out("%s", err.text);
	is_int(next_found(items, &item), FOUND_ONE, "a short item");
	is_int(next_found(items, &item), FOUND_BAD,
	       "one that is too long is passed over");
	ok(!item.text.at && item.offset == 3 && item.index == 1,
	   "without its text, with its place");
	is_int(next_found(items, &item), FOUND_ONE, "the next one is there");
	ok(span_equals(item.text, span_str("2")) && item.index == 2 &&
	   item.offset == ARRAY_ITEM_MAX + 4096 - 2, "and is right");
	is_int(next_found(items, &item), FOUND_END, "and then the end");
	array_items_free(items);
}

/* Brackets without end. */
static int give_deep(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	uint64_t *given = arg;

	(void)err;
	memset(bytes, '[', len);
	*given += len;
	*out_len = len;
	return 0;
}

static void test_too_deep(void)
{
	uint64_t given = 0;
	struct feed feed = { give_deep, &given };
	struct array_items *items = NULL;
	struct array_item item;
	struct err err = ERR_INIT;

	if (array_items_new(feed, NULL, &items, &err) < 0)
		bail_out("%s", err.text);
	is_int(array_items_next(items, &item, &err), ERR_LIMIT,
	       "brackets without end are refused");
	ok(strstr(err.text, "nested too deep (byte ") &&
	   given < 2 * BRACKETS_DEPTH_MAX, "before they were all read");
	array_items_free(items);
}

int main(void)
{
	test_arrays();
	test_broken();
	test_members();
	test_feed_fails();
	test_seams();
	test_too_long();
	test_too_deep();
	return done_testing();
}
