/*
 * Which sessions have which messages in a construct, by the heads of which
 * that was found out: what came since is all that is read. A local file,
 * sealed by this device and hidden; losing it costs reading all.
 */
#ifndef VV_CMD_IMPORT_INPUT_KIN_CACHE_H
#define VV_CMD_IMPORT_INPUT_KIN_CACHE_H

#include "cmd/import/import.h"
#include "lib/os/path.h"
#include "refs/view/view.h"

#define KIN_ID_BYTES 16

struct kin_cache {
	struct buf path;
	struct buf name;	/* that it is sealed for; empty: it is not to
				   be kept */
	struct buf sessions;	/* each length, key */
	struct buf claims;	/* each id, session's number */
	uint32_t sessions_n;
	size_t known;		/* claims that the file had */
	struct view *from;	/* as of which; NULL: all is to be read */
};

#define KIN_CACHE_INIT { PATH_BUF_INIT, BUF_INIT(BUF_NO_LIMIT), \
			 BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
			 0, 0, NULL }

/* What is known of the view's construct and this provider; nothing where that
 * is nothing. */
MUST_USE int kin_cache_open(struct kin_cache *kin, const char *provider,
			    struct view *view, struct err *err);

struct kin_visitor {
	/* Each in turn, the first is number 0; then the claims. */
	int (*session)(void *arg, struct span key, struct err *err);
	int (*claim)(void *arg, uint32_t session,
		     const unsigned char id[KIN_ID_BYTES], struct err *err);
	void *arg;
};
MUST_USE int kin_cache_each(const struct kin_cache *kin,
			    const struct kin_visitor *visitor,
			    struct err *err);

/* One session more, whose number is sessions_n - 1 then; a claim more. */
void kin_cache_session(struct kin_cache *kin, struct span key);
void kin_cache_claim(struct kin_cache *kin, uint32_t session,
		     const unsigned char id[KIN_ID_BYTES]);

/* Keep it, as of the view, where much has come. What cannot be written is
 * not kept. */
void kin_cache_keep(const struct kin_cache *kin, const struct view *view);
/* Forget what it said: all is read anew. */
void kin_cache_reset(struct kin_cache *kin);
void kin_cache_release(struct kin_cache *kin);

#endif
