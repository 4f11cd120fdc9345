#include "cmd/acu/sentence.h"

#include "cmd/acu/script.h"
#include "cmd/acu/text.h"

#define DENSE_PER_WORD 2
#define RUNNING_PER_WORD 4

static inline bool is_end(uint32_t point)
{
	return script_is_soft_end(point) ||
	       (point > 0x7f && script_is_hard_end(point));
}

static bool is_spaceless(uint32_t point)
{
	enum script_class class = script_class_of(point);

	return class == SCRIPT_DENSE || class == SCRIPT_RUNNING;
}

/* More marks like it, and what closes quotations. */
static size_t skip_marks(struct span text, size_t at, struct sentence *out)
{
	uint32_t point;
	size_t len;

	while (at < text.len) {
		len = acu_char(text, at, &point);
		if (!is_end(point) && !script_is_closer(point))
			break;
		out->is_question |= script_is_question(point);
		out->chars++;
		at += len;
	}
	return at;
}

/* Does a sentence end with these marks, all before at? first: the one that
 * they begin with. */
static bool ends_here(struct span text, size_t at, uint32_t first,
		      bool is_number)
{
	size_t space;
	uint32_t next;

	if (at == text.len || script_is_hard_end(first))
		return true;
	space = acu_skip_space(text, at);
	if (at + space == text.len)
		return true;
	(void)acu_char(text, at + space, &next);
	if (!space)
		return first != '.' && is_spaceless(next);
	return first != '.' || (!is_number && (next < 'a' || next > 'z'));
}

void sentence_next(struct span text, size_t at, struct sentence *out)
{
	bool is_number = true;
	uint32_t point;
	size_t marks;

	memset(out, 0, sizeof(*out));
	while (at < text.len) {
		at += acu_char(text, at, &point);
		out->chars++;
		if (!is_end(point)) {
			is_number &= point >= '0' && point <= '9';
			continue;
		}
		out->is_question = script_is_question(point);
		marks = skip_marks(text, at, out);
		if (ends_here(text, marks, point, is_number)) {
			out->has_end = true;
			at = marks;
			break;
		}
		is_number = false;
		at = marks;
		out->is_question = false;
	}
	out->end = at + acu_skip_space(text, at);
}

static void count_sentences(struct span text, struct prose *out)
{
	struct sentence sentence;
	size_t at = 0;

	while (at < text.len) {
		sentence_next(text, at, &sentence);
		at = sentence.end;
		out->sentences++;
		out->questions += sentence.is_question;
		out->ends_asking = sentence.is_question;
		out->has_end = sentence.has_end;
	}
}

/* What joins two letters to one word: the apostrophe, in both forms. */
static bool is_joint(uint32_t point)
{
	return point == '\'' || point == 0x2019;
}

void prose_count(struct span text, struct prose *out)
{
	size_t classes[SCRIPT_RUNNING + 1] = { 0 };
	bool in_word = false;
	enum script_class class;
	uint32_t point;
	size_t at = 0;

	memset(out, 0, sizeof(*out));
	while (at < text.len) {
		at += acu_char(text, at, &point);
		out->chars++;
		class = script_class_of(point);
		classes[class]++;
		if (in_word && is_joint(point))
			continue;
		out->words += class == SCRIPT_LETTER && !in_word;
		in_word = class == SCRIPT_LETTER;
	}
	out->words += (classes[SCRIPT_DENSE] + DENSE_PER_WORD - 1) /
		      DENSE_PER_WORD;
	out->words += (classes[SCRIPT_RUNNING] + RUNNING_PER_WORD - 1) /
		      RUNNING_PER_WORD;
	out->symbols = classes[SCRIPT_SYMBOL];
	out->spaces = classes[SCRIPT_SPACE];
	count_sentences(text, out);
}
