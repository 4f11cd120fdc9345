/*
 * What the ways to a remote share: sockets, ssh, credentials.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_TRANSPORT_INTERNAL_H
#define VV_REFS_REMOTE_TRANSPORT_TRANSPORT_INTERNAL_H

#include <git2.h>
#include <git2/sys/transport.h>

#include "refs/remote/transport/trip.h"

#define OFTEN_MS 100			/* between two calls of progress */

/* No more comes of the other side's last line. */
void trip_heard_all(struct trip *trip);

/* How long to wait for the other side now, in ms, at least 1; ERR_TIMEOUT
 * when the time of the whole trip is over. */
MUST_USE int trip_wait_ms(struct trip *trip, int *out_ms);
/* Record a failure of a callback; returns its code. */
int trip_fail(struct trip *trip, enum err_code code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Count received bytes; ERR_LIMIT. */
MUST_USE int trip_count(struct trip *trip, size_t bytes);
MUST_USE int trip_progress(struct trip *trip,
			   const struct remote_progress *progress);

/* Sockets that do not wait for ever, for all of libgit2 while a trip lasts. */
MUST_USE int sockets_take(struct trip *trip, struct err *err);
void sockets_give(struct trip *trip);

/* credentials: the callback of libgit2, payload a struct trip. */
int credentials_callback(git_credential **out, const char *url,
			 const char *user, unsigned int allowed,
			 void *payload);
void credentials_tell_result(struct trip *trip, bool is_good);

/* The transport of ssh: a callback of git_remote_callbacks. */
int ssh_transport(git_transport **out, git_remote *owner, void *payload);

/* The command line behind the host: git-upload-pack '<path>'. */
MUST_USE int ssh_command(const char *service, struct span path,
			 struct buf *out, struct err *err);

#endif
