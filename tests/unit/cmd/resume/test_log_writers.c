/*
 * Writers of logs, one line for each thing: passages that the sample is not
 * like, and what the agent's importer reads of what was made.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/codex/codex.h"
#include "cmd/import/copilot/copilot_cli.h"
#include "cmd/import/gemini/gemini_cli.h"
#include "cmd/resume/writers/writers.h"
#include "tests/importer.h"
#include "tests/tap.h"
#include "tests/unit/cmd/resume/passage_sample.h"

static int east(void *arg, int64_t micros)
{
	(void)arg;
	(void)micros;
	return 15 * 3600;
}

static const struct wall wall = { .offset = east };

/* What a writer makes of the turns, in a home that is not there. */
static struct resume_out make(const struct resume_writer *writer,
			      const struct passage_turn *turns, size_t n,
			      const char *provider)
{
	const struct resume_target target = {
		.home = "/nowhere", .cwd = "/srv/proj",
		.id = "5eed0000-0000-4000-8000-000000000001",
		.now = SAMPLE_AT(86400), .wall = &wall,
	};
	struct passage passage = sample_passage;
	struct resume_out out = RESUME_OUT_INIT;
	struct err err = ERR_INIT;

	passage.turns = turns;
	passage.n = n;
	passage.provider = span_str(provider);
	if (!is_int(writer->write(&passage, &target, &out, &err), 0,
		    writer->name))
		diag("%s", err.text);
	return out;
}

static const struct resume_file *file_of(const struct resume_out *out,
					 const char *end)
{
	size_t i;

	for (i = 0; i < out->files.n; i++) {
		if (span_ends(buf_span(&out->files.at[i].path), end))
			return &out->files.at[i];
	}
	return NULL;
}

static struct span log_of(const struct resume_out *out)
{
	const struct resume_file *file = file_of(out, ".jsonl");

	return file ? buf_span(&file->bytes) : span_of("", 0);
}

static size_t count(struct span text, const char *bytes)
{
	size_t n = 0;
	size_t at = span_find(text, bytes, 0);

	for (; at != SPAN_NOWHERE; at = span_find(text, bytes, at + 1))
		n++;
	return n;
}

/* How often the records have that which the importer reads. */
static size_t read_back(const struct importer *importer, struct span text,
			const char *bytes)
{
	struct importer_run run;
	int rc = importer_run(&run, importer, text, false);
	size_t n = rc == 0 ? count(buf_span(&run.lines), bytes) : 999;

	if (n == 999)
		diag("%d: %s", rc, run.err.text);
	importer_run_release(&run);
	return n;
}

static const struct {
	const struct resume_writer *writer;
	const struct importer *importer;
} rows[] = {
	{ &codex_writer, &codex_importer },
	{ &gemini_writer, &gemini_cli_importer },
	{ &qwen_writer, &qwen_importer },
	{ &copilot_writer, &copilot_cli_importer },
};

#define VISIBLE "\"visibility\":\"visible\""

static const struct passage_piece shown[] = {
	{ .kind = PIECE_FILE, .file = SAMPLE_PNG },
};
static const struct passage_piece asked[] = {
	{ .kind = PIECE_TEXT,
	  .text = SAMPLE_TEXT("/srv/clock.png is wrong, \x01 too") },
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT("Isn't it?") },
};
static const struct passage_piece called[] = {
	{ .kind = PIECE_CALL, .call = {
		.id = SAMPLE_TEXT("c1"), .name = SAMPLE_TEXT("look"),
		.input = SAMPLE_TEXT("{}"), .result = SAMPLE_TEXT(""),
		.files = sample_shown, .files_n = 1,
		.ended = SAMPLE_AT(5) } },
	{ .kind = PIECE_CALL, .call = {
		.id = SAMPLE_TEXT("c2"), .name = SAMPLE_TEXT("look"),
		.input = SAMPLE_TEXT("{\"why\":\"\xc3\xa9\"}"),
		.result = SAMPLE_TEXT("[no result recorded]"),
		.ended = SAMPLE_AT(4) } },
	{ .kind = PIECE_TEXT, .text = SAMPLE_TEXT("It is late.") },
};
static const struct passage_turn odd[] = {
	SAMPLE_TURN(PASSAGE_USER, 0, SAMPLE_TEXT(""), shown),
	SAMPLE_TURN(PASSAGE_MODEL, 1, SAMPLE_TEXT(""), called),
	SAMPLE_TURN(PASSAGE_USER, 9, SAMPLE_TEXT(""), asked),
};

static void test_odd(void)
{
	struct resume_out out;
	struct span text;
	size_t i;

	for (i = 0; i < SAMPLE_N(rows); i++) {
		out = make(rows[i].writer, odd, 3, "claude-code");
		text = log_of(&out);
		ok(read_back(rows[i].importer, text, VISIBLE) == 3,
		   "a picture, an answer behind calls, a question");
		ok(read_back(rows[i].importer, text, "clock.png is wrong, "
			     "\\u0001 too") == 1, "its words come back");
		ok(read_back(rows[i].importer, text, "\"$blob\"") >= 2,
		   "so do pictures");
		ok(count(text, "2026-05-04T09:00:05.000Z") >= 2,
		   "what follows results comes when they have come");
		resume_out_release(&out);
	}
}

static void test_clock(void)
{
	struct resume_out out = make(&codex_writer, odd, 3, "claude-code");
	const struct resume_file *file = file_of(&out, ".jsonl");

	is_str(buf_text(&file->path), "/nowhere/sessions/2026/05/05/"
	       "rollout-2026-05-05T00-00-00-"
	       "5eed0000-0000-4000-8000-000000000001.jsonl",
	       "Codex names its file by the clock on the wall");
	ok(file->modified == sample_passage.updated,
	   "and lists it by when it ended");
	resume_out_release(&out);
	out = make(&gemini_writer, odd, 3, "claude-code");
	file = file_of(&out, ".jsonl");
	ok(!file->modified && span_has(log_of(&out), "\"lastUpdated\":"
				       "\"2026-05-05T09:00:00.000Z\""),
	   "what Gemini CLI would delete soon is new");
	resume_out_release(&out);
}

/* Codex goes on with the model that it finds, so that of another agent is not
 * told. */
static void test_models(void)
{
	struct resume_out out = make(&codex_writer, sample_turns, 7, "codex");

	ok(count(log_of(&out), "\"turn_context\"") == 2,
	   "Codex is told each model once");
	ok(read_back(&codex_importer, log_of(&out), "\"model\":\"gpt-5.2\"")
	   >= 3, "and its importer reads them");
	resume_out_release(&out);
	out = make(&codex_writer, sample_turns, 7, "claude-code");
	ok(!span_has(log_of(&out), "turn_context"), "but not of others");
	resume_out_release(&out);
}

int main(void)
{
	test_odd();
	test_clock();
	test_models();
	return done_testing();
}
