/*
 * The words by which VIVIM's generator tells types and categories.
 */
#ifndef VV_CMD_ACU_GENERATOR_WORDS_H
#define VV_CMD_ACU_GENERATOR_WORDS_H

#include "lib/base/span.h"

enum generator_sense {
	SENSE_ASKS = 1,		/* what, how, could */
	SENSE_ANSWERS = 2,	/* therefore, in summary */
	SENSE_IMAGE = 4,
	SENSE_TOOL = 8,
	SENSE_TECHNICAL = 16,
	SENSE_PROCEDURAL = 32,
	SENSE_PERSONAL = 64,
	SENSE_CREATIVE = 128
};

/*
 * The senses of all words and phrases of the text, as JavaScript's
 * /\b(...)\b/i finds them in text.toLowerCase(): words are ASCII, a phrase has
 * single spaces, and the Kelvin sign is a k.
 */
unsigned generator_senses(struct span text);

#endif
