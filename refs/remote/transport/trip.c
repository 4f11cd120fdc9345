#include "refs/remote/transport/trip.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "refs/remote/transport/tls.h"
#include "refs/remote/transport/transport_internal.h"

#define REFS_DEFAULT 10000u
#define REFS_SHOWN_MAX 200000u	/* some of which may be left */
#define PACK_BYTES_DEFAULT ((uint64_t)4 << 30)
#define OBJECTS_DEFAULT 20000000u
#define OBJECT_BYTES_DEFAULT ((uint64_t)STORE_OBJECT_MAX)
#define SECONDS_DEFAULT 3600u
#define IDLE_DEFAULT 60u
#define SECONDS_MAX ((uint64_t)INT_MAX / 1000)

/* Wire bytes that a ref may take, and a talk beside refs and packs. */
#define REF_BYTES 1024u
#define TALK_BYTES ((uint64_t)4 << 20)

static const struct remote_calls no_calls;

static int64_t now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint64_t pick(uint64_t given, uint64_t otherwise, uint64_t most)
{
	uint64_t value = given ? given : otherwise;

	return value < most ? value : most;
}

static void limits_fill(struct remote_limits *out,
			const struct remote_limits *given)
{
	static const struct remote_limits none;

	given = given ? given : &none;
	out->refs = pick(given->refs, REFS_DEFAULT, UINT32_MAX);
	out->pack_bytes = pick(given->pack_bytes, PACK_BYTES_DEFAULT,
			       UINT64_MAX / 4);
	out->objects = pick(given->objects, OBJECTS_DEFAULT, UINT32_MAX);
	out->object_bytes = pick(given->object_bytes, OBJECT_BYTES_DEFAULT,
				 UINT64_MAX / 4);
	/* 0 stands for what index_pack.h says of it. */
	out->inflated_bytes = pick(given->inflated_bytes, 0, UINT64_MAX / 4);
	out->seconds = pick(given->seconds, SECONDS_DEFAULT, SECONDS_MAX);
	out->idle_seconds = pick(given->idle_seconds, IDLE_DEFAULT,
				 SECONDS_MAX);
}

int trip_begin(struct trip *trip, const char *url,
	       const struct remote_limits *limits,
	       const struct remote_calls *calls, struct err *err)
{
	static const struct url no_url = URL_INIT;
	int rc;

	memset(trip, 0, sizeof(*trip));
	trip->url = no_url;
	trip->text = url;
	trip->calls = calls ? calls : &no_calls;
	limits_fill(&trip->limits, limits);
	trip->deadline_ms = now_ms() + (int64_t)trip->limits.seconds * 1000;
	trip->may_receive = trip_refs_max(trip) * REF_BYTES + TALK_BYTES +
			    trip->limits.pack_bytes;
	rc = url_parse(url, &trip->url, err);
	if (rc == 0 && trip->url.kind == REMOTE_HTTP && trip->calls->ca_file)
		rc = tls_certificates_load(trip->calls->ca_file, err);
	return rc < 0 ? rc : sockets_take(trip, err);
}

void trip_end(struct trip *trip)
{
	trip_heard_all(trip);
	sockets_give(trip);
	url_release(&trip->url);
}

int trip_fail(struct trip *trip, enum err_code code, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* libgit2 must have something to say as well, or it would crash on
	 * a failure without a message. */
	git_error_set_str(GIT_ERROR_CALLBACK, text);
	return err_set(&trip->err, code, "%s", text);
}

int trip_wait_ms(struct trip *trip, int *out_ms)
{
	int64_t left = trip->deadline_ms - now_ms();
	int64_t idle = (int64_t)trip->limits.idle_seconds * 1000;

	if (left <= 0)
		return trip_fail(trip, ERR_TIMEOUT, "'%s' took longer than "
				 "%llu seconds", trip->text,
				 (unsigned long long)trip->limits.seconds);
	*out_ms = (int)(left < idle ? left : idle);
	return 0;
}

int trip_check_time(struct trip *trip, struct err *err)
{
	int wait_ms;

	if (trip_wait_ms(trip, &wait_ms) < 0)
		return err_copy(err, trip->err.code, &trip->err);
	return 0;
}

size_t trip_refs_max(const struct trip *trip)
{
	return trip->limits.refs > REFS_SHOWN_MAX ?
		(size_t)trip->limits.refs : REFS_SHOWN_MAX;
}

int trip_count(struct trip *trip, size_t bytes)
{
	trip->received += bytes;
	if (trip->received <= trip->may_receive)
		return 0;
	return trip_fail(trip, ERR_LIMIT, "'%s' sends more than %llu bytes",
			 trip->text, (unsigned long long)trip->may_receive);
}

int trip_progress(struct trip *trip, const struct remote_progress *progress)
{
	int64_t now = now_ms();
	int wait_ms;
	int rc = trip_wait_ms(trip, &wait_ms);

	if (rc < 0 || !trip->calls->progress ||
	    now - trip->told_ms < OFTEN_MS)
		return rc;
	trip->told_ms = now;
	if (trip->calls->progress(trip->calls->arg, progress))
		return trip_fail(trip, ERR_CANCELED, "stopped");
	return 0;
}

int trip_tell_counts(struct trip *trip, const char *phase)
{
	const struct index_pack_counts *counts = &trip->counts;
	const struct remote_progress progress = {
		counts->received, counts->objects, counts->bytes, phase
	};

	return trip_progress(trip, &progress);
}

static int tell_tick(struct trip *trip, const char *phase, struct err *err)
{
	if (trip_tell_counts(trip, phase) < 0)
		return err_copy(err, trip->err.code, &trip->err);
	return 0;
}

int trip_tell_receiving(void *trip, struct err *err)
{
	return tell_tick(trip, "receiving", err);
}

int trip_tell_sending(void *trip, struct err *err)
{
	return tell_tick(trip, "sending", err);
}

static enum err_code code_of(int code)
{
	switch (code) {
	case GIT_EAUTH:
		return ERR_AUTH;
	case GIT_ENOTFOUND:
		return ERR_NOT_FOUND;
	case GIT_ENONFASTFORWARD:
		return ERR_CHANGED;
	case GIT_EUSER:
		return ERR_CANCELED;
	case GIT_EOWNER:
		return ERR_DENIED;
	default:
		return ERR_NETWORK;
	}
}

int trip_failed(struct trip *trip, int code, const char *what,
		struct err *err)
{
	const git_error *last = git_error_last();
	const char *why = last && last->message ? last->message : "no reason";
	const char *hint = "";

	trip_heard_all(trip);
	if (trip->err.code)
		return err_set(err, (enum err_code)trip->err.code,
			       "%s: %s%s%s", what, trip->err.text,
			       trip->said[0] ? ": " : "", trip->said);
	/* libgit2 has another code for it where no exception is configured. */
	if (strstr(why, "safe.directory"))
		return err_set(err, ERR_DENIED, "%s: '%s' belongs to another "
			       "user", what, trip->text);
	if (code == GIT_ECERTIFICATE)
		hint = " (the server's certificate is not trusted)";
	else if (last && last->klass == GIT_ERROR_SSL)
		hint = " (this build speaks TLS 1.2 and older; a server that "
		       "insists on TLS 1.3 cannot be reached)";
	return err_set(err, code_of(code), "%s: '%s': %s%s%s%s", what,
		       trip->text, why, hint, trip->said[0] ? ": " : "",
		       trip->said);
}
