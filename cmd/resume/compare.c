#include "cmd/resume/compare.h"

#include <string.h>

/* A place in a passage. */
struct reading {
	const struct passage *passage;
	size_t turn;
	size_t piece;
};

/* What is told in one go: texts of one speaker up to something else, or a call,
 * or a file. */
struct stretch {
	bool is_there;
	enum piece_kind kind;
	enum passage_role role;
	struct buf text;
	const struct passage_piece *piece;
	size_t first;		/* turns that it is of */
	size_t last;
};

static const struct passage_piece *piece_at(struct reading *reading)
{
	const struct passage *passage = reading->passage;

	while (reading->turn < passage->n &&
	       reading->piece == passage->turns[reading->turn].n) {
		reading->turn++;
		reading->piece = 0;
	}
	return reading->turn == passage->n ? NULL :
	       &passage->turns[reading->turn].pieces[reading->piece];
}

static void next(struct reading *reading, struct stretch *out)
{
	const struct passage_piece *piece = piece_at(reading);

	out->is_there = piece != NULL;
	buf_reset(&out->text);
	if (!piece)
		return;
	out->kind = piece->kind;
	out->piece = piece;
	out->first = reading->turn;
	out->last = reading->turn;
	out->role = reading->passage->turns[reading->turn].role;
	if (piece->kind != PIECE_TEXT) {
		reading->piece++;
		return;
	}
	while (piece && piece->kind == PIECE_TEXT &&
	       reading->passage->turns[reading->turn].role == out->role) {
		buf_put_span(&out->text, piece->text);
		out->last = reading->turn;
		reading->piece++;
		piece = piece_at(reading);
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_same_text(struct span a, struct span b)
{
	size_t i = 0;
	size_t k = 0;

	for (;;) {
		while (i < a.len && is_blank(a.at[i]))
			i++;
		while (k < b.len && is_blank(b.at[k]))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (a.at[i++] != b.at[k++])
			return false;
	}
}

static bool is_same_file(const struct passage_file *a,
			 const struct passage_file *b)
{
	return !memcmp(a->digest, b->digest, SHA256_BYTES);
}

static const char *call_differs(const struct passage_call *a,
				const struct passage_call *b, unsigned lacks)
{
	size_t i;

	if (!span_equals(a->name, b->name))
		return "the name of a tool";
	if (!span_equals(a->input, b->input))
		return "what a tool was told";
	if (!is_same_text(a->result, b->result))
		return "what a tool gave back";
	if (!(lacks & RESUME_NO_ERRORS) && a->is_error != b->is_error)
		return "whether a tool failed";
	if (a->files_n != b->files_n)
		return "the files that a tool gave";
	for (i = 0; i < a->files_n; i++) {
		if (!is_same_file(&a->files[i], &b->files[i]))
			return "a file that a tool gave";
	}
	return NULL;
}

/* In which it differs; NULL: in nothing. */
static const char *differs(const struct stretch *a, const struct stretch *b,
			   unsigned lacks)
{
	if (!a->is_there || !b->is_there)
		return a->is_there == b->is_there ? NULL : "where it ends";
	if (a->role != b->role)
		return "who speaks";
	if (a->kind != b->kind)
		return "what comes first of a text, a call, a file";
	if (a->kind == PIECE_CALL)
		return call_differs(&a->piece->call, &b->piece->call, lacks);
	if (a->kind == PIECE_FILE)
		return is_same_file(&a->piece->file, &b->piece->file) ? NULL :
		       "a file";
	return is_same_text(buf_span(&a->text), buf_span(&b->text)) ? NULL :
	       "a text";
}

/* Of texts that are divided otherwise the ends belong together. */
static int tell(const struct reading *original, const struct stretch *a,
		const struct reading *copy, const struct stretch *b,
		const struct compare_visitor *visitor, struct err *err)
{
	const struct passage_turn *ours = original->passage->turns;
	const struct passage_turn *theirs = copy->passage->turns;
	size_t i;
	int rc = 0;

	for (i = b->first; rc == 0 && i <= b->last; i++) {
		size_t at = a->first + (i - b->first);

		if (i == b->last || at > a->last)
			at = a->last;
		rc = visitor->message(visitor->arg, theirs[i].entity,
				      ours[at].entity, err);
	}
	if (rc == 0 && a->kind == PIECE_CALL &&
	    !span_equals(b->piece->call.entity, theirs[b->first].entity))
		rc = visitor->message(visitor->arg, b->piece->call.entity,
				      a->piece->call.entity, err);
	return rc;
}

int passage_compare(const struct passage *original, const struct passage *copy,
		    unsigned lacks, const struct compare_visitor *visitor,
		    struct err *err)
{
	struct reading ours = { original, 0, 0 };
	struct reading theirs = { copy, 0, 0 };
	struct stretch a = { .text = BUF_INIT(BUF_NO_LIMIT) };
	struct stretch b = { .text = BUF_INIT(BUF_NO_LIMIT) };
	const char *what = NULL;
	int rc = 0;

	do {
		next(&ours, &a);
		next(&theirs, &b);
		rc = buf_end(&a.text, err);
		if (rc == 0)
			rc = buf_end(&b.text, err);
		what = differs(&a, &b, lacks);
		if (rc == 0 && what)
			rc = err_set(err, ERR_CORRUPT, "what was made reads "
				     "back otherwise than it was, in %s of "
				     "turn %zu; nothing was written", what,
				     (a.is_there ? a.first : original->n) + 1);
		else if (rc == 0 && a.is_there && visitor)
			rc = tell(&ours, &a, &theirs, &b, visitor, err);
	} while (rc == 0 && a.is_there);
	buf_release(&a.text);
	buf_release(&b.text);
	return rc;
}
