/*
 * What commands that write do in the end: collect, where much has gathered.
 */
#ifndef VV_CMD_ACTION_AUTO_GC_H
#define VV_CMD_ACTION_AUTO_GC_H

#include "cmd/cli/cmd.h"

/*
 * Collect briefly if that is due and $VVAULT_AUTO_GC is not 0. may_sign: the
 * command makes versions anyway, so one more is no surprise. Failing is a note
 * and no more: what the command did is done.
 */
void auto_gc(struct session *session, struct vault *vault, bool may_sign);

#endif
