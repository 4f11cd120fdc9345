/*
 * A log on its way: which versions it lists, and how each is told.
 */
#ifndef VV_CMD_ACTION_HISTORY_LOG_H
#define VV_CMD_ACTION_HISTORY_LOG_H

#include "cmd/action/action.h"
#include "cmd/action/history/lanes.h"
#include "cmd/action/read/ref.h"
#include "lib/base/pattern.h"
#include "lib/time/dates.h"
#include "refs/history/version.h"

/* A record of an entity, and the version that brought it. */
struct log_touch {
	unsigned char id[RECORD_ID_BYTES];
	char verb[32];
	char at[64];
	git_oid version;
	int64_t time;		/* of that */
	uint64_t seq;
};

struct log {
	struct action_call *call;
	struct err *err;
	struct jcs_fields fields;
	uint64_t limit;
	struct period times;
	bool by_said;			/* they are of what was said */
	bool with_all;			/* compactions too */
	struct pattern *author;		/* of its name; or NULL */
	struct pattern *subject;	/* or NULL */
	const char *format;		/* or NULL */
	bool with_graph;
	struct lanes lanes;
	const struct ref *entity;	/* whose log it is, or NULL */
	struct { struct log_touch *at; size_t n, cap; } touches;
	uint64_t shown;
	uint64_t hidden;		/* compactions that were met */
	bool has_enough;		/* shown as many as were asked for */
	bool is_kept;			/* those that are shown wait here, ... */
	struct { git_oid *at; size_t n, cap; } kept;	/* ... to be turned */
};

/* What --since and --until, --author and --grep ask for. */
MUST_USE int log_times(const struct action_call *call, struct log *log,
		       struct err *err);
MUST_USE int log_patterns(const struct action_call *call, struct log *log,
			  struct err *err);

/* What a version says for itself; where what it brought is damaged, that is
 * told, and its number not known. */
MUST_USE int log_describe(struct log *log, const struct version *version,
			  struct version_note *out);

/* Is it one that the log lists? note: what the version says for itself. */
MUST_USE int log_wants(struct log *log, const struct version *version,
		       const struct version_note *note, bool *out);

/* Tell a version that is listed. */
MUST_USE int log_tell(struct log *log, const struct version *version,
		      const struct version_note *note);

/* The version, and the union of its parents; both are freed by the caller
 * whatever comes. */
MUST_USE int log_sides(struct log *log, const struct version *version,
		       struct view **from, struct view **to);

/* Append a version as a template has it, and a line end. */
MUST_USE int log_format(struct log *log, const struct version *version,
			const struct version_note *note, struct buf *out);
/* Is it a template? */
MUST_USE int log_format_check(const char *format, struct err *err);

/* Visit the versions that brought records of the entity, the newest first. */
MUST_USE int log_of_entity(struct log *log,
			   int (*visit)(void *arg, const struct version *version,
					struct err *err));
/* "verbs": what such a version did to it, in order of time. */
void log_put_verbs(struct log *log, const struct version *version);

/* "told": what a version of `vault` did, in words. */
void log_put_members(struct log *log, const struct version *version);

#endif
