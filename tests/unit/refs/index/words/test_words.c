#include "refs/index/words/words.h"

#include <string.h>

#include "lib/base/buf.h"
#include "tests/tap.h"

static struct words *words;

/* The stems of a text; a stop word in brackets, a whole behind '='. */
static const char *stems(const char *text)
{
	static char out[1024];
	const struct word *list;
	struct err err = ERR_INIT;
	size_t n;
	size_t i;
	size_t len = 0;

	out[0] = '\0';
	if (words_read(words, span_str(text), &list, &n, &err) < 0)
		bail_out("%s: %s", text, err.text);
	for (i = 0; i < n; i++) {
		const struct word *word = &list[i];

		len += (size_t)snprintf(out + len, sizeof(out) - len,
			word->is_stop ? "%s(%.*s)" :
			word->is_whole ? "%s=%.*s" : "%s%.*s", i ? " " : "",
			(int)word->stem.len, word->stem.at);
	}
	return out;
}

static void test_languages(void)
{
	is_str(stems("The roses were planted"), "(the) rose (were) plant",
	       "English, with its stop words");
	is_str(stems("Die Häuser und die Gärten"),
	       "(die) haus (und) (die) gart", "German");
	is_str(stems("les maisons et les jardins"),
	       "(le) maison (et) (le) jardin", "French");
	is_str(stems("ÉCOLE straße ΣΟΦΙΑ"), "école straße σοφια",
	       "letters of all scripts in lower case");
	is_str(stems("Mel's dog isn’t here"), "mel dog (isn't) (here)",
	       "a genitive goes, an apostrophe stays");
}

static void test_names(void)
{
	is_str(stems("read_file"), "read file =read_file", "with a line below");
	is_str(stems("parseHTTPHeader"), "pars http header =parsehttpheader",
	       "in humps");
	is_str(stems("src/a.c, x"), "src (a) c =src/a.c x", "a path");
	is_str(stems("3.14 and 42"), "3 14 =3.14 (and) 42", "numbers");
	is_str(stems("-- end. Start"), "end start",
	       "a joint has letters on both sides");
}

static void test_runs(void)
{
	is_str(stems("图书馆"), "图书 书馆 馆", "pairs, and the last alone");
	is_str(stems("go 東京へ go"), "go 東京 京へ へ go", "between others");
	is_str(stems("書"), "書", "one alone");
	is_str(stems("人々の"), "人々 々の の", "with a mark of repetition");
	is_str(stems("แมวดำ"), "แม มว วด ดำ ำ", "Thai");
}

static void test_signs(void)
{
	is_str(stems("rain🌧️today"), "rain 🌧 today", "an emoji is a word");
	is_str(stems("👍🏽 👍"), "👍 👍", "in whatever color of skin");
	is_str(stems("👩‍💻"), "👩 💻", "one of several is all of them");
	is_str(stems("🇩🇪🇫🇷"), "🇩🇪 🇫🇷", "flags");
	is_str(stems("→ €"), "", "arrows and coins are none");
}

static void test_scripts(void)
{
	is_str(stems("كِتَابٌ كتاب"), "كتاب كتاب", "Arabic without vowel signs");
	is_str(stems("مدرسة أحمد"), "مدرسه احمد", "and in plain letters");
	is_str(stems("شָלוֹם"), "شלום", "Hebrew without points");
	is_str(stems("हिन्दी में"), "हिन्दी में", "Devanagari");
	is_str(stems("Привет мира"), "привет мира", "Cyrillic");
	is_str(stems("ＡＢＣ１２３ ٣٤"), "abc123 34", "wide letters, digits");
	is_str(stems("co­ope​rate"), "cooper",
	       "marks that nobody sees");
}

static void test_edges(void)
{
	const struct word *list;
	char text[200];
	size_t n = 1;

	is_str(stems(""), "", "no text, no words");
	is_str(stems("\xff\xfe?!"), "", "what is no UTF-8 is no word");
	memset(text, 'q', sizeof(text));
	is_int(words_read(words, span_of(text, sizeof(text)), &list, &n,
			  NULL), 0, "a long word is read");
	is_int(n, 1, "as one");
	is_int(list[0].form.len, WORD_BYTES_MAX, "and cut");
	memset(text, 0xc3, sizeof(text));
	for (n = 1; n < sizeof(text); n += 2)
		text[n] = (char)0xa9;
	is_int(words_read(words, span_of(text, sizeof(text)), &list, &n,
			  NULL), 0, "one of longer letters");
	is_int(list[0].form.len, WORD_BYTES_MAX, "is cut between them");
}

static void test_places(void)
{
	const struct word *list;
	size_t n = 0;

	is_int(words_read(words, span_str("a read_file b"), &list, &n, NULL),
	       0, "words are read");
	is_int(n, 5, "all five");
	is_int(list[1].start, 2, "a part begins");
	is_int(list[1].end, 6, "and ends");
	is_int(list[3].start, 2, "the whole begins with it");
	is_int(list[3].end, 11, "and ends with the last");
	is_int(list[3].position, list[1].position, "at its position");
	is_int(list[4].position, 3, "wholes do not count");
}

/* Of what is read again and again, it is told by its number what it is. */
static void test_numbers(void)
{
	const struct word *list;
	struct err err = ERR_INIT;
	uint32_t before = words_generation(words);
	uint32_t first = UINT32_MAX;
	char text[64];
	bool is_same = true;
	size_t n = 0;
	int i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 200000; i++) {
		snprintf(text, sizeof(text), "number%d roses roses the", i);
		rc = words_read(words, span_str(text), &list, &n, &err);
		if (rc < 0 || n != 4)
			break;
		if (words_generation(words) != before)
			first = UINT32_MAX;
		before = words_generation(words);
		if (first == UINT32_MAX)
			first = list[1].number;
		is_same &= list[1].number == first &&
			   list[2].number == first && list[0].number != first &&
			   list[3].number != first && list[3].is_stop &&
			   span_equals(list[2].stem, span_str("rose"));
	}
	is_int(rc, 0, "many words are read");
	ok(n == 4 && is_same, "the same word has the same number");
	ok(before > 0 && before < 10, "they are forgotten now and then");
	if (words_read(words, span_str("der Roses und the Roses und die"),
		       &list, &n, &err) < 0)
		bail_out("%s", err.text);
	ok(n == 7 && list[1].number != first,
	   "in another language it is another");
	is_str(stems("\u0640-\u0640 a"), "(a)",
	       "of letters that are silent nothing is left");
}

int main(void)
{
	struct err err = ERR_INIT;

	if (words_new(&words, &err) < 0)
		bail_out("%s", err.text);
	test_languages();
	test_names();
	test_runs();
	test_signs();
	test_scripts();
	test_edges();
	test_places();
	test_numbers();
	words_free(words);
	return done_testing();
}
