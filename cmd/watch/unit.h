/*
 * What starts a watch by itself: the text of a systemd user unit
 * (systemd.service(5), quoting by systemd.syntax(7)), and of a line for
 * crontab(5).
 */
#ifndef VV_CMD_WATCH_UNIT_H
#define VV_CMD_WATCH_UNIT_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define UNIT_NAME "vvault-watch.service"

struct unit {
	const char *program;		/* absolute */
	const char *const *words;	/* behind it, ended by NULL */
	const char *const *variables;	/* "NAME=value", ended by NULL */
};

/* Append it. ERR_INVALID: something in it is no UTF-8, or has a line end,
 * which neither of the two can say. */
MUST_USE int unit_write(const struct unit *unit, struct buf *out,
			struct err *err);
MUST_USE int unit_write_cron(const struct unit *unit, struct buf *out,
			     struct err *err);

/* Whose is a unit that is there already? One of ours says so, with a sum of
 * what was written. */
enum unit_origin { UNIT_OURS, UNIT_CHANGED, UNIT_FOREIGN };
enum unit_origin unit_origin(struct span text);

#endif
