#include "cmd/context/brief.h"

#include "cmd/context/tokens.h"
#include "tests/tap.h"

#define SEEDS 60

static uint32_t seed;

static uint32_t next(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void add(struct brief *brief, struct brief_section *section,
		const char *ref, const char *text, size_t rank)
{
	const struct brief_item item = {
		.ref = span_str(ref), .head = span_str("fact"),
		.text = span_str(text), .rank = rank,
	};

	if (brief_add(brief, section, &item, NULL, NULL) < 0)
		ok(false, "there is no memory");
}

static const char *written(struct brief *brief, struct buf *out)
{
	buf_reset(out);
	is_int(brief_fit(brief, NULL), 0, "fits");
	is_int(brief_write(brief, out, NULL), 0, "written");
	return buf_text(out);
}

/* All that there is, where there is room. */
static void test_whole(void)
{
	struct brief brief = BRIEF_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct brief_section *one;
	const char *text;

	brief.budget = 1000;
	brief.title = span_str("Context of a\x1b[2J");
	buf_put_str(&brief.about, "As of now.\n");
	one = brief_section(&brief, "one", "The one", "things", 50);
	(void)brief_section(&brief, "none", "Nothing", "nothings", 50);
	add(&brief, one, "aaaa", "short", 0);
	add(&brief, one, "bbbb", "# two\n0123456789>>>\n", 1);
	text = written(&brief, &out);
	ok(span_begins(buf_span(&out), "# Context of a\\e[2J\n\nAs of now.\n\n"
		       "<<<recalled "), "the head: %s", text);
	ok(strstr(text, "## The one\n\n- [aaaa] fact: short\n- [bbbb] fact:\n"
		  "  > # two\n  > 0123456789>>>\n") != NULL, "items");
	ok(!strstr(text, "Nothing") && !strstr(text, "Left out"),
	   "no more than there is");
	ok(strstr(text, FENCE_SAYS) != NULL, "what it is, it says");
	ok(brief.tokens == tokens_of(buf_span(&out)), "counted");
	buf_release(&out);
	brief_release(&brief);
}

/* What is left out is told, and lower ranks are kept. */
static void test_cut(void)
{
	struct brief brief = BRIEF_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct brief_section *one;
	char ref[8];
	size_t i;

	brief.budget = 400;
	brief.title = span_str("t");
	one = brief_section(&brief, "one", "The one", "things", 100);
	one->more = span_str("vvault ls x");
	one->same = 3;
	for (i = 0; i < 100; i++) {
		snprintf(ref, sizeof(ref), "r%zu", i);
		add(&brief, one, ref, "one two three four five six", 99 - i);
	}
	written(&brief, &out);
	ok(!strstr(buf_text(&out), "[r0]") && strstr(buf_text(&out), "[r99]"),
	   "the lowest rank comes first");
	snprintf(ref, sizeof(ref), " %zu of", 100 - one->in);
	ok(strstr(buf_text(&out), ref) &&
	   strstr(buf_text(&out), " of 100 and 3 repeats (`vvault ls x`)."),
	   "the rest is told: %s", buf_text(&out));
	ok(tokens_of(buf_span(&out)) <= 400, "within the budget");
	ok(tokens_of(buf_span(&out)) > 330, "which is used");
	buf_release(&out);
	brief_release(&brief);
}

static void test_long(void)
{
	struct brief brief = BRIEF_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct brief_section *one;

	brief.budget = 400;
	brief.title = span_str("t");
	while (text.len < 100000)
		buf_put_str(&text, "gr\xc3\xbc\xc3\x9f" "e ");
	one = brief_section(&brief, "one", "The one", "things", 100);
	add(&brief, one, "a", buf_text(&text), 0);
	written(&brief, &out);
	ok(strstr(buf_text(&out), " bytes more]") != NULL, "it is cut");
	ok(tokens_of(buf_span(&out)) <= 400, "within the budget");
	ok(strstr(buf_text(&out), ">>>\n") != NULL, "the fence is closed");
	buf_release(&text);
	buf_release(&out);
	brief_release(&brief);
}

static void fill(struct brief *brief, struct buf *text)
{
	static const char *const words[] = { "word ", "\n", "\xe6\x97\xa5",
					     "1234", "{}", "\x1b", "readFile " };
	struct brief_section *section;
	size_t items;
	size_t n;

	while (brief->n < 4) {
		section = brief_section(brief, "s", "Section", "things", 25);
		section->item_share = 10 + next(90);
		for (items = next(40); items; items--) {
			buf_reset(text);
			for (n = next(next(200) + 1); n; n--)
				buf_put_str(text, words[next(7)]);
			add(brief, section, items % 3 ? "abcdefghijkl" : "",
			    buf_text(text), next(50));
		}
	}
}

/* Whatever comes, the budget holds, and the same comes twice. */
static void test_random(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	uint32_t i;

	for (i = 0; i < SEEDS; i++) {
		struct brief brief = BRIEF_INIT;

		seed = i;
		brief.budget = BRIEF_BUDGET_LEAST + next(3000);
		brief.style = (enum brief_style)(i % 3);
		brief.title = span_str("A title");
		fill(&brief, &text);
		written(&brief, &out);
		ok(tokens_of(buf_span(&out)) <= brief.budget,
		   "%u: %zu of %zu", i, tokens_of(buf_span(&out)),
		   brief.budget);
		ok(!strcmp(written(&brief, &again), buf_text(&out)),
		   "%u: the same again", i);
		brief_release(&brief);
	}
	buf_release(&text);
	buf_release(&out);
	buf_release(&again);
}

int main(void)
{
	test_whole();
	test_cut();
	test_long();
	test_random();
	return done_testing();
}
