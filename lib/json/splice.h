/*
 * A record that was cut short, with the next one whole behind it on the same
 * line: {"type":"user","mess{"type":"assistant",...}. So it stands in a log
 * where a program died while it wrote, or where two wrote at once.
 */
#ifndef VV_LIB_JSON_SPLICE_H
#define VV_LIB_JSON_SPLICE_H

#include "lib/base/err.h"
#include "lib/json/jdoc.h"

/*
 * Where the first whole object begins that is no part of the one that text
 * begins with; text.len when there is none. What is inside that one may be
 * whole too: it stands where a value may, so an object there is no record.
 * ERR_NOMEM.
 */
MUST_USE int splice_find(struct span text, const struct jdoc_options *options,
			 size_t *out, struct err *err);

#endif
