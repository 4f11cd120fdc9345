/*
 * What libgit2 says, said in our words.
 */
#ifndef VV_REFS_HISTORY_REPO_H
#define VV_REFS_HISTORY_REPO_H

#include "lib/base/err.h"

/* Record what libgit2 said: "<context>: <its words>", its code translated. */
int repo_failed(struct err *err, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
