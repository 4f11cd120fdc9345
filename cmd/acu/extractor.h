/*
 * ACUs, atomic chat units: the pieces of knowledge in the messages of one
 * session, found by one of several extractors. Pure functions of text.
 */
#ifndef VV_CMD_ACU_EXTRACTOR_H
#define VV_CMD_ACU_EXTRACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/id/hash.h"

#define ACU_NO_MESSAGE SIZE_MAX
#define ACU_VIVIM_MAX 65	/* the longest published id, terminated */

/* What an extractor reads; all borrowed. */
struct acu_message {
	struct span conversation;	/* the source's own ids, for the */
	struct span node;		/* published algorithms */
	struct span text;		/* UTF-8; a bad byte counts as U+FFFD */
	struct span role;
	bool is_thinking;
	bool is_tool;
	/* The message that it replies to: its place in the list, before this
	 * one, or ACU_NO_MESSAGE. */
	size_t parent;
};

/* Figures of 0 to 100; one that the extractor does not know is negative. */
struct acu_quality {
	int overall;
	int richness;
	int integrity;
	int uniqueness;
	long long words;
};

struct acu_unit {
	size_t message;			/* its place in the list */
	size_t start;			/* bytes of the message's text */
	size_t end;
	const char *type;		/* static words */
	const char *category;
	struct span language;		/* of code; absent: unknown */
	struct acu_quality quality;
	long long paragraph;		/* vivim-processor's count, or -1 */
	long long units;		/* UTF-16 units of the whole message
					 * (vivim-generator), or -1 */
	char vivim[ACU_VIVIM_MAX];	/* the published id, or "" */
	unsigned char sha256[SHA256_BYTES];	/* of start .. end */
};

/* From a unit to another, by their places in the list. */
struct acu_link {
	size_t from;
	size_t to;
	const char *relation;
	double weight;
};

struct acu_list {
	struct acu_unit *units;
	size_t units_n;
	size_t units_cap;
	struct acu_link *links;
	size_t links_n;
	size_t links_cap;
};

#define ACU_LIST_INIT { NULL, 0, 0, NULL, 0, 0 }
void acu_list_reset(struct acu_list *list);
void acu_list_release(struct acu_list *list);

struct acu_extractor {
	const char *name;
	const char *version;

	/*
	 * Append the units of these messages, which are all of one session
	 * in their order, message by message, and the links between them. An
	 * extractor leaves out messages that it has no use for. Spans of one
	 * message never overlap and rise. Time goes with the text. ERR_NOMEM.
	 */
	int (*run)(const struct acu_message *messages, size_t n,
		   struct acu_list *out, struct err *err);

	/* NULL-terminated roles that it takes by default; NULL: any. */
	const char *const *roles;
};

/*
 * Our own, the default. Text is cut by its structure: fenced code (blank lines
 * inside do not end it, nor does the end of the text), displayed formulas,
 * tables, and paragraphs, a heading with the paragraph below it; lines that
 * only draw a rule are no units. A paragraph of more than
 * ACU_PARAGRAPH_CHARS is cut further, between sentences of any script.
 *
 * Types: code_snippet, formula, table, image_reference (nothing but images),
 * tool_use and thought (by who speaks), question (its last sentence, or at
 * least half of them, end with a question mark of any script), answer (the
 * first prose of a reply to one), statement. Categories: technical (code,
 * formula, tool use, prose with code in it), procedural (two or more numbered
 * steps), general. Links: next (within a message), explains (prose to the code
 * behind it) and answers (to the question in the message replied to): none leads
 * to a later message, so that a session which grows leaves what was found.
 *
 * Words are counted without white space where a script has none: two Han or
 * kana characters are one word, four of Thai, Lao, Khmer, Myanmar and their
 * kin. richness: 20, half a point for each word up to 50, 20 for code, formula
 * or table, 5 each for code in the line, emphasis, a link. integrity: 100, less
 * 40 for a fence that does not end, 20 for prose of under three words, 20
 * for prose without an end, 30 if over 30 % of prose is symbols. overall:
 * three parts of richness to two of integrity.
 */
#define ACU_PARAGRAPH_CHARS 1200
extern const struct acu_extractor acu_vvault;

/*
 * The algorithm of VIVIM's generator: one unit for each message whose role is
 * not system and that is not blank, of at most 10,000 UTF-16 units (a pair
 * that the cut would split is left out of the span, but the id is of the first
 * 500 units with a split pair as U+FFFD). No links.
 */
extern const struct acu_extractor acu_vivim_generator;

/*
 * The algorithm of VIVIM's processor: a unit for each paragraph of at least
 * 10 UTF-16 units, next, answered_by and explains links. Equal paragraphs have
 * one published id, but here they are two units.
 */
extern const struct acu_extractor acu_vivim_processor;

/* Ended by NULL; the default is the first. */
extern const struct acu_extractor *const acu_extractor_table[];
const struct acu_extractor *acu_extractor_find(const char *name);

#endif
