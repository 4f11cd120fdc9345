/*
 * What a person reads of a canonical value.
 */
#ifndef VV_LIB_JSON_JCS_WORDS_H
#define VV_LIB_JSON_JCS_WORDS_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/* A string, or what stands for one with lone surrogates ("$raw", jdoc.h)? */
bool jcs_is_words(struct span value);

/*
 * Append its text, with U+FFFD in the place of each lone surrogate, so that
 * it is UTF-8 of as many bytes. Nothing for any other value, nor for a
 * "$raw" that is broken. ERR_NOMEM, ERR_LIMIT.
 */
MUST_USE int jcs_words(struct span value, struct buf *out, struct err *err);

#endif
