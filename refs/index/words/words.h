/*
 * The words of a text, as they are looked for: in lower case, with the stem
 * that Snowball finds for each (libstemmer), and whether it is a stop word.
 *
 * A name like read_file, readFile or src/read.c is found whole and in its
 * parts. What is written without spaces (Chinese, Japanese, Korean, Thai) is
 * cut in overlapping pairs of characters, so that a word inside a run is found;
 * the last character stands alone as well, so that each begins some word. An
 * emoji is a word, in whatever color of skin. Vowel signs of Arabic and Hebrew
 * are left out, and letters that are written in several ways are one.
 */
#ifndef VV_REFS_INDEX_WORDS_WORDS_H
#define VV_REFS_INDEX_WORDS_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define WORD_BYTES_MAX 64	/* of a form; what is longer is cut */

struct word {
	struct span form;
	struct span stem;
	uint32_t position;	/* counts parts; a whole has its first one's */
	uint32_t number;	/* see words_generation() */
	size_t start, end;	/* bytes of the text */
	bool is_stop;		/* in the language of the text ... */
	bool is_stop_of_some;	/* ... or in another */
	bool is_whole;		/* of several parts, which stand beside it */
	bool is_run;		/* of a script without spaces */
};

struct words;

/* ERR_NOMEM; ERR_UNSUPPORTED where the system has no locale C.UTF-8. */
MUST_USE int words_new(struct words **out, struct err *err);
void words_free(struct words *words);

/*
 * The words of a text in UTF-8, borrowed until the next call. Its language
 * (English, German, French, Spanish, Italian, Portuguese, Dutch, Russian) is
 * the one most of whose stop words stand in it, else English.
 */
MUST_USE int words_read(struct words *words, struct span text,
			const struct word **out, size_t *out_n,
			struct err *err);

/*
 * Words of one number have the same form and stem, and are or are not stop
 * words, as long as the generation is the same: another one begins with some
 * call of words_read(), after many words. Numbers are small.
 */
uint32_t words_generation(const struct words *words);

/* A word that may have been cut has at least so many bytes. */
#define WORD_BYTES_CUT (WORD_BYTES_MAX - 3)

/* Does some stop word, of any language, hold these bytes? */
bool words_stop_holds(const char *text);

/* The stem of a form in each of the languages; 0 <= language <
 * words_languages(). Borrowed until the next call. */
unsigned words_languages(void);
struct span words_stem(struct words *words, unsigned language,
		       struct span form);

#endif
