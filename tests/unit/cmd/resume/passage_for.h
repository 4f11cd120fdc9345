/*
 * The sample as a writer gets it: what the files of its agent cannot hold
 * stands in texts.
 */
#ifndef VV_TESTS_PASSAGE_FOR_H
#define VV_TESTS_PASSAGE_FOR_H

#include "cmd/resume/pieces.h"
#include "tests/unit/cmd/resume/passage_sample.h"

struct sample_for {
	struct passage passage;
	struct passage_turn turns[SAMPLE_N(sample_turns)];
	struct passage_piece pieces[16];
	size_t n;
	struct buf texts[8];
	size_t texts_n;
};

static bool sample_holds(const struct resume_writer *writer, bool is_result,
			 const struct passage_file *file)
{
	unsigned lacks = RESUME_NO_FILES |
		(is_result ? RESUME_NO_RESULT_FILES : 0);

	return !(writer->lacks & lacks) &&
	       (!writer->holds || writer->holds(file->media));
}

static struct buf *sample_text(struct sample_for *sample,
			       struct passage_piece *piece)
{
	struct buf *text = &sample->texts[sample->texts_n++];

	*text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	piece->kind = PIECE_TEXT;
	return text;
}

static void sample_put(struct sample_for *sample,
		       const struct resume_writer *writer,
		       const struct passage_piece *from)
{
	struct passage_piece *piece = &sample->pieces[sample->n++];
	struct buf *text;

	*piece = *from;
	if (from->kind == PIECE_FILE &&
	    !sample_holds(writer, false, &from->file)) {
		text = sample_text(sample, piece);
		resume_put_file_text(&from->file, text);
		piece->text = buf_span(text);
	}
	if (from->kind != PIECE_CALL)
		return;
	if (writer->lacks & RESUME_NO_CALLS) {
		text = sample_text(sample, piece);
		buf_put_str(text, "Called ");
		buf_put_span(text, from->call.name);
		buf_put_str(text, ": ");
		buf_put_span(text, from->call.result);
		piece->text = buf_span(text);
	} else if (from->call.files_n &&
		   !sample_holds(writer, true, from->call.files)) {
		piece->call.files_n = 0;
	}
}

/* Fill the caller's sample, which sample_for_release() ends. */
static void sample_make(struct sample_for *sample,
			const struct resume_writer *writer)
{
	size_t i;
	size_t k;

	memset(sample, 0, sizeof(*sample));
	sample->passage = sample_passage;
	sample->passage.turns = sample->turns;
	for (i = 0; i < SAMPLE_N(sample_turns); i++) {
		sample->turns[i] = sample_turns[i];
		sample->turns[i].pieces = &sample->pieces[sample->n];
		for (k = 0; k < sample_turns[i].n; k++)
			sample_put(sample, writer, &sample_turns[i].pieces[k]);
	}
}

static void sample_for_release(struct sample_for *sample)
{
	while (sample->texts_n)
		buf_release(&sample->texts[--sample->texts_n]);
}

#endif
