/*
 * The forms of words that texts say, each kept once with what is asked of it
 * again and again: in which languages it is a stop word, and its stem in each,
 * which libstemmer takes longer for than all else that is done with a word.
 */
#ifndef VV_REFS_INDEX_WORDS_VOCABULARY_INTERNAL_H
#define VV_REFS_INDEX_WORDS_VOCABULARY_INTERNAL_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

struct vocabulary;

/* ERR_NOMEM; ERR_UNSUPPORTED: libstemmer lacks a language. */
MUST_USE int vocabulary_new(struct vocabulary **out, struct err *err);
void vocabulary_free(struct vocabulary *vocabulary);

/* Forget all forms where they have become many. */
void vocabulary_rest(struct vocabulary *vocabulary);
/* How often it has: numbers and texts are good for as long. */
uint32_t vocabulary_generation(const struct vocabulary *vocabulary);

/* The number of a form of WORD_BYTES_MAX bytes at most, counted from 0. */
MUST_USE int vocabulary_add(struct vocabulary *vocabulary, struct span form,
			    uint32_t *out, struct err *err);
struct span vocabulary_form(const struct vocabulary *vocabulary,
			    uint32_t number);
/* A bit for each language that has it as a stop word. */
unsigned vocabulary_stops(const struct vocabulary *vocabulary,
			  uint32_t number);
MUST_USE int vocabulary_stem(struct vocabulary *vocabulary, uint32_t number,
			     unsigned language, struct span *out,
			     struct err *err);

/* The stem of any form, which is not kept: borrowed until the next one. */
struct span vocabulary_stem_of(struct vocabulary *vocabulary,
			       unsigned language, struct span form);

#endif
