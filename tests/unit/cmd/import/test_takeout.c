/*
 * Activity of Gemini: what a title says, and HTML that is not as it should
 * be.
 */
#include "cmd/import/gemini/takeout.h"
#include "cmd/import/gemini/takeout_internal.h"
#include "tests/importer.h"
#include "tests/tap.h"

static void verb_is(const char *title, enum takeout_kind kind,
		    const char *prompt)
{
	struct span verb;
	struct span rest;

	ok(takeout_verb(span_str(title), false, &verb, &rest) == kind &&
	   span_equals(rest, span_str(prompt)) &&
	   (verb.at != NULL) == (kind != TAKEOUT_UNKNOWN), "'%s'", title);
}

static void translated_is(const char *title, enum takeout_kind kind,
			  const char *want_verb, const char *prompt)
{
	struct span verb;
	struct span rest;

	ok(takeout_verb(span_str(title), true, &verb, &rest) == kind &&
	   span_equals(rest, span_str(prompt)) &&
	   span_equals(verb, span_str(want_verb)), "'%s'", title);
}

static void test_translated(void)
{
	translated_is("Prompt eingegeben: Was: das?", TAKEOUT_PROMPT,
		      "Prompt eingegeben", "Was: das?");
	translated_is("Requ\xc3\xaate envoy\xc3\xa9" "e\xc2\xa0: a",
		      TAKEOUT_PROMPT, "Requ\xc3\xaate envoy\xc3\xa9" "e", "a");
	translated_is("Consulta enviada: hola", TAKEOUT_UNKNOWN,
		      "Consulta enviada", "hola");
	translated_is("\xe9\x80\x81\xe4\xbf\xa1\xef\xbc\x9a" "a",
		      TAKEOUT_UNKNOWN, "\xe9\x80\x81\xe4\xbf\xa1", "a");
	translated_is("Was ist das? Und: warum", TAKEOUT_UNKNOWN, "",
		      "Was ist das? Und: warum");
	translated_is("Das sind viel zu viele Worte: nein", TAKEOUT_UNKNOWN, "",
		      "Das sind viel zu viele Worte: nein");
	translated_is("http://a/b", TAKEOUT_UNKNOWN, "", "http://a/b");
	translated_is(": a", TAKEOUT_UNKNOWN, "", ": a");
	translated_is("", TAKEOUT_UNKNOWN, "", "");
}

static void test_products(void)
{
	static const char *const ours[] = {
		"Gemini Apps", "Gemini-Apps", "Applications Gemini",
		"Aplicaciones de Gemini", "Gemini", "Bard",
		"Gemini\xe3\x82\xa2\xe3\x83\x97\xe3\x83\xaa",
	};
	static const char *const others[] = {
		"YouTube", "Geminiano", "Bardot", "", "MyGemini",
		"Gemini Apps Pro", "Gemini Code Assist",
	};
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		ok(takeout_is_product(span_str(ours[i])), "'%s'", ours[i]);
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		ok(!takeout_is_product(span_str(others[i])), "not '%s'",
		   others[i]);
	ok(takeout_mentions_product(span_str("[{\"header\": \"Gemini-Apps\"")),
	   "a header says so");
	ok(!takeout_mentions_product(span_str("[{\"header\":\"Chrome\","
		"\"title\":\"Visited a page with a very long address about the "
		"stars\",\"x\":\"Gemini Apps\"")), "a title does not");
}

static void test_verbs(void)
{
	verb_is("Prompted me", TAKEOUT_PROMPT, "me");
	verb_is("Prompted\xc2\xa0me", TAKEOUT_PROMPT, "me");
	verb_is("Prompted ", TAKEOUT_PROMPT, "");
	verb_is("Prompted", TAKEOUT_PROMPT, "");
	verb_is("Prompted  two", TAKEOUT_PROMPT, " two");
	verb_is("Promptedly", TAKEOUT_UNKNOWN, "Promptedly");
	verb_is("Branched it", TAKEOUT_PROMPT, "it");
	verb_is("Gave feedback: Good", TAKEOUT_NOTE, "Good");
	verb_is("Created a Canvas", TAKEOUT_NOTE, "a Canvas");
	verb_is("Was ist das", TAKEOUT_UNKNOWN, "Was ist das");
	verb_is("", TAKEOUT_UNKNOWN, "");
}

#define CELL(body) "<div class=\"outer-cell x\"><div class=\"header-cell\">" \
	"<p>Gemini Apps<br></p></div><div class=\"content-cell y\">" body
#define END "</div></div>"
#define WHEN "<br>Mar 2, 2026, 9:00:00\xe2\x80\xaf" "AM UTC<br>"

/* Records and malformed ones, and what stands in the records. */
static void html_is(const char *html, size_t records, size_t malformed,
		    const char *holds, const char *what)
{
	struct importer_run run;
	int rc = importer_run(&run, &takeout_importer, span_str(html), true);
	const char *text = buf_text(&run.lines);

	ok(rc == (records ? 0 : IMPORT_REFUSED) &&
	   run.records == records && run.source.malformed.n == malformed &&
	   strstr(text, holds), "%s", what);
	if (run.records != records || !strstr(text, holds))
		diag("%d, %zu records: %s", rc, run.records, text);
	importer_run_release(&run);
}

static void test_html(void)
{
	html_is("<html>" CELL("Prompted a" WHEN "<p>b</p>") END, 3, 0,
		"\"content\":\"b\"", "an answer");
	html_is("<html>" CELL("Prompted a" WHEN) END, 2, 0,
		"\"content\":\"a\"", "none");
	html_is("<html>" CELL("Prompted a" WHEN "<div>b</div></div><p>c"), 3,
		0, "\"content\":\"b\"", "more ends than begins");
	html_is("<html>" CELL("Prompted a" WHEN "<div><div>b")
		CELL("Prompted c" WHEN "d") END, 6, 0, "\"content\":\"d\"",
		"ends that are missing end with the next activity");
	html_is("<html>" CELL("Prompted a<br>9:00 is late<br>and more" WHEN
			      "b") END, 3, 0,
		"\"content\":\"a\\n9:00 is late\\nand more\"",
		"a prompt of lines, with an hour in it");
	html_is("<html>" CELL("Prompted x &lt;br&gt; y" WHEN "b") END, 3, 0,
		"\"content\":\"x <br> y\"", "entities");
	html_is("<html>" CELL("Prompted a" WHEN "b" WHEN "c") END, 3, 0,
		"9:00:00", "the first time counts");
	html_is("<html>" CELL("Prompted a") END CELL("Prompted b" WHEN "c")
		END, 3, 1, "\"content\":\"b\"", "without a time");
	html_is("<html>" CELL("Prompted \xff" WHEN "c") END
		CELL("Prompted b" WHEN "c") END, 3, 1, "\"content\":\"b\"",
		"bytes that are no text");
	html_is("<html>" CELL("Prompted a" WHEN "b") END
		CELL("Prompted a" WHEN "c") END, 6, 0, "~2/answer",
		"the same twice in a second");
	html_is("<html><div class=\"outer-cell x\">"
		"<div class=\"content-cell y\">", 0, 0, "",
		"an empty one is none of Gemini");
}

int main(void)
{
	test_verbs();
	test_translated();
	test_products();
	test_html();
	return done_testing();
}
