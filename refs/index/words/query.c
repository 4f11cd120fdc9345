#include "refs/index/words/query.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/base/xxh.h"

#define QUERY_BYTES_MAX 4096
#define TITLE_MARK "title:"
#define RUN_BYTES_MIN 3

/* A piece of the question as it is written. */
struct piece {
	struct span text;
	bool is_phrase;
	bool is_unwanted;
	bool is_prefix;
	bool is_title;
	bool is_range;
	struct period range;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What stands before the words of a piece: "-" or "title:". */
static size_t read_mark(struct span text, size_t at, struct piece *out)
{
	struct span rest = span_of(text.at + at, text.len - at);

	if (rest.len > 1 && rest.at[0] == '-' && !is_blank(rest.at[1])) {
		out->is_unwanted = true;
		return 1;
	}
	out->is_title = span_begins(rest, TITLE_MARK) &&
			rest.len > strlen(TITLE_MARK) &&
			!is_blank(rest.at[strlen(TITLE_MARK)]);
	return out->is_title ? strlen(TITLE_MARK) : 0;
}

/* The next piece from *at on; *out_is_end where there is none. */
static int next_piece(const struct query *query, struct span text, size_t *at,
		      struct piece *out, bool *out_is_end, struct err *err)
{
	size_t i = *at;
	size_t start;

	memset(out, 0, sizeof(*out));
	while (i < text.len && is_blank(text.at[i]))
		i++;
	*out_is_end = i == text.len;
	i += read_mark(text, i, out);
	out->is_phrase = i < text.len && text.at[i] == '"';
	start = i += out->is_phrase;
	while (i < text.len && (out->is_phrase ? text.at[i] != '"' :
				!is_blank(text.at[i]) && text.at[i] != '"'))
		i++;
	if (out->is_phrase && i == text.len)
		return err_set(err, ERR_INVALID,
			       "a phrase does not end: a '\"' is missing");
	out->text = span_of(text.at + start, i - start);
	*at = i + out->is_phrase;
	out->is_prefix = !out->is_phrase && span_ends(out->text, "*");
	return out->is_phrase || out->is_unwanted || out->is_title ? 0 :
	       days_range(out->text, &query->wall, &out->range,
			  &out->is_range, err);
}

/* A copy that stays; its room was made in query_new(). */
static struct span keep(struct query *query, struct span text)
{
	size_t start = query->text.len;

	buf_put_span(&query->text, text);
	return span_of(query->text.data + start, text.len);
}

static bool has_stem(const struct query_slot *slot, struct span stem)
{
	size_t i;

	for (i = 0; i < slot->stems_n; i++) {
		if (span_equals(slot->stems[i], stem))
			return true;
	}
	return false;
}

static bool has_slot(const struct query *query, const struct query_slot *slot)
{
	size_t i;

	for (i = 0; i < query->slots_n; i++) {
		if (query->slots[i].is_prefix == slot->is_prefix &&
		    query->slots[i].is_title == slot->is_title &&
		    span_equals(query->slots[i].form, slot->form))
			return true;
	}
	return false;
}

/* The slot has that number, or will have it. */
static int put_stem(struct query *query, struct query_slot *slot,
		    size_t number, struct span stem, struct err *err)
{
	uint64_t hash = xxh64_of(stem.at, stem.len);
	uint64_t slots = 0;

	if (has_stem(slot, stem) || slot->stems_n == QUERY_STEMS_MAX)
		return 0;
	slot->stems[slot->stems_n++] = keep(query, stem);
	(void)table_get(&query->by_stem, &hash, &slots);
	return table_put(&query->by_stem, &hash,
			 slots | (uint64_t)1 << number, err);
}

/* One character of a run begins pairs. */
static bool is_begin(const struct word *word)
{
	uint32_t point;

	return word->is_run &&
	       utf8_decode(word->form, &point) == word->form.len;
}

/* snake_case, CamelCase, a path: not what has but hyphens, as words have. */
static bool is_name(const struct query_slot *slot)
{
	return slot->is_whole && !slot->is_title &&
	       (memchr(slot->form.at, '_', slot->form.len) ||
		memchr(slot->form.at, '/', slot->form.len) ||
		!memchr(slot->form.at, '-', slot->form.len));
}

static int put_stems(struct query *query, struct words *words,
		     struct query_slot *slot, struct span form,
		     struct err *err)
{
	unsigned i;
	int rc = put_stem(query, slot, query->slots_n, form, err);

	for (i = 0; rc == 0 && i < words_languages(); i++)
		rc = put_stem(query, slot, query->slots_n,
			      words_stem(words, i, form), err);
	return rc;
}

/* What a keyboard without umlauts writes in place of them; in UTF-8 each is as
 * long. */
static int put_umlauts(struct query *query, struct words *words,
		       struct query_slot *slot, struct err *err)
{
	static const char *const letters[][2] = {
		{ "ae", "\xc3\xa4" }, { "oe", "\xc3\xb6" },
		{ "ue", "\xc3\xbc" }, { "ss", "\xc3\x9f" }
	};
	char form[64];
	size_t len = slot->form.len;
	size_t at;
	size_t i;

	if (len > sizeof(form))
		return 0;
	memcpy(form, slot->form.at, len);
	for (at = 0; at + 1 < len; at++) {
		for (i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
			if (!memcmp(form + at, letters[i][0], 2))
				memcpy(form + at, letters[i][1], 2);
		}
	}
	return memcmp(form, slot->form.at, len) ?
	       put_stems(query, words, slot, span_of(form, len), err) : 0;
}

static int add_slot(struct query *query, struct words *words,
		    const struct word *word, const struct piece *piece,
		    struct err *err)
{
	struct query_slot slot = { .form = word->form,
				   .is_title = piece->is_title,
				   .is_whole = word->is_whole };
	int rc;

	slot.is_prefix = piece->is_prefix || is_begin(word);
	if (has_slot(query, &slot))
		return 0;
	if (query->slots_n == QUERY_SLOTS_MAX)
		return err_set(err, ERR_LIMIT, "more than %d words",
			       QUERY_SLOTS_MAX);
	slot.form = keep(query, word->form);
	if (is_name(&slot))
		query->names |= (uint32_t)1 << query->slots_n;
	if (word->is_whole || word->is_run)
		rc = put_stem(query, &slot, query->slots_n, slot.form, err);
	else
		rc = put_stems(query, words, &slot, slot.form, err);
	if (rc == 0 && !word->is_whole && !word->is_run)
		rc = put_umlauts(query, words, &slot, err);
	if (rc == 0)
		query->slots[query->slots_n++] = slot;
	return rc;
}

/* The slot that finds each word of that form; 0: there is none. */
static uint32_t slot_of(const struct query *query, struct span form)
{
	size_t i;

	for (i = 0; i < query->slots_n; i++) {
		const struct query_slot *slot = &query->slots[i];

		if (!slot->is_title && !slot->is_whole &&
		    span_equals(slot->form, form))
			return (uint32_t)1 << i;
	}
	return 0;
}

/* What every text with the phrase counts: stop words of its language, which
 * may be any, are not counted. */
static void need_words(struct query *query, const struct word *words, size_t n)
{
	uint32_t before = 0;
	uint32_t slot;
	size_t i;

	for (i = 0; i < n; i++) {
		if (words[i].is_whole)
			continue;
		slot = words[i].is_stop_of_some ? 0 :
		       slot_of(query, words[i].form);
		query->needed |= slot;
		if (before << 1 & slot)
			query->needed_pairs |= before;
		before = slot;
	}
}

static int add_phrase(struct query *query, const struct word *words, size_t n,
		      bool is_unwanted, struct err *err)
{
	struct query_phrase phrase = { query->words_n, 0, is_unwanted };
	size_t i;
	int rc = 0;

	if (query->phrases_n == QUERY_PHRASES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d phrases",
			       QUERY_PHRASES_MAX);
	for (i = 0; rc == 0 && i < n; i++) {
		if (words[i].is_whole)
			continue;
		rc = array_room_in(query->words, query->words_n,
				   query->words_cap, err);
		if (rc == 0)
			query->words[query->words_n++] = (struct query_word){
				keep(query, words[i].form),
				is_begin(&words[i])
			};
	}
	phrase.n = query->words_n - phrase.first;
	if (rc == 0 && phrase.n)
		query->phrases[query->phrases_n++] = phrase;
	return rc;
}

/* Stop words are looked for only where nothing else is. */
static int add_slots(struct query *query, struct words *words,
		     const struct piece *piece, bool with_stops,
		     struct err *err)
{
	struct piece one = *piece;
	const struct word *list;
	size_t n;
	size_t i;
	int rc = words_read(words, piece->text, &list, &n, err);

	for (i = 0; rc == 0 && i < n; i++) {
		one.is_prefix = piece->is_prefix && i + 1 == n;
		/* The last of a run is in the pair before it. */
		if (i && list[i].is_run && list[i - 1].is_run &&
		    list[i - 1].end == list[i].end)
			continue;
		if (with_stops || one.is_prefix || !list[i].is_stop)
			rc = add_slot(query, words, &list[i], &one, err);
	}
	return rc;
}

static int add_piece(struct query *query, struct words *words,
		     const struct piece *piece, struct err *err)
{
	const struct word *list;
	size_t n;
	int rc = 0;

	if (piece->is_range) {
		query->since = piece->range.start;
		query->until = piece->range.end;
	} else if (!piece->is_title &&
		   (piece->is_phrase || piece->is_unwanted)) {
		rc = words_read(words, piece->text, &list, &n, err);
		if (rc == 0)
			rc = add_phrase(query, list, n, piece->is_unwanted,
					err);
		if (rc == 0 && !piece->is_unwanted)
			need_words(query, list, n);
	}
	return rc;
}

static int add_pieces(struct query *query, struct words *words,
		      struct span text, bool with_stops, struct err *err)
{
	struct piece piece;
	bool is_end = false;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && !is_end) {
		rc = next_piece(query, text, &at, &piece, &is_end, err);
		if (rc == 0 && !piece.is_unwanted && !piece.is_range)
			rc = add_slots(query, words, &piece, with_stops, err);
	}
	return rc;
}

static int add_phrases(struct query *query, struct words *words,
		       struct span text, struct err *err)
{
	struct piece piece;
	bool is_end = false;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && !is_end) {
		rc = next_piece(query, text, &at, &piece, &is_end, err);
		if (rc == 0)
			rc = add_piece(query, words, &piece, err);
	}
	return rc;
}

/* What kind of an answer does it ask for? */
static int read_question(struct query *query, struct words *words,
			 struct span text, struct err *err)
{
	static const char *const mine[] = { "i", "me", "mine", "my", "our",
					    "us", "we" };
	const struct word *list;
	size_t n;
	size_t i;
	size_t j;
	int rc = words_read(words, text, &list, &n, err);

	for (i = 0; rc == 0 && i < n; i++) {
		struct span form = list[i].form;

		if (span_equals(form, span_str("when")))
			query->asks_when = true;
		if (span_equals(form, span_str("how")) && i + 1 < n &&
		    (span_equals(list[i + 1].form, span_str("many")) ||
		     span_equals(list[i + 1].form, span_str("much"))))
			query->asks_how_many = true;
		for (j = 0; j < sizeof(mine) / sizeof(*mine); j++)
			query->asks_of_me |= span_equals(form,
							 span_str(mine[j]));
	}
	if (rc == 0)
		query->days = days_read(list, n);
	return rc;
}

static int read_all(struct query *query, struct words *words,
		    struct span text, struct err *err)
{
	int rc;

	if (text.len > QUERY_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d bytes of words",
			       QUERY_BYTES_MAX);
	if (!utf8_is_valid(text))
		return err_set(err, ERR_INVALID, "the words are not UTF-8");
	/* Kept texts never move: a form and its stems for each slot. */
	rc = buf_reserve(&query->text, 4 * QUERY_BYTES_MAX + QUERY_SLOTS_MAX *
			 (QUERY_STEMS_MAX + 1) * 2 * WORD_BYTES_MAX, err);
	if (rc == 0)
		rc = add_pieces(query, words, text, false, err);
	query->has_stops = rc == 0 && !query->slots_n;
	if (query->has_stops)
		rc = add_pieces(query, words, text, true, err);
	if (rc == 0)
		rc = add_phrases(query, words, text, err);
	if (rc == 0)
		rc = read_question(query, words, text, err);
	if (rc == 0 && !query->slots_n)
		rc = err_set(err, ERR_INVALID, "there is no word to look for");
	return rc;
}

static struct query *query_make(const struct wall *wall)
{
	struct query *query = calloc(1, sizeof(*query));

	if (!query)
		return NULL;
	if (wall)
		query->wall = *wall;
	query->since = INT64_MIN;
	query->until = INT64_MAX;
	query->text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	query->by_stem = (struct table)TABLE_INIT(sizeof(uint64_t),
						  TABLE_NO_LIMIT);
	return query;
}

int query_new(struct words *words, struct span text, const struct wall *wall,
	      struct query **out, struct err *err)
{
	struct query *query = query_make(wall);
	int rc;

	if (!query)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = read_all(query, words, text, err);
	if (rc < 0) {
		query_free(query);
		return rc;
	}
	*out = query;
	return 0;
}

bool query_takes_run(const char *run)
{
	return strlen(run) >= RUN_BYTES_MIN && strlen(run) < WORD_BYTES_CUT &&
	       !words_stop_holds(run);
}

int query_new_run(const char *run, struct query **out, struct err *err)
{
	struct query *query = query_make(NULL);

	if (!query || buf_add_str(&query->text, run, err) < 0) {
		query_free(query);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	query->slots[0].form = buf_span(&query->text);
	query->slots[0].is_part = true;
	query->slots_n = 1;
	*out = query;
	return 0;
}

void query_free(struct query *query)
{
	if (!query)
		return;
	table_release(&query->by_stem);
	buf_release(&query->text);
	free(query->words);
	free(query);
}

int query_widen(struct query *query, size_t slot, struct span stem,
		struct err *err)
{
	return put_stem(query, &query->slots[slot], slot, stem, err);
}

uint32_t query_slots(const struct query *query, bool is_title)
{
	uint32_t all = (uint32_t)(((uint64_t)1 << query->slots_n) - 1);

	return is_title ? all : all & ~query_title_slots(query);
}

uint32_t query_title_slots(const struct query *query)
{
	uint32_t slots = 0;
	size_t i;

	for (i = 0; i < query->slots_n; i++)
		slots |= (uint32_t)query->slots[i].is_title << i;
	return slots;
}

static bool begins(struct span text, struct span prefix)
{
	return text.len >= prefix.len &&
	       !memcmp(text.at, prefix.at, prefix.len);
}

/* A long s is an "s" to whoever ignores case, and stands in lower case. */
static bool may_hold(struct span form, const char *run)
{
	return form.len >= WORD_BYTES_CUT || span_has(form, run) ||
	       span_has(form, "\u017f");
}

uint32_t query_match(const struct query *query, const struct word *word,
		     uint32_t *out_exact)
{
	uint64_t hash = xxh64_of(word->stem.at, word->stem.len);
	uint64_t slots = 0;
	uint32_t exact = 0;
	size_t i;

	(void)table_get(&query->by_stem, &hash, &slots);
	for (i = 0; i < query->slots_n; i++) {
		const struct query_slot *slot = &query->slots[i];

		if (slot->is_prefix && begins(word->form, slot->form))
			slots |= (uint64_t)1 << i;
		if (slot->is_part && may_hold(word->form, slot->form.at))
			slots |= (uint64_t)1 << i;
		if (slots >> i & 1 && span_equals(word->form, slot->form))
			exact |= (uint32_t)1 << i;
	}
	*out_exact = exact;
	return (uint32_t)slots;
}

static bool is_word(const struct query_word *wanted, const struct word *word)
{
	return span_equals(word->form, wanted->form) ||
	       (wanted->is_begin && word->is_run &&
		begins(word->form, wanted->form));
}

/* Does the phrase begin with words[at]? Wholes are stepped over. */
static bool stands_at(const struct query *query,
		      const struct query_phrase *phrase,
		      const struct word *words, size_t n, size_t at)
{
	size_t found = 0;

	for (; at < n && found < phrase->n; at++) {
		if (words[at].is_whole)
			continue;
		if (!is_word(&query->words[phrase->first + found], &words[at]))
			return false;
		found++;
	}
	return found == phrase->n;
}

bool query_may_hold(const struct query *query, uint32_t slots, uint32_t pairs)
{
	return !(query->needed & ~slots) && !(query->needed_pairs & ~pairs);
}

bool query_holds_phrases(const struct query *query, const struct word *words,
			 size_t n)
{
	size_t i;
	size_t at;

	for (i = 0; i < query->phrases_n; i++) {
		const struct query_phrase *phrase = &query->phrases[i];
		bool is_found = false;

		for (at = 0; at < n && !is_found; at++)
			is_found = !words[at].is_whole &&
				   stands_at(query, phrase, words, n, at);
		if (is_found == phrase->is_unwanted)
			return false;
	}
	return true;
}
