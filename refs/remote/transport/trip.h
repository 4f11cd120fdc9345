/*
 * One operation with one remote: its limits, its callbacks, its connection.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_TRIP_H
#define VV_REFS_REMOTE_TRANSPORT_TRIP_H

#include <stdbool.h>
#include <stdint.h>

#include <git2.h>

#include "objects/pack/index_pack.h"
#include "refs/remote/transport/calls.h"
#include "refs/remote/transport/report.h"
#include "refs/remote/transport/url.h"

/*
 * One operation with one remote: what it may take, whom it asks, and what our
 * callbacks found wrong, which is the cause of whatever libgit2 then says.
 */
struct trip {
	const char *text;		/* the url, borrowed */
	struct url url;
	const struct remote_calls *calls;	/* borrowed, not NULL */
	struct remote_limits limits;	/* no zeros */
	int64_t deadline_ms;
	int64_t told_ms;		/* when progress was called last */
	uint64_t received;		/* bytes in all, on the wire */
	uint64_t may_receive;
	struct index_pack_counts counts;	/* of what is taken, or sent */
	unsigned tries;			/* credentials asked for */
	bool has_asked;			/* and not told the result yet */
	bool is_offsite;		/* redirected to another host */
	struct sync_report *report;	/* push: where statuses go */
	char said[512];			/* the other side's last line */
	char line[500];			/* and the one that is coming */
	size_t line_len;
	struct err err;
};

MUST_USE int trip_begin(struct trip *trip, const char *url,
			const struct remote_limits *limits,
			const struct remote_calls *calls, struct err *err);
void trip_end(struct trip *trip);

/* ERR_TIMEOUT once that is so; for loops over what others have made. */
MUST_USE int trip_check_time(struct trip *trip, struct err *err);
/* How many refs the other side may show at all: more than are taken. */
size_t trip_refs_max(const struct trip *trip);
/* The same of the trip's own counts, which are of all packs. */
MUST_USE int trip_tell_counts(struct trip *trip, const char *phase);
/* The same, for ticks of index_pack. */
MUST_USE int trip_tell_receiving(void *trip, struct err *err);
MUST_USE int trip_tell_sending(void *trip, struct err *err);
/* Translate what libgit2 returned; what our callbacks found comes first. */
int trip_failed(struct trip *trip, int code, const char *what,
		struct err *err);

/* Connect; the caller disconnects and frees the remote. */
MUST_USE int trip_connect(struct trip *trip, git_repository *repo,
			  git_direction direction, git_remote **out,
			  struct err *err);
void trip_callbacks(struct trip *trip, git_remote_callbacks *out);
/* "<from><construct>/<device>:<to><construct>/<device>", allocated; -1 for want
 * of memory. */
MUST_USE int trip_spec(const char *from, const char *to,
		       const struct head *head, char **out);
/* A git_packbuilder_progress, payload a struct trip. */
int trip_on_pack(int stage, uint32_t current, uint32_t total, void *payload);
/* Our heads among what the other side has, sorted. */
MUST_USE int trip_heads(struct trip *trip, git_remote *remote,
			struct head_list *out, struct err *err);

#endif
