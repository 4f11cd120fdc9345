#include "cmd/context/extract/extract_internal.h"

#include "cmd/resume/tool_names.h"
#include "lib/json/jcs_words.h"
#include "lib/time/timestamp.h"

#define MINUTE_TEXT 16		/* 2026-11-21T10:00 */
#define STATUS_BYTES 400	/* in which a program's status is looked for */

int extract_add(const struct extracting *extracting, size_t turn,
		struct span head, struct span text, size_t rank,
		struct err *err)
{
	struct brief *brief = extracting->brief;
	const struct passage *passage = extracting->passage;
	bool is_turn = turn < passage->n;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct brief_item item = { .head = head, .text = text, .rank = rank };
	char at[TIMESTAMP_TEXT_MAX];
	int rc;

	timestamp_text(is_turn ? passage->turns[turn].created :
		       passage->updated, at);
	fields_text(&fields, "entity", is_turn ? passage->turns[turn].entity :
		    passage->session);
	fields_str(&fields, "at", at);
	rc = jcs_fields_write(&fields, &json, err);
	jcs_fields_release(&fields);
	item.json = buf_span(&json);
	if (extracting->refs && is_turn)
		item.ref = span_str(extracting->refs[turn]);
	if (rc == 0)
		rc = brief_add(brief, &brief->sections[brief->n - 1], &item,
			       NULL, err);
	buf_release(&json);
	return rc;
}

void extract_put_head(struct buf *out, const struct passage_turn *turn,
		      const char *words)
{
	char text[TIMESTAMP_TEXT_MAX];

	timestamp_text(turn->created, text);
	text[MINUTE_TEXT] = '\0';
	text[10] = ' ';
	buf_putf(out, "%s%s%s", text, *words ? ", " : "", words);
}

bool extract_is_prompt(const struct passage_turn *turn)
{
	return turn->role == PASSAGE_USER && turn->n && !turn->is_summary;
}

size_t extract_request_at(const struct passage *passage)
{
	size_t i = 0;

	while (i < passage->n && !extract_is_prompt(&passage->turns[i]))
		i++;
	return i;
}

size_t extract_last_from(const struct passage *passage)
{
	size_t request = extract_request_at(passage);
	size_t left = EXTRACT_LAST;
	size_t from = passage->n;
	size_t i = passage->n;

	while (left && i > request + 1) {
		i--;
		if (extract_is_prompt(&passage->turns[i])) {
			from = i;
			left--;
		}
	}
	/* Of a session of few prompts all that follows the first. */
	return left && request < passage->n ? request + 1 : from;
}

bool extract_next(struct extract_walk *walk, struct extract_call *out)
{
	while (walk->turn < walk->passage->n) {
		const struct passage_turn *turn =
			&walk->passage->turns[walk->turn];

		while (walk->piece < turn->n) {
			const struct passage_piece *piece =
				&turn->pieces[walk->piece++];

			if (piece->kind != PIECE_CALL)
				continue;
			out->turn = walk->turn;
			out->call = &piece->call;
			return true;
		}
		walk->turn++;
		walk->piece = 0;
	}
	return false;
}

struct span extract_inside(const struct passage *passage, struct span path)
{
	size_t len = passage->cwd.len;

	if (len < 2 || path.len < len + 2 || path.at[len] != '/' ||
	    memcmp(path.at, passage->cwd.at, len) != 0)
		return path;
	return span_of(path.at + len + 1, path.len - len - 1);
}

void extract_put_words(struct buf *out, struct span value)
{
	buf_fail(out, jcs_words(value, out, NULL));
}

/* Does a number other than 0 follow these words? */
static bool has_status(struct span text, const char *words)
{
	size_t at = span_find(text, words, 0);

	if (at == SPAN_NOWHERE)
		return false;
	at += strlen(words);
	while (at < text.len && (text.at[at] == ' ' || text.at[at] == ':'))
		at++;
	if (at < text.len && text.at[at] == '-')
		return true;
	return at < text.len && text.at[at] >= '1' && text.at[at] <= '9';
}

bool extract_has_failed(const struct passage_call *call)
{
	/* Codex, since its rollouts have no status of their own; Gemini CLI. */
	static const char *const words[] = {
		"Process exited with code", "\"exit_code\"", "Exit Code",
	};
	struct span begin = call->result;
	struct span end = call->result;
	enum tool_sense sense;
	size_t i;

	if (call->is_error)
		return true;
	/* What a file holds that was read says nothing of the call. */
	if (!span_equals(call->name, span_str("apply_patch")) &&
	    (!tool_names_sense(call->name, &sense) || sense != TOOL_SHELL))
		return false;
	if (begin.len > STATUS_BYTES) {
		begin.len = STATUS_BYTES;
		end = span_of(end.at + end.len - STATUS_BYTES, STATUS_BYTES);
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (has_status(begin, words[i]) || has_status(end, words[i]))
			return true;
	}
	return false;
}
