/*
 * A passage of a session: what is in it, what is left out and counted.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/action/resume/make.h"
#include "cmd/resume/compare.h"
#include "cmd/resume/tool_names.h"
#include "lib/json/jcs_scan.h"
#include "tests/tap.h"

#define TEN "\"created\":\"2026-11-01T10:00:0"

static struct transcript transcript;
static struct made made;
static struct err err;

static void begin(void)
{
	transcript = (struct transcript)TRANSCRIPT_INIT;
	made = (struct made)MADE_INIT;
	err_clear(&err);
	(void)!buf_add_str(&transcript.entity, "session:codex:s", NULL);
	(void)!buf_add_str(&transcript.state,
			   "{\"native\":{\"cwd\":\"/srv/heron\"},"
			   "\"title\":\"two\\nlines\"}", NULL);
}

/* A message behind the one before it: members that come before "index", and
 * those behind; canonical together. */
static void says(const char *before, const char *behind)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct said_list *list = &transcript.said;
	struct said *said;

	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 8;
		list->at = realloc(list->at, list->cap * sizeof(*list->at));
	}
	said = &list->at[list->n];
	*said = (struct said){ .entity = none, .parent = none, .state = none,
			       .index = (int64_t)list->n };
	buf_putf(&said->entity, "message:codex:s/%02zu", list->n);
	if (list->n)
		buf_putf(&said->parent, "message:codex:s/%02zu", list->n - 1);
	buf_putf(&said->state, "{%s,\"index\":%zu%s}", before, list->n,
		 behind);
	list->n++;
	ok(jcs_check(buf_span(&said->state), &err) == 0, "canonical: %s",
	   err.text);
}

static int make(const struct made_wish *wish)
{
	int rc = transcript_hang(&transcript, &err);

	return rc < 0 ? rc : made_of(&transcript, wish, &made, &err);
}

static void end(void)
{
	made_release(&made);
	transcript_release(&transcript);
}

static bool is(struct span text, const char *expected)
{
	return span_equals(text, span_str(expected));
}

#define USER ",\"role\":\"user\",\"visibility\":\"visible\""
#define MODEL ",\"role\":\"assistant\",\"visibility\":\"visible\""
#define TOOL ",\"role\":\"tool\",\"visibility\":\"tool\""

static void say_pairs(void)
{
	begin();
	says("\"content\":\"look\"," TEN "5Z\"", USER);
	says("\"content\":\"first\\n\\nthen\"," TEN "3Z\"",
	     ",\"parts\":[{\"end\":5,\"start\":0,\"type\":\"text\"},"
	     "{\"id\":\"a/1\",\"input\":{\"x\":1},\"name\":\"../sh\","
	     "\"type\":\"tool_use\"},"
	     "{\"end\":11,\"start\":7,\"type\":\"text\"},"
	     "{\"arguments\":\"{\\\"y\\\": 2}\",\"id\":\"a_1\","
	     "\"name\":\"b\",\"type\":\"tool_use\"},"
	     "{\"id\":\"c\",\"input\":\"words\",\"type\":\"tool_use\"}]"
	     MODEL);
	says("\"content\":\"two\"," TEN "7Z\"",
	     ",\"parts\":[{\"end\":3,\"is_error\":true,\"start\":0,"
	     "\"tool_use_id\":\"a_1\",\"type\":\"tool_result\"}]" TOOL);
	says("\"content\":\"one\"," TEN "8Z\"",
	     ",\"parts\":[{\"end\":3,\"start\":0,\"tool_use_id\":\"a/1\","
	     "\"type\":\"tool_result\"}]" TOOL);
	says("\"content\":\"one again\"," TEN "8Z\"",
	     ",\"parts\":[{\"end\":9,\"start\":0,\"tool_use_id\":\"a/1\","
	     "\"type\":\"tool_result\"}]" TOOL);
	says("\"content\":\"nobody's\"," TEN "8Z\"",
	     ",\"parts\":[{\"end\":8,\"start\":0,\"tool_use_id\":\"z\","
	     "\"type\":\"tool_result\"}]" TOOL);
	says("\"content\":\"hm\"", ",\"role\":\"assistant\","
	     "\"visibility\":\"thinking\"");
	says("\"content\":\"obey\"", ",\"role\":\"developer\","
	     "\"visibility\":\"meta\"");
	says("\"content\":\"gone\"", ",\"role\":\"user\","
	     "\"visibility\":\"hidden\"");
	says("\"content\":\"thanks\"," TEN "9Z\"", USER);
}

static void test_pairs(void)
{
	const struct made_wish wish = { .now = 1 };
	const struct passage *passage = &made.passage;
	const struct passage_piece *piece;

	say_pairs();
	is_int(make(&wish), 0, "made");
	is_int((long long)passage->n, 3, "turns");
	ok(is(passage->title, "two lines") && is(passage->cwd, "/srv/heron") &&
	   is(passage->provider, "codex"), "of the session");
	ok(passage->turns[1].created == passage->turns[0].created,
	   "no time is before that of the turn before");
	piece = passage->turns[1].pieces;
	is_int((long long)passage->turns[1].n, 5, "texts and calls");
	ok(is(piece[0].text, "first") && is(piece[2].text, "then"),
	   "texts stand where they stood");
	ok(is(piece[1].call.id, "a_1") && is(piece[1].call.name, "___sh") &&
	   is(piece[1].call.input, "{\"x\":1}") &&
	   is(piece[1].call.result, "one") && !piece[1].call.is_error &&
	   is(piece[1].call.entity, "message:codex:s/03"), "the first call");
	ok(!is(piece[3].call.id, "a_1") && is(piece[3].call.result, "two") &&
	   piece[3].call.is_error && is(piece[3].call.input, "{\"y\":2}"),
	   "the second has an id of its own, its arguments are an object");
	ok(is(piece[4].call.name, "tool") &&
	   is(piece[4].call.input, "{\"input\":\"words\"}") &&
	   is(piece[4].call.result, MADE_NOTHING) &&
	   is(piece[4].call.entity, "message:codex:s/01"),
	   "one without a result");
	ok(passage->counts.calls == 3 && passage->counts.missing_results == 1 &&
	   passage->counts.orphan_results == 1 &&
	   passage->counts.thoughts == 1 && passage->counts.injected == 1 &&
	   passage->counts.hidden == 1, "what was left out is counted");
	end();
}

static void test_window(void)
{
	struct made_wish wish = { .last = 1, .now = 1 };

	begin();
	says("\"content\":\"hello, I am here\"", MODEL);
	says("\"content\":\"one\"", USER);
	says("\"content\":\"so far\"", ",\"native\":{\"isCompactSummary\":"
	     "true},\"role\":\"user\",\"visibility\":\"meta\"");
	says("\"content\":\"two\"", USER);
	says("\"content\":\"three\"", USER);
	says("\"content\":\"yes\"", MODEL);
	is_int(make(&wish), 0, "the last prompt");
	ok(made.passage.n == 2 && made.passage.counts.before == 4 &&
	   is(made.passage.turns[0].pieces[0].text, "three") &&
	   made.passage.turns[0].created > 0, "and what follows");
	made_release(&made);
	wish = (struct made_wish){ .from_compaction = true, .now = 1 };
	is_int(made_of(&transcript, &wish, &made, &err), 0, "a summary");
	ok(made.passage.n == 4 && made.passage.turns[0].is_summary &&
	   made.passage.turns[0].role == PASSAGE_USER, "begins what it tells");
	made_release(&made);
	wish = (struct made_wish){ .now = 1 };
	is_int(made_of(&transcript, &wish, &made, &err), 0, "all");
	ok(made.passage.n == 5 && is(made.passage.turns[0].pieces[0].text,
				     "one"), "begins with the person");
	end();
	begin();
	says("\"content\":\"only me\"", MODEL);
	is_int(make(&wish), ERR_NOT_FOUND, "nobody speaks");
	end();
}

static void test_for_a_target(void)
{
	static const struct resume_writer other = {
		.tools = &tool_names_claude_code,
	};
	static const struct resume_writer bare = { .lacks = RESUME_NO_CALLS };
	struct made_wish wish = { .writer = &other, .redacts = true,
				  .now = 1 };

	begin();
	says("\"content\":\"the key is ghp_abcdefghijklmnopqrstuvwxyz"
	     "0123456789\"", USER);
	says("\"content\":\"\"", ",\"parts\":[{\"id\":\"c\",\"input\":{"
	     "\"cmd\":\"ls\",\"more\":1},\"name\":\"exec_command\","
	     "\"type\":\"tool_use\"},{\"content\":\"a.c\",\"tool_use_id\":"
	     "\"c\",\"type\":\"tool_result\"}]" MODEL);
	is_int(make(&wish), 0, "for another agent");
	ok(is(made.passage.turns[1].pieces[0].call.name, "Bash") &&
	   is(made.passage.turns[1].pieces[0].call.input,
	      "{\"command\":\"ls\",\"more\":1}") &&
	   made.passage.counts.renamed == 1, "in its words");
	ok(made.passage.counts.secrets == 1 &&
	   !span_has(made.passage.turns[0].pieces[0].text, "ghp_"),
	   "without secrets");
	made_release(&made);
	wish = (struct made_wish){ .writer = &bare, .now = 1 };
	is_int(made_of(&transcript, &wish, &made, &err), 0, "without calls");
	ok(made.passage.turns[1].pieces[0].kind == PIECE_TEXT &&
	   is(made.passage.turns[1].pieces[0].text,
	      "[tool exec_command: {\"cmd\":\"ls\",\"more\":1}] gave back:\n\n"
	      "```\na.c\n```\n"),
	   "they are told in words");
	end();
}

static void test_compare(void)
{
	const struct made_wish wish = { .now = 1 };
	struct passage other;
	struct passage_turn turns[2];

	begin();
	says("\"content\":\"one\"", USER);
	says("\"content\":\"two\"", MODEL);
	is_int(make(&wish), 0, "made");
	is_int(passage_compare(&made.passage, &made.passage, 0, NULL, &err), 0,
	       "it is as it is");
	other = made.passage;
	memcpy(turns, made.passage.turns, sizeof(turns));
	turns[1].role = PASSAGE_USER;
	other.turns = turns;
	is_int(passage_compare(&made.passage, &other, 0, NULL, &err),
	       ERR_CORRUPT, "another speaks");
	err_clear(&err);
	other = made.passage;
	other.n = 1;
	is_int(passage_compare(&made.passage, &other, 0, NULL, &err),
	       ERR_CORRUPT, "it ends before");
	ok(strstr(err.text, "where it ends of turn 2") != NULL, "%s",
	   err.text);
	end();
}

int main(void)
{
	test_pairs();
	test_window();
	test_for_a_target();
	test_compare();
	return done_testing();
}
