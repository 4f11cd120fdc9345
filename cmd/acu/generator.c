#include "cmd/acu/generator_words.h"
#include "cmd/acu/text.h"
#include "lib/id/encode.h"

#define ID_UNITS 500
#define CONTENT_UNITS 10000
#define THOUGHT_UNITS 140
#define ID_HEX 32

/* What is counted in one walk over the characters. */
struct counts {
	size_t units;
	size_t words;
	size_t special;		/* units that are no word, space or mark */
	size_t sentences;
};

static bool is_plain_mark(uint32_t point)
{
	return point < 0x80 && point &&
	       strchr(".,!?;:'\"()-", (int)point) != NULL;
}

static void count(struct span text, struct counts *out)
{
	bool has_sentence = false;
	bool in_word = false;
	uint32_t point;
	size_t at = 0;

	memset(out, 0, sizeof(*out));
	while (at < text.len) {
		at += acu_char(text, at, &point);
		out->units += acu_units_of(point);
		if (acu_is_space(point)) {
			in_word = false;
			continue;
		}
		out->words += !in_word;
		in_word = true;
		if (point == '.' || point == '!' || point == '?') {
			out->sentences += has_sentence;
			has_sentence = false;
			continue;
		}
		has_sentence = true;
		if (point >= 0x80 || (!acu_is_word((unsigned char)point) &&
				      !is_plain_mark(point)))
			out->special += acu_units_of(point);
	}
	out->sentences += has_sentence;
}

/* What the patterns that stay within a line find. */
struct patterns {
	bool has_code;		/* function, let and so on at its beginning */
	bool has_formula;	/* $$..$$ */
	bool has_bracket;	/* \[..\] */
	bool has_table;		/* |..| */
	bool has_image;		/* ![..](..) */
};

/* A word that stands before white space. "def " has a space of its own. */
static bool opens_code(struct span line)
{
	static const char *const openers[] = {
		"function", "class", "def ", "const", "let", "var", "import",
		"from", NULL
	};
	size_t i;

	for (i = 0; openers[i]; i++) {
		if (span_begins(line, openers[i]))
			return acu_skip_space(line, strlen(openers[i])) > 0;
	}
	return false;
}

/* Both, the second behind the first, without sharing a character. */
static bool has_pair(struct span line, const char *open, const char *close)
{
	size_t at = span_find(line, open, 0);

	return at != SPAN_NOWHERE &&
	       span_find(line, close, at + strlen(open)) != SPAN_NOWHERE;
}

static bool has_image(struct span line)
{
	size_t at = span_find(line, "![", 0);

	if (at != SPAN_NOWHERE)
		at = span_find(line, "](", at + 2);
	return at != SPAN_NOWHERE &&
	       span_find(line, ")", at + 2) != SPAN_NOWHERE;
}

/* Where JavaScript's line ends: \n, \r, U+2028 and U+2029. */
static size_t line_len(struct span text, size_t at, size_t *out_break)
{
	size_t end = at;

	for (; end < text.len; end++) {
		unsigned char c = (unsigned char)text.at[end];

		if (c == '\n' || c == '\r') {
			*out_break = 1;
			return end - at;
		}
		if (c == 0xe2 && text.len - end >= 3 &&
		    (!memcmp(text.at + end, "\xe2\x80\xa8", 3) ||
		     !memcmp(text.at + end, "\xe2\x80\xa9", 3))) {
			*out_break = 3;
			return end - at;
		}
	}
	*out_break = 0;
	return end - at;
}

static void find_patterns(struct span text, struct patterns *out)
{
	struct span line;
	size_t ending;
	size_t at;

	memset(out, 0, sizeof(*out));
	for (at = 0; at < text.len; at += line.len + ending) {
		line = span_of(text.at + at, line_len(text, at, &ending));
		/* White space behind the word may be the line's end. */
		out->has_code |= opens_code(span_of(line.at, line.len +
						    ending));
		out->has_formula |= has_pair(line, "$$", "$$");
		out->has_bracket |= has_pair(line, "\\[", "\\]");
		out->has_table |= has_pair(line, "|", "|");
		out->has_image |= has_image(line);
	}
}

/* The opener anywhere, white space, and a word. */
static bool has_opened(struct span text, const char *opener)
{
	size_t at = span_find(text, opener, 0);
	size_t space;

	while (at != SPAN_NOWHERE) {
		at += strlen(opener);
		space = acu_skip_space(text, at);
		at += space;
		if (space && at < text.len &&
		    acu_is_word((unsigned char)text.at[at]))
			return true;
		at = span_find(text, opener, at);
	}
	return false;
}

static bool has_declaration(struct span text)
{
	static const char *const openers[] = {
		"function", "class", "def ", "const", "let", "var", NULL
	};
	size_t i;

	for (i = 0; openers[i]; i++) {
		if (has_opened(text, openers[i]))
			return true;
	}
	return false;
}

/* All that is known of a text before it is judged. */
struct facts {
	struct span text;
	struct counts counts;
	struct patterns patterns;
	unsigned senses;
	bool has_fence;
	bool has_question;
	bool has_lines;
	bool has_tick;
};

static void find_facts(struct span text, struct facts *out)
{
	out->text = text;
	count(text, &out->counts);
	find_patterns(text, &out->patterns);
	out->senses = generator_senses(text);
	out->has_fence = span_has(text, "```");
	out->has_question = span_has(text, "?");
	out->has_lines = span_has(text, "\n");
	out->has_tick = span_has(text, "`");
}

static const char *type_of(const struct facts *facts)
{
	const struct patterns *patterns = &facts->patterns;

	if (facts->has_fence || patterns->has_code)
		return "code_snippet";
	if (facts->has_question && (facts->senses & SENSE_ASKS))
		return "question";
	if (facts->senses & SENSE_ANSWERS)
		return "answer";
	if (patterns->has_formula || patterns->has_bracket)
		return "formula";
	if (patterns->has_table && facts->has_lines)
		return "table";
	if (patterns->has_image || (facts->senses & SENSE_IMAGE))
		return "image_reference";
	if ((facts->senses & SENSE_TOOL) && facts->has_tick)
		return "tool_use";
	if (facts->counts.units < THOUGHT_UNITS && !facts->has_question)
		return "thought";
	return "statement";
}

static const char *category_of(const struct facts *facts, const char *type)
{
	if (!strcmp(type, "code_snippet") || (facts->senses & SENSE_TECHNICAL))
		return "technical";
	if (!strcmp(type, "question") || (facts->senses & SENSE_PROCEDURAL))
		return "procedural";
	if (facts->senses & SENSE_PERSONAL)
		return "personal";
	if (!strcmp(type, "thought") || (facts->senses & SENSE_CREATIVE))
		return "creative";
	return "conceptual";
}

static struct span language_of(const struct facts *facts)
{
	static const char *const known[] = {
		"javascript", "typescript", "python", "java", "cpp", "c",
		"go", "rust", "ruby", "php", "swift", "kotlin", "sql", "html",
		"css", "json", "yaml", "xml", "bash", "shell", "powershell",
		NULL
	};
	struct span tag = acu_fence_tag(facts->text);
	size_t i;
	size_t k;

	for (i = 0; tag.at && known[i]; i++) {
		if (strlen(known[i]) != tag.len)
			continue;
		for (k = 0; k < tag.len; k++) {
			/* Letters in either case; tags have no other bytes
			 * that this bit would turn into letters. */
			if ((tag.at[k] | 0x20) != known[i][k])
				break;
		}
		if (k == tag.len)
			return span_str(known[i]);
	}
	return span_of(NULL, 0);
}

static int at_most(size_t figure, int most)
{
	return figure < (size_t)most ? (int)figure : most;
}

/* A tenth of a point for each word; the rest is whole, so that rounding the
 * sum is rounding the tenths. */
static int overall_of(const struct facts *facts)
{
	size_t units = facts->counts.units;
	int tenths = at_most(facts->counts.words, 200);
	int score = 50 + (tenths + 5) / 10;

	score += facts->has_fence || has_declaration(facts->text) ? 15 : 0;
	score += facts->has_question ? 10 : 0;
	score += units > 200 ? 10 : units > 100 ? 5 : 0;
	score += facts->has_fence ? 5 : 0;
	score += facts->patterns.has_formula ? 5 : 0;
	score += facts->patterns.has_table && facts->has_lines ? 5 : 0;
	return score < 100 ? score : 100;
}

static int richness_of(const struct facts *facts)
{
	struct span text = facts->text;
	size_t words = facts->counts.words;
	int score = 30;

	score += words > 50 ? 20 : 0;
	score += words > 100 ? 15 : 0;
	score += words > 200 ? 10 : 0;
	score += facts->has_fence ? 10 : 0;
	score += span_has(text, "**") || span_has(text, "__") ? 5 : 0;
	score += facts->has_tick ? 5 : 0;
	score += span_has(text, "[") && span_has(text, "](") ? 5 : 0;
	return score;
}

static int integrity_of(const struct counts *counts)
{
	double special = (double)counts->special / (double)counts->units;
	int score = 70;

	score -= counts->units < 20 ? 20 : 0;
	score -= special > 0.3 ? 15 : 0;
	score += counts->sentences > 2 ? 10 : 0;
	return score;
}

/* Bytes of the first units; *is_split when they end within a pair. */
static size_t cut(struct span text, size_t units, bool *is_split)
{
	size_t at = 0;
	uint32_t point;
	size_t len;

	*is_split = false;
	while (at < text.len && units) {
		len = acu_char(text, at, &point);
		if (acu_units_of(point) > units) {
			*is_split = true;
			break;
		}
		units -= acu_units_of(point);
		at += len;
	}
	return at;
}

static void make_id(const struct acu_message *message, char out[ACU_VIVIM_MAX])
{
	static const char replacement[] = "\xef\xbf\xbd";
	static const char prefix[] = "acu-";
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	bool is_split;
	size_t len = cut(message->text, ID_UNITS, &is_split);

	sha256_init(&hash);
	sha256_add(&hash, message->conversation.at, message->conversation.len);
	sha256_add(&hash, ":", 1);
	sha256_add(&hash, message->node.at, message->node.len);
	sha256_add(&hash, ":", 1);
	sha256_add(&hash, message->text.at, len);
	if (is_split)
		sha256_add(&hash, replacement, sizeof(replacement) - 1);
	sha256_finish(&hash, digest);
	memcpy(out, prefix, sizeof(prefix) - 1);
	hex_text(digest, ID_HEX / 2, out + sizeof(prefix) - 1);
}

static int add_message(const struct acu_message *message, size_t number,
		       struct acu_list *out, struct err *err)
{
	struct acu_unit *unit;
	struct facts facts;
	bool is_split;
	int rc;

	rc = acu_unit_add(out, number, &unit, err);
	if (rc < 0)
		return rc;
	find_facts(message->text, &facts);
	unit->end = cut(message->text, CONTENT_UNITS, &is_split);
	unit->units = (long long)facts.counts.units;
	unit->type = type_of(&facts);
	unit->category = category_of(&facts, unit->type);
	unit->language = language_of(&facts);
	unit->quality.overall = overall_of(&facts);
	unit->quality.richness = richness_of(&facts);
	unit->quality.integrity = integrity_of(&facts.counts);
	unit->quality.uniqueness = 50;
	sha256_of(message->text.at, unit->end, unit->sha256);
	make_id(message, unit->vivim);
	return 0;
}

static int generator_run(const struct acu_message *messages, size_t n,
			 struct acu_list *out, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		struct span text = messages[i].text;

		if (span_equals(messages[i].role, span_str("system")) ||
		    acu_skip_space(text, 0) == text.len)
			continue;
		rc = add_message(&messages[i], i, out, err);
	}
	return rc;
}

const struct acu_extractor acu_vivim_generator = {
	.name = "vivim-generator",
	.version = "prisma-fallback-v1",
	.run = generator_run,
};
