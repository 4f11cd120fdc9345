/*
 * Urls of remotes.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_URL_H
#define VV_REFS_REMOTE_TRANSPORT_URL_H

#include "lib/base/buf.h"
#include "lib/base/err.h"

#define REMOTE_URL_MAX 2048

/* Where a url leads. Anything else is refused. */
enum remote_kind {
	REMOTE_PATH,		/* /path, ./path, file:// : objects are copied */
	REMOTE_GIT,		/* git:// */
	REMOTE_HTTP,		/* https:// (http:// only to loopback) */
	REMOTE_SSH		/* ssh://, user@host:path : the user's own ssh */
};

/*
 * ERR_INVALID for control characters, an unknown scheme, a user, host or path
 * that begins with '-', a password in the url.
 */
MUST_USE int remote_url_check(const char *url, enum remote_kind *out,
			      struct err *err);

/* A url taken apart; percent signs are decoded in user and path. */
struct url {
	enum remote_kind kind;
	struct buf user;		/* empty: none */
	struct buf host;		/* without brackets */
	struct buf port;		/* empty: the scheme's own */
	struct buf path;
};

#define URL_INIT { REMOTE_PATH, BUF_INIT(REMOTE_URL_MAX),		\
		BUF_INIT(REMOTE_URL_MAX), BUF_INIT(REMOTE_URL_MAX),	\
		BUF_INIT(REMOTE_URL_MAX) }

MUST_USE int url_parse(const char *text, struct url *out, struct err *err);
void url_release(struct url *url);

#endif
