/*
 * Flat formats: what a table says is understood, all else is kept.
 */
#include "cmd/import/flat/formats.h"
#include "tests/importer.h"
#include "tests/tap.h"

/* The records of a source hold the first text, and not the second. */
static void reads(const struct importer *format, const char *source,
		  const char *holds, const char *lacks)
{
	struct importer_run run;
	const char *lines;

	is_int(importer_run(&run, format, span_str(source), false), 0,
	       format->name);
	lines = buf_text(&run.lines);
	ok(strstr(lines, holds) != NULL, "there is %s", holds);
	ok(!lacks || !strstr(lines, lacks), "there is no %s",
	   lacks ? lacks : "other thing");
	if (!strstr(lines, holds) || (lacks && strstr(lines, lacks)))
		diag("%s", lines);
	importer_run_release(&run);
}

/* Something is left out for this reason. */
static void tells(const struct importer *format, const char *source,
		  const char *reason)
{
	struct importer_run run;
	size_t i;

	is_int(importer_run(&run, format, span_str(source), false), 0,
	       format->name);
	for (i = 0; i < run.source.skips.n; i++) {
		if (!strcmp(run.source.skips.at[i].reason, reason))
			break;
	}
	ok(i < run.source.skips.n, "%s", reason);
	importer_run_release(&run);
}

#define GROK(about, response)						\
	"{\"conversations\":[{\"conversation\":{" about "},"		\
	"\"responses\":[{\"response\":{" response "}}]}]}"
#define LONG "0123456789012345678901234567890123456789012345678"

static void test_turns(void)
{
	reads(&grok_importer, GROK("\"id\":\"c\"", "\"_id\":7,"
	      "\"message\":\"m\""), "\"message:grok:c/7\"", NULL);
	reads(&grok_importer, GROK("\"id\":\"c\"", "\"_id\":7,"
	      "\"message\":\"m\""), "\"native\":{\"_id\":7}", NULL);
	reads(&grok_importer, GROK("", "\"_id\":\"r\""),
	      "/r\"", "\"_id\"");
	reads(&grok_importer, GROK("", "\"_id\":\"" LONG "\""),
	      "\"native\":{\"_id\":\"" LONG "\"}", NULL);
	reads(&grok_importer, GROK("", "\"_id\":\"\",\"id\":\"second\""),
	      "/second\"", NULL);
	reads(&grok_importer, GROK("", "\"sender\":\"System\""),
	      "\"role\":\"system\"", NULL);
	reads(&grok_importer, GROK("", "\"create_time\":\"soon\""),
	      "\"native\":{\"create_time\":\"soon\"}", NULL);
	reads(&grok_importer, GROK("", "\"message\":[1]"),
	      "\"parts\":[{\"native\":[1],\"type\":\"message\"}]", NULL);
	reads(&grok_importer, GROK("\"title\":{\"x\":1}", ""),
	      "\"native\":{\"title\":{\"x\":1}}", NULL);
	reads(&grok_importer, GROK("", "\"message\":null"),
	      "\"content\":\"\"", "\"native\"");
}

/* What stands around a turn or a conversation, and a member of that name. */
static void test_around(void)
{
	reads(&grok_importer, "{\"conversations\":[{\"conversation\":{},"
	      "\"responses\":[{\"response\":{\"around\":1},\"x\":2}]}]}",
	      "\"native\":{\"around\":{\"x\":2},\"around_\":1}", NULL);
	reads(&grok_importer, "{\"conversations\":[{\"conversation\":{},"
	      "\"responses\":[],\"x\":2}]}",
	      "\"native\":{\"around\":{\"x\":2}}", NULL);
	reads(&beam_importer, "[{\"batch_number\":1,\"turns\":[[{\"role\":"
	      "\"user\",\"content\":\"c\",\"mark\":0}]],\"x\":2}]",
	      "\"native\":{\"batch\":{\"x\":2},\"batch_number\":1,"
	      "\"mark\":0}", NULL);
	reads(&sharegpt_importer, "[{\"conversations\":[{\"from\":\"gpt\","
	      "\"value\":\"<p>a</p>\",\"html\":1}]}]",
	      "\"native\":{\"from\":\"gpt\",\"html\":\"<p>a</p>\","
	      "\"html_\":1}", NULL);
}

static void test_memories(void)
{
	reads(&mem0_importer, "[{\"id\":\"1\",\"memory\":\"m\","
	      "\"hash\":null,\"categories\":[\"a\"]}]",
	      "\"tags\":[\"a\"]", "categories");
	reads(&mem0_importer, "[{\"id\":\"1\",\"memory\":\"m\","
	      "\"hash\":null,\"categories\":[\"a\",2]}]",
	      "\"categories\":[\"a\",2]", "\"tags\"");
	reads(&mcp_memory_importer, "{\"type\":\"entity\",\"name\":\"n\","
	      "\"entityType\":3,\"observations\":[]}\n",
	      "\"native\":{\"entityType\":3}", "entity_type");
	tells(&mcp_memory_importer, "{\"entities\":7,\"relations\":[]}",
	      "an unknown member of the graph");
	tells(&mem0_importer, "{\"results\":[{\"memory\":\"m\","
	      "\"hash\":\"\"}],\"relations\":7}",
	      "an unknown member beside the memories");
}

static void test_told(void)
{
	tells(&locomo_importer, "[{\"conversation\":{\"speaker_a\":\"A\","
	      "\"session_1\":[{\"speaker\":\"B\",\"text\":\"t\"}]}}]",
	      "a member of a conversation that is no session");
	tells(&locomo_importer, "[{\"conversation\":{\"speaker_a\":\"A\","
	      "\"session_1_date_time\":\"soon\",\"session_1\":[{\"speaker\""
	      ":\"A\",\"text\":\"t\"}]}}]",
	      "a member of a conversation that is no session");
	tells(&memorybank_importer, "{\"A\":{\"history\":{\"2024-05-04\":"
	      "[{\"query\":null,\"response\":null,\"x\":1}]},"
	      "\"meta_information\":{}}}",
	      "a turn where nobody says anything");
	tells(&sharegpt_importer, "[{\"conversations\":[{\"from\":\"x\","
	      "\"value\":\"v\"}]}]",
	      "a speaker of unknown kind: taken as no person");
}

int main(void)
{
	test_turns();
	test_around();
	test_memories();
	test_told();
	return done_testing();
}
