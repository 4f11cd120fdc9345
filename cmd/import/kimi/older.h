/*
 * A context of Kimi CLI that was put away when it was compacted: the one that
 * came after it begins with a summary, and with what was kept of it.
 */
#ifndef VV_CMD_IMPORT_KIMI_OLDER_H
#define VV_CMD_IMPORT_KIMI_OLDER_H

#include "cmd/import/logs/log.h"

#define KIMI_COMPACTED "<system>Previous context has been compacted."

struct kimi_older {
	char tail[LOG_MADE_MAX];	/* the key of where it stood; "": none */
	struct table said;		/* hashes of its lines */
};

#define KIMI_OLDER_INIT { "", TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT) }

/* Of its bytes, borrowed. Its table is the caller's to release. */
MUST_USE int kimi_read_older(struct span context, struct kimi_older *out,
			     struct err *err);
bool kimi_older_has(const struct kimi_older *older, struct span line);

/* Is the content of a message such a summary? */
bool kimi_is_summary(const struct jval *content);

#endif
