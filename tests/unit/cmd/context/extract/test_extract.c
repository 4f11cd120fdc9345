/*
 * What is taken out of a passage, by passages made here.
 */
#include "cmd/context/extract/extract.h"

#include <stdarg.h>

#include "tests/tap.h"

#define TURNS_MAX 40

static struct passage_piece pieces[TURNS_MAX];
static struct passage_turn turns[TURNS_MAX];
static struct passage passage;

static void begin(void)
{
	passage = (struct passage){ .session = span_str("session:x:1"),
				    .provider = span_str("x"),
				    .cwd = span_str("/srv/pond"),
				    .turns = turns };
}

/* A turn of one piece. */
static struct passage_piece *turn(enum passage_role role)
{
	size_t n = passage.n++;

	pieces[n] = (struct passage_piece){ .kind = PIECE_TEXT };
	turns[n] = (struct passage_turn){
		.role = role, .entity = span_str("message:x:1/m"),
		.created = 1772359200000000 + (int64_t)n * 60000000,
		.pieces = &pieces[n], .n = 1,
	};
	return &pieces[n];
}

static void said(enum passage_role role, const char *text)
{
	turn(role)->text = span_str(text);
}

static void called(const char *name, const char *input, const char *result,
		   bool is_error)
{
	struct passage_piece *piece = turn(PASSAGE_MODEL);

	piece->kind = PIECE_CALL;
	piece->call = (struct passage_call){
		.name = span_str(name), .input = span_str(input),
		.result = span_str(result), .is_error = is_error,
	};
}

/* The items of one section, "head: text" with "|" between, those that are kept
 * first before the others. */
static void gives(int (*part)(const struct extracting *, struct err *),
		  const char *want, const char *name)
{
	struct brief brief = BRIEF_INIT;
	const struct extracting extracting = { &passage, NULL, &brief,
					       { NULL, 0 } };
	struct buf got = BUF_INIT(BUF_NO_LIMIT);
	struct brief_section *section;
	size_t i;

	brief.budget = 100000;
	is_int(part(&extracting, NULL), 0, name);
	section = &brief.sections[0];
	for (i = 0; i < section->items.n; i++) {
		const struct brief_item *item = &section->items.at[i];

		buf_put_str(&got, i ? "|" : "");
		buf_put_span(&got, item->head);
		buf_put_str(&got, item->head.len ? ": " : "");
		buf_put_span(&got, item->text);
	}
	is_str(buf_text(&got), want, name);
	buf_release(&got);
	brief_release(&brief);
}

static void test_nothing(void)
{
	begin();
	gives(extract_request, "", "nothing was asked");
	gives(extract_last, "", "there is no last turn");
	gives(extract_prompts, "", "no prompt");
	gives(extract_todos, "", "nothing to do");
	gives(extract_files, "", "no file");
	gives(extract_failed, "", "no command");
	gives(extract_decisions, "", "no decision");
	gives(extract_summaries, "", "no summary");
}

static void test_words(void)
{
	begin();
	said(PASSAGE_USER, "one");
	said(PASSAGE_MODEL, "a");
	gives(extract_last, "2026-03-01 10:01, agent: a",
	      "of one prompt all that follows");
	said(PASSAGE_USER, "two");
	said(PASSAGE_MODEL, "b");
	said(PASSAGE_USER, "three");
	said(PASSAGE_USER, "four");
	said(PASSAGE_MODEL, "d");
	said(PASSAGE_USER, "five");
	gives(extract_request, "2026-03-01 10:00, user: one", "the request");
	gives(extract_prompts, "2026-03-01 10:02, user: two",
	      "prompts between");
	gives(extract_last, "2026-03-01 10:04, user: three|"
	      "2026-03-01 10:05, user: four|2026-03-01 10:06, agent: d|"
	      "2026-03-01 10:07, user: five", "the last three prompts");
}

static void test_summary(void)
{
	begin();
	said(PASSAGE_USER, "older");
	turns[0].is_summary = true;
	said(PASSAGE_USER, "newer");
	turns[1].is_summary = true;
	said(PASSAGE_USER, "ask");
	gives(extract_summaries, "2026-03-01 10:01, summary: newer",
	      "the last summary");
	gives(extract_request, "2026-03-01 10:02, user: ask",
	      "a summary is no request");
}

static void test_calls_in_turns(void)
{
	begin();
	said(PASSAGE_USER, "go");
	called("Bash", "{\"command\":\"make  all\"}", "done", false);
	called("Read", "{\"file_path\":\"/srv/pond/a.c\"}", "x", true);
	called("Read", "{\"file_path\":\"log\"}",
	       "Process exited with code 1\n", false);
	gives(extract_last, "2026-03-01 10:01, agent: (Bash make all: 4 bytes)|"
	      "2026-03-01 10:02, agent: (Read a.c: failed, 1 byte)|"
	      "2026-03-01 10:03, agent: (Read log: 27 bytes)",
	      "a line for each call");
}

static void test_todo_lists(void)
{
	begin();
	called("TodoWrite", "{\"todos\":[{\"content\":\"old\",\"status\":"
	       "\"pending\"}]}", "ok", false);
	called("update_plan", "{\"plan\":[{\"status\":\"completed\",\"step\":"
	       "\"dig\"},{\"status\":\"pending\",\"step\":\"fill\"}]}", "ok",
	       false);
	called("TodoWrite", "{\"todos\":[{\"content\":\"no\",\"status\":"
	       "\"pending\"}]}", "failed", true);
	called("other", "{\"items\":[{\"name\":\"x\"}],\"plan\":7}", "ok",
	       false);
	gives(extract_todos, "completed: dig|pending: fill",
	      "the list that was set last");
}

static void test_todo_numbers(void)
{
	begin();
	called("TaskCreate", "{\"subject\":\"dig\"}", "Task #1 created", false);
	called("TaskCreate", "{\"subject\":\"fill\"}", "made", false);
	called("TaskUpdate", "{\"status\":\"completed\",\"taskId\":\"1\"}",
	       "ok", false);
	called("TaskUpdate", "{\"subject\":\"fill it\",\"taskId\":2}", "ok",
	       false);
	called("TaskUpdate", "{\"status\":\"completed\",\"taskId\":\"9\"}",
	       "ok", false);
	gives(extract_todos, "completed: dig|pending: fill it",
	      "tasks by their numbers");
}

static void test_files(void)
{
	begin();
	called("Read", "{\"file_path\":\"/srv/pond/a.c\"}", "x", false);
	called("Read", "{\"file_path\":\"/srv/pond/b.c\"}", "x", false);
	called("Edit", "{\"file_path\":\"/srv/pond/a.c\",\"new_string\":\"\","
	       "\"old_string\":\"x\"}", "ok", false);
	called("write_file", "{\"content\":\"\",\"path\":\"/srv/pondering\"}",
	       "no", true);
	called("Grep", "{\"path\":\"/srv/pond\",\"pattern\":\"x\"}", "", false);
	called("MultiEdit", "{\"file_path\":\"/srv/pond/a.c\"}", "ok", false);
	called("shell", "{\"command\":[\"apply_patch\",\"*** Begin Patch\\n"
	       "*** Update File: c.c \\r\\n*** Delete File: d.c\\n"
	       "*** End Patch\"]}", "Success", false);
	gives(extract_files, "c.c, changed once|d.c, deleted once|"
	      "a.c, read once, changed 2 times|/srv/pondering, failed once|"
	      "b.c, read once", "what was done to files");
}

static void test_failed(void)
{
	begin();
	called("Bash", "{\"command\":\"make\"}", "broken", true);
	called("Bash", "{\"command\":\"test\"}", "red", true);
	called("Bash", "{\"command\":\"make\"}", "built", false);
	called("exec_command", "{\"cmd\":\"lint\"}",
	       "Process exited with code 2\nOutput:\nbad\n", false);
	called("exec_command", "{\"cmd\":\"fmt\"}",
	       "Process exited with code 0\nOutput:\n", false);
	called("Read", "{\"file_path\":\"x\"}", "no such file", true);
	gives(extract_failed, "failed: $ lint\nProcess exited with code 2\n"
	      "Output:\nbad|failed: $ test\nred",
	      "commands that failed when they were run last");
}

static void test_long_output(void)
{
	static char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + 4900, "\nthe end", 8);
	begin();
	called("Bash", "{\"command\":\"make\"}", text, true);
	text[4908] = '\0';
	called("Bash", "{\"command\":\"check\"}", text, true);
	gives(extract_failed, "failed: $ check\n[4901 bytes before]\nthe end|"
	      "failed: $ make\n[4901 bytes before]\nthe end", "its end");
}

static void test_decisions(void)
{
	begin();
	called("AskUserQuestion", "{\"questions\":[]}",
	       "User has answered your questions: frogs", false);
	called("ExitPlanMode", "{\"plan\":\"dig\\nfill\"}",
	       "User has approved your plan.", false);
	called("ExitPlanMode", "{\"plan\":\"dig\"}",
	       "The tool use was rejected: deeper, please", true);
	called("Bash", "{\"command\":\"x\"}", "y", false);
	gives(extract_decisions, "answered: User has answered your questions: "
	      "frogs|plan accepted: dig\nfill|"
	      "plan refused: The tool use was rejected: deeper, please",
	      "what was decided");
}

static void test_undecided(void)
{
	begin();
	called("ExitPlanMode", "{\"plan\":\"a\"}", "timed out; no answer",
	       false);
	called("ExitPlanMode", "{\"plan\":\"b\"}", "", false);
	called("ExitPlanMode", "{\"plan\":\"c\"}", "[no result recorded]",
	       false);
	called("ExitPlanMode", "{\"plan\":\"d\"}",
	       "[Request interrupted by user for tool use]", true);
	called("AskUserQuestion", "{}", "timeout: no answer", false);
	called("request_user_input", "{}", "{\"answers\":{}}", false);
	gives(extract_decisions, "plan, not answered: a|plan, not answered: b|"
	      "plan, not answered: c|plan, not answered: d|"
	      "not answered: timeout: no answer|"
	      "not answered: {\"answers\":{}}", "what was not decided");
}

int main(void)
{
	test_nothing();
	test_words();
	test_summary();
	test_calls_in_turns();
	test_todo_lists();
	test_todo_numbers();
	test_files();
	test_failed();
	test_long_output();
	test_decisions();
	test_undecided();
	return done_testing();
}
