#include "cmd/resume/compare.h"

#include <string.h>

/* A place in a passage. */
struct reading {
	const struct passage *passage;
	bool skips;		/* summaries are passed over */
	size_t turn;
	size_t piece;
};

/* What is told in one go: texts and files of one speaker, or a call. Not every
 * format says where among the texts a file stands. */
struct stretch {
	bool is_there;
	enum passage_role role;
	struct buf text;
	struct buf files;	/* digests */
	const struct passage_call *call;
	size_t first;		/* turns that it is of */
	size_t last;
};

static const struct passage_piece *piece_at(struct reading *reading)
{
	const struct passage *passage = reading->passage;

	while (reading->turn < passage->n &&
	       (reading->piece == passage->turns[reading->turn].n ||
		(reading->skips && passage->turns[reading->turn].is_summary))) {
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
	out->call = NULL;
	buf_reset(&out->text);
	buf_reset(&out->files);
	if (!piece)
		return;
	out->first = reading->turn;
	out->last = reading->turn;
	out->role = reading->passage->turns[reading->turn].role;
	if (piece->kind == PIECE_CALL) {
		out->call = &piece->call;
		reading->piece++;
		return;
	}
	while (piece && piece->kind != PIECE_CALL &&
	       reading->passage->turns[reading->turn].role == out->role) {
		if (piece->kind == PIECE_TEXT)
			buf_put_span(&out->text, piece->text);
		else
			buf_put(&out->files, piece->file.digest,
				SHA256_BYTES);
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
	if (!a->call != !b->call)
		return "what comes first of a text and a call";
	if (a->call)
		return call_differs(a->call, b->call, lacks);
	if (!is_same_text(buf_span(&a->text), buf_span(&b->text)))
		return "a text";
	return span_equals(buf_span(&a->files), buf_span(&b->files)) ? NULL :
	       "its files";
}

/* Of texts that are divided otherwise the ends belong together. */
static int tell_passage(const struct reading *original, const struct stretch *a,
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
	if (rc == 0 && a->call &&
	    !span_equals(b->call->entity, theirs[b->first].entity))
		rc = visitor->message(visitor->arg, b->call->entity,
				      a->call->entity, err);
	return rc;
}

static int compare_passage(const struct passage *original, bool skips,
		   const struct passage *copy, unsigned lacks,
		   const struct compare_visitor *visitor, struct err *err)
{
	struct reading ours = { original, skips, 0, 0 };
	struct reading theirs = { copy, false, 0, 0 };
	struct stretch a = { .text = BUF_INIT(BUF_NO_LIMIT),
			     .files = BUF_INIT(BUF_NO_LIMIT) };
	struct stretch b = a;
	const char *what = NULL;
	int rc = 0;

	do {
		next(&ours, &a);
		next(&theirs, &b);
		rc = buf_end(&a.text, err);
		if (rc == 0)
			rc = buf_end(&b.text, err);
		if (rc == 0)
			rc = buf_end(&a.files, err);
		if (rc == 0)
			rc = buf_end(&b.files, err);
		what = differs(&a, &b, lacks);
		if (rc == 0 && what)
			rc = err_set(err, ERR_CORRUPT, "what was made reads "
				     "back otherwise than it was, in %s of "
				     "turn %zu; nothing was written", what,
				     (a.is_there ? a.first : original->n) + 1);
		else if (rc == 0 && a.is_there && visitor)
			rc = tell_passage(&ours, &a, &theirs, &b, visitor, err);
	} while (rc == 0 && a.is_there);
	buf_release(&a.text);
	buf_release(&b.text);
	buf_release(&a.files);
	buf_release(&b.files);
	return rc;
}

static bool has_summary(const struct passage *passage)
{
	size_t i = 0;

	while (i < passage->n && !passage->turns[i].is_summary)
		i++;
	return i < passage->n;
}

int passage_compare(const struct passage *original, const struct passage *copy,
		    unsigned lacks, const struct compare_visitor *visitor,
		    struct err *err)
{
	struct err why = ERR_INIT;
	bool skips = has_summary(original) &&
		compare_passage(original, false, copy, lacks, NULL, &why) ==
		ERR_CORRUPT;

	return compare_passage(original, skips, copy, lacks, visitor, err);
}
