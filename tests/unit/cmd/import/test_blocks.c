/*
 * What messages of agents are made of, in the shapes of several interfaces:
 * each becomes the same parts, and nothing of a block is lost.
 */
#include "cmd/import/records/blocks.h"

#include "tests/tap.h"

struct made {
	struct parts parts;
	struct blocks blocks;
	struct span list;
};

static struct jdoc *parse_blocks(const char *json)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0)
		bail_out("%s", json);
	return doc;
}

/* As `role:visibility|content|parts`. */
static void becomes(bool is_prompt, const char *json, const char *want)
{
	const struct parts parts = PARTS_INIT;
	struct made made = { .parts = parts };
	struct jdoc *doc = parse_blocks(json);
	struct take take = take_begin(jdoc_root(doc));
	struct buf said = BUF_INIT(BUF_NO_LIMIT);

	made.blocks.parts = &made.parts;
	made.blocks.is_prompt = is_prompt;
	blocks_take_openai(&made.blocks, &take);
	if (parts_list(&made.parts, &made.list, NULL) < 0)
		bail_out("parts of %s", json);
	buf_putf(&said, "%s:%s|", blocks_role(&made.blocks, is_prompt ? "user"
					      : "assistant"),
		 blocks_visibility(&made.blocks));
	buf_put_span(&said, buf_span(&made.parts.content));
	buf_put_char(&said, '|');
	buf_put_span(&said, made.list);
	ok(buf_end(&said, NULL) == 0 && !strcmp(buf_text(&said), want), "%s",
	   json);
	if (strcmp(buf_text(&said), want))
		diag("%s", buf_text(&said));
	buf_release(&said);
	parts_release(&made.parts);
	jdoc_free(doc);
}

static void test_words(void)
{
	becomes(true, "{\"content\":\"Hi\"}", "user:visible|Hi|");
	becomes(true, "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},\"b\"]}",
		"user:visible|a\n\nb|[{\"end\":1,\"start\":0,\"type\":\"text\"},"
		"{\"end\":4,\"start\":3,\"type\":\"text\"}]");
	becomes(true, "{\"content\":\"<system-reminder>x</system-reminder>\"}",
		"user:meta||[{\"text\":\"<system-reminder>x</system-reminder>\","
		"\"type\":\"injected\"}]");
	becomes(false, "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\","
		"\"signature\":\"s\"}]}",
		"assistant:thinking||[{\"native\":{\"signature\":\"s\"},"
		"\"text\":\"hm\",\"type\":\"thinking\"}]");
	becomes(false, "{\"content\":[{\"type\":\"text\",\"text\":\"a\","
		"\"cite\":1}]}", "assistant:visible|a|[{\"end\":1,\"native\":"
		"{\"cite\":1},\"start\":0,\"type\":\"text\"}]");
	becomes(false, "{\"content\":[{\"type\":\"later\",\"text\":\"said\"}]}",
		"assistant:visible|said|[{\"end\":4,\"kind\":\"later\","
		"\"native\":{\"text\":\"said\",\"type\":\"later\"},\"start\":0,"
		"\"type\":\"other\"}]");
	becomes(false, "{\"content\":null}", "assistant:visible||");
}

#define CALL "[{\"id\":\"c\",\"input\":{\"p\":1},\"name\":\"read\"," \
	     "\"type\":\"tool_use\"}]"

static void test_calls(void)
{
	becomes(false, "{\"content\":[{\"type\":\"tool_use\",\"id\":\"c\","
		"\"name\":\"read\",\"input\":{\"p\":1}}]}",
		"assistant:tool||" CALL);
	becomes(false, "{\"content\":[{\"type\":\"tool-call\",\"toolCallId\":\"c\""
		",\"toolName\":\"read\",\"args\":{\"p\":1}}]}",
		"assistant:tool||" CALL);
	becomes(false, "{\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":"
		"\"function\",\"function\":{\"name\":\"read\",\"arguments\":"
		"\"{\\\"p\\\":1}\"}}]}", "assistant:tool||" CALL);
	becomes(false, "{\"content\":\"\",\"tool_calls\":[{\"id\":\"c\","
		"\"function\":{\"name\":\"read\",\"arguments\":\"{torn\"}}]}",
		"assistant:tool||[{\"id\":\"c\",\"input\":\"{torn\",\"name\":"
		"\"read\",\"type\":\"tool_use\"}]");
	becomes(false, "{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":"
		"\"read\",\"strict\":true}}]}", "assistant:tool||[{\"id\":\"c\","
		"\"name\":\"read\",\"native\":{\"function\":{\"name\":\"read\","
		"\"strict\":true},\"id\":\"c\"},\"type\":\"tool_use\"}]");
	becomes(false, "{\"reasoning_content\":\"hm\",\"content\":\"So\"}",
		"assistant:visible|So|[{\"text\":\"hm\",\"type\":\"thinking\"},"
		"{\"end\":2,\"start\":0,\"type\":\"text\"}]");
}

static void test_results(void)
{
	becomes(true, "{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":"
		"\"c\",\"content\":\"gone\",\"is_error\":true}]}",
		"tool:tool|gone|[{\"end\":4,\"is_error\":true,\"start\":0,"
		"\"tool_use_id\":\"c\",\"type\":\"tool_result\"}]");
	becomes(true, "{\"content\":[{\"type\":\"tool-result\",\"toolCallId\":"
		"\"c\",\"result\":{\"output\":\"42\",\"code\":0}}]}",
		"tool:tool|42|[{\"content\":{\"code\":0,\"output\":\"42\"},"
		"\"end\":2,\"start\":0,\"tool_use_id\":\"c\",\"type\":"
		"\"tool_result\"}]");
	becomes(true, "{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":"
		"\"c\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
		"{\"type\":\"text\",\"text\":\"b\"},{\"type\":\"ref\",\"n\":1}]},"
		"{\"type\":\"text\",\"text\":\"And now?\"}]}",
		"user:visible|And now?|[{\"content\":[{\"n\":1,\"type\":\"ref\"}],"
		"\"text\":\"a\\n\\nb\",\"tool_use_id\":\"c\",\"type\":"
		"\"tool_result\"},{\"end\":8,\"start\":0,\"type\":\"text\"}]");
	becomes(true, "{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":"
		"\"c\"}]}", "tool:tool||[{\"tool_use_id\":\"c\",\"type\":"
		"\"tool_result\"}]");
}

static void test_files(void)
{
	becomes(true, "{\"content\":[{\"type\":\"image\",\"source\":{\"type\":"
		"\"url\",\"url\":\"u\"}}]}", "user:visible||[{\"native\":"
		"{\"source\":{\"type\":\"url\",\"url\":\"u\"},\"type\":\"image\"},"
		"\"type\":\"image\"}]");
	becomes(true, "{\"content\":[{\"type\":\"image\",\"data\":\"no base64\","
		"\"mimeType\":\"image/png\"}]}", "user:visible||[{\"native\":"
		"{\"data\":\"no base64\",\"mimeType\":\"image/png\"},\"type\":"
		"\"image\"}]");
}

int main(void)
{
	test_words();
	test_calls();
	test_results();
	test_files();
	return done_testing();
}
