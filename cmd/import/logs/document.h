/*
 * A JSON document that lies beside a log and tells of its session.
 */
#ifndef VV_CMD_IMPORT_LOGS_DOCUMENT_H
#define VV_CMD_IMPORT_LOGS_DOCUMENT_H

#include "cmd/import/logs/log.h"

/* Have what lies beside the source as that (beside_get()) learnt from, where it
 * is an object: borrowed for the call. One that is broken is skipped, and
 * told. */
MUST_USE int log_document(struct log *log, const char *as,
			  int (*learn)(struct log *log,
				       const struct jval *object,
				       struct err *err),
			  struct err *err);

#endif
