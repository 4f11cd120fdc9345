#include "refs/remote/transport/transport_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/os/process.h"

#define FAREWELL_MS 5000

/*
 * The user's own ssh as a transport of libgit2: two pipes to one process that
 * lasts for the whole talk, as with git:// and unlike http.
 */
struct ssh_stream {
	git_smart_subtransport_stream base;
	struct trip *trip;
	struct process process;
	bool has_read;
};

struct ssh_subtransport {
	git_smart_subtransport base;
	struct trip *trip;
	struct ssh_stream *stream;	/* owned by libgit2 once handed out */
};

int ssh_command(const char *service, struct span path, struct buf *out,
		struct err *err)
{
	size_t i;

	buf_putf(out, "%s '", service);
	for (i = 0; i < path.len; i++) {
		char c = path.at[i];

		if ((unsigned char)c < ' ' || c == 0x7f)
			return err_set(err, ERR_INVALID, "a control character "
				       "in the path of a remote");
		if (c == '\'' || c == '!')
			buf_putf(out, "'\\%c'", c);
		else
			buf_put_char(out, c);
	}
	buf_put_char(out, '\'');
	return buf_end(out, err);
}

/* Silence of a program that ended has a better explanation than its end. */
static int hung_up(struct ssh_stream *stream)
{
	struct process_end end = { 0, 0 };
	struct trip *trip = stream->trip;

	if (process_finish(&stream->process, FAREWELL_MS, &end, NULL) < 0)
		return trip_fail(trip, ERR_NETWORK, "ssh hung up");
	if (end.signal)
		return trip_fail(trip, ERR_NETWORK,
				 "ssh was killed by signal %d", end.signal);
	if (end.status == 255)
		return trip_fail(trip, ERR_NETWORK, "ssh could not connect to "
				 "'%s': host key, login or network; it says "
				 "which above",
				 buf_text(&trip->url.host));
	return trip_fail(trip, ERR_NETWORK, "'%s' has no such repository or "
			 "no git: the command there ended with status %d",
			 buf_text(&trip->url.host), end.status);
}

static int ssh_read(git_smart_subtransport_stream *base, char *bytes,
		    size_t len, size_t *out_len)
{
	struct ssh_stream *stream = (struct ssh_stream *)base;
	struct trip *trip = stream->trip;
	struct err reason = ERR_INIT;
	int wait_ms = 0;
	int rc = trip_wait_ms(trip, &wait_ms);

	*out_len = 0;
	if (rc == 0)
		rc = process_read(&stream->process, bytes, len, wait_ms,
				  out_len, &reason);
	if (rc == ERR_TIMEOUT && !trip->err.code)
		trip_fail(trip, ERR_TIMEOUT, "'%s' has been silent for %d "
			  "seconds", buf_text(&trip->url.host),
			  wait_ms / 1000);
	else if (rc < 0)
		trip_fail(trip, ERR_NETWORK, "ssh: %s", reason.text);
	else if (!*out_len && !stream->has_read)
		rc = hung_up(stream);
	if (rc < 0)
		return -1;
	stream->has_read = true;
	return trip_count(trip, *out_len) < 0 ? -1 : 0;
}

static int ssh_write(git_smart_subtransport_stream *base, const char *bytes,
		     size_t len)
{
	struct ssh_stream *stream = (struct ssh_stream *)base;
	struct trip *trip = stream->trip;
	struct err reason = ERR_INIT;
	int wait_ms = 0;
	int rc = trip_wait_ms(trip, &wait_ms);

	if (rc == 0)
		rc = process_write(&stream->process, span_of(bytes, len),
				   wait_ms, &reason);
	if (rc == ERR_NETWORK)
		hung_up(stream);
	else if (rc < 0)
		trip_fail(trip, (enum err_code)rc, "ssh: %s", reason.text);
	return rc < 0 ? -1 : 0;
}

static void ssh_stream_free(git_smart_subtransport_stream *base)
{
	struct ssh_stream *stream = (struct ssh_stream *)base;
	struct ssh_subtransport *owner =
		(struct ssh_subtransport *)base->subtransport;
	struct process_end end;

	if (owner->stream == stream)
		owner->stream = NULL;
	/* After a failure nobody waits for what ssh may still be at. */
	if (!stream->process.pid || stream->trip->err.code ||
	    process_finish(&stream->process, FAREWELL_MS, &end, NULL) < 0)
		process_release(&stream->process);
	free(stream);
}

static int ssh_start(struct trip *trip, const char *service,
		     struct process *process, struct err *err)
{
	struct buf where = BUF_INIT(REMOTE_URL_MAX);
	struct buf command = BUF_INIT(4 * REMOTE_URL_MAX);
	const char *argv[7];
	struct process_spec spec = { .argv = argv, .shares_group = true,
				     .heard = trip->calls->heard,
				     .heard_arg = trip->calls->arg };
	size_t n = 0;
	int rc;

	if (trip->url.user.len)
		buf_putf(&where, "%s@", buf_text(&trip->url.user));
	buf_put_span(&where, buf_span(&trip->url.host));
	rc = buf_end(&where, err);
	if (rc == 0)
		rc = ssh_command(service, buf_span(&trip->url.path), &command,
				 err);
	argv[n++] = trip->calls->ssh_program ? trip->calls->ssh_program :
					       "ssh";
	if (trip->url.port.len) {
		argv[n++] = "-p";
		argv[n++] = buf_text(&trip->url.port);
	}
	argv[n++] = "--";
	argv[n++] = buf_text(&where);
	argv[n++] = buf_text(&command);
	argv[n] = NULL;
	if (rc == 0)
		rc = process_start(process, &spec, err);
	buf_release(&command);
	buf_release(&where);
	return rc;
}

static int ssh_open(struct ssh_subtransport *transport, const char *service)
{
	static const struct process none = PROCESS_INIT;
	struct trip *trip = transport->trip;
	struct err reason = ERR_INIT;
	struct ssh_stream *stream = calloc(1, sizeof(*stream));
	int rc;

	if (!stream)
		return trip_fail(trip, ERR_NOMEM, "out of memory");
	stream->base.subtransport = &transport->base;
	stream->base.read = ssh_read;
	stream->base.write = ssh_write;
	stream->base.free = ssh_stream_free;
	stream->trip = trip;
	stream->process = none;
	rc = ssh_start(trip, service, &stream->process, &reason);
	if (rc < 0) {
		free(stream);
		return trip_fail(trip, (enum err_code)rc,
				 "cannot run ssh: %s", reason.text);
	}
	transport->stream = stream;
	return 0;
}

static int ssh_action(git_smart_subtransport_stream **out,
		      git_smart_subtransport *base, const char *url,
		      git_smart_service_t action)
{
	struct ssh_subtransport *transport = (struct ssh_subtransport *)base;
	int rc = 0;

	(void)url;
	switch (action) {
	case GIT_SERVICE_UPLOADPACK_LS:
		rc = ssh_open(transport, "git-upload-pack");
		break;
	case GIT_SERVICE_RECEIVEPACK_LS:
		rc = ssh_open(transport, "git-receive-pack");
		break;
	default:
		if (!transport->stream)
			rc = trip_fail(transport->trip, ERR_NETWORK,
				       "ssh hung up");
		break;
	}
	if (rc < 0)
		return -1;
	*out = &transport->stream->base;
	return 0;
}

static int ssh_close(git_smart_subtransport *base)
{
	(void)base;
	return 0;
}

static void ssh_free(git_smart_subtransport *base)
{
	free(base);
}

static int ssh_subtransport_new(git_smart_subtransport **out,
				git_transport *owner, void *param)
{
	struct ssh_subtransport *transport = calloc(1, sizeof(*transport));

	(void)owner;
	if (!transport) {
		trip_fail(param, ERR_NOMEM, "out of memory");
		return -1;
	}
	transport->base.action = ssh_action;
	transport->base.close = ssh_close;
	transport->base.free = ssh_free;
	transport->trip = param;
	*out = &transport->base;
	return 0;
}

int ssh_transport(git_transport **out, git_remote *owner, void *payload)
{
	git_smart_subtransport_definition definition = {
		ssh_subtransport_new, 0, payload
	};

	return git_transport_smart(out, owner, &definition);
}
