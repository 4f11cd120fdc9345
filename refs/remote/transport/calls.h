/*
 * What one operation with a remote may take, and whom it asks and tells.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_CALLS_H
#define VV_REFS_REMOTE_TRANSPORT_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* What a fetch may take; 0 means the default of the comment. */
struct remote_limits {
	uint64_t refs;			/* 10,000 that are new here */
	uint64_t pack_bytes;		/* 4 GiB */
	uint64_t objects;		/* 20,000,000 */
	uint64_t object_bytes;		/* 8 MiB, inflated, each */
	uint64_t inflated_bytes;	/* in all: 1 GiB, and 128 times the
					 * packs' bytes */
	uint64_t seconds;		/* 3600 in all */
	uint64_t idle_seconds;		/* 60 without a byte */
};

struct remote_progress {
	uint64_t objects;
	uint64_t objects_total;
	uint64_t bytes;
	const char *phase;	/* "receiving", "verifying", "sending" */
};

/*
 * How this program talks to the person and to git's helpers. All may be NULL.
 */
struct remote_calls {
	int (*progress)(void *arg, const struct remote_progress *progress);
	/* Fill user and secret for url; ERR_AUTH when there is none. */
	int (*credentials)(void *arg, const char *url, const char *user,
			   struct buf *out_user, struct buf *out_secret,
			   struct err *err);
	/* The credentials worked, or were refused. */
	void (*credentials_result)(void *arg, bool is_good);
	/* What ssh and the other side's programs say on stderr, as it comes. */
	void (*heard)(void *arg, struct span bytes);
	void *arg;
	const char *ssh_program;	/* NULL: "ssh" */
	const char *ca_file;		/* PEM, for https; NULL: the system's */
	bool is_dry_run;		/* push: only find out what would go */
};

#endif
