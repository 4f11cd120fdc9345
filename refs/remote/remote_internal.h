/*
 * What the files of remotes share. The order of a fetch: url, trip (limits
 * and callbacks of one operation), side repository, network or local copy
 * through the checks of objects/pack/index_pack.h, admission into the vault.
 */
#ifndef VV_REFS_REMOTE_INTERNAL_H
#define VV_REFS_REMOTE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <git2.h>
#include <git2/sys/transport.h>

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "objects/pack/index_pack.h"
#include "refs/remote/remote.h"

#define REMOTE_URL_MAX 2048
#define OFTEN_MS 100			/* between two calls of progress */

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

MUST_USE int remote_name_check(const char *name, struct err *err);

/* The url of a remote by its name, as configured. ERR_NOT_FOUND. */
MUST_USE int remote_url(struct vault *vault, const char *name,
			struct buf *out, struct err *err);

/* Append a line to a report; returns it through out (may be NULL). */
MUST_USE int report_add(struct sync_report *report, const struct head *head,
			enum ref_result result, struct ref_report **out,
			struct err *err);
void report_reason(struct ref_report *report, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/*
 * One operation with one remote: what it may take, whom it asks, and what our
 * callbacks found wrong, which is the cause of whatever libgit2 then says.
 */
struct trip {
	const char *text;		/* the url, borrowed */
	struct url url;
	const struct remote_calls *calls;	/* borrowed, not NULL */
	struct remote_limits limits;	/* no zeros */
	int64_t deadline_ms;
	int64_t told_ms;		/* when progress was called last */
	uint64_t received;		/* bytes in all, on the wire */
	uint64_t may_receive;
	struct index_pack_counts counts;	/* of what is taken, or sent */
	unsigned tries;			/* credentials asked for */
	bool has_asked;			/* and not told the result yet */
	bool is_offsite;		/* redirected to another host */
	struct sync_report *report;	/* push: where statuses go */
	char said[512];			/* the other side's last line */
	char line[500];			/* and the one that is coming */
	size_t line_len;
	struct err err;
};

MUST_USE int trip_begin(struct trip *trip, const char *url,
			const struct remote_limits *limits,
			const struct remote_calls *calls, struct err *err);
void trip_end(struct trip *trip);
/* No more comes of the other side's last line. */
void trip_heard_all(struct trip *trip);

/* How long to wait for the other side now, in ms, at least 1; ERR_TIMEOUT
 * when the time of the whole trip is over. */
MUST_USE int trip_wait_ms(struct trip *trip, int *out_ms);
/* ERR_TIMEOUT once that is so; for loops over what others have made. */
MUST_USE int trip_check_time(struct trip *trip, struct err *err);
/* How many refs the other side may show at all: more than are taken. */
size_t trip_refs_max(const struct trip *trip);
/* Record a failure of a callback; returns its code. */
int trip_fail(struct trip *trip, enum err_code code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Count received bytes; ERR_LIMIT. */
MUST_USE int trip_count(struct trip *trip, size_t bytes);
MUST_USE int trip_progress(struct trip *trip,
			   const struct remote_progress *progress);
/* The same of the trip's own counts, which are of all packs. */
MUST_USE int trip_tell_counts(struct trip *trip, const char *phase);
/* Translate what libgit2 returned; what our callbacks found comes first. */
int trip_failed(struct trip *trip, int code, const char *what,
		struct err *err);

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

/* Connect; the caller disconnects and frees the remote. */
MUST_USE int trip_connect(struct trip *trip, git_repository *repo,
			  git_direction direction, git_remote **out,
			  struct err *err);
void trip_callbacks(struct trip *trip, git_remote_callbacks *out);
/* A git_packbuilder_progress, payload a struct trip. */
int trip_on_pack(int stage, uint32_t current, uint32_t total, void *payload);
/* Our heads among what the other side has, sorted. */
MUST_USE int trip_heads(struct trip *trip, git_remote *remote,
			struct head_list *out, struct err *err);

/* Check packs that repo receives, as they come, against the trip's limits;
 * they go into its own pack folder. */
MUST_USE int receive_guarded(struct trip *trip, git_repository *repo,
			     struct err *err);
/* Take a pack file (open, at its start; name is for messages) the same way. */
MUST_USE int receive_file(struct trip *trip, git_repository *repo, int fd,
			  const char *name, struct err *err);

/*
 * The side repository of a remote, held by a lock. All its refs stand in one
 * packed-refs file: what the remote had last (seen), and which of those are
 * kept out of the vault, waiting (held) or for good (refused).
 */
struct side {
	struct vault *vault;
	char name[REMOTE_NAME_MAX];
	struct lock lock;
	struct buf path;
	struct store *store;		/* sees the vault's objects too */
	struct head_list seen;
	struct head_list held;
	struct head_list refused;
	bool is_blank;			/* says "have" of nothing */
};

#define SIDE_INIT { NULL, "", LOCK_INIT, PATH_BUF_INIT, NULL,		\
		HEAD_LIST_INIT, HEAD_LIST_INIT, HEAD_LIST_INIT, false }

/* Take the lock, make the repository where it is missing, read its refs. */
MUST_USE int side_open(struct vault *vault, const char *name,
		       struct side *out, struct err *err);
/* Only read its refs: no lock, nothing is made. */
MUST_USE int side_peek(struct vault *vault, const char *name,
		       struct side *out, struct err *err);
void side_release(struct side *side);
/* Make anew what it lacks to be a side repository of the vault. */
MUST_USE int side_mend(struct side *side, struct err *err);
/* Open the store anew, to see new packs. */
MUST_USE int side_reopen(struct side *side, struct err *err);
/* Write the lists as refs. */
MUST_USE int side_save(struct side *side, struct err *err);
/* Until then, only these refs: what one download says "have" of. */
MUST_USE int side_negotiate(struct side *side, const struct head_list *tips,
			    struct err *err);
/*
 * Leave only the objects that held and refused heads reach and the vault does
 * not have; those of the refused only where all side repositories together
 * stay below the quota. Beyond it they are refused by their ids.
 */
MUST_USE int side_clean(struct side *side, struct err *err);
/* Delete a file of it; a missing one is a success. */
MUST_USE int side_file_remove(const char *folder, const char *name,
			      struct err *err);
/* Is it this very version that was refused before? */
bool side_refuses(const struct side *side, const struct head *head);
MUST_USE int side_path(struct vault *vault, const char *name, struct buf *out,
		       struct err *err);

/*
 * The ids in a pack's index (version 2), one behind the other. Read and not
 * mapped: a stranger's file may shrink.
 */
struct pack_index {
	const unsigned char *ids;
	size_t n;
	struct buf bytes;
};

#define PACK_INDEX_INIT { NULL, 0, BUF_INIT(BUF_NO_LIMIT) }

MUST_USE int pack_index_open(const char *path, struct pack_index *out,
			     struct err *err);
/* One in a folder of somebody else. */
MUST_USE int pack_index_read(const struct folder *folder, const char *name,
			     size_t max_bytes, struct pack_index *out,
			     struct err *err);
void pack_index_release(struct pack_index *index);

/*
 * Leave out of heads (sorted) what goes beyond the limit of refs. Only those
 * count that neither the vault nor the side repository knows. Members of the
 * vault come first, and among all those whose device shows few: who floods
 * is the one that is cut, and is told as a problem.
 */
MUST_USE int flood_bound(struct trip *trip, struct side *side,
			 struct head_list *heads, struct err *err);

/* Get what is new at the other side into the side repository. out: what it
 * has of heads, ours only, sorted. */
MUST_USE int network_fetch(struct trip *trip, struct side *side,
			   struct head_list *out, struct err *err);
MUST_USE int local_fetch(struct trip *trip, struct side *side,
			 struct head_list *out, struct err *err);
/*
 * Open the repository at the trip's path: itself if bare, else its .git.
 * ERR_DENIED for one that keeps objects or refs elsewhere, ERR_UNSUPPORTED
 * for one in a form that is not known here. is_push: ERR_DENIED also for one
 * whose owner has hooks that a push would run.
 */
MUST_USE int local_open(const struct trip *trip, bool is_push,
			struct folder *out, struct err *err);
/* The heads of such a repository, sorted. is_push: locks of refs that killed
 * processes left go. */
MUST_USE int local_heads(struct trip *trip, const struct folder *git_dir,
			 bool is_push, struct head_list *out, struct err *err);
/* Copy its packs and loose objects; loose ones are added to the store. */
MUST_USE int local_objects(struct trip *trip, struct side *side,
			   const struct folder *git_dir, struct err *err);
/* Forget which packs were copied before. */
MUST_USE int copied_forget(struct side *side, struct err *err);
/* High-water marks: the newest that each ref of a remote was seen at. */
struct mark {
	struct head head;
	uint64_t seq;
	unsigned char digest[SHA256_BYTES];
};
struct marks {
	struct mark *at;
	size_t n;
	size_t cap;
	size_t sorted_n;		/* the rest came since */
	bool is_damaged;		/* or lost: see marks_mend() */
};

#define MARKS_INIT { NULL, 0, 0, 0, false }

/* Of a file that is damaged, whatever can be read of it. */
MUST_USE int marks_load(struct vault *vault, const char *remote,
			struct marks *out, struct err *err);
MUST_USE int marks_save(struct vault *vault, const char *remote,
			struct marks *marks, struct err *err);
/*
 * If they are damaged, make them anew from the refs that this remote was
 * last seen at and from what the file still says, each by the version that it
 * names; save and tell it. No mark becomes older than such a ref, but where
 * its version is gone, and that is told too. To be called under the side's
 * lock.
 */
MUST_USE int marks_mend(struct vault *vault, const char *remote,
			struct marks *marks, struct problem_list *told,
			struct err *err);
void marks_release(struct marks *marks);
const struct mark *marks_find(const struct marks *marks,
			      const struct head *head);
/* The mark of this ref is now at head's id, read from the vault. */
MUST_USE int marks_set(struct marks *marks, struct vault *vault,
		       const struct head *head, struct err *err);
/* Forget those whose heads this vault holds in its own quarantine. */
MUST_USE int marks_prune(struct marks *marks, struct vault *vault,
			 struct err *err);
/* The same of one head, on disk. */
MUST_USE int marks_forget(struct vault *vault, const char *remote,
			  const struct head *head, struct err *err);
MUST_USE int marks_remove(struct vault *vault, const char *remote,
			  struct err *err);

/* refs/remotes/<remote>/<construct>/<device> in the vault, all at once. */
MUST_USE int tracking_set(struct vault *vault, const char *remote,
			  const struct head_list *heads, struct err *err);

/*
 * Judge heads that lie in the side repository, verify what is new, move its
 * objects and then the refs. Marks and the side's lists follow.
 */
struct intake {
	struct vault *vault;
	struct side *side;
	const struct head_list *heads;
	struct marks *marks;
	struct sync_report *report;
	const struct remote_calls *calls;
	const char *expected_vault_id;	/* or NULL */
	bool is_all;			/* a mark without a head is a loss */
	bool moved_vault;		/* out: a head of `vault` moved */
	bool lacks_objects;		/* out: something was not there */
};
MUST_USE int intake_run(struct intake *intake, struct err *err);

/* Move what these heads reach, and the vault's own do not, into the vault. */
MUST_USE int objects_admit(struct side *side, const git_oid *heads,
			   size_t heads_n, const struct head_list *known,
			   struct err *err);

struct remote_fetch_options {
	const struct remote_limits *limits;
	const struct remote_calls *calls;
	const char *expected_vault_id;
	bool heals_again;		/* even what was tried in vain */
};
MUST_USE int fetch_with(struct vault *vault, const char *name,
			const struct remote_fetch_options *options,
			struct sync_report *out, struct err *err);

/*
 * Bring back the objects that these heads of the vault reach and that are not
 * here, or among the holes, as far as the remote behind the side repository
 * has them: all of it is downloaded once more, and what is missing here is
 * taken from that.
 */
struct healing {
	struct side *side;
	const char *url;
	const struct head_list *heads;
	const struct table *holes;
	const struct remote_fetch_options *options;
	struct sync_report *report;
};
MUST_USE int heal_objects(const struct healing *healing,
			  uint64_t *out_brought, struct err *err);

/* Was the same tried in vain, with a remote that had the same refs? Noted
 * after a fetch, so that not every one downloads everything. */
bool heal_is_vain(const struct side *side, const struct table *holes);
void heal_note_vain(const struct side *side, const struct table *holes);

#endif
