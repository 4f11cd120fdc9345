/*
 * A clock that nobody sets, for how long something takes.
 */
#ifndef VV_LIB_TIME_STEADY_H
#define VV_LIB_TIME_STEADY_H

#include <stdint.h>

/* Milliseconds since some time before this program began; never 0. */
int64_t steady_ms(void);

#endif
