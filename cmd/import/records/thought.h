/*
 * Thoughts that a model writes into its answer, in tags that its program
 * leaves there: "<think>..</think>the answer".
 */
#ifndef VV_CMD_IMPORT_RECORDS_THOUGHT_H
#define VV_CMD_IMPORT_RECORDS_THOUGHT_H

#include <stdbool.h>

#include "lib/base/span.h"

/*
 * Split what an answer begins with, <think> or <thinking> and blanks before
 * it, from what comes behind its end. Neither has blanks around it. False,
 * with nothing changed, where it begins with none, or with one that never
 * ends. out_rest may be the text itself.
 */
bool thought_split(struct span text, struct span *out_thought,
		   struct span *out_rest);

/* Split "data:<media>;base64,<text>"; false for any other text. */
bool data_url_split(struct span text, struct span *out_media,
		    struct span *out_base64);

#endif
