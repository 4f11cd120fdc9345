/*
 * How many words a text has, as a person counts them. A name like read_file
 * or src/read.c is one, and so is "don't". Of what is written without spaces
 * (Chinese, Japanese, Thai) each character is one; Korean goes by its spaces.
 * An emoji is one. What is a letter is what recall takes for one (words.h).
 */
#ifndef VV_REFS_INDEX_WORDS_COUNT_H
#define VV_REFS_INDEX_WORDS_COUNT_H

#include <locale.h>
#include <stdint.h>

#include "lib/base/span.h"

struct word_counter {
	locale_t locale;	/* 0: all that is not ASCII is a letter */
};

void word_counter_init(struct word_counter *counter);
void word_counter_release(struct word_counter *counter);

/* Of what stands between the quotes of a canonical JSON string: whatever is
 * escaped there is no letter. */
uint64_t word_count(const struct word_counter *counter, struct span inner);

#endif
