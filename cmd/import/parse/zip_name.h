/*
 * Names of members of archives: decoded, brought to one form, or refused.
 */
#ifndef VV_CMD_IMPORT_PARSE_ZIP_NAME_H
#define VV_CMD_IMPORT_PARSE_ZIP_NAME_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define ZIP_NAME_MAX 4096	/* bytes of a raw name */

/*
 * Replace out with the name as UTF-8 without "." and empty parts; it is
 * empty for "./". Text that is no UTF-8 is taken as code page 437, whatever
 * the archive says of it. *out_is_dir: it ended with '/'.
 *
 * ERR_INVALID for an empty or absolute name, a drive letter, a backslash, a
 * part "..", a control character or NUL; ERR_LIMIT above ZIP_NAME_MAX.
 */
MUST_USE int zip_name(struct span raw, struct buf *out, bool *out_is_dir,
		      struct err *err);

/* Replace out with the name as a message may show it. */
MUST_USE int zip_name_shown(struct span raw, struct buf *out,
			    struct err *err);

#endif
