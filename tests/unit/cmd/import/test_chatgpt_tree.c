#include "cmd/import/chatgpt/tree.h"

#include "cmd/import/records/chat.h"
#include "tests/tap.h"

/*
 * A tree as text, node by node in the order of keys: key, parent (or -),
 * depth and place among its siblings; an '!' for odd children, a '*' for the
 * leaf that is guessed.
 */
static void reads(const char *mapping, const char *want)
{
	struct chatgpt_tree tree = CHATGPT_TREE_INIT;
	struct buf got = BUF_INIT(1 << 16);
	const struct jdoc_options options = { 0 };
	struct jdoc *doc = NULL;
	size_t leaf;
	size_t i;
	int rc = 0;

	if (jdoc_parse(span_str(mapping), &options, &doc, NULL) < 0 ||
	    chatgpt_tree_read(&tree, jdoc_root(doc), NULL) < 0)
		bail_out("cannot read %s", mapping);
	leaf = chatgpt_tree_last_leaf(&tree);
	for (i = 0; rc >= 0 && i < tree.n; i++) {
		const struct chatgpt_node *node = &tree.at[i];
		bool is_root = node->parent == CHATGPT_NO_NODE;
		struct span parent = is_root ? span_str("-") :
			tree.at[node->parent].key;

		rc = buf_printf(&got, NULL, "%s%.*s<%.*s %zu.%zu%s%s",
				i ? " " : "", (int)node->key.len,
				node->key.at, (int)parent.len, parent.at,
				node->depth, node->nth,
				chatgpt_tree_is_odd(&tree, i) ? "!" : "",
				i == leaf ? "*" : "");
	}
	if (rc < 0)
		bail_out("out of memory");
	is_str(buf_text(&got), want, want);
	ok(chatgpt_tree_find(&tree, span_str("none")) == CHATGPT_NO_NODE,
	   "what is not there is not found");
	chatgpt_tree_release(&tree);
	buf_release(&got);
	jdoc_free(doc);
}

static void test_shapes(void)
{
	reads("{}", "");
	reads("null", "");
	reads("[{\"parent\":null}]", "");
	reads("{\"a\":{},\"x\":7,\"y\":null}", "a<- 0.0*");
	/* The order of keys means nothing, that of children does. */
	reads("{\"c\":{\"parent\":\"r\",\"children\":[]},"
	      "\"r\":{\"parent\":null,\"children\":[\"c\",\"b\"]},"
	      "\"b\":{\"parent\":\"r\",\"children\":[]}}",
	      "b<r 1.1* c<r 1.0 r<- 0.0");
	reads("{\"r\":{\"parent\":null,\"children\":[\"c\",\"b\"]},"
	      "\"b\":{\"parent\":\"r\",\"children\":[\"d\"]},"
	      "\"d\":{\"parent\":\"b\",\"children\":[]},"
	      "\"c\":{\"parent\":\"r\",\"children\":[]}}",
	      "b<r 1.1 c<r 1.0 d<b 2.0* r<- 0.0");
}

static void test_without_lists(void)
{
	reads("{\"r\":{},\"a\":{\"parent\":\"r\",\"message\":{\"create_time\":"
	      "1700000002}},\"b\":{\"parent\":\"r\",\"message\":"
	      "{\"create_time\":1700000001}},"
	      "\"c\":{\"parent\":\"r\",\"message\":{}}}",
	      "a<r 1.2* b<r 1.1 c<r 1.0 r<- 0.0");
	/* Named ones first; a list that lacks one is odd. */
	reads("{\"r\":{\"children\":[\"b\"]},\"a\":{\"parent\":\"r\"},"
	      "\"b\":{\"parent\":\"r\"}}",
	      "a<r 1.1* b<r 1.0 r<- 0.0!");
	/* There is one root: the others follow it as they came. */
	reads("{\"a\":{\"message\":{\"create_time\":1700000005}},"
	      "\"b\":{},\"c\":{\"message\":{\"create_time\":"
	      "\"1700000004\"}}}",
	      "a<c 2.0* b<- 0.0 c<b 1.0");
}

static void test_wrong_links(void)
{
	reads("{\"a\":{\"parent\":\"a\"}}", "a<- 0.0*");
	reads("{\"a\":{\"parent\":\"gone\"},\"b\":{\"parent\":5}}",
	      "a<- 0.0 b<a 1.0*");
	/* A circle is opened above its first one; tails hang on. */
	reads("{\"c\":{\"parent\":\"b\"},\"b\":{\"parent\":\"a\"},"
	      "\"a\":{\"parent\":\"c\"},\"A\":{\"parent\":\"b\"}}",
	      "A<b 2.0 a<- 0.0 b<a 1.0 c<b 2.1*");
	reads("{\"y\":{\"parent\":\"x\"},\"x\":{\"parent\":\"y\"},"
	      "\"q\":{\"parent\":\"p\"},\"p\":{\"parent\":\"q\"}}",
	      "p<- 0.0 q<p 1.0 x<q 2.0 y<x 3.0*");
	/* Twice, of another's, of nobody: not what the links say. */
	reads("{\"r\":{\"children\":[\"a\",\"a\"]},\"a\":{\"parent\":\"r\","
	      "\"children\":[\"r\"]},\"b\":{\"children\":[\"no\"]},"
	      "\"c\":{\"children\":7},\"d\":{\"children\":null}}",
	      "a<r 1.0! b<a 2.0! c<b 3.0! d<c 4.0!* r<- 0.0!");
}

/* A lost link is not lost where the other end has it. */
static void test_lost_links(void)
{
	reads("{\"r\":{\"children\":[\"a\"]},\"a\":{\"parent\":\"r\","
	      "\"children\":[\"b\",\"c\"]},\"b\":{\"parent\":null},"
	      "\"c\":{\"parent\":\"gone\"}}",
	      "a<r 1.0 b<a 2.0 c<a 2.1* r<- 0.0");
	reads("{\"r\":{},\"c\":{\"parent\":\"gone\",\"message\":"
	      "{\"create_time\":1700000003}},\"b\":{\"parent\":\"a\","
	      "\"message\":{\"create_time\":1700000002}},\"a\":"
	      "{\"parent\":\"r\",\"message\":{\"create_time\":"
	      "1700000001}}}", "a<r 1.0 b<a 2.0 c<b 3.0* r<- 0.0");
}

/* What is there before stays as it is when the conversation grows. */
static void test_growth(void)
{
	reads("{\"r\":{\"children\":[\"m\"]},\"m\":{\"parent\":\"r\","
	      "\"children\":[\"p\",\"o\"]},\"p\":{\"parent\":\"m\"},"
	      "\"o\":{\"parent\":\"m\"}}",
	      "m<r 1.0 o<m 2.1* p<m 2.0 r<- 0.0");
	reads("{\"r\":{\"children\":[\"m\",\"b\"]},\"b\":{\"parent\":\"r\"},"
	      "\"m\":{\"parent\":\"r\",\"children\":[\"p\",\"o\",\"a\"]},"
	      "\"p\":{\"parent\":\"m\",\"children\":[\"z\"]},"
	      "\"z\":{\"parent\":\"p\"},\"a\":{\"parent\":\"m\"},"
	      "\"o\":{\"parent\":\"m\"}}",
	      "a<m 2.2 b<r 1.1* m<r 1.0 o<m 2.1 p<m 2.0 r<- 0.0 z<p 3.0");
}

int main(void)
{
	test_shapes();
	test_without_lists();
	test_wrong_links();
	test_lost_links();
	test_growth();
	return done_testing();
}
