#include "refs/remote/transport/transport_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <git2/sys/stream.h>

/*
 * libgit2 1.5 waits for ever for a server that has fallen silent. It lets us
 * bring our own sockets, which stand below git://, http:// and TLS alike, so
 * these count, and wait no longer than the trip allows.
 */
struct socket_stream {
	git_stream base;
	struct trip *trip;
	char *host;
	char *port;
	int fd;
};

/*
 * libgit2 makes streams with nothing that leads to us but the thread. One
 * trip at a time per thread; NULL outside of any.
 */
static _Thread_local struct trip *current;

static int wait_for(struct socket_stream *stream, short events)
{
	struct pollfd ready = { stream->fd, events, 0 };
	struct trip *trip = stream->trip;
	int wait_ms = 0;
	int rc = trip_wait_ms(trip, &wait_ms);

	if (rc < 0)
		return rc;
	do
		rc = poll(&ready, 1, wait_ms);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return trip_fail(trip, ERR_NETWORK, "cannot wait for '%s': %s",
				 stream->host, strerror(errno));
	if (rc == 0)
		return trip_fail(trip, ERR_TIMEOUT, "'%s' has been silent for "
				 "%d seconds", stream->host, wait_ms / 1000);
	return 0;
}

static int connect_one(struct socket_stream *stream,
		       const struct addrinfo *address)
{
	socklen_t len = sizeof(int);
	int problem = 0;
	int flags;

	stream->fd = socket(address->ai_family, address->ai_socktype,
			    address->ai_protocol);
	if (stream->fd < 0)
		return errno;
	flags = fcntl(stream->fd, F_GETFL);
	if (flags < 0 || fcntl(stream->fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(stream->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return errno;
	if (connect(stream->fd, address->ai_addr, address->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return errno;
	if (wait_for(stream, POLLOUT) < 0)
		return ETIMEDOUT;
	if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &problem, &len) < 0)
		return errno;
	return problem;
}

static void disconnect(struct socket_stream *stream)
{
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
}

static int socket_connect(git_stream *base)
{
	struct socket_stream *stream = (struct socket_stream *)base;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	const struct addrinfo *address;
	int problem = EHOSTUNREACH;
	int rc = getaddrinfo(stream->host, stream->port, &hints, &found);

	if (rc) {
		trip_fail(stream->trip, ERR_NETWORK, "cannot find '%s': %s",
			  stream->host, gai_strerror(rc));
		return -1;
	}
	for (address = found; address && problem && !stream->trip->err.code;
	     address = address->ai_next) {
		disconnect(stream);
		problem = connect_one(stream, address);
	}
	freeaddrinfo(found);
	if (!problem)
		return 0;
	disconnect(stream);
	trip_fail(stream->trip, ERR_NETWORK, "cannot connect to '%s', port "
		  "%s: %s", stream->host, stream->port, strerror(problem));
	return -1;
}

static ssize_t socket_read(git_stream *base, void *bytes, size_t len)
{
	struct socket_stream *stream = (struct socket_stream *)base;
	ssize_t got;

	do {
		if (wait_for(stream, POLLIN) < 0)
			return -1;
		got = recv(stream->fd, bytes, len, 0);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0) {
		trip_fail(stream->trip, ERR_NETWORK, "'%s' broke off: %s",
			  stream->host, strerror(errno));
		return -1;
	}
	return trip_count(stream->trip, (size_t)got) < 0 ? -1 : got;
}

static ssize_t socket_write(git_stream *base, const char *bytes, size_t len,
			    int flags)
{
	struct socket_stream *stream = (struct socket_stream *)base;
	ssize_t sent;

	(void)flags;
	do {
		if (wait_for(stream, POLLOUT) < 0)
			return -1;
		sent = send(stream->fd, bytes, len, MSG_NOSIGNAL);
	} while (sent < 0 && (errno == EINTR || errno == EAGAIN));
	if (sent < 0)
		trip_fail(stream->trip, ERR_NETWORK, "'%s' broke off: %s",
			  stream->host, strerror(errno));
	return sent;
}

static int socket_close(git_stream *base)
{
	disconnect((struct socket_stream *)base);
	return 0;
}

static void socket_free(git_stream *base)
{
	struct socket_stream *stream = (struct socket_stream *)base;

	disconnect(stream);
	free(stream->host);
	free(stream->port);
	free(stream);
}

static int socket_new(git_stream **out, const char *host, const char *port)
{
	struct socket_stream *stream;

	if (!current) {
		git_error_set_str(GIT_ERROR_NET, "no trip is under way");
		return -1;
	}
	stream = calloc(1, sizeof(*stream));
	if (!stream) {
		trip_fail(current, ERR_NOMEM, "out of memory");
		return -1;
	}
	stream->base.version = GIT_STREAM_VERSION;
	stream->base.connect = socket_connect;
	stream->base.read = socket_read;
	stream->base.write = socket_write;
	stream->base.close = socket_close;
	stream->base.free = socket_free;
	stream->trip = current;
	stream->fd = -1;
	stream->host = strdup(host);
	stream->port = strdup(port);
	if (!stream->host || !stream->port) {
		socket_free(&stream->base);
		trip_fail(current, ERR_NOMEM, "out of memory");
		return -1;
	}
	/* The secret for one host is nothing for another. */
	if (strcasecmp(host, buf_text(&current->url.host)))
		current->is_offsite = true;
	*out = &stream->base;
	return 0;
}

/*
 * Ours stand in libgit2 only while there are trips: who else uses it in this
 * process keeps the sockets that it knows.
 */
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static unsigned trips;

int sockets_take(struct trip *trip, struct err *err)
{
	git_stream_registration registration = {
		GIT_STREAM_VERSION, socket_new, NULL
	};
	int rc = 0;

	if (current)
		return err_set(err, ERR_LOCKED,
			       "this thread talks to a remote already");
	pthread_mutex_lock(&registry);
	if (!trips)
		rc = git_stream_register(GIT_STREAM_STANDARD, &registration);
	if (rc == 0)
		trips++;
	pthread_mutex_unlock(&registry);
	if (rc < 0)
		return err_set(err, ERR_NOMEM, "cannot register sockets");
	current = trip;
	return 0;
}

void sockets_give(struct trip *trip)
{
	if (current != trip)
		return;
	current = NULL;
	pthread_mutex_lock(&registry);
	if (!--trips)
		git_stream_register(GIT_STREAM_STANDARD, NULL);
	pthread_mutex_unlock(&registry);
}
