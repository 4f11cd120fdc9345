/*
 * The time zone of whoever started the program, and the computer's clock.
 */
#ifndef VV_CMD_CLI_LOCAL_WALL_H
#define VV_CMD_CLI_LOCAL_WALL_H

#include "lib/time/wall.h"

/* $TZ, else the computer's own zone. Its now is that of the first call. */
const struct wall *local_wall(void);

#endif
