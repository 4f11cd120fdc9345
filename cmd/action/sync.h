/*
 * What clone, fetch, push and pull share: the remote's name, the calls that
 * remotes make back, and the report.
 */
#ifndef VV_CMD_ACTION_SYNC_H
#define VV_CMD_ACTION_SYNC_H

#include "cmd/cli/options.h"
#include "refs/remote/remote.h"

/* Progress, credentials through git's helpers or a prompt, the ssh program. */
void sync_calls_init(struct session *session, struct remote_calls *calls);

/* vault_repair(), with what it found and did told on stderr. remote: NULL for
 * all of them. */
MUST_USE int sync_repair(struct session *session, struct vault *vault,
			 const char *remote);

/* A vault and one of its remotes, talking. */
struct sync {
	struct session *session;
	struct vault *vault;
	struct buf remote;		/* its name */
	struct remote_calls calls;
	struct sync_report report;
};

/*
 * Open the session's vault and choose the remote: as named, else `origin`,
 * else the only one. ERR_NOT_FOUND says how to add one. To be released even
 * when it fails.
 */
MUST_USE int sync_begin(struct sync *sync, struct session *session,
			const char *remote);
/*
 * The same for a vault that cannot be read for what it has lost of `vault`
 * itself, once sync_begin() has said ERR_CORRUPT: it is repaired from the
 * remote first. Where that does not help, the first failure stands.
 */
MUST_USE int sync_begin_repaired(struct sync *sync, struct session *session,
				 const char *remote);
void sync_release(struct sync *sync);

/* The remote as named, or which it is then, into sync->remote. */
MUST_USE int sync_choose(struct sync *sync, const char *given);

/* Fetch limits from --max-... options, in one place for their words. */
#define SYNC_LIMIT_ROWS 7
void sync_limit_rows(struct remote_limits *limits,
		     struct option_row rows[SYNC_LIMIT_ROWS + 1]);

/*
 * Print one line per ref, then what was found wrong. Returns CMD_NO when
 * something was refused, held back, rejected or went back, else 0.
 */
MUST_USE int sync_print(struct session *session, struct vault *vault,
			const struct sync_report *report);

/*
 * The whole of `fetch` and `pull`: options, fetch, report. after (may be NULL)
 * is told what came, once the report is printed.
 */
MUST_USE int sync_fetch(struct session *session, int argc, char **argv,
			int (*after)(struct session *session,
				     const struct vault *vault,
				     const char *remote,
				     const struct sync_report *report));

/* Ask git's credential helpers, else the person at the terminal. */
MUST_USE int credentials_ask(void *arg, const char *url, const char *user,
			     struct buf *out_user, struct buf *out_secret,
			     struct err *err);
void credentials_tell(void *arg, bool is_good);

#endif
