/*
 * Bars and curves of a terminal, in blocks of an eighth; in ASCII where there
 * is no UTF-8.
 */
#ifndef VV_CMD_RENDER_KNOW_BARS_H
#define VV_CMD_RENDER_KNOW_BARS_H

#include <stdint.h>

#include "lib/base/buf.h"

/* As much of so many columns as value is of most. What is not 0 is seen. */
void bar_put(struct buf *out, uint64_t value, uint64_t most, unsigned columns);

/* One character, as high as value is of most. */
void spark_put(struct buf *out, uint64_t value, uint64_t most);

#endif
