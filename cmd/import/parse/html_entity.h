/*
 * Entities of HTML: &amp; &#38; &#x26;
 */
#ifndef VV_CMD_IMPORT_PARSE_HTML_ENTITY_H
#define VV_CMD_IMPORT_PARSE_HTML_ENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/span.h"

/*
 * Read the entity at the begin of text, which is '&'. Returns the bytes that
 * it takes and the code point (U+FFFD for a number that is no character), or
 * 0 when there is none.
 */
size_t html_entity(struct span text, uint32_t *out_point);

#endif
