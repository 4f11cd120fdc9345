#include "refs/remote/transport/transport_internal.h"

#define TRIES_MAX 3

void credentials_tell_result(struct trip *trip, bool is_good)
{
	if (trip->has_asked && trip->calls->credentials_result)
		trip->calls->credentials_result(trip->calls->arg, is_good);
	trip->has_asked = false;
}

static int ask(struct trip *trip, const char *user, struct buf *name,
	       struct buf *secret)
{
	const struct remote_calls *calls = trip->calls;

	if (trip->is_offsite)
		return trip_fail(trip, ERR_AUTH, "'%s' leads to another host, "
				 "which would get the password", trip->text);
	if (!calls->credentials)
		return trip_fail(trip, ERR_AUTH,
				 "'%s' wants a password, and there is none",
				 trip->text);
	if (trip->tries == TRIES_MAX)
		return trip_fail(trip, ERR_AUTH, "'%s' refused the password "
				 "%d times", trip->text, TRIES_MAX);
	trip->tries++;
	trip->has_asked = true;
	return calls->credentials(calls->arg, trip->text,
				  user && *user ? user : NULL, name, secret,
				  &trip->err);
}

/* libgit2 asks again for as long as it is answered. */
int credentials_callback(git_credential **out, const char *url,
			 const char *user, unsigned int allowed,
			 void *payload)
{
	struct trip *trip = payload;
	struct buf name = BUF_INIT(REMOTE_URL_MAX);
	struct buf secret = BUF_INIT((size_t)1 << 16);
	int rc;

	(void)url;
	credentials_tell_result(trip, false);
	if (!(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)) {
		trip_fail(trip, ERR_AUTH, "'%s' wants a proof of who we are "
			  "that is no password", trip->text);
		return GIT_EAUTH;
	}
	rc = ask(trip, user, &name, &secret);
	if (rc == 0 && git_credential_userpass_plaintext_new(
			       out, buf_text(&name), buf_text(&secret)) < 0)
		rc = trip_fail(trip, ERR_NOMEM, "out of memory");
	if (rc < 0 && !trip->err.code)
		trip_fail(trip, ERR_AUTH, "there is no password for '%s'",
			  trip->text);
	buf_wipe(&secret);
	buf_release(&secret);
	buf_release(&name);
	return rc < 0 ? GIT_EAUTH : 0;
}
