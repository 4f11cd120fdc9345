#include "cmd/context/extract/extract_internal.h"

#include "lib/base/text.h"
#include "refs/index/words/part_gist.h"

#define GIST_BYTES 160

static void put_words_file(struct buf *out, const struct passage_file *file)
{
	buf_put_str(out, "[file ");
	buf_put_span(out, file->name.len ? file->name : file->media);
	buf_put_str(out, "]");
}

/* "(Bash make test: 1204 bytes)", "failed" where it did. */
static void put_words_call(struct buf *out, const struct passage *passage,
		     const struct passage_call *call)
{
	struct buf gist = BUF_INIT(BUF_NO_LIMIT);

	part_gist(call->input, &gist);
	text_one_line(&gist, GIST_BYTES);
	buf_put_str(out, "(");
	buf_put_span(out, call->name);
	buf_put_str(out, gist.len ? " " : "");
	buf_put_span(out, extract_inside(passage, buf_span(&gist)));
	buf_putf(out, ": %s%zu byte%s)", extract_has_failed(call) ?
		 "failed, " : "", call->result.len,
		 call->result.len == 1 ? "" : "s");
	buf_fail(out, gist.failed);
	buf_release(&gist);
}

void extract_put_turn(struct buf *out, const struct passage *passage,
		      size_t at, bool with_calls)
{
	const struct passage_turn *turn = &passage->turns[at];
	bool was_call = false;
	size_t begin = out->len;
	size_t i;

	for (i = 0; i < turn->n; i++) {
		const struct passage_piece *piece = &turn->pieces[i];
		bool is_call = piece->kind == PIECE_CALL;

		if (is_call && !with_calls)
			continue;
		if (out->len > begin)
			buf_put_str(out, is_call && was_call ? "\n" : "\n\n");
		if (is_call)
			put_words_call(out, passage, &piece->call);
		else if (piece->kind == PIECE_FILE)
			put_words_file(out, &piece->file);
		else
			buf_put_span(out, piece->text);
		was_call = is_call;
	}
}

/* Add a turn as an item. */
static int add_turn(const struct extracting *extracting, size_t at,
		    bool with_calls, size_t rank, struct err *err)
{
	struct brief *brief = extracting->brief;
	struct brief_section *section = &brief->sections[brief->n - 1];
	const struct passage_turn *turn = &extracting->passage->turns[at];
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	extract_put_head(&head, turn, turn->is_summary ? "summary" :
			 turn->role == PASSAGE_USER ? "user" : "agent");
	extract_put_turn(&text, extracting->passage, at, with_calls);
	rc = buf_end(&head, err);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0 && text.len)
		rc = extract_add(extracting, at, buf_span(&head),
				 buf_span(&text), rank, err);
	/* What is to be done next stands at the end of a summary. */
	if (rc == 0 && text.len)
		section->items.at[section->items.n - 1].keeps_end =
			turn->is_summary;
	buf_release(&head);
	buf_release(&text);
	return rc;
}

int extract_request(const struct extracting *extracting, struct err *err)
{
	size_t at = extract_request_at(extracting->passage);

	brief_section(extracting->brief, "request", "First request",
		      "first request", 15);
	return at < extracting->passage->n ?
	       add_turn(extracting, at, false, 0, err) : 0;
}

int extract_summaries(const struct extracting *extracting, struct err *err)
{
	const struct passage *passage = extracting->passage;
	struct brief_section *section =
		brief_section(extracting->brief, "summary",
			      "Summary that the agent wrote of what was before",
			      "summaries", 15);
	size_t i = passage->n;
	int rc = 0;
	bool has_one = false;

	while (rc == 0 && i-- > 0) {
		if (!passage->turns[i].is_summary)
			continue;
		/* Each tells what those before it did. */
		if (has_one)
			section->beyond++;
		else
			rc = add_turn(extracting, i, false, 0, err);
		has_one = true;
	}
	return rc;
}

int extract_prompts(const struct extracting *extracting, struct err *err)
{
	const struct passage *passage = extracting->passage;
	size_t end = extract_last_from(passage);
	struct brief_section *section =
		brief_section(extracting->brief, "prompts",
			      "What the person said then", "prompts", 12);
	size_t i;
	int rc = 0;

	section->item_share = 5;
	for (i = extract_request_at(passage) + 1; rc == 0 && i < end; i++) {
		if (extract_is_prompt(&passage->turns[i]))
			rc = add_turn(extracting, i, false, end - i, err);
	}
	return rc;
}

int extract_last(const struct extracting *extracting, struct err *err)
{
	const struct passage *passage = extracting->passage;
	struct brief_section *section =
		brief_section(extracting->brief, "last", "Last turns",
			      "turns", 25);
	size_t from = extract_last_from(passage);
	size_t asked = passage->n;
	size_t i;
	int rc = 0;

	/* What the agent said earlier is not told. */
	for (i = 0; i < from && i < passage->n; i++)
		section->beyond += passage->turns[i].role == PASSAGE_MODEL;
	for (; i < passage->n; i++)
		asked = extract_is_prompt(&passage->turns[i]) ? i : asked;
	/* The last prompt is kept first: an answer says little without it. */
	for (i = from; rc == 0 && i < passage->n; i++) {
		if (!passage->turns[i].is_summary)
			rc = add_turn(extracting, i, true,
				      i == asked ? 0 : passage->n - i, err);
	}
	return rc;
}
