/*
 * A chart of groups as SVG: one file that needs no other, without scripts,
 * which a browser shows in light or in dark.
 */
#ifndef VV_CMD_ACTION_KNOW_CHART_H
#define VV_CMD_ACTION_KNOW_CHART_H

#include "cmd/action/know/groups.h"
#include "lib/base/buf.h"

/* Append it, of the sorted groups from first to end. construct: whose these
 * are; NULL: of several. */
void chart_put(const struct stats_groups *groups, size_t first, size_t end,
	       const char *construct, struct buf *out);

#endif
