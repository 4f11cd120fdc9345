/*
 * Results on stdout: as they are, or as the rendering of their action has
 * them. The functions of a host, whose arg is a struct terminal.
 */
#ifndef VV_CMD_CLI_SHOW_H
#define VV_CMD_CLI_SHOW_H

#include "lib/base/err.h"
#include "lib/base/span.h"

MUST_USE int show_object(void *arg, struct span json, struct err *err);
MUST_USE int show_list(void *arg, struct span json, const char *name,
		       struct err *err);
MUST_USE int show_item(void *arg, struct span json, struct err *err);
MUST_USE int show_list_end(void *arg, struct err *err);
MUST_USE int show_bytes(void *arg, struct span bytes, struct err *err);

#endif
