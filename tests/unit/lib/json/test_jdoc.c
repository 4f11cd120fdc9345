#include "lib/json/jdoc.h"

#include <dirent.h>

#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "tests/unit/json_fixture.h"

#define TAKE_ALL (JDOC_NAN_OK | JDOC_SURROGATES_KEEP)

static int parse_span(struct span text, unsigned flags, struct jdoc **out,
		      struct err *err)
{
	struct jdoc_options options = { 0, 0, flags, 0 };

	return jdoc_parse(text, &options, out, err);
}

static struct jdoc *parse(const char *text, unsigned flags)
{
	struct jdoc *doc = NULL;
	struct err err = ERR_INIT;

	if (parse_span(span_str(text), flags, &doc, &err) < 0)
		bail_out("%s: %s", text, err.text);
	return doc;
}

static void refused(const char *text, unsigned flags, const char *message)
{
	struct jdoc *doc = NULL;
	struct err err = ERR_INIT;
	int rc = parse_span(span_str(text), flags, &doc, &err);

	ok(rc == ERR_INVALID && err.code == rc && !doc &&
	   strstr(err.text, message), "refused: %.60s", text);
	if (!strstr(err.text, message))
		diag("rc %d: '%s'", rc, err.text);
	jdoc_free(doc);
}

static void test_tree(void)
{
	static const char text[] =
		" { \"b\" : [ 1, -2.50e1, \"x\\u00e4\\ud83d\\ude02\\n\" ],\n"
		"\"a\\u0000b\":null, \"t\":true,\"f\":false,\"o\":{},\"e\":[]}\n";
	struct jdoc *doc = parse(text, 0);
	const struct jval *root = jdoc_root(doc);
	const struct jval *list = jval_get(root, "b");
	long long integer = 0;
	double number = 0;

	is_int(jval_count(root), 6, "six members");
	is_int(jval_count(list), 3, "three items");
	ok(jval_integer(jval_item(list, 0), &integer) && integer == 1, "1");
	ok(span_equals(jval_item(list, 1)->raw, span_str("-2.50e1")),
	   "the lexeme of a number");
	ok(jval_number(jval_item(list, 1), &number) && number == -25, "-25");
	ok(!jval_integer(jval_item(list, 1), &integer), "which is no integer");
	is_bytes(jval_text(jval_item(list, 2)).at,
		 jval_text(jval_item(list, 2)).len,
		 "x\xc3\xa4\xf0\x9f\x98\x82\n", 8, "a decoded string");
	is_int(jdoc_offset(doc, list), 9, "offset of a value");
	ok(span_begins(list->raw, "[ 1, ") &&
	   list->raw.at[list->raw.len - 1] == ']', "source of a list");
	ok(jval_get_span(root, span_of("a\0b", 3)) == list->next,
	   "a key with NUL");
	ok(jval_is(jval_get(root, "t"), JVAL_TRUE) &&
	   jval_is(jval_get(root, "f"), JVAL_FALSE) &&
	   jval_is(list->next, JVAL_NULL), "words");
	ok(jval_first(jval_get(root, "o")) == NULL &&
	   jval_first(jval_get(root, "e")) == NULL, "empty containers");
	ok(jval_at(root, "b.0") == jval_item(list, 0), "a path");
	ok(!jval_at(root, "b.3") && !jval_at(root, "b.x") &&
	   !jval_at(root, "t.x") && !jval_at(root, "b.0.0"),
	   "paths that end early");
	ok(!jval_get(NULL, "x") && !jval_at(NULL, "x") && !jval_first(NULL) &&
	   !jval_text(NULL).at && !jval_item(NULL, 0) &&
	   jval_type_of(NULL) == JVAL_NULL && !jval_is(NULL, JVAL_NULL),
	   "nothing is taken everywhere");
	jdoc_free(doc);
	jdoc_free(NULL);
}

/* The numbers in a value, as a walk meets them. */
static void walk_numbers(const char *text, bool skips, const char *wanted)
{
	struct jdoc *doc = parse(text, 0);
	struct jval_walk walk = jval_walk_begin(jdoc_root(doc));
	struct buf met = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *at;

	while ((at = jval_walk_next(&walk))) {
		if (skips && jval_get(at, "skip"))
			jval_walk_skip(&walk);
		if (jval_is(at, JVAL_NUMBER))
			buf_put_span(&met, at->raw);
	}
	is_bytes(met.data, met.len, wanted, strlen(wanted), "a walk");
	buf_release(&met);
	jdoc_free(doc);
}

static void test_walk(void)
{
	walk_numbers("[1,{\"a\":[2]},[],[[3]],\"x\",4]", false, "1234");
	walk_numbers("[1,{\"skip\":[2]},[[3]],4]", true, "134");
	walk_numbers("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]],2]", false, "12");
	walk_numbers("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],2]", false, "2");
}

static void test_integers(void)
{
	struct jdoc *doc = parse("[9223372036854775807,-9223372036854775808,"
				 "9223372036854775808,-9223372036854775809,"
				 "1.0,1e2,-0]", 0);
	const struct jval *list = jdoc_root(doc);
	long long value = 1;

	ok(jval_integer(jval_item(list, 0), &value) &&
	   value == 9223372036854775807, "the largest");
	ok(jval_integer(jval_item(list, 1), &value) &&
	   value == -9223372036854775807 - 1, "the smallest");
	ok(!jval_integer(jval_item(list, 2), &value) &&
	   !jval_integer(jval_item(list, 3), &value), "one further");
	ok(!jval_integer(jval_item(list, 4), &value) &&
	   !jval_integer(jval_item(list, 5), &value), "1.0 and 1e2");
	ok(jval_integer(jval_item(list, 6), &value) && value == 0, "-0");
	jdoc_free(doc);
}

static void test_refused(void)
{
	refused("", 0, "no JSON value");
	refused("  \n ", 0, "no JSON value");
	refused("\xef\xbb\xbf{}", 0, "byte order mark");
	refused("{} x", 0, "more than one value at line 1, column 4 (byte 3)");
	refused("[1,\n 2,\n  x]", 0, "at line 3, column 3 (byte 10)");
	refused("[1,]", 0, "no value at line 1, column 4");
	refused("{\"a\":1,}", 0, "no key at line 1, column 8");
	refused("{\"a\" 1}", 0, "no colon");
	refused("[1 2]", 0, "no comma and no end");
	refused("[1", 0, "open container at line 1, column 3");
	refused("{\"a\":", 0, "no value");
	refused("\"abc", 0, "open string");
	refused("\"a\tb\"", 0, "bare control character");
	refused("\"a\xff\"", 0, "wrong UTF-8");
	refused("\"\xed\xa0\x80\"", TAKE_ALL, "wrong UTF-8");
	refused("\"\\x\"", 0, "wrong escape at line 1, column 2 (byte 1)");
	refused("\"\\u12g4\"", 0, "wrong escape");
	refused("\"\\", 0, "open string");
	refused("\"\\\xc3\xa4\"", 0, "wrong escape");
	refused("\"\\ud800\"", 0, "lone surrogate");
	refused("\"\\udc00\\ud800\"", 0, "lone surrogate");
	refused("{\"\\ud800\":1}", 0, "lone surrogate");
	refused("01", 0, "wrong number");
	refused("[1.]", 0, "wrong number");
	refused("NaN", 0, "no value");
	refused("-Infinity", 0, "wrong number");
	refused("-Inf", JDOC_NAN_OK, "no value");
	refused("nul", 0, "no value");
	refused("{\"a\":1,\"\\u0061\":2}", JDOC_DUPLICATES_REFUSE,
		"a key used twice");
	is_int(parse_span(span_of("12\0", 3), 0, &(struct jdoc *){ NULL },
			  NULL), ERR_INVALID, "12 and a NUL");
}

static void test_limits(void)
{
	struct jdoc_options options = { 10, 3, 0, 0 };
	struct jdoc *doc = NULL;
	struct err err = ERR_INIT;
	size_t depth = 1000000;
	char *bomb = malloc(depth * 2);

	if (!bomb)
		bail_out("out of memory");
	is_int(jdoc_parse(span_str("[[[1]]]"), &options, &doc, NULL), 0,
	       "three deep");
	jdoc_free(doc);
	is_int(jdoc_parse(span_str("[[[[]]]]"), &options, &doc, &err),
	       ERR_LIMIT, "four deep");
	ok(strstr(err.text, "nested too deep at line 1, column 4"), "where");
	is_int(jdoc_parse(span_str("[1,2,3,4,5]"), &options, &doc, NULL),
	       ERR_LIMIT, "eleven bytes");
	memset(bomb, '[', depth);
	memset(bomb + depth, ']', depth);
	is_int(parse_span(span_of(bomb, depth * 2), 0, &doc, NULL), ERR_LIMIT,
	       "a depth bomb");
	options.max_bytes = 0;
	options.max_depth = depth;
	is_int(jdoc_parse(span_of(bomb, depth * 2), &options, &doc, NULL), 0,
	       "which is read where that is allowed");
	jdoc_free(doc);
	free(bomb);
}

static void test_duplicates(void)
{
	struct jdoc *doc = parse("{\"a\":1,\"b\":2,\"\\u0061\":3,\"a\":4}", 0);
	struct buf text = BUF_INIT(1 << 20);
	const struct jval *root = jdoc_root(doc);
	long long value = 0;
	int rc = 0;
	int i;

	is_int(jdoc_duplicates(doc), 2, "two are dropped");
	is_int(jval_count(root), 2, "two stay");
	ok(jval_integer(jval_get(root, "a"), &value) && value == 4,
	   "the last one wins");
	ok(span_equals(jval_first(root)->key, span_str("b")),
	   "and stands where it stood");
	jdoc_free(doc);
	for (i = 0; i < 3000 && rc >= 0; i++)
		rc = buf_printf(&text, NULL, "%c\"k%d\":%d", i ? ',' : '{',
				i * 7 % 1000, i);
	if (rc < 0 || buf_add_str(&text, "}", NULL) < 0)
		bail_out("out of memory");
	doc = parse(buf_text(&text), 0);
	root = jdoc_root(doc);
	is_int(jdoc_duplicates(doc), 2000, "many are dropped");
	is_int(jval_count(root), 1000, "one thousand stay");
	ok(jval_integer(jval_first(root), &value) && value == 2000,
	   "the first that stays");
	ok(jval_integer(jval_get(root, "k999"), &value) && value == 2857,
	   "a search in a large object");
	ok(!jval_get(root, "k1000") && !jval_get(root, "k") &&
	   !jval_get(root, ""), "and in vain");
	jdoc_free(doc);
	refused(buf_text(&text), JDOC_DUPLICATES_REFUSE, "a key used twice");
	buf_release(&text);
}

static void test_options(void)
{
	char text[] = "\xef\xbb\xbf [\"kept\"]";
	struct jdoc *doc = parse(text, JDOC_BOM_SKIP | JDOC_COPY);

	memset(text, 'x', sizeof(text) - 1);
	ok(jval_is_text(jval_item(jdoc_root(doc), 0), "kept"),
	   "the copy outlives the source");
	jdoc_free(doc);
	doc = parse("[NaN,Infinity,-Infinity]", JDOC_NAN_OK);
	ok(jval_first(jdoc_root(doc))->marks & JVAL_IS_NAN, "NaN is marked");
	ok(!jval_number(jval_first(jdoc_root(doc)), &(double){ 0 }),
	   "and no number to work with");
	jdoc_free(doc);
	doc = parse("[\"\\ud800x\",\"\\udc00\\ud83d\\ude02\"]",
		    JDOC_SURROGATES_KEEP);
	is_bytes(jval_text(jval_first(jdoc_root(doc))).at,
		 jval_text(jval_first(jdoc_root(doc))).len, "\xed\xa0\x80x", 4,
		 "a lone surrogate as WTF-8");
	ok(jval_first(jdoc_root(doc))->marks & JVAL_TEXT_WTF, "is marked");
	jdoc_free(doc);
}

static void test_prefix(void)
{
	struct jdoc_options options = { 0 };
	struct span text = span_str(" {\"a\":1}{\"b\":2} 3 ");
	struct jdoc *doc = NULL;
	size_t used = 0;
	int count = 0;
	int rc;

	while ((rc = jdoc_parse_prefix(text, &options, &doc, &used,
				       NULL)) == 0) {
		jdoc_free(doc);
		text = span_of(text.at + used, text.len - used);
		count++;
	}
	is_int(count, 3, "three values on one line");
	is_int(rc, ERR_NOT_FOUND, "then nothing");
	options.max_bytes = 4;
	is_int(jdoc_parse_prefix(span_str("123456"), &options, &doc, &used,
				 NULL), ERR_LIMIT, "a number over the bound");
	is_int(jdoc_parse_prefix(span_str("[1,2,3]"), &options, &doc, &used,
				 NULL), ERR_LIMIT, "a list over the bound");
	is_int(jdoc_parse_prefix(span_str("[1] [2] [3]"), &options, &doc,
				 &used, NULL), 0, "one within the bound");
	is_int(used, 3, "three bytes");
	jdoc_free(doc);
	options.max_bytes = 0;
	is_int(jdoc_parse_prefix(span_str("{\"a\":"), &options, &doc, &used,
				 NULL), ERR_INVALID, "a torn one");
}

/* source -> canonical, which must be as given, -> source again. */
static void round_trip(const char *source, const char *canonical,
		       const char *back)
{
	struct jdoc *doc = parse(source, TAKE_ALL);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;

	is_int(jdoc_to_jcs(jdoc_root(doc), &out, &err), 0, source);
	is_str(buf_text(&out), canonical, "becomes canonical");
	is_int(jcs_check(buf_span(&out), &err), 0, "and passes the check");
	is_int(jdoc_from_jcs(buf_span(&out), &again, &err), 0, "goes back");
	is_str(buf_text(&again), back ? back : source, "to what it was");
	if (err.code)
		diag("%s", err.text);
	buf_release(&out);
	buf_release(&again);
	jdoc_free(doc);
}

static void test_canonical(void)
{
	round_trip("{ \"b\" : 1.0, \"a\": [ 1e2, \"\\u00e4\\/\" ] }",
		   "{\"a\":[100,\"\xc3\xa4/\"],\"b\":1}",
		   "{\"a\":[100,\"\xc3\xa4/\"],\"b\":1}");
	round_trip("9007199254740992", "9007199254740992", NULL);
	round_trip("[9007199254740993]",
		   "[{\"$raw\":\"OTAwNzE5OTI1NDc0MDk5Mw==\"}]", NULL);
	round_trip("[-123456789012345678901234567890]", "[{\"$raw\":"
		   "\"LTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MA==\"}]", NULL);
	round_trip("1e400", "{\"$raw\":\"MWU0MDA=\"}", NULL);
	round_trip("1e-400", "{\"$raw\":\"MWUtNDAw\"}", NULL);
	round_trip("0e-400", "0", "0");
	round_trip("-0", "0", "0");
	round_trip("1e30", "1e+30", "1e+30");
	round_trip("[775555555525e7]", "[7755555555250000000]",
		   "[7755555555250000000.0]");
	round_trip("[NaN]", "[{\"$raw\":\"TmFO\"}]", NULL);
	round_trip("-Infinity", "{\"$raw\":\"LUluZmluaXR5\"}", NULL);
	round_trip("\"a\\ud800\"", "{\"$raw\":\"ImFcdWQ4MDAi\"}", NULL);
	round_trip("[{ \"\\udc00\":1 }]",
		   "[{\"$raw\":\"eyAiXHVkYzAwIjoxIH0=\"}]", NULL);
	round_trip("{\"$\":2,\"$$y\":4,\"$x\":1}",
		   "{\"$$\":2,\"$$$y\":4,\"$$x\":1}", NULL);
	round_trip("{\"$raw\":\"MQ==\"}", "{\"$$raw\":\"MQ==\"}", NULL);
	round_trip("{\"!\":[{\"$raw\":1}],\"$raw\":2,\"a\":\"$raw\"}",
		   "{\"!\":[{\"$$raw\":1}],\"$$raw\":2,\"a\":\"$raw\"}", NULL);
	round_trip("{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x82\":2}",
		   "{\"\xf0\x9f\x98\x82\":2,\"\xef\xac\xb3\":1}",
		   "{\"\xf0\x9f\x98\x82\":2,\"\xef\xac\xb3\":1}");
	round_trip("\"\\u0000\\u007f\"", "\"\\u0000\x7f\"", "\"\\u0000\x7f\"");
	round_trip("[]", "[]", NULL);
	round_trip("{\"\":{}}", "{\"\":{}}", NULL);
}

static void test_deep(void)
{
	struct jdoc_options options = { 0, 1000, 0, 0 };
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	char text[601];

	memset(text, '[', 300);
	memset(text + 300, ']', 300);
	text[600] = '\0';
	if (jdoc_parse(span_str(text), &options, &doc, NULL) < 0)
		bail_out("cannot read 300 arrays");
	is_int(jdoc_to_jcs(jdoc_root(doc), &out, NULL), 0, "300 arrays");
	ok(strstr(buf_text(&out), "[{\"$raw\":\"W1tb") != NULL &&
	   jcs_check(buf_span(&out), NULL) == 0, "end in a $raw");
	is_int(jdoc_from_jcs(buf_span(&out), &again, NULL), 0, "and come");
	is_str(buf_text(&again), text, "back");
	jdoc_free(doc);
	buf_release(&out);
	buf_release(&again);
}

static void test_from_refused(void)
{
	static const char *const texts[] = {
		"", "{ }", "{\"b\":1,\"a\":2}", "{\"$raw\":1}",
		"{\"$raw\":\"MQ==\",\"a\":1}", "{\"!\":1,\"$raw\":\"MQ==\"}",
		"{\"$raw\":\"MQ=\"}", "{\"$raw\":\"\"}", "{\"$raw\":null}",
		"{\"$raw\":\"MSwy\"}", "{\"$raw\":\"IDE=\"}",
		"{\"$raw\":\"ICAx\"}", "{\"$raw\":\"W10gW10=\"}",
		"{\"$raw\":{\"$raw\":\"MQ==\"}}", "{\"$raw\":\"\\n\"}",
	};
	struct buf out = BUF_INIT(4096);
	size_t i;

	if (buf_add_str(&out, "kept", NULL) < 0)
		bail_out("out of memory");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err err = ERR_INIT;

		ok(jdoc_from_jcs(span_str(texts[i]), &out, &err) ==
		   ERR_INVALID && err.code == ERR_INVALID,
		   "no way back: %s", texts[i]);
	}
	is_str(buf_text(&out), "kept", "failures leave the buffer alone");
	buf_release(&out);
}

static void test_python(void)
{
	static const char source[] =
		"{\"b\":[1.0,1e-07,-0.0,12345678901234567890,NaN],"
		"\"a\":\"\\/\\u00e4\\ud83d\\ude02\\ud800\\u007f\\u0001\\n\\\"\","
		"\"\xef\xac\xb3\":{},\"\xf0\x9f\x98\x82\":[],"
		"\"m\":{\"h\":\"x\",\"g\":null,\"z\":{\"h\":1}},\"h\":true}";
	struct jdoc_edit edit = { "m", "h", NULL };
	struct jdoc *doc = parse(source, TAKE_ALL);
	struct buf out = BUF_INIT(4096);
	const char *tail = ", \"\\ufb33\": {}, \"\\ud83d\\ude02\": []}";
	const char *head =
		"{\"a\": \"/\\u00e4\\ud83d\\ude02\\ud800\\u007f\\u0001\\n\\\"\""
		", \"b\": [1.0, 1e-07, -0.0, 12345678901234567890, NaN]"
		", \"h\": true, \"m\": ";
	char want[512];

	is_int(jdoc_to_python(jdoc_root(doc), NULL, &out, NULL), 0, "whole");
	snprintf(want, sizeof(want), "%s%s%s", head,
		 "{\"g\": null, \"h\": \"x\", \"z\": {\"h\": 1}}", tail);
	is_str(buf_text(&out), want, "as json.dumps writes it");
	buf_reset(&out);
	is_int(jdoc_to_python(jdoc_root(doc), &edit, &out, NULL), 0, "less");
	snprintf(want, sizeof(want), "%s%s%s", head,
		 "{\"g\": null, \"z\": {\"h\": 1}}", tail);
	is_str(buf_text(&out), want, "one member left out, there only");
	buf_reset(&out);
	edit.instead = "\"\"";
	is_int(jdoc_to_python(jdoc_root(doc), &edit, &out, NULL), 0, "edited");
	snprintf(want, sizeof(want), "%s%s%s", head,
		 "{\"g\": null, \"h\": \"\", \"z\": {\"h\": 1}}", tail);
	is_str(buf_text(&out), want, "one member replaced");
	out.max = out.len + 10;
	is_int(jdoc_to_python(jdoc_root(doc), NULL, &out, NULL), ERR_LIMIT,
	       "a full buffer");
	is_str(buf_text(&out), want, "stays as it was");
	jdoc_free(doc);
	buf_release(&out);
}

static void test_jcs_vectors(void)
{
	static const char *const names[] = {
		"arrays", "french", "structures", "unicode", "values", "weird",
	};
	struct buf source = BUF_INIT(BUF_NO_LIMIT);
	struct buf want = BUF_INIT(BUF_NO_LIMIT);
	struct buf got = BUF_INIT(BUF_NO_LIMIT);
	char name[128];
	size_t i;

	if (!shared_path("vectors/jcs/testdata")) {
		skip(12, NO_SHARED);
		return;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct jdoc *doc;

		snprintf(name, sizeof(name),
			 "vectors/jcs/testdata/input/%s.json", names[i]);
		read_whole(shared_path(name), &source);
		snprintf(name, sizeof(name),
			 "vectors/jcs/testdata/output/%s.json", names[i]);
		read_whole(shared_path(name), &want);
		doc = parse(buf_text(&source), JDOC_DUPLICATES_REFUSE);
		buf_reset(&got);
		ok(jdoc_to_jcs(jdoc_root(doc), &got, NULL) == 0 &&
		   span_equals(buf_span(&got), buf_span(&want)),
		   "RFC 8785 %s", names[i]);
		is_int(jcs_check(buf_span(&want), NULL), 0, "passes the check");
		jdoc_free(doc);
	}
	buf_release(&source);
	buf_release(&want);
	buf_release(&got);
}

static void test_suite(void)
{
	const char *folder = shared_path("vectors/jsontestsuite/test_parsing");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char top[1024];
	char path[2048];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	if (!folder) {
		skip(2, NO_SHARED);
		return;
	}
	snprintf(top, sizeof(top), "%s", folder);
	dir = opendir(top);
	while (dir && (entry = readdir(dir))) {
		struct jdoc *doc = NULL;
		char *exact;
		int rc;

		if (!strchr("yni", entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%s/%s", top, entry->d_name);
		read_whole(path, &text);
		exact = malloc(text.len ? text.len : 1);
		if (!exact)
			bail_out("out of memory");
		if (text.len)
			memcpy(exact, text.data, text.len);
		rc = parse_span(span_of(exact, text.len), 0, &doc, NULL);
		if (entry->d_name[0] != 'i')
			ok((rc == 0) == (entry->d_name[0] == 'y'), "%s",
			   entry->d_name);
		count++;
		jdoc_free(doc);
		free(exact);
	}
	if (dir)
		closedir(dir);
	is_int(count, 318, "all of the suite was there");
	buf_release(&text);
}

static void sha256_hex(const struct buf *text, char out[65])
{
	unsigned char digest[SHA256_BYTES];

	sha256_of(text->data, text->len, digest);
	hex_text(digest, sizeof(digest), out);
}

static void test_fingerprint(const struct jval *entry)
{
	struct jdoc_edit edit = { "metadata", "fingerprint_hash", NULL };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct span file = jval_get_text(entry, "file");
	struct jdoc *doc;
	char name[256];
	char hex[65];

	snprintf(name, sizeof(name), "data/vvault/capsules/%.*s",
		 (int)file.len, file.at);
	read_whole(shared_path(name), &text);
	doc = parse(buf_text(&text), TAKE_ALL | JDOC_COPY);
	ok(jdoc_to_python(jdoc_root(doc), &edit, &out, NULL) == 0, "%s", name);
	sha256_hex(&out, hex);
	ok(jval_is_text(jval_get(entry, "forge_alg"), hex), "as the forge");
	snprintf(name, sizeof(name),
		 "data/vvault/capsules/canonical/%.*s.forge.txt",
		 (int)file.len, file.at);
	if (shared_path(name)) {
		read_whole(shared_path(name), &text);
		ok(span_equals(buf_span(&text), buf_span(&out)),
		   "byte by byte: %s", name);
	}
	edit.instead = "\"\"";
	buf_reset(&out);
	ok(jdoc_to_python(jdoc_root(doc), &edit, &out, NULL) == 0, "again");
	sha256_hex(&out, hex);
	ok(jval_is_text(jval_get(entry, "vvaultcore_alg"), hex), "as the core");
	jdoc_free(doc);
	buf_release(&text);
	buf_release(&out);
}

static void test_fingerprints(void)
{
	const char *path = shared_path("data/vvault/capsules/fingerprints.json");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *entry;
	struct jdoc *doc;
	int count = 0;

	if (!path) {
		skip(2, NO_SHARED);
		return;
	}
	read_whole(path, &text);
	doc = parse(buf_text(&text), JDOC_COPY);
	buf_release(&text);
	for (entry = jval_first(jdoc_root(doc)); entry; entry = entry->next) {
		test_fingerprint(entry);
		count++;
	}
	ok(count >= 4, "%d capsules", count);
	jdoc_free(doc);
}

int main(void)
{
	test_tree();
	test_walk();
	test_integers();
	test_refused();
	test_limits();
	test_duplicates();
	test_options();
	test_prefix();
	test_canonical();
	test_deep();
	test_from_refused();
	test_python();
	test_jcs_vectors();
	test_suite();
	test_fingerprints();
	return done_testing();
}
