#include "refs/index/words/words.h"

#include <libstemmer.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "lib/base/array.h"
#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "lib/base/utf8.h"
#include "refs/index/words/letter_internal.h"
#include "refs/index/words/stop_internal.h"

#define STOP_BYTES 16		/* of the longest stop word, and more */

/* A word while its text may still move. */
struct made {
	size_t form, form_len;	/* in `forms` */
	size_t stem, stem_len;	/* in `stems` */
	uint64_t stops;		/* a bit for each language */
	struct word word;
};

struct words {
	locale_t locale;
	struct sb_stemmer *stemmers[LANGUAGES];
	struct table stops;
	struct buf forms;
	struct buf stems;
	struct {
		struct made *at;
		size_t n;
		size_t cap;
	} made;
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

static void stop_key(struct span form, unsigned char out[STOP_BYTES])
{
	memset(out, 0, STOP_BYTES);
	memcpy(out, form.at, form.len);
}

static int add_stops(struct words *words, unsigned language, struct err *err)
{
	const char *at = languages[language].stops;
	unsigned char key[STOP_BYTES];
	uint64_t mask;
	int rc = 0;

	while (rc == 0 && *at) {
		size_t len = strcspn(at, " ");

		mask = 0;
		stop_key(span_of(at, len), key);
		(void)table_get(&words->stops, key, &mask);
		rc = table_put(&words->stops, key,
			       mask | (uint64_t)1 << language, err);
		at += len + (at[len] == ' ');
	}
	return rc;
}

int words_new(struct words **out, struct err *err)
{
	struct words *words = calloc(1, sizeof(*words));
	unsigned i;
	int rc = 0;

	if (!words)
		return out_of_memory(err);
	words->stops = (struct table)TABLE_INIT(STOP_BYTES, TABLE_NO_LIMIT);
	words->forms = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	words->stems = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	words->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!words->locale)
		rc = err_set(err, ERR_UNSUPPORTED,
			     "the system has no locale C.UTF-8");
	for (i = 0; rc == 0 && i < LANGUAGES; i++) {
		words->stemmers[i] = sb_stemmer_new(languages[i].name, NULL);
		rc = words->stemmers[i] ? add_stops(words, i, err) :
		     err_set(err, ERR_UNSUPPORTED, "no stems of %s: is "
			     "libstemmer there?", languages[i].name);
	}
	if (rc < 0) {
		words_free(words);
		return rc;
	}
	*out = words;
	return 0;
}

void words_free(struct words *words)
{
	unsigned i;

	if (!words)
		return;
	for (i = 0; i < LANGUAGES; i++)
		sb_stemmer_delete(words->stemmers[i]);
	if (words->locale)
		freelocale(words->locale);
	table_release(&words->stops);
	buf_release(&words->forms);
	buf_release(&words->stems);
	free(words->made.at);
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
	struct sb_stemmer *stemmer = words->stemmers[language];
	const sb_symbol *stem = sb_stemmer_stem(stemmer,
		(const sb_symbol *)form.at, (int)form.len);

	/* Without memory for it a word is its own stem. */
	return stem ? span_of(stem, (size_t)sb_stemmer_length(stemmer)) :
	       form;
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
	out->len = utf8_decode(span_of(text.at + at, text.len - at),
			       &out->point);
	if (out->len) {
		out->point = letter_plain(out->point);
		out->class = letter_class_of(words->locale, out->point);
	} else {
		out->len = 1;
	}
	return true;
}

/* In lower case behind the forms. */
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
	buf_put(&words->forms, bytes, utf8_encode(point, bytes));
}

/* What was put behind `form` is a word: without an English genitive, and not
 * longer than may be. */
static int end_word(struct words *words, const struct word *word, size_t form,
		    struct err *err)
{
	struct span text = span_of(words->forms.data + form,
				   words->forms.len - form);
	struct made *made;
	int rc = buf_end(&words->forms, err);

	if (rc == 0)
		rc = array_room(&words->made, err);
	if (rc < 0 || !text.len)
		return rc;
	if (text.len > 2 && span_ends(text, "'s"))
		text.len -= 2;
	while (text.len > WORD_BYTES_MAX ||
	       (text.len < words->forms.len - form &&
		((unsigned char)text.at[text.len] & 0xc0) == 0x80))
		text.len--;
	made = &words->made.at[words->made.n++];
	memset(made, 0, sizeof(*made));
	made->form = form;
	made->form_len = text.len;
	made->word = *word;
	return 0;
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
		size_t form = words->forms.len;

		(void)next_character(words, text, one.at + one.len, &two);
		word.position = words->position++;
		word.end = one.at + one.len;
		put_point(words, one.point);
		if (two.class == CLASS_RUN) {
			put_point(words, two.point);
			word.end = two.at + two.len;
		}
		*at = one.at + one.len;
		rc = end_word(words, &word, form, err);
		one = two;
	}
	return rc;
}

/* A sign that is a word; a flag is made of two letters. */
static int read_sign(struct words *words, struct span text, size_t *at,
		     struct err *err)
{
	struct word word = { .start = *at, .position = words->position++ };
	size_t form = words->forms.len;
	struct character one;
	struct character two;

	(void)next_character(words, text, *at, &one);
	put_point(words, one.point);
	*at += one.len;
	if (letter_is_flag(one.point) && next_character(words, text, *at, &two) &&
	    letter_is_flag(two.point)) {
		put_point(words, two.point);
		*at += two.len;
	}
	word.end = *at;
	return end_word(words, &word, form, err);
}

/* Does a part of a name begin between a and b (c behind them)? */
static bool is_hump(const struct words *words, const struct character *a,
		    const struct character *b, const struct character *c)
{
	locale_t locale = words->locale;

	if (!iswupper_l((wint_t)b->point, locale))
		return false;
	return iswlower_l((wint_t)a->point, locale) ||
	       (iswupper_l((wint_t)a->point, locale) &&
		c->class == CLASS_LETTER &&
		iswlower_l((wint_t)c->point, locale));
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
	size_t form = words->forms.len;
	struct character a;
	struct character b;
	struct character c;

	*out_more = false;
	(void)next_character(words, text, *at, &a);
	for (;;) {
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
	return end_word(words, &word, form, err);
}

/* The whole of a name beside its parts. */
static int put_whole(struct words *words, struct span text, size_t start,
		     const struct word *first, struct err *err)
{
	struct word word = { .start = start, .position = first->position,
			     .is_whole = true };
	size_t form = words->forms.len;
	struct character one;
	size_t at = start;

	word.end = words->made.at[words->made.n - 1].word.end;
	while (at < word.end && next_character(words, text, at, &one)) {
		put_point(words, one.point);
		at += one.len;
	}
	return end_word(words, &word, form, err);
}

static int read_name(struct words *words, struct span text, size_t *at,
		     struct err *err)
{
	const struct word first = { .position = words->position };
	size_t start = *at;
	bool has_more = true;
	size_t parts = 0;
	int rc = 0;

	for (; rc == 0 && has_more; parts++)
		rc = read_part(words, text, at, &has_more, err);
	if (rc == 0 && parts > 1)
		rc = put_whole(words, text, start, &first, err);
	return rc;
}

/* Which language has most of its stop words here? */
static unsigned find_language(struct words *words)
{
	size_t counts[LANGUAGES] = { 0 };
	unsigned char key[STOP_BYTES];
	unsigned best = 0;
	unsigned language;
	size_t i;

	for (i = 0; i < words->made.n; i++) {
		struct made *made = &words->made.at[i];

		if (made->form_len > STOP_BYTES)
			continue;
		stop_key(span_of(words->forms.data + made->form,
				 made->form_len), key);
		if (!table_get(&words->stops, key, &made->stops))
			continue;
		for (language = 0; language < LANGUAGES; language++)
			counts[language] += made->stops >> language & 1;
	}
	for (language = 1; language < LANGUAGES; language++) {
		if (counts[language] > counts[best])
			best = language;
	}
	return best;
}

static void put_stem(struct words *words, struct made *made, unsigned language)
{
	struct span form = span_of(words->forms.data + made->form,
				   made->form_len);
	struct span stem = made->word.is_whole || made->word.is_run ? form :
			   words_stem(words, language, form);

	made->word.is_stop = made->stops >> language & 1;
	made->word.is_stop_of_some = made->stops != 0;
	made->stem = words->stems.len;
	made->stem_len = stem.len;
	buf_put_span(&words->stems, stem);
}

static int finish(struct words *words, struct err *err)
{
	unsigned language = find_language(words);
	size_t i;
	int rc;

	for (i = 0; i < words->made.n; i++)
		put_stem(words, &words->made.at[i], language);
	rc = buf_end(&words->stems, err);
	for (i = 0; rc == 0 && i < words->made.n; i++) {
		const struct made *made = &words->made.at[i];
		struct word word = made->word;

		rc = array_room(&words->list, err);
		word.form = span_of(words->forms.data + made->form,
				    made->form_len);
		word.stem = span_of(words->stems.data + made->stem,
				    made->stem_len);
		if (rc == 0)
			words->list.at[words->list.n++] = word;
	}
	return rc;
}

int words_read(struct words *words, struct span text,
	       const struct word **out, size_t *out_n, struct err *err)
{
	struct character one;
	size_t at = 0;
	int rc = 0;

	buf_reset(&words->forms);
	buf_reset(&words->stems);
	words->made.n = words->list.n = 0;
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
