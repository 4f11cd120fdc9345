/*
 * The languages that texts are read in, with their stop words.
 */
#ifndef VV_REFS_INDEX_WORDS_STOP_INTERNAL_H
#define VV_REFS_INDEX_WORDS_STOP_INTERNAL_H

#define LANGUAGES 8u

struct language {
	const char *name;	/* as libstemmer has it */
	const char *stops;	/* divided by single spaces */
};

extern const struct language languages[LANGUAGES];

#endif
