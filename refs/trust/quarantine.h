/*
 * Quarantine: heads that are kept out of the vault, and why. Those that came
 * from a remote and did not enter lie in its side repository (remote/); those
 * that had a ref here were taken out of refs/heads and lie in the vault's own
 * store, kept by
 *
 *	refs/quarantine/<id>/<construct>/<device>
 *
 * <vault>/vvault/quarantine remembers the reasons of both, one canonical JSON
 * object a line. It is for people: nothing is decided by it.
 */
#ifndef VV_REFS_TRUST_QUARANTINE_H
#define VV_REFS_TRUST_QUARANTINE_H

#include <stdbool.h>

#include "refs/vault/vault.h"
#include "refs/verify/verify.h"

#define QUARANTINE_PREFIX "refs/quarantine/"

/* A head and what was found out about it. */
struct quarantine_note {
	struct head head;
	char remote[66];	/* whose side repository has it; "": here */
	char state[16];		/* "held", "refused", "rejected" */
	char code[32];
	char message[512];
	char since[28];		/* TIMESTAMP_TEXT_MAX; filled in by _put */
};

struct quarantine_notes {
	struct quarantine_note *at;
	size_t n;
	size_t cap;
};

#define QUARANTINE_NOTES_INIT { NULL, 0, 0 }

/* A missing or damaged file is an empty list: the refs count. */
MUST_USE int quarantine_notes_load(const struct vault *vault,
				   struct quarantine_notes *out,
				   struct err *err);
void quarantine_notes_release(struct quarantine_notes *notes);

/* The one about this very head, borrowed; NULL. */
const struct quarantine_note *
quarantine_notes_find(const struct quarantine_notes *notes,
		      const struct head *head);
MUST_USE int quarantine_notes_add(struct quarantine_notes *notes,
				  const struct quarantine_note *note,
				  struct err *err);

/* Remember these reasons, in place of older ones of the same heads, and
 * since when where they say the same. */
MUST_USE int quarantine_notes_put(const struct vault *vault,
				  const struct quarantine_note *notes,
				  size_t n, struct err *err);

/*
 * Take a head out of refs/heads, or from among the second lines, into the
 * vault's own quarantine. The version that was verified of this ref before
 * stands there again, if it is here. What remotes were seen at of it is
 * forgotten: it was not theirs to show. note: all but `since`.
 */
MUST_USE int quarantine_take(struct vault *vault,
			     const struct quarantine_note *note,
			     struct err *err);

/* The heads in it, by ref and not by note. */
MUST_USE int quarantine_list(struct vault *vault, struct head_list *out,
			     struct err *err);

/* Give it up: the ref and the note go; no object of the vault ever does. */
MUST_USE int quarantine_drop(struct vault *vault, const struct head *head,
			     struct err *err);

/*
 * Put those that are held back where heads are, to be
 * judged once more by whoever reads them next: keys or members came.
 */
MUST_USE int quarantine_release(struct vault *vault, struct err *err);

/* Let a head stand again where it stood; beside what stands there now, if
 * that is another line of its device. */
MUST_USE int head_put_back(struct vault *vault, const struct head *head,
			   struct err *err);

#endif
