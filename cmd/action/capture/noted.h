/*
 * What became of the last capture, for who was not there: hooks of agents and
 * a watch bring sessions in while nobody looks.
 */
#ifndef VV_CMD_ACTION_CAPTURE_NOTED_H
#define VV_CMD_ACTION_CAPTURE_NOTED_H

#include "cmd/action/capture/bring.h"
#include "lib/json/jcs_write.h"

/* How whoever captures is named: by a person, behind hooks, by a watch. */
#define CAPTURED_BY_HAND "capture"
#define CAPTURED_BY_HOOK "hook"
#define CAPTURED_BY_WATCH "watch"

/*
 * Remember it: a local file, sealed by this device. why: what it failed with,
 * or NULL. Without an open vault only the failure is remembered, and plainly.
 * What cannot be written is not remembered.
 */
void noted_put(const struct action_call *call, const char *by,
	       const struct bring_sums *sums, const struct err *why);

/*
 * "capture": {"at","by","messages","records","sessions","unread"}, with
 * "error" for one that failed; nothing where none is known of.
 */
void noted_tell(const struct action_call *call, struct jcs_fields *fields);

#endif
