/*
 * User and password for a remote: git's helpers know them, or the person at
 * the terminal does.
 */
#ifndef VV_CMD_CLI_PERSON_CREDENTIALS_H
#define VV_CMD_CLI_PERSON_CREDENTIALS_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* Ask git's credential helpers, else the person. arg is unused. ERR_AUTH. */
MUST_USE int credentials_ask(void *arg, const char *url, const char *user,
			     struct buf *out_user, struct buf *out_secret,
			     struct err *err);
/* Tell the helpers whether what they said was good. */
void credentials_tell(void *arg, bool is_good);

#endif
