/*
 * Markdown, read by md4c: the place that keeps what is wrong with it away.
 */
#ifndef VV_LIB_BASE_MARKDOWN_H
#define VV_LIB_BASE_MARKDOWN_H

#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * md_parse(), with an MD_PARSER whose callbacks are all set. md4c 0.4.8 reads
 * behind the end of odd texts, hands over pieces that end there, and leaves
 * spans that it never entered. Here it reads a copy with room behind it; what
 * callbacks get lies in text, or is md4c's own, and what they leave is what
 * they entered last.
 *
 * Returns 0; ERR_INVALID when md4c went wrong or is not there, or a callback
 * stopped it: the caller tells the text as it stands then. ERR_NOMEM;
 * ERR_LIMIT above 16 MiB.
 */
MUST_USE int markdown_read(struct span text, const void *parser, void *arg);

#endif
