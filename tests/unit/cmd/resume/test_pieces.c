#include "cmd/resume/pieces.h"
#include "tests/tap.h"
#include "tests/unit/cmd/resume/passage_sample.h"

static void test_steps(void)
{
	struct passage_step step = PASSAGE_STEP_INIT;
	size_t n = 0;

	ok(passage_step_next(&sample_turns[1], &step) && step.n == 3 &&
	   step.said == 1, "words, and both calls behind them");
	ok(!passage_step_next(&sample_turns[1], &step), "that is all");
	step = (struct passage_step)PASSAGE_STEP_INIT;
	ok(passage_step_next(&sample_turns[4], &step) && step.n == 2 &&
	   step.said == 1, "words and a call");
	ok(passage_step_next(&sample_turns[4], &step) && step.n == 1 &&
	   step.said == 1 && step.created == SAMPLE_AT(62),
	   "and what is said behind it, when the result had come");
	ok(!passage_step_next(&sample_turns[4], &step), "that is all of it");
	step = (struct passage_step)PASSAGE_STEP_INIT;
	while (passage_step_next(&sample_turns[0], &step))
		n += step.n;
	is_int((long)n, 3, "no piece is left out");
}

static void says(struct buf *out, const char *want, const char *what)
{
	is_str(buf_end(out, NULL) == 0 ? buf_text(out) : "failed", want, what);
	buf_reset(out);
}

static void test_texts(void)
{
	struct passage passage = sample_passage;
	struct passage_turn turn = sample_turns[0];
	struct passage_piece piece = sample_0[0];
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	char time[RESUME_TIME_MAX];

	resume_time_text(SAMPLE_AT(1) + 234567, time);
	is_str(time, "2026-05-04T09:00:01.234Z", "a time, to the millisecond");
	resume_put_file_text(&sample_0[1].file, &out);
	says(&out, "[file clock.png, image/png, at /srv/proj/clock.png]",
	     "a file by its name, kind and place");
	resume_put_data_url(&sample_0[2].file, &out);
	says(&out, "data:text/plain;base64,VHVlc2RheXMgb25seQo=",
	     "a file as an address");
	resume_put_title(&passage, &out);
	says(&out, "The \"Tuesday\" bug", "its title");
	passage.title = span_of("", 0);
	resume_put_title(&passage, &out);
	says(&out, SAMPLE_ASKED, "without one what was asked first");
	piece.text = span_str("\n123456789012345678901234567890123456789"
			      "012345678901234567890123456789012345678\u65e5x");
	turn.pieces = &piece;
	turn.n = 1;
	passage.turns = &turn;
	resume_put_title(&passage, &out);
	says(&out, "1234567890123456789012345678901234567890123456789012345678"
	     "90123456789012345678", "cut between characters");
	buf_release(&out);
}

static void test_models(void)
{
	struct passage passage = sample_passage;

	is_str(resume_maker(span_str("claude-x")), "anthropic", "Claude");
	is_str(resume_maker(span_str("gpt-5.2")), "openai", "GPT");
	is_str(resume_maker(span_str("llama")), "unknown", "any other");
	ok(span_equals(resume_model(&passage, &sample_turns[1]),
		       span_str("claude-sonnet-4-5")), "a turn's own model");
	ok(span_equals(resume_model(&passage, &sample_turns[0]),
		       span_str("gpt-5.2")), "that of the passage");
	passage.model = span_of("", 0);
	ok(span_equals(resume_model(&passage, &sample_turns[0]),
		       span_str("unknown")), "none");
}

int main(void)
{
	test_steps();
	test_texts();
	test_models();
	return done_testing();
}
