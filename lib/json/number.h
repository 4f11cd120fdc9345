/*
 * Numbers as text: ECMAScript's shortest form (RFC 8785, 3.2.2.3) and back,
 * exact both ways and blind to the caller's locale.
 */
#ifndef VV_LIB_JSON_NUMBER_H
#define VV_LIB_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define NUMBER_TEXT_MAX 32	/* bytes, the NUL included */
#define NUMBER_INTEGER_MAX 9007199254740992	/* 2^53 */

/*
 * Write value as Number::toString does, NUL-terminated, and return its
 * length: "0" for both zeros, "1e+21", "1e-7". Returns 0 and an empty text
 * for NaN and the infinities, which have no form.
 */
size_t number_format(double value, char out[NUMBER_TEXT_MAX]);

/*
 * Read one JSON number (RFC 8259 grammar, all bytes used), rounded to the
 * nearest double, ties to even. What is too small becomes 0 with its sign.
 * ERR_INVALID when it is no JSON number, ERR_LIMIT when it is beyond the
 * range of a double. There is no message: the caller knows the place.
 */
MUST_USE int number_parse(const char *text, size_t len, double *out);

/* True for exactly the texts that number_format can write. */
bool number_is_canonical(struct span text);

/*
 * True when the text is a JSON number by its grammar; is_integer then tells
 * that it has neither fraction nor exponent. is_integer may be NULL.
 */
bool number_is_json(struct span text, bool *is_integer);

/*
 * For a JSON number without fraction and exponent: true up to 2^53 in
 * magnitude, where every integer is a double.
 */
bool number_is_exact(struct span integer);

#endif
