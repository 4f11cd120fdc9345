/*
 * Thoughts before an answer, and addresses that hold their bytes.
 */
#include "cmd/import/records/thought.h"
#include "tests/tap.h"

static void splits(const char *text, const char *thought, const char *rest)
{
	struct span out_thought = span_str("kept");
	struct span out_rest = span_str("kept");
	bool is_one = thought_split(span_str(text), &out_thought, &out_rest);

	ok(is_one == (thought != NULL), "'%s'", text);
	ok(span_equals(out_thought, span_str(thought ? thought : "kept")),
	   "its thought");
	ok(span_equals(out_rest, span_str(thought ? rest : "kept")),
	   "what is behind it");
}

static void test_thoughts(void)
{
	splits("<think>a</think>b", "a", "b");
	splits(" \n<think>\n a b \n</think>\n\nb\n", "a b", "b\n");
	splits("<thinking>a</thinking>", "a", "");
	splits("<think></think>b", "", "b");
	splits("<think>a", NULL, NULL);
	splits("<think>a</thinking>", NULL, NULL);
	splits("b <think>a</think>", NULL, NULL);
	splits("<thinker>a</think>", NULL, NULL);
	splits("", NULL, NULL);
}

static void test_data_urls(void)
{
	struct span media;
	struct span base64;
	char many[1024];

	ok(data_url_split(span_str("data:image/png;base64,AAEC"), &media,
			  &base64), "an image");
	ok(span_equals(media, span_str("image/png")), "its type");
	ok(span_equals(base64, span_str("AAEC")), "its bytes");
	ok(data_url_split(span_str("data:;base64,"), &media, &base64) &&
	   !media.len && !base64.len, "nothing, of no type");
	ok(!data_url_split(span_str("data:text/plain,hello"), &media,
			   &base64), "one of another kind");
	ok(!data_url_split(span_str("https://a.example/;base64,"), &media,
			   &base64), "another address");
	ok(!data_url_split(span_of(NULL, 0), &media, &base64), "none");
	memset(many, 'a', sizeof(many));
	memcpy(many, "data:", 5);
	memcpy(many + sizeof(many) - 12, ";base64,AAAA", 12);
	ok(!data_url_split(span_of(many, sizeof(many)), &media, &base64),
	   "a type that is none");
}

int main(void)
{
	test_thoughts();
	test_data_urls();
	return done_testing();
}
