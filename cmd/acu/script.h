/*
 * What characters of the world's scripts are to sentences and words. Rough on
 * purpose: ranges of blocks, not tables of each character.
 */
#ifndef VV_CMD_ACU_SCRIPT_H
#define VV_CMD_ACU_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

enum script_class {
	SCRIPT_SPACE,
	SCRIPT_MARK,		/* punctuation */
	SCRIPT_SYMBOL,		/* arrows, pictures, controls, what is no text */
	SCRIPT_LETTER,		/* letters and digits of words with spaces */
	SCRIPT_DENSE,		/* Han and kana: no spaces, two to a word */
	SCRIPT_RUNNING		/* Thai and its like: no spaces, four to a word */
};

enum script_class script_class_of(uint32_t point);

/* A question mark, of any script. */
bool script_is_question(uint32_t point);

/* Ends a sentence when white space or the end follows: . ! ? and "...". */
static inline bool script_is_soft_end(uint32_t point)
{
	return point == '.' || point == '!' || point == '?' || point == 0x2026;
}

/* Ends a sentence wherever it stands: U+3002, U+FF1F, the danda ... Question
 * marks of other scripts than Latin are among them. */
bool script_is_hard_end(uint32_t point);

/* Closes a quotation or a bracket, or is markdown's emphasis. */
bool script_is_closer(uint32_t point);

#endif
