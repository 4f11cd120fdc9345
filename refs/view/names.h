/*
 * The names of constructs, for whoever asked for one that is not there.
 */
#ifndef VV_REFS_VIEW_NAMES_H
#define VV_REFS_VIEW_NAMES_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "refs/history/construct_name.h"
#include "refs/vault/vault.h"

/* Append the own names of all that can be read, with ", " between them, as far
 * as they fit. */
void names_put(struct vault *vault, struct buf *out);

/* The one that may be meant; false: none is near. */
bool names_near(struct vault *vault, struct span name,
		char out[CONSTRUCT_NAME_MAX]);

/* ERR_NOT_FOUND: there is none of that name, and which one may be meant. */
MUST_USE int names_refuse(struct vault *vault, const char *name,
			  struct err *err);

#endif
