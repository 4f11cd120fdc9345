/*
 * How the values of a conflict look.
 */
#ifndef VV_CMD_RENDER_MEND_VALUES_H
#define VV_CMD_RENDER_MEND_VALUES_H

#include "lib/json/jdoc.h"

/* "persona/traits/warmth", without a line's end. */
void values_print_field(struct span pointer);

/* What is said, on lines of its own. */
void values_print_value(const struct jval *value);

/* Each as "* 1  laptop  2 hours ago", then the value; from which file, where a
 * device says several things. */
void values_print(const struct jval *values);

#endif
