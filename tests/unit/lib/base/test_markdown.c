#include "lib/base/markdown.h"

#include <md4c.h>
#include <stdbool.h>

#include "tests/tap.h"

/* What was heard of a text. */
struct heard {
	struct span text;
	size_t bytes;		/* of pieces that lie in it */
	size_t open;
	bool is_stopped;	/* by us, at the first piece */
};

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct heard *heard = arg;

	(void)type;
	(void)detail;
	heard->open++;
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct heard *heard = arg;

	(void)type;
	(void)detail;
	ok(heard->open > 0, "left when open");
	heard->open--;
	return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	const MD_SPAN_A_DETAIL *link = detail;
	const struct heard *heard = arg;

	if (type == MD_SPAN_A)
		ok(link->href.text >= heard->text.at && link->href.text <
		   heard->text.at + heard->text.len, "a link is of the text");
	return enter_block(MD_BLOCK_P, detail, arg);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)type;
	return leave_block(MD_BLOCK_P, detail, arg);
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size,
		     void *arg)
{
	struct heard *heard = arg;

	(void)type;
	if (text >= heard->text.at &&
	    text + size <= heard->text.at + heard->text.len)
		heard->bytes += size;
	return heard->is_stopped;
}

static int reads(struct span text, bool is_stopped, struct heard *heard)
{
	static const MD_PARSER parser = {
		.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span,
		.text = take_text,
	};

	*heard = (struct heard){ .text = text, .is_stopped = is_stopped };
	return markdown_read(text, &parser, heard);
}

static void test_pieces(void)
{
	struct heard heard;

	is_int(reads(span_str("a *b* [c](d)\n\n```e\nf\n```\n"), false, &heard),
	       0, "read");
	is_int(heard.bytes, 6, "pieces lie in the text that was given");
	is_int(heard.open, 0, "all is left");
	is_int(reads(span_of("", 0), false, &heard), 0, "nothing");
	is_int(reads(span_str("a"), true, &heard), ERR_INVALID, "stopped");
}

/* Texts that md4c 0.4.8 goes wrong with: it leaves a link that it never
 * entered, and reads behind the end. */
static void test_odd(void)
{
	static const char unbalanced[] = "[a](b.c \"gt\") ![p](q.p\"n[!) "
		"p](q.png) <tp://a](b.c \"t\") ![p](q.pn\")p:";
	static const char at_end[] = "<\\\\\\[a](b <x> \"t\\\") ![p\\\\[a]"
		"(c \"t\") ![p](q.";
	struct heard heard;
	size_t len;

	(void)!reads(span_str(unbalanced), false, &heard);
	for (len = 0; len <= strlen(at_end); len++) {
		char *exact = malloc(len ? len : 1);

		if (!exact)
			bail_out("out of memory");
		memcpy(exact, at_end, len);
		(void)!reads(span_of(exact, len), false, &heard);
		free(exact);
	}
	ok(heard.bytes <= strlen(at_end), "no more than there is");
}

int main(void)
{
	test_pieces();
	test_odd();
	return done_testing();
}
