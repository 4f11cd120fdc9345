/*
 * Signals that end a program which stays: SIGINT, SIGTERM, SIGHUP. Between
 * begin and end they only wake whoever waits, and are remembered.
 */
#ifndef VV_CMD_STAY_ENDING_H
#define VV_CMD_STAY_ENDING_H

#include "lib/base/err.h"

MUST_USE int ending_begin(struct err *err);
void ending_end(void);

/* Readable once one came, so that none is missed that comes just before the
 * wait. */
int ending_fd(void);

/* Which one came, or 0. */
int ending_came(void);

/* Nobody is asked to end: it was for another. */
void ending_forget(void);

#endif
