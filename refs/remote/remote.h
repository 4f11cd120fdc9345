/*
 * Remotes: other repositories that carry the same vault. Fetch verifies in
 * quarantine before anything becomes visible; push sends every known head,
 * forward only. design.md section 10, pitfalls.md.
 */
#ifndef VV_REFS_REMOTE_H
#define VV_REFS_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "refs/trust/quarantine.h"
#include "refs/vault/vault.h"
#include "refs/verify/verify.h"

#define REMOTE_NAME_MAX 65

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

struct remote_info {
	char name[REMOTE_NAME_MAX];
	struct buf url;
};

struct remote_list {
	struct remote_info *at;
	size_t n;
	size_t cap;
};

#define REMOTE_LIST_INIT { NULL, 0, 0 }

/* Kept in the repository's own git config as remote.<name>.url. Names as
 * construct names. ERR_EXISTS, ERR_NOT_FOUND. */
MUST_USE int remote_add(struct vault *vault, const char *name, const char *url,
			struct err *err);
MUST_USE int remote_remove(struct vault *vault, const char *name,
			   struct err *err);
MUST_USE int remote_list(struct vault *vault, struct remote_list *out,
			 struct err *err);
void remote_list_release(struct remote_list *list);

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
};

enum ref_result {
	REF_NEW, REF_FORWARD, REF_SAME,
	REF_HELD,		/* waits for a `vault` head */
	REF_REFUSED,		/* failed verification; kept apart */
	REF_BACK,		/* the remote went back, sideways or lost it */
	REF_REJECTED		/* push: the other side did not take it */
};

const char *ref_result_word(enum ref_result result);

/* One line per ref. */
struct ref_report {
	struct head head;		/* construct as in the ref; id unused */
	bool has_from, has_to;
	git_oid from;
	git_oid to;
	enum ref_result result;
	char reason[256];		/* for the results that are not good */
};

struct sync_report {
	struct ref_report *at;
	size_t n;
	size_t cap;
	struct problem_list problems;
	bool is_broken;			/* the vault itself lacks something */
	uint64_t bytes;			/* received or sent */
	uint64_t objects;
	uint64_t left_refs;		/* fetch: new ones over the limit */
};

void sync_report_release(struct sync_report *report);

/*
 * Fetch through the remote's side repository (vvault/remotes/<name>.git, with
 * the vault's objects as alternate and the remote's known refs only), verify
 * there, then move packs into the vault and refs/heads by compare-and-swap to
 * exactly the verified ids. Refused and held heads stay in the side
 * repository (quarantine) and are reported. High-water marks are updated.
 *
 * Before that, what the vault has lost is looked for: refs among its own
 * versions, objects at the remote ("healed" among the problems). What it
 * still lacks in the end is among them too, and is_broken set.
 */
MUST_USE int remote_fetch(struct vault *vault, const char *name,
			  const struct remote_limits *limits,
			  const struct remote_calls *calls,
			  struct sync_report *out, struct err *err);

/*
 * Send every known head of every construct in one connection; never forced. A
 * ref that the remote does not take is REF_REJECTED, the others go on; so is
 * one of which something is missing or damaged here. What the vault lacks is
 * among the problems, refs that are lost or damaged too, and is_broken set.
 */
MUST_USE int remote_push(struct vault *vault, const char *name,
			 const struct remote_calls *calls,
			 struct sync_report *out, struct err *err);

struct clone_options {
	const char *keys_folder;
	const char *expected_vault_id;	/* or NULL: taken and pinned */
	struct remote_limits limits;
	const struct remote_calls *calls;	/* or NULL */
};

/*
 * Make a vault at path from url: an empty vault, remote "origin", fetch,
 * verify, pin the id. On failure path is as before. A device key is made
 * where there is none.
 */
MUST_USE int remote_clone(const char *url, const char *path,
			  const struct clone_options *options,
			  struct vault **out, struct sync_report *report,
			  struct err *err);

/*
 * How far a remote is behind (ahead: versions here that it lacks) and ahead
 * (behind), by what was last seen of it. No network. ours: the vault's heads,
 * sorted; constructs that stand alike on both sides cost next to nothing.
 */
MUST_USE int remote_distance(struct vault *vault, const char *name,
			     const struct head_list *ours, uint64_t *out_ahead,
			     uint64_t *out_behind, struct err *err);

/* All heads that are kept out: in the vault's own quarantine, or held or
 * refused in the side repositories. Appends to out, with the reasons. */
MUST_USE int remote_quarantine(struct vault *vault,
			       struct quarantine_notes *out, struct err *err);
/* Give one of them up, wherever it lies: what only it needs goes. */
MUST_USE int remote_quarantine_drop(struct vault *vault,
				    const struct quarantine_note *note,
				    struct err *err);
/* How many. */
MUST_USE int remote_quarantined(struct vault *vault, uint64_t *out_count,
				struct err *err);
/* Bytes on disk in the side repositories of all remotes. */
uint64_t remote_quarantine_bytes(const struct vault *vault);
/* Delete what lies there and nothing that waits needs. Every fetch does so of
 * its own remote. */
MUST_USE int remote_quarantine_clean(struct vault *vault, struct err *err);

#endif
