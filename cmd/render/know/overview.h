/*
 * What was counted of all, in sentences, with a curve of its months.
 */
#ifndef VV_CMD_RENDER_KNOW_OVERVIEW_H
#define VV_CMD_RENDER_KNOW_OVERVIEW_H

#include <stdbool.h>

#include "lib/json/jdoc.h"

/* Returns whether there was anything. */
bool print_overview(const struct jval *total);

#endif
