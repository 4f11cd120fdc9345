#include "cmd/action/context/handoff.h"

#include <stdlib.h>

#include "lib/base/text.h"
#include "lib/time/timestamp.h"

#define TITLE_BYTES 200
#define MODELS_BYTES 200

int handoff_refs(const struct transcript *transcript,
		 const struct passage *passage, char (**out)[BRIEF_REF + 1],
		 struct err *err)
{
	char (*refs)[BRIEF_REF + 1];
	size_t place = 0;
	size_t at;
	size_t i;

	refs = calloc(passage->n + 1, sizeof(*refs));
	if (!refs)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* Turns stand in the order of the messages that they are made of. */
	for (i = 0; i < passage->n; i++) {
		for (at = place; at < transcript->path.n; at++) {
			const struct said *said =
				&transcript->said.at[transcript->path.at[at]];

			if (!span_equals(buf_span(&said->entity),
					 passage->turns[i].entity))
				continue;
			brief_ref(said->id, refs[i]);
			place = at;
			break;
		}
	}
	*out = refs;
	return 0;
}

static int add_state(struct brief *brief, const char *head, struct span text,
	       struct err *err)
{
	struct brief_section *section = &brief->sections[brief->n - 1];
	const struct brief_item item = {
		.head = span_str(head), .text = text,
		.rank = section->items.n,
	};

	return text.len ? brief_add(brief, section, &item, NULL, err) : 0;
}

/* The same of a text that was built, which is then forgotten. */
static int add_buf(struct brief *brief, const char *head, struct buf *text,
		   struct err *err)
{
	int rc = buf_end(text, err);

	if (rc == 0)
		rc = add_state(brief, head, buf_span(text), err);
	buf_reset(text);
	return rc;
}

/* Each model once, in the order in which they answer. */
static void put_agent(const struct passage *passage, struct buf *out)
{
	size_t begin;
	size_t i;

	buf_put_span(out, passage->provider);
	begin = out->len;
	for (i = 0; i < passage->n && out->len < begin + MODELS_BYTES; i++) {
		struct span model = passage->turns[i].model;
		struct buf word = BUF_INIT(BUF_NO_LIMIT);

		buf_put_span(&word, model);
		if (model.len && buf_end(&word, NULL) == 0 &&
		    !span_has(span_of(out->data + begin, out->len - begin),
			      buf_text(&word)))
			buf_putf(out, ", %s", buf_text(&word));
		buf_release(&word);
	}
}

static void put_times(const struct passage *passage, struct buf *out)
{
	char first[TIMESTAMP_TEXT_MAX];
	char last[TIMESTAMP_TEXT_MAX];

	timestamp_text(passage->created, first);
	timestamp_text(passage->updated, last);
	buf_putf(out, "%.10s %.5s to %.10s %.5s UTC", first, first + 11, last,
		 last + 11);
}

static void put_count(struct buf *out, size_t n, const char *one,
		      const char *many)
{
	if (n)
		buf_putf(out, "%s%zu %s", out->len ? ", " : "", n,
			 n == 1 ? one : many);
}

/* How it ends: whose turn is it now? */
static const char *end_of(const struct passage *passage)
{
	const struct passage_turn *last = &passage->turns[passage->n - 1];
	const struct passage_piece *piece;

	if (last->role == PASSAGE_USER)
		return last->is_summary ? "room was made, and nothing was "
					  "said since" :
		       "with what the person said last; it was not answered";
	piece = &last->pieces[last->n - 1];
	if (piece->kind == PIECE_CALL)
		return "with a call of a tool; what came of it was not "
		       "answered";
	return "with an answer of the agent";
}

static void put_left_out(const struct passage_counts *counts, struct buf *out)
{
	put_count(out, counts->thoughts, "thought", "thoughts");
	put_count(out, counts->injected, "text that a program put in",
		  "texts that programs put in");
	put_count(out, counts->hidden, "hidden message", "hidden messages");
	put_count(out, counts->branches, "other branch", "other branches");
	put_count(out, counts->orphan_results, "result without its call",
		  "results without their calls");
	put_count(out, counts->secrets, "secret, replaced by a marker",
		  "secrets, replaced by markers");
}

int handoff_state(const struct transcript *transcript,
		  const struct passage *passage, struct brief *brief,
		  struct err *err)
{
	const struct passage_counts *counts = &passage->counts;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	brief_section(brief, "state", "State", "lines of the state", 0);
	buf_put_span(&text, passage->title);
	text_one_line(&text, TITLE_BYTES);
	rc = add_buf(brief, "title", &text, err);
	if (rc == 0)
		rc = add_state(brief, "project", passage->cwd, err);
	put_agent(passage, &text);
	if (rc == 0)
		rc = add_buf(brief, "agent", &text, err);
	put_times(passage, &text);
	if (rc == 0)
		rc = add_buf(brief, "when", &text, err);
	put_count(&text, said_count(&transcript->said), "message",
		  "messages");
	put_count(&text, counts->turns, "turn", "turns");
	put_count(&text, counts->calls, "call of a tool", "calls of tools");
	put_count(&text, counts->files, "file", "files");
	if (rc == 0)
		rc = add_buf(brief, "size", &text, err);
	if (rc == 0)
		rc = add_state(brief, "ends", span_str(end_of(passage)), err);
	put_left_out(counts, &text);
	if (rc == 0)
		rc = add_buf(brief, "not told", &text, err);
	buf_release(&text);
	return rc;
}
