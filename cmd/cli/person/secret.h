/*
 * What a person types at the terminal and nobody is to see.
 */
#ifndef VV_CMD_CLI_PERSON_SECRET_H
#define VV_CMD_CLI_PERSON_SECRET_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* One line from the terminal; a secret is not shown. ERR_AUTH: no answer. */
MUST_USE int secret_read_line(FILE *terminal, const char *question,
			      bool is_secret, struct buf *out,
			      struct err *err);

/*
 * Append a passphrase: typed where standard input is a terminal, and then
 * twice if is_new, for what is mistyped opens nothing later; else what
 * standard input holds. ERR_INVALID where the two differ.
 */
MUST_USE int secret_passphrase(void *arg, bool is_new, struct buf *out,
			       struct err *err);

#endif
