/*
 * Our own extractor: how it cuts, what it calls the pieces, in scripts with
 * and without spaces.
 */
#include "cmd/acu/block.h"
#include "cmd/acu/script.h"
#include "cmd/acu/sentence.h"
#include "tests/unit/acu_fixture.h"

#define SHOWN_MAX 4096
#define HUGE_BYTES ((size_t)3 << 20)

/* "type:text" of every unit, " / " between them, lines shown as '^'. */
static const char *shown(const struct talk *talk, char out[SHOWN_MAX])
{
	size_t len = 0;
	size_t i;

	out[0] = '\0';
	for (i = 0; i < talk->list.units_n && len < SHOWN_MAX; i++) {
		struct span text = unit_text(talk, i);

		len += (size_t)snprintf(out + len, SHOWN_MAX - len,
					"%s%s:%.*s", i ? " / " : "",
					talk->list.units[i].type,
					(int)text.len, text.at);
	}
	for (i = 0; out[i]; i++)
		out[i] = out[i] == '\n' ? '^' : out[i];
	return out;
}

static const struct {
	const char *text;
	const char *units;
	const char *about;
} cuts[] = {
	{ "", "", "nothing" },
	{ " \n\t\r\n\xe3\x80\x80", "", "white space" },
	{ "One.", "statement:One.", "one line" },
	{ "  One.  \n", "statement:One.", "trimmed" },
	{ "One\ntwo.\n\nThree.", "statement:One^two. / statement:Three.",
	  "an empty line parts" },
	{ "One.\r\n\r\nTwo.\r\n", "statement:One. / statement:Two.",
	  "so it does with CRLF" },
	{ "One.\n \t\nTwo.", "statement:One. / statement:Two.",
	  "and with blanks on it" },
	{ "```c\na\n\n\nb\n```", "code_snippet:```c^a^^^b^```",
	  "empty lines within a fence" },
	{ "See:\n```\na\n```\nSo.", "statement:See: / code_snippet:```^a^``` / "
	  "statement:So.", "a fence needs no empty lines around it" },
	{ "~~~\n```\n~~~\nx", "code_snippet:~~~^```^~~~ / statement:x",
	  "the fence's own sign closes it" },
	{ "````\n```\n````\nx", "code_snippet:````^```^```` / statement:x",
	  "and as many of it" },
	{ "```\n``` x\n```\ny", "code_snippet:```^``` x^``` / statement:y",
	  "with nothing behind" },
	{ "```\nint a;\n\nint b;", "code_snippet:```^int a;^^int b;",
	  "a fence that is never closed" },
	{ "```", "code_snippet:```", "and has nothing in it" },
	{ "a ``` b", "statement:a ``` b", "no fence within a line" },
	{ "```a``` b", "statement:```a``` b", "nor with its end on it" },
	{ "  - x\n\n    ```\n    a\n    ```", "statement:- x / "
	  "code_snippet:```^    a^    ```", "a fence within a list" },
	{ "# Head\n\nBody.", "statement:# Head^^Body.",
	  "a heading goes with what is below" },
	{ "# A\n\n# B\n\n```\nx\n```", "statement:# A / statement:# B / "
	  "code_snippet:```^x^```", "unless that is no prose" },
	{ "Body\n## Head\nMore", "statement:Body / statement:## Head^More",
	  "a heading parts" },
	{ "#no\n\n#heading", "statement:#no / statement:#heading",
	  "a hash alone is none" },
	{ "One.\n\n---\n\nTwo.\n***", "statement:One. / statement:Two.",
	  "rules are no units" },
	{ "| a | b |\n|---|---|\n| 1 | 2 |\nx", "table:| a | b |^|---|---|^"
	  "| 1 | 2 | / statement:x", "a table" },
	{ "a | b\nc | d", "statement:a | b^c | d", "no table without a rule" },
	{ "Then\n$$\na = b\n$$\nso", "statement:Then / formula:$$^a = b^$$ / "
	  "statement:so", "a formula" },
	{ "\\[ a \\]", "formula:\\[ a \\]", "in brackets" },
	{ "$$a$$ and $$b", "statement:$$a$$ and $$b", "within a line it is prose" },
	{ "$$\na\n\nb\n$$", "statement:$$^a / statement:b^$$",
	  "an empty line breaks a formula" },
	{ "![a](b)\n![c](d)", "image_reference:![a](b)^![c](d)", "images" },
	{ "![a](b) see", "statement:![a](b) see", "and words" },
	{ "Why?", "question:Why?", "a question" },
	{ "It is. Why?", "question:It is. Why?", "at the end" },
	{ "Why? How? So.", "question:Why? How? So.", "or mostly" },
	{ "Why? It is. So.", "statement:Why? It is. So.", "but not seldom" },
	{ "See http://x/?a=b now", "statement:See http://x/?a=b now",
	  "an address asks nothing" },
	{ "He said \"why?\"", "question:He said \"why?\"",
	  "within quotation marks" },
	{ "Really?!", "question:Really?!", "loudly" },
	{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97\xef\xbc\x9f", "question:"
	  "\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97\xef\xbc\x9f", "in Chinese" },
	{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97?\xe6\x88\x91\xe5\xa5\xbd",
	  "question:\xe4\xbd\xa0\xe5\xa5\xbd\xe5\x90\x97?\xe6\x88\x91\xe5\xa5"
	  "\xbd", "with a Latin mark" },
	{ "\xd9\x87\xd9\x84\xd8\x9f", "question:\xd9\x87\xd9\x84\xd8\x9f",
	  "in Arabic" },
	{ "\xd5\xab\xd5\x9e", "question:\xd5\xab\xd5\x9e", "in Armenian" },
	{ "\xce\xb3\xcd\xbe", "question:\xce\xb3\xcd\xbe", "in Greek" },
	{ "\xf0\x9f\x91\x8d", "statement:\xf0\x9f\x91\x8d", "a thumb" },
	{ "\xff\xfe?", "question:\xff\xfe?", "bytes that are no text" },
};

static void check_cuts(void)
{
	char got[SHOWN_MAX];
	struct talk talk;
	size_t i;

	for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		talk_one(&talk, span_str(cuts[i].text), &acu_vvault);
		is_str(shown(&talk, got), cuts[i].units, cuts[i].about);
		ok(list_is_sound(talk.messages, talk.n, &talk.list),
		   "its spans are sound");
		acu_list_release(&talk.list);
	}
}

static void check_nul(void)
{
	static const char text[] = "a\0b?\n\n\0\0";
	struct talk talk;

	talk_one(&talk, span_of(text, sizeof(text) - 1), &acu_vvault);
	is_int(talk.list.units_n, 2, "NUL is a character like others");
	is_int(talk.list.units[0].end, 4, "the text goes on behind it");
	is_str(talk.list.units[0].type, "question", "and asks");
	is_int(talk.list.units[1].end, 8, "even alone");
	acu_list_release(&talk.list);
}

static void check_words(void)
{
	static const struct {
		const char *text;
		size_t words;
		size_t sentences;
		const char *about;
	} rows[] = {
		{ "", 0, 0, "nothing" },
		{ "one, two-three", 3, 1, "a hyphen parts" },
		{ "don't it\xe2\x80\x99s", 2, 1, "an apostrophe does not" },
		{ "It is. e.g. this. 1. Two", 7, 2, "small letters go on" },
		{ "3.5 is more. \"Yes.\" No", 6, 3, "so do numbers" },
		{ "\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82\xe6\x88\x91\xe5\xbe\x88"
		  "\xe5\xa5\xbd\xe3\x80\x82", 3, 2, "five of Han" },
		{ "\xe3\x82\xab\xe3\x83\x8a and \xe6\xbc\xa2", 3, 1, "mixed" },
		{ "\xe0\xb8\xa0\xe0\xb8\xb2\xe0\xb8\xa9\xe0\xb8\xb2\xe0\xb9\x84"
		  "\xe0\xb8\x97\xe0\xb8\xa2", 2, 1, "seven of Thai" },
		{ "\xed\x95\x9c\xea\xb5\xad \xeb\xa7\x90", 2, 1, "Hangul" },
		{ "\xe0\xa4\xb9\xe0\xa4\xbe\xe0\xa5\xa4 \xe0\xa4\x95", 2, 2,
		  "a danda ends" },
		{ "...", 0, 1, "marks alone" },
		{ "\xf0\x9f\x91\x8d\xf0\x9f\x91\x8d", 0, 1, "pictures" },
	};
	struct prose prose;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		prose_count(span_str(rows[i].text), &prose);
		is_int(prose.words, rows[i].words, rows[i].about);
		is_int(prose.sentences, rows[i].sentences, "its sentences");
	}
}

static void check_script(void)
{
	static const uint32_t points[] = {
		' ', 0xa0, 0x3000, 0xfeff, '.', 0x3002, 'a', '7', 0xe9, 0x416,
		0x5d0, 0xac00, 0x4e2d, 0x3042, 0x20000, 0xe01, 0x1780, 0x1f600,
		0x2192, 0, 0xfffd
	};
	static const char classes[] = "    ..aaaaaaHHHTTssss";
	static const char letters[] = { ' ', '.', 's', 'a', 'H', 'T' };
	uint32_t last = 0;
	uint32_t point;
	size_t i;

	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		ok(letters[script_class_of(points[i])] == classes[i],
		   "the class of U+%04X", (unsigned)points[i]);
	for (point = 0; point < 0x110000; point++) {
		if (script_is_question(point) && point > 0x7f &&
		    !script_is_hard_end(point))
			last = point;
	}
	is_int(last, 0, "what asks ends a sentence");
}

/* Long paragraphs are cut between sentences; nothing is lost between them. */
static void check_long(struct span sentence, const char *about)
{
	char *text = malloc(HUGE_BYTES);
	size_t len = 0;
	struct talk talk;
	size_t at = 0;
	size_t i;

	if (!text)
		bail_out("out of memory");
	for (; len + sentence.len <= HUGE_BYTES; len += sentence.len)
		memcpy(text + len, sentence.at, sentence.len);
	talk_one(&talk, span_of(text, len), &acu_vvault);
	ok(talk.list.units_n > 1, "%s: cut", about);
	for (i = 0; i < talk.list.units_n; i++) {
		const struct acu_unit *unit = &talk.list.units[i];

		while (at < unit->start && text[at] == ' ')
			at++;
		if (at != unit->start ||
		    unit->end - at > 4 * ACU_PARAGRAPH_CHARS)
			break;
		at = unit->end;
	}
	is_int(i, talk.list.units_n, "in pieces that touch");
	ok(at + 1 >= len, "up to the end");
	acu_list_release(&talk.list);
	free(text);
}

/* No sentence ends, or openers that nothing closes: one unit, in no time. */
static void check_huge(const char *piece, size_t units, const char *about)
{
	size_t piece_len = strlen(piece);
	char *text = malloc(HUGE_BYTES);
	struct talk talk;
	size_t len;

	if (!text)
		bail_out("out of memory");
	for (len = 0; len + piece_len <= HUGE_BYTES; len += piece_len)
		memcpy(text + len, piece, piece_len);
	talk_one(&talk, span_of(text, len), &acu_vvault);
	is_int(talk.list.units_n, units, about);
	talk_run(&talk, &acu_vivim_generator);
	talk_run(&talk, &acu_vivim_processor);
	ok(list_is_sound(talk.messages, talk.n, &talk.list), "spans are sound");
	acu_list_release(&talk.list);
	free(text);
}

static bool has_link(const struct talk *talk, size_t from, size_t to,
		     const char *relation)
{
	size_t i;

	for (i = 0; i < talk->list.links_n; i++) {
		if (talk->list.links[i].from == from &&
		    talk->list.links[i].to == to &&
		    !strcmp(talk->list.links[i].relation, relation))
			return true;
	}
	return false;
}

static void check_links(void)
{
	char got[SHOWN_MAX];
	struct talk talk = { .n = 0 };

	talk_add(&talk, span_str("Is it?\n\nSay so."));
	talk_add(&talk, span_str("```\nx\n```\n\nIt is.\n\n```\ny\n```"));
	talk_add(&talk, span_str("It is."));
	talk_add(&talk, span_str("Yes."));
	talk.messages[3].parent = 0;
	talk.messages[2].parent = 0;
	talk_run(&talk, &acu_vvault);
	is_str(shown(&talk, got), "question:Is it? / statement:Say so. / "
	       "code_snippet:```^x^``` / answer:It is. / "
	       "code_snippet:```^y^``` / statement:It is. / answer:Yes.",
	       "a reply to a question answers it, in other words than its own");
	ok(has_link(&talk, 0, 1, "next"), "next");
	ok(has_link(&talk, 2, 3, "next"), "next in the next");
	ok(has_link(&talk, 3, 4, "explains"), "explains");
	ok(has_link(&talk, 3, 0, "answers"), "answers");
	ok(has_link(&talk, 6, 0, "answers"), "on every branch");
	is_int(talk.list.links_n, 6, "and no more");
	ok(!memcmp(talk.list.units[3].sha256, talk.list.units[5].sha256,
		   SHA256_BYTES), "equal texts have one hash");
	acu_list_release(&talk.list);
}

static void check_speakers(void)
{
	char got[SHOWN_MAX];
	struct talk talk = { .n = 0 };

	talk_add(&talk, span_str("Is it?\n\n```\nx\n```"));
	talk_add(&talk, span_str("Hm?"));
	talk.messages[0].is_tool = true;
	talk.messages[1].is_thinking = true;
	talk_run(&talk, &acu_vvault);
	is_str(shown(&talk, got), "tool_use:Is it? / code_snippet:```^x^``` / "
	       "thought:Hm?", "who speaks");
	is_str(talk.list.units[0].category, "technical", "a tool is technical");
	acu_list_release(&talk.list);
}

static void check_figures(void)
{
	static const struct {
		const char *text;
		const char *category;
		int richness;
		int integrity;
		int overall;
	} rows[] = {
		{ "One two three four.", "general", 22, 100, 53 },
		{ "One two three four", "general", 22, 80, 45 },
		{ "One two.", "general", 21, 80, 45 },
		{ "Say `x` to **it**.", "technical", 32, 100, 59 },
		{ "1. one\n2. two\n", "procedural", 22, 80, 45 },
		{ "1. one\n", "general", 21, 60, 37 },
		{ "See [it](http://x).", "general", 27, 100, 56 },
		{ "```\nx\n```", "technical", 40, 100, 64 },
		{ "```\nx", "technical", 40, 60, 48 },
		{ "\xe2\x86\x92\xe2\x86\x92\xe2\x86\x92 one two three.",
		  "general", 21, 100, 53 },
		{ "\xe2\x86\x92\xe2\x86\x92\xe2\x86\x92\xe2\x86\x92 a b c.",
		  "general", 21, 70, 41 },
	};
	struct talk talk;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct acu_unit *unit;

		talk_one(&talk, span_str(rows[i].text), &acu_vvault);
		unit = talk.list.units;
		is_str(unit->category, rows[i].category, rows[i].text);
		is_int(unit->quality.richness, rows[i].richness, "richness");
		is_int(unit->quality.integrity, rows[i].integrity,
		       "integrity");
		is_int(unit->quality.overall, rows[i].overall, "overall");
		is_int(unit->quality.uniqueness, -1, "uniqueness unknown");
		acu_list_release(&talk.list);
	}
}

static void check_language(const char *text, const char *want)
{
	struct talk talk;

	talk_one(&talk, span_str(text), &acu_vvault);
	ok(span_equals(talk.list.units[0].language, span_str(want)),
	   "the language is '%s'", want ? want : "unknown");
	acu_list_release(&talk.list);
}

int main(void)
{
	check_cuts();
	check_nul();
	check_words();
	check_script();
	check_long(span_str("This is a sentence. "), "Latin");
	check_long(span_str("\xe4\xbd\xa0\xe5\xa5\xbd\xe3\x80\x82"), "Han");
	check_huge("word ", 1, "no sentence ends");
	check_huge("x", 1, "no word ends");
	check_huge("?", 1, "nothing but marks");
	check_huge("\\[\n", 1, "brackets that nothing closes");
	check_huge("$$x y\n", 1, "dollars that nothing closes");
	check_huge("`", 1, "a very long fence");
	check_huge("#\n", 1, "headings without words");
	check_huge("|\n", 1, "bars without a rule");
	check_links();
	check_speakers();
	check_figures();
	check_language("```c++ title=x\n1\n```", "c++");
	check_language("~~~ sh\n1\n~~~", "sh");
	check_language("```\n1\n```", NULL);
	check_language("```0123456789012345678901234567890123\n1\n```", NULL);
	ok(acu_extractor_find("vvault-1") == acu_extractor_table[0],
	   "the default is our own");
	ok(!acu_extractor_find("vvault"), "names are whole");
	return done_testing();
}
