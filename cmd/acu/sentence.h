/*
 * Sentences and words of prose in any script.
 */
#ifndef VV_CMD_ACU_SENTENCE_H
#define VV_CMD_ACU_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/span.h"

struct sentence {
	size_t end;		/* behind it and the white space after it */
	size_t chars;
	bool is_question;	/* a question mark is among what ends it */
	bool has_end;		/* it does not just stop */
};

/*
 * The sentence that begins at an offset below text.len. A full stop ends
 * none behind a bare number, nor where a small Latin letter goes on.
 */
void sentence_next(struct span text, size_t at, struct sentence *out);

struct prose {
	size_t chars;
	size_t words;		/* see acu_vvault */
	size_t symbols;
	size_t spaces;
	size_t sentences;
	size_t questions;
	bool ends_asking;
	bool has_end;
};

void prose_count(struct span text, struct prose *out);

#endif
