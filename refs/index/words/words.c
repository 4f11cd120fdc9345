#include "refs/index/words/words.h"

#include <locale.h>
#include <stdlib.h>
#include <wctype.h>

#include "lib/base/array.h"
#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "refs/index/words/letter_internal.h"
#include "refs/index/words/stop_internal.h"
#include "refs/index/words/vocabulary_internal.h"

struct words {
	locale_t locale;
	struct vocabulary *vocabulary;
	struct buf form;	/* of the word that is read */
	struct {
		struct word *at;
		size_t n;
		size_t cap;
	} list;
	uint32_t position;
};

/* One character of a text. */
struct character {
	uint32_t point;
	size_t at, len;
	enum letter_class class;
};

static int out_of_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

int words_new(struct words **out, struct err *err)
{
	struct words *words = calloc(1, sizeof(*words));
	int rc;

	if (!words)
		return out_of_memory(err);
	words->form = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	words->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	rc = words->locale ? vocabulary_new(&words->vocabulary, err) :
	     err_set(err, ERR_UNSUPPORTED, "the system has no locale C.UTF-8");
	if (rc < 0) {
		words_free(words);
		return rc;
	}
	*out = words;
	return 0;
}

void words_free(struct words *words)
{
	if (!words)
		return;
	if (words->locale)
		freelocale(words->locale);
	vocabulary_free(words->vocabulary);
	buf_release(&words->form);
	free(words->list.at);
	free(words);
}

bool words_stop_holds(const char *text)
{
	unsigned i;

	for (i = 0; i < LANGUAGES; i++) {
		if (span_has(span_str(languages[i].stops), text))
			return true;
	}
	return false;
}

unsigned words_languages(void)
{
	return LANGUAGES;
}

struct span words_stem(struct words *words, unsigned language,
		       struct span form)
{
	return vocabulary_stem_of(words->vocabulary, language, form);
}

uint32_t words_generation(const struct words *words)
{
	return vocabulary_generation(words->vocabulary);
}

static bool is_apostrophe(uint32_t point)
{
	return point == '\'' || point == 0x2019;
}

static bool next_character(const struct words *words, struct span text,
			   size_t at, struct character *out)
{
	out->at = at;
	out->class = CLASS_OTHER;
	out->point = 0;
	if (at >= text.len)
		return false;
	out->point = (unsigned char)text.at[at];
	out->len = out->point < 0x80 ? 1 :
		   utf8_decode(span_of(text.at + at, text.len - at),
			       &out->point);
	if (out->len) {
		out->point = letter_plain(out->point);
		out->class = letter_class_of(words->locale, out->point);
	} else {
		out->len = 1;
	}
	return true;
}

/* How many letters from there on are in lower case, or digits, of ASCII: what
 * most words are made of, which needs no looking at each. */
static size_t plain_run(struct span text, size_t at)
{
	size_t end = at;

	while (end < text.len &&
	       ((text.at[end] >= 'a' && text.at[end] <= 'z') ||
		(text.at[end] >= '0' && text.at[end] <= '9')))
		end++;
	return end - at;
}

/* In lower case behind the form. */
static void put_point(struct words *words, uint32_t point)
{
	char bytes[UTF8_MAX];

	if (letter_is_silent(point))
		return;
	if (is_apostrophe(point))
		point = '\'';
	else if (point < 0x80)
		point |= point >= 'A' && point <= 'Z' ? 0x20 : 0;
	else
		point = (uint32_t)towlower_l((wint_t)point, words->locale);
	buf_put(&words->form, bytes, utf8_encode(point, bytes));
}

/* The form is that of a word: without an English genitive, and not longer than
 * may be. */
static int end_word(struct words *words, const struct word *word,
		    struct err *err)
{
	struct span form = buf_span(&words->form);
	struct word *made;
	int rc = buf_end(&words->form, err);

	if (rc == 0)
		rc = array_room(&words->list, err);
	if (rc < 0 || !form.len)
		return rc;
	if (form.len > 2 && span_ends(form, "'s"))
		form.len -= 2;
	while (form.len > WORD_BYTES_MAX ||
	       (form.len < words->form.len &&
		((unsigned char)form.at[form.len] & 0xc0) == 0x80))
		form.len--;
	made = &words->list.at[words->list.n];
	*made = *word;
	rc = vocabulary_add(words->vocabulary, form, &made->number, err);
	words->list.n += rc == 0;
	return rc;
}

/* Characters of a script without spaces: pairs, then the last one alone. */
static int read_run(struct words *words, struct span text, size_t *at,
		    struct err *err)
{
	struct character one;
	struct character two;
	int rc = 0;

	(void)next_character(words, text, *at, &one);
	while (rc == 0 && one.class == CLASS_RUN) {
		struct word word = { .start = one.at, .is_run = true };

		buf_reset(&words->form);
		(void)next_character(words, text, one.at + one.len, &two);
		word.position = words->position++;
		word.end = one.at + one.len;
		put_point(words, one.point);
		if (two.class == CLASS_RUN) {
			put_point(words, two.point);
			word.end = two.at + two.len;
		}
		*at = one.at + one.len;
		rc = end_word(words, &word, err);
		one = two;
	}
	return rc;
}

/* A sign that is a word; a flag is made of two letters. */
static int read_sign(struct words *words, struct span text, size_t *at,
		     struct err *err)
{
	struct word word = { .start = *at, .position = words->position++ };
	struct character one;
	struct character two;

	buf_reset(&words->form);
	(void)next_character(words, text, *at, &one);
	put_point(words, one.point);
	*at += one.len;
	if (letter_is_flag(one.point) && next_character(words, text, *at, &two) &&
	    letter_is_flag(two.point)) {
		put_point(words, two.point);
		*at += two.len;
	}
	word.end = *at;
	return end_word(words, &word, err);
}

static bool is_upper(const struct words *words, uint32_t point)
{
	return point < 0x80 ? point >= 'A' && point <= 'Z' :
	       iswupper_l((wint_t)point, words->locale) != 0;
}

static bool is_lower(const struct words *words, uint32_t point)
{
	return point < 0x80 ? point >= 'a' && point <= 'z' :
	       iswlower_l((wint_t)point, words->locale) != 0;
}

/* Does a part of a name begin between a and b (c behind them)? */
static bool is_hump(const struct words *words, const struct character *a,
		    const struct character *b, const struct character *c)
{
	return is_upper(words, b->point) &&
	       (is_lower(words, a->point) ||
		(is_upper(words, a->point) && c->class == CLASS_LETTER &&
		 is_lower(words, c->point)));
}

/* Is there a joint at b, with letters on both its sides? */
static bool joins(const struct character *b, const struct character *c)
{
	return b->class == CLASS_JOINT && c->class == CLASS_LETTER;
}

/* One part of a name, from *at on. Returns whether another follows. */
static int read_part(struct words *words, struct span text, size_t *at,
		     bool *out_more, struct err *err)
{
	struct word word = { .start = *at, .position = words->position++ };
	struct character a;
	struct character b;
	struct character c;
	size_t plain;

	*out_more = false;
	buf_reset(&words->form);
	(void)next_character(words, text, *at, &a);
	for (;;) {
		plain = plain_run(text, a.at);
		if (plain > 1) {
			buf_put(&words->form, text.at + a.at, plain - 1);
			(void)next_character(words, text, a.at + plain - 1,
					     &a);
		}
		put_point(words, a.point);
		*at = word.end = a.at + a.len;
		if (!next_character(words, text, *at, &b))
			break;
		(void)next_character(words, text, b.at + b.len, &c);
		if (b.class == CLASS_LETTER) {
			*out_more = is_hump(words, &a, &b, &c);
		} else if (!joins(&b, &c)) {
			break;
		} else if (!is_apostrophe(b.point)) {
			*out_more = true;
			*at = c.at;
		}
		if (*out_more)
			break;
		a = b;
	}
	return end_word(words, &word, err);
}

/* The whole of a name beside its parts. */
static int put_whole(struct words *words, struct span text, size_t start,
		     const struct word *first, struct err *err)
{
	struct word word = { .start = start, .position = first->position,
			     .is_whole = true };
	struct character one;
	size_t at = start;

	buf_reset(&words->form);
	word.end = words->list.at[words->list.n - 1].end;
	while (at < word.end && next_character(words, text, at, &one)) {
		put_point(words, one.point);
		at += one.len;
	}
	return end_word(words, &word, err);
}

static int read_name(struct words *words, struct span text, size_t *at,
		     struct err *err)
{
	const struct word first = { .position = words->position };
	size_t start = *at;
	size_t before = words->list.n;
	bool has_more = true;
	size_t parts = 0;
	int rc = 0;

	for (; rc == 0 && has_more; parts++)
		rc = read_part(words, text, at, &has_more, err);
	/* Nothing is left of parts that are all silent. */
	if (rc == 0 && parts > 1 && words->list.n > before)
		rc = put_whole(words, text, start, &first, err);
	return rc;
}

/* Which language has most of its stop words here? */
static unsigned find_language(const struct words *words)
{
	size_t counts[LANGUAGES] = { 0 };
	unsigned best = 0;
	unsigned language;
	unsigned stops;
	size_t i;

	for (i = 0; i < words->list.n; i++) {
		stops = vocabulary_stops(words->vocabulary,
					 words->list.at[i].number);
		for (language = 0; stops >> language; language++)
			counts[language] += stops >> language & 1;
	}
	for (language = 1; language < LANGUAGES; language++) {
		if (counts[language] > counts[best])
			best = language;
	}
	return best;
}

/* What is known of a word once its language is. */
static int finish_word(struct words *words, struct word *word,
		       unsigned language, struct err *err)
{
	unsigned stops = vocabulary_stops(words->vocabulary, word->number);
	bool has_stem = !word->is_whole && !word->is_run;
	int rc = 0;

	word->form = word->stem = vocabulary_form(words->vocabulary,
						  word->number);
	word->is_stop = stops >> language & 1;
	word->is_stop_of_some = stops != 0;
	if (has_stem)
		rc = vocabulary_stem(words->vocabulary, word->number,
				     language, &word->stem, err);
	/* By its form, its stem, and whether it is a stop word. */
	word->number = word->number * (LANGUAGES + 2) +
		       (has_stem ? language : LANGUAGES + word->is_stop);
	return rc;
}

static int finish(struct words *words, struct err *err)
{
	unsigned language = find_language(words);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < words->list.n; i++)
		rc = finish_word(words, &words->list.at[i], language, err);
	return rc;
}

int words_read(struct words *words, struct span text,
	       const struct word **out, size_t *out_n, struct err *err)
{
	struct character one;
	size_t at = 0;
	int rc = 0;

	vocabulary_rest(words->vocabulary);
	words->list.n = 0;
	words->position = 0;
	while (rc == 0 && next_character(words, text, at, &one)) {
		if (one.class == CLASS_LETTER)
			rc = read_name(words, text, &at, err);
		else if (one.class == CLASS_RUN)
			rc = read_run(words, text, &at, err);
		else if (one.class == CLASS_SIGN)
			rc = read_sign(words, text, &at, err);
		else
			at += one.len;
	}
	if (rc == 0)
		rc = finish(words, err);
	*out = words->list.at;
	*out_n = words->list.n;
	return rc;
}
