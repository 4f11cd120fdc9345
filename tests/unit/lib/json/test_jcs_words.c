/*
 * What people read of values, also of texts that JSON's own form cannot hold.
 */
#include "lib/json/jcs_words.h"

#include "lib/json/jdoc.h"
#include "tests/tap.h"

/* What is read of a JSON text once it is canonical; NULL: it is no words. */
static void reads(const char *json, const char *want)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0 ||
	    jdoc_to_jcs(jdoc_root(doc), &value, NULL) < 0)
		bail_out("%s", json);
	ok(jcs_words(buf_span(&value), &words, NULL) == 0 &&
	   buf_end(&words, NULL) == 0 &&
	   !strcmp(buf_text(&words), want ? want : "") &&
	   jcs_is_words(buf_span(&value)) == (want != NULL), "%s", json);
	buf_release(&value);
	buf_release(&words);
	jdoc_free(doc);
}

static void reads_value(const char *value, const char *want)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);

	ok(jcs_words(span_str(value), &words, NULL) == 0 &&
	   !strcmp(buf_text(&words), want), "%s", value);
	buf_release(&words);
}

int main(void)
{
	reads("\"heron\"", "heron");
	reads("\"\"", "");
	reads("\"a\\u0041\\n\"", "aA\n");
	reads("\"cut \\ud83d\"", "cut \xef\xbf\xbd");
	reads("\"\\udc00\\ud83e\\udda9\\ud83d!\"",
	      "\xef\xbf\xbd\xf0\x9f\xa6\xa9\xef\xbf\xbd!");
	reads("7", NULL);
	reads("9007199254740993", NULL);
	reads("null", NULL);
	reads("{\"$raw\":\"ImEi\"}", NULL);
	reads("[\"a\"]", NULL);
	reads("{\"a\\ud83d\":1}", NULL);
	reads_value("{\"$raw\":\"ImEi\"}", "a");
	reads_value("{\"$raw\":\"no base64\"}", "");
	reads_value("{\"$raw\":\"Im4=\"}", "");
	reads_value("{\"$raw\":7}", "");
	return done_testing();
}
