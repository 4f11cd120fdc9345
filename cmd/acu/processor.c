#include "cmd/acu/text.h"

#include "lib/id/encode.h"

#define PARAGRAPH_MIN_UNITS 10
#define ANSWER_REACH 4		/* units behind a question */
#define CODE_REACH 2		/* units behind a statement */

static const char type_statement[] = "statement";
static const char type_question[] = "question";
static const char type_answer[] = "answer";
static const char type_code[] = "code_snippet";
static const char type_formula[] = "formula";

static bool ends_with_question(struct span text)
{
	return text.len && text.at[text.len - 1] == '?';
}

static void classify(struct acu_unit *unit, struct span text)
{
	unit->type = type_statement;
	unit->category = "general";
	if (span_has(text, "```")) {
		unit->type = type_code;
		unit->category = "technical";
		unit->language = acu_fence_tag(text);
		if (!unit->language.at)
			unit->language = span_str("plaintext");
	} else if (ends_with_question(text)) {
		unit->type = type_question;
	} else if (span_begins(text, "Answer:") ||
		   span_begins(text, "Response:")) {
		unit->type = type_answer;
	} else if (span_has(text, "$$")) {
		unit->type = type_formula;
		unit->category = "technical";
	}
}

/*
 * In JavaScript 0.4 a + 0.3 b + 0.3 min(100, units / 10), from the left, then
 * Math.round: written with the same operations on the same doubles, for sums
 * that come out at a half would else be rounded another way.
 */
static void weigh(struct acu_unit *unit, size_t units)
{
	double unique = units < 1000 ? (double)units / 10 : 100;
	int richness = units > 500 ? 90 : units > 200 ? 70 :
		       units > 50 ? 50 : 30;
	volatile double part;
	volatile double sum;

	if (unit->type == type_code || unit->type == type_formula)
		richness += 10;
	part = richness * 0.4;
	sum = part;
	part = 80 * 0.3;
	sum = sum + part;
	part = unique * 0.3;
	sum = sum + part;
	unit->quality.overall = (int)(sum + 0.5);
	unit->quality.richness = richness;
	unit->quality.integrity = 80;
	unit->quality.uniqueness = (int)(unique + 0.5);
}

/* text: the paragraph, trimmed, somewhere in the message. */
static int add_paragraph(struct acu_list *out, size_t message,
			 struct span whole, struct span text,
			 long long paragraph, struct err *err)
{
	size_t units = acu_utf16_len(text);
	struct acu_unit *unit;
	int rc;

	if (units < PARAGRAPH_MIN_UNITS)
		return 0;
	rc = acu_unit_add(out, message, &unit, err);
	if (rc < 0)
		return rc;
	unit->start = (size_t)(text.at - whole.at);
	unit->end = unit->start + text.len;
	unit->paragraph = paragraph;
	sha256_of(text.at, text.len, unit->sha256);
	hex_text(unit->sha256, SHA256_BYTES, unit->vivim);
	classify(unit, text);
	weigh(unit, units);
	return 0;
}

static int split(const struct acu_message *message, size_t number,
		 struct acu_list *out, struct err *err)
{
	struct span whole = message->text;
	struct span text;
	long long paragraph = 0;
	size_t start = 0;
	size_t end;
	int rc = 0;

	while (rc == 0 && start < whole.len) {
		end = span_find(whole, "\n\n", start);
		if (end == SPAN_NOWHERE)
			end = whole.len;
		text = acu_trim(span_of(whole.at + start, end - start));
		if (text.len)
			rc = add_paragraph(out, number, whole, text,
					   paragraph++, err);
		start = end;
		while (start < whole.len && whole.at[start] == '\n')
			start++;
	}
	return rc;
}

static int link_to(struct acu_list *out, size_t from, size_t to,
		   const char *relation, double weight, struct err *err)
{
	struct acu_link link = { from, to, relation, weight };

	return acu_link_add(out, &link, err);
}

static bool is_reply(const struct acu_unit *unit)
{
	return unit->type == type_answer || unit->type == type_statement;
}

static bool is_code(const struct acu_unit *unit)
{
	return unit->type == type_code;
}

/* The first unit of that sort among the next ones; 0 when there is none. */
static size_t find_next(const struct acu_list *list, size_t from, size_t reach,
			bool (*is_wanted)(const struct acu_unit *unit))
{
	size_t i;

	for (i = from + 1; i < list->units_n && i - from <= reach; i++) {
		if (is_wanted(&list->units[i]))
			return i;
	}
	return 0;
}

static int link_meaning(struct acu_list *out, size_t from, struct err *err)
{
	const char *type = out->units[from].type;
	size_t to;

	if (type == type_question) {
		to = find_next(out, from, ANSWER_REACH, is_reply);
		return to ? link_to(out, from, to, "answered_by", 0.8, err) : 0;
	}
	if (type == type_statement) {
		to = find_next(out, from, CODE_REACH, is_code);
		return to ? link_to(out, from, to, "explains", 0.9, err) : 0;
	}
	return 0;
}

static int processor_run(const struct acu_message *messages, size_t n,
			 struct acu_list *out, struct err *err)
{
	size_t first = out->units_n;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++)
		rc = split(&messages[i], i, out, err);
	for (i = first; rc == 0 && i + 1 < out->units_n; i++) {
		if (out->units[i].message == out->units[i + 1].message)
			rc = link_to(out, i, i + 1, "next", 1, err);
	}
	for (i = first; rc == 0 && i < out->units_n; i++)
		rc = link_meaning(out, i, err);
	return rc;
}

const struct acu_extractor acu_vivim_processor = {
	.name = "vivim-processor",
	.version = "1.0.0",
	.run = processor_run,
};
