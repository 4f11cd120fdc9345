#include "cmd/acu/text.h"

#include <stdlib.h>

#include "cmd/acu/block.h"
#include "cmd/acu/sentence.h"

#define NO_UNIT SIZE_MAX
#define PROSE_MIN_WORDS 3
#define STEPS_MIN 2

static const char type_statement[] = "statement";
static const char type_question[] = "question";
static const char type_code[] = "code_snippet";

/* The work on one session. */
struct work {
	const struct acu_message *messages;
	struct acu_list *out;
	size_t *questions;	/* the last question of each message */
};

static int at_most(size_t figure, int most)
{
	return figure < (size_t)most ? (int)figure : most;
}

/* Nothing but images of markdown, white space between them. */
static bool is_images(struct span text)
{
	size_t at = 0;

	while (at < text.len) {
		if (!span_begins(span_of(text.at + at, text.len - at), "!["))
			return false;
		at = span_find(text, "](", at);
		if (at == SPAN_NOWHERE)
			return false;
		at = span_find(text, ")", at);
		if (at == SPAN_NOWHERE)
			return false;
		at++;
		at += acu_skip_space(text, at);
	}
	return text.len > 0;
}

/* "1. " or "2) " at the beginning. */
static bool is_step(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.at[n] >= '0' && line.at[n] <= '9')
		n++;
	return n > 0 && n + 1 < line.len &&
	       (line.at[n] == '.' || line.at[n] == ')') &&
	       line.at[n + 1] == ' ';
}

static bool has_steps(struct span text)
{
	size_t steps = 0;
	size_t at = 0;
	size_t end;

	while (at < text.len && steps < STEPS_MIN) {
		at += acu_skip_space(text, at);
		end = span_find(text, "\n", at);
		if (end == SPAN_NOWHERE)
			end = text.len;
		steps += is_step(span_of(text.at + at, end - at));
		at = end;
	}
	return steps >= STEPS_MIN;
}

static bool has_inline_code(struct span text)
{
	size_t at = span_find(text, "`", 0);

	return at != SPAN_NOWHERE &&
	       span_find(text, "`", at + 1) != SPAN_NOWHERE;
}

static const char *type_of_prose(const struct acu_message *message,
				 const struct prose *prose, struct span text)
{
	if (message->is_tool)
		return "tool_use";
	if (message->is_thinking)
		return "thought";
	if (is_images(text))
		return "image_reference";
	if (prose->ends_asking || (prose->questions &&
				   prose->questions * 2 >= prose->sentences))
		return type_question;
	return type_statement;
}

static const char *category_of_prose(const struct acu_message *message,
				     struct span text)
{
	if (message->is_tool || has_inline_code(text))
		return "technical";
	return has_steps(text) ? "procedural" : "general";
}

/* See acu_vvault for what the figures mean. */
static void weigh(struct acu_unit *unit, const struct prose *prose,
		  const struct block *block, struct span text)
{
	bool is_prose = block->kind == BLOCK_PROSE;
	int richness = 20 + at_most(prose->words, 100) / 2;
	int integrity = 100;

	richness += is_prose ? 0 : 20;
	richness += is_prose && has_inline_code(text) ? 5 : 0;
	richness += span_has(text, "**") || span_has(text, "__") ? 5 : 0;
	richness += span_has(text, "](") || span_has(text, "://") ? 5 : 0;
	integrity -= block->is_open ? 40 : 0;
	integrity -= is_prose && prose->words < PROSE_MIN_WORDS ? 20 : 0;
	integrity -= is_prose && !prose->has_end ? 20 : 0;
	integrity -= is_prose && prose->symbols * 10 >
		     (prose->chars - prose->spaces) * 3 ? 30 : 0;
	unit->quality.richness = richness;
	unit->quality.integrity = integrity;
	unit->quality.overall = (richness * 3 + integrity * 2 + 2) / 5;
	unit->quality.words = (long long)prose->words;
}

static int link_units(struct work *work, size_t from, size_t to,
		      const char *relation, double weight, struct err *err)
{
	struct acu_link link = { from, to, relation, weight };

	return acu_link_add(work->out, &link, err);
}

/* The unit that was just added: to the one before it in its message. */
static int link_back(struct work *work, struct err *err)
{
	size_t now = work->out->units_n - 1;
	const struct acu_unit *unit = &work->out->units[now];
	const struct acu_unit *before = now ? unit - 1 : NULL;
	int rc;

	if (!before || before->message != unit->message)
		return 0;
	rc = link_units(work, now - 1, now, "next", 1, err);
	if (rc == 0 && unit->type == type_code &&
	    before->type == type_statement)
		rc = link_units(work, now - 1, now, "explains", 0.9, err);
	return rc;
}

static int add_unit(struct work *work, size_t number,
		    const struct block *block, struct err *err)
{
	const struct acu_message *message = &work->messages[number];
	struct span text = span_of(message->text.at + block->start,
				   block->end - block->start);
	struct acu_unit *unit;
	struct prose prose;
	int rc;

	rc = acu_unit_add(work->out, number, &unit, err);
	if (rc < 0)
		return rc;
	unit->start = block->start;
	unit->end = block->end;
	unit->language = block->language;
	unit->category = "technical";
	prose_count(text, &prose);
	switch (block->kind) {
	case BLOCK_CODE:
		unit->type = type_code;
		break;
	case BLOCK_FORMULA:
		unit->type = "formula";
		break;
	case BLOCK_TABLE:
		unit->type = "table";
		unit->category = "general";
		break;
	case BLOCK_PROSE:
		unit->type = type_of_prose(message, &prose, text);
		unit->category = category_of_prose(message, text);
		break;
	}
	weigh(unit, &prose, block, text);
	sha256_of(text.at, text.len, unit->sha256);
	if (unit->type == type_question)
		work->questions[number] = work->out->units_n - 1;
	return link_back(work, err);
}

/* As many whole sentences at a time as are allowed, at least one. */
static int add_sentences(struct work *work, size_t number,
			 const struct block *block, struct err *err)
{
	struct span text = span_of(work->messages[number].text.at +
				   block->start, block->end - block->start);
	struct sentence sentence;
	struct block piece = *block;
	size_t chars = 0;
	size_t begin = 0;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && at < text.len) {
		sentence_next(text, at, &sentence);
		if (chars && chars + sentence.chars > ACU_PARAGRAPH_CHARS) {
			piece.start = block->start + begin;
			piece.end = piece.start +
				    acu_trim(span_of(text.at + begin,
						     at - begin)).len;
			rc = add_unit(work, number, &piece, err);
			begin = at;
			chars = 0;
		}
		chars += sentence.chars;
		at = sentence.end;
	}
	piece.start = block->start + begin;
	piece.end = block->end;
	return rc < 0 ? rc : add_unit(work, number, &piece, err);
}

static bool is_long(struct span text)
{
	size_t chars = 0;
	uint32_t point;
	size_t at = 0;

	if (text.len <= ACU_PARAGRAPH_CHARS)
		return false;
	while (at < text.len && chars <= ACU_PARAGRAPH_CHARS) {
		at += acu_char(text, at, &point);
		chars++;
	}
	return chars > ACU_PARAGRAPH_CHARS;
}

/* The first prose of a reply to a question answers it. */
static int link_reply(struct work *work, size_t number, size_t first,
		      struct err *err)
{
	const struct acu_message *message = &work->messages[number];
	size_t parent = message->parent;
	size_t i;

	if (parent >= number || work->questions[parent] == NO_UNIT ||
	    span_equals(message->role, work->messages[parent].role))
		return 0;
	for (i = first; i < work->out->units_n; i++) {
		if (work->out->units[i].type != type_statement)
			continue;
		work->out->units[i].type = "answer";
		return link_units(work, i, work->questions[parent], "answers",
				  0.8, err);
	}
	return 0;
}

static int take_message(struct work *work, size_t number, struct err *err)
{
	struct span text = work->messages[number].text;
	struct block_walk walk = block_walk_of(text);
	size_t first = work->out->units_n;
	struct block block;
	int rc = 0;

	work->questions[number] = NO_UNIT;
	while (rc == 0 && block_next(&walk, &block)) {
		if (block.kind == BLOCK_PROSE &&
		    is_long(span_of(text.at + block.start,
				    block.end - block.start)))
			rc = add_sentences(work, number, &block, err);
		else
			rc = add_unit(work, number, &block, err);
	}
	return rc < 0 ? rc : link_reply(work, number, first, err);
}

static int vvault_run(const struct acu_message *messages, size_t n,
		      struct acu_list *out, struct err *err)
{
	struct work work = { messages, out, NULL };
	size_t i;
	int rc = 0;

	work.questions = calloc(n ? n : 1, sizeof(*work.questions));
	if (!work.questions)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++)
		rc = take_message(&work, i, err);
	free(work.questions);
	return rc;
}

static const char *const roles[] = { "user", "assistant", NULL };

const struct acu_extractor acu_vvault = {
	.name = "vvault-1",
	.version = "1",
	.run = vvault_run,
	.roles = roles,
};
