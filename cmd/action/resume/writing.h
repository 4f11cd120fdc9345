/*
 * A passage becomes files of an agent: under an id that is free, read back
 * before they are named, and remembered.
 */
#ifndef VV_CMD_ACTION_RESUME_WRITING_H
#define VV_CMD_ACTION_RESUME_WRITING_H

#include "cmd/action/resume/again.h"

/* Write it, where it is not there already, and say in resuming->state what
 * became of it. ERR_EXISTS: something else is there; ERR_LOCKED: it is open;
 * ERR_CORRUPT: it reads back otherwise. Then nothing was written. */
MUST_USE int writing_go_on(struct resuming *resuming, struct err *err);

/* Forget its files, and what was read of them. */
void writing_forget(struct resuming *resuming);

#endif
