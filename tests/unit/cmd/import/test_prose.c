/*
 * What is said in a value that nobody knows, and what is none of it.
 */
#include "cmd/import/records/prose.h"

#include "tests/tap.h"

static struct jdoc *parse(const char *json)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0)
		bail_out("%s", json);
	return doc;
}

static void says(const char *json, const char *want)
{
	struct jdoc *doc = parse(json);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	prose_put(jdoc_root(doc), &text);
	ok(buf_end(&text, NULL) == 0 && !strcmp(buf_text(&text), want) &&
	   prose_is_in(jdoc_root(doc)) == (*want != '\0'), "%s", json);
	if (strcmp(buf_text(&text), want))
		diag("%s", buf_text(&text));
	buf_release(&text);
	jdoc_free(doc);
}

static void test_words(void)
{
	says("{\"type\":\"verdict\",\"text\":\"Seven.\"}", "Seven.");
	says("\"alone\"", "alone");
	says("{\"content\":[{\"value\":\"one\"}],\"x\":{\"value\":\"no\"}}",
	     "one");
	says("{\"x\":{\"y\":[{\"z\":\"How deep is it?\"}]}}",
	     "How deep is it?");
	says("{\"content\":[{\"type\":\"a\",\"text\":\"one\"},\"two\"],"
	     "\"stdout\":\"42\"}", "one\n\ntwo\n\n42");
	says("{\"overall_answer\":\"Yes.\",\"reviewText\":\"Fine.\","
	     "\"context\":\"none\"}", "Yes.\n\nFine.");
	says("{\"label\":\"\xe6\xb7\xb1\xe3\x81\x84\"}",
	     "\xe6\xb7\xb1\xe3\x81\x84");
	says("{\"quote\":\"https://example.org/a/page/with/a/long/name\"}",
	     "https://example.org/a/page/with/a/long/name");
	says("{\"stdout\":\"the same\",\"output\":\"the same\"}", "the same");
	says("{\"state\":{\"said\":\"still in there\"}}", "still in there");
}

static void test_noise(void)
{
	says("{\"type\":\"token_count\",\"used\":12,\"limit\":null}", "");
	says("{\"id\":\"a b\",\"call_id\":\"c d\",\"threadId\":\"e f\","
	     "\"created_at\":\"8 June\",\"status\":\"in progress\"}", "");
	says("{\"phase\":\"commentary\",\"file\":\"/srv/heron/pond.png\"}", "");
	says("{\"blob\":\"aGVyb24gaGVyb24gaGVyb24gaGVyb24gaGVyb24=\","
	     "\"content\":\"aGVyb24gaGVyb24gaGVyb24gaGVyb24gaGVyb24=\"}", "");
	says("{\"tools\":[{\"description\":\"Reads a file.\"}],"
	     "\"usage\":{\"note\":\"so many tokens\"},"
	     "\"input_schema\":{\"title\":\"A file path\"}}", "");
	says("{\"text\":\"\",\"content\":[],\"message\":\" \\n\"}", "");
	says("[1,true,null]", "");
}

static void test_part(void)
{
	struct jdoc *doc = parse("{\"type\":\"new\",\"text\":\"Reeds.\"}");
	struct parts parts = PARTS_INIT;
	struct span list;

	part_text(&parts, span_str("And:"));
	part_other(&parts, jdoc_root(doc));
	part_other(&parts, NULL);
	ok(parts_list(&parts, &list, NULL) == 0, "parts");
	ok(!strcmp(buf_text(&parts.content), "And:\n\nReeds."), "content");
	ok(span_equals(list, span_str(
		"[{\"end\":4,\"start\":0,\"type\":\"text\"},"
		"{\"end\":12,\"kind\":\"new\",\"native\":{\"text\":\"Reeds.\","
		"\"type\":\"new\"},\"start\":6,\"type\":\"other\"},"
		"{\"type\":\"other\"}]")), "list");
	parts_release(&parts);
	jdoc_free(doc);
}

int main(void)
{
	test_words();
	test_noise();
	test_part();
	return done_testing();
}
