/*
 * How many tokens a text is for a model, roughly. Each model counts in its own
 * way, and none of their tables is here: the estimate is made of what all of
 * them have in common, and is meant to be rather too high than too low.
 */
#ifndef VV_CMD_CONTEXT_TOKENS_H
#define VV_CMD_CONTEXT_TOKENS_H

#include <stddef.h>

#include "lib/base/span.h"

/* What pages and manuals say of it. */
#define TOKENS_HOW "a word is a token for each 7 letters begun, a number one " \
		   "for each 3 digits, two signs are one, of other scripts " \
		   "two letters, and each Chinese, Japanese or Korean " \
		   "character; an emoji is two"

/*
 * The estimate, by runs of characters of one sort, each of which begins a new
 * token:
 *
 *	ASCII letters	one for each 7 begun; a capital behind a small letter
 *			begins a run (readFile)
 *	digits		one for each 3 begun
 *	signs		one for each 2 begun, and for each 8 of one sign
 *	blanks		one goes with what follows; more are one, and a run of
 *			line ends and blanks is one
 *	two bytes	(Latin with accents, Greek, Cyrillic, Arabic ...) one
 *			for each 2 begun; a letter with an accent goes on in a
 *			word, as 6 letters
 *	three bytes	(Chinese, Japanese, Korean, Indic ...) one each
 *	four bytes	(emoji) two each
 *
 * The same text has the same number on every machine. Bytes that are not
 * UTF-8 are two each.
 */
size_t tokens_of(struct span text);

#endif
