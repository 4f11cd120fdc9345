/*
 * What characters are to a word.
 */
#ifndef VV_REFS_INDEX_WORDS_LETTER_INTERNAL_H
#define VV_REFS_INDEX_WORDS_LETTER_INTERNAL_H

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>

enum letter_class {
	CLASS_OTHER,
	CLASS_LETTER,
	CLASS_RUN,	/* of a script without spaces */
	CLASS_JOINT,	/* between parts of a name */
	CLASS_SIGN	/* a word by itself */
};

/* One of the ways that a character is written in: of wide Latin the narrow one,
 * of digits the European ones, of Arabic letters the plain ones. */
uint32_t letter_plain(uint32_t point);

/* Of a plain one. */
enum letter_class letter_class_of(locale_t locale, uint32_t point);

/* A letter that a word is the same without. */
bool letter_is_silent(uint32_t point);

/* Half a flag. */
bool letter_is_flag(uint32_t point);

#endif
