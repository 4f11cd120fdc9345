/*
 * What was counted, as objects.
 */
#ifndef VV_CMD_ACTION_KNOW_STATS_JSON_H
#define VV_CMD_ACTION_KNOW_STATS_JSON_H

#include "cmd/action/know/groups.h"
#include "lib/json/jcs_write.h"

/* Set the members of a group, as vvault-stats(1) has them. */
void stats_put(struct jcs_fields *fields, enum stats_by by,
	       const struct stats_group *group);

/* "months": how many messages each has, from the first one to the last, at
 * most so many. */
#define STATS_MONTHS_MAX 60
void stats_put_months(struct jcs_fields *fields,
		      const struct stats_groups *months);

#endif
