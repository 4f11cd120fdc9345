/*
 * What is looked for: words, "exact phrases", -not, beginnings*, title:words,
 * 2024-01..2024-03, and what the question tells of the answer (a time, a
 * number, whose words, a date).
 */
#ifndef VV_REFS_INDEX_WORDS_QUERY_H
#define VV_REFS_INDEX_WORDS_QUERY_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "refs/index/words/days.h"
#include "refs/index/words/words.h"

#define QUERY_SLOTS_MAX 32	/* words looked for; a bit of 32 for each */
#define QUERY_STEMS_MAX 20	/* of one: those of all languages, and more */
#define QUERY_PHRASES_MAX 16

/* One word that is looked for. */
struct query_slot {
	struct span form;
	bool is_prefix;
	bool is_title;		/* of the session; every hit's has it */
	bool is_part;		/* of any word; what was cut may have it */
	bool is_whole;		/* of a name, found in that form alone */
	struct span stems[QUERY_STEMS_MAX];
	size_t stems_n;
};

struct query_word {
	struct span form;
	bool is_begin;		/* one character of a run: of any pair that it
				   begins */
};

/* Those that stand behind one another, in words[first .. first + n): inside a
 * run, its pairs in a row. */
struct query_phrase {
	size_t first, n;
	bool is_unwanted;
};

struct query {
	struct query_slot slots[QUERY_SLOTS_MAX];
	size_t slots_n;
	struct query_phrase phrases[QUERY_PHRASES_MAX];
	size_t phrases_n;
	struct query_word *words;	/* of the phrases */
	size_t words_n;
	size_t words_cap;
	uint32_t needed;	/* slots that stand in each text with the
				   wanted phrases ... */
	uint32_t needed_pairs;	/* ... the next one at once behind them */
	uint32_t names;		/* slots of names of programs, each whole */
	bool has_stops;		/* nothing but stop words: they count */
	bool asks_when;
	bool asks_how_many;
	bool asks_of_me;
	struct days days;
	struct wall wall;		/* which dates are by; all zero: UTC */
	int64_t since, until;		/* said then; INT64_MIN, INT64_MAX */
	struct buf text;		/* what the spans borrow from */
	struct table by_stem;		/* hash of a stem: slots, as bits */
};

/*
 * Read it. ERR_INVALID: not UTF-8, nothing to look for, a quote that does not
 * end; ERR_LIMIT: too much of it.
 */
MUST_USE int query_new(struct words *words, struct span text,
		       const struct wall *wall, struct query **out,
		       struct err *err);
/*
 * A query for the texts that may hold a run of ASCII letters and digits, in
 * lower case, whatever stands around it. query_takes_run(): all that do are
 * found, which short runs, and those in stop words, cannot promise.
 */
MUST_USE int query_new_run(const char *run, struct query **out,
			   struct err *err);
bool query_takes_run(const char *run);
void query_free(struct query *query);

/* Let a slot find words of another stem as well, as many as there is room. */
MUST_USE int query_widen(struct query *query, size_t slot, struct span stem,
			 struct err *err);

/* The slots that words of titles, or of what was said, are looked for in. */
uint32_t query_slots(const struct query *query, bool is_title);
/* Those that the title of a hit's session has to have. */
uint32_t query_title_slots(const struct query *query);

/* The slots that a word of a text is found by, as bits; and those whose very
 * form it is. */
uint32_t query_match(const struct query *query, const struct word *word,
		     uint32_t *out_exact);

/* May a text hold the wanted phrases, in which those slots stand, and those of
 * pairs have the next one at once behind them? */
bool query_may_hold(const struct query *query, uint32_t slots, uint32_t pairs);

/* Do the words hold every phrase that is wanted, and none that is not? */
bool query_holds_phrases(const struct query *query, const struct word *words,
			 size_t n);

#endif
