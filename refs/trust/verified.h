/*
 * The ledger of heads that this device has verified, outside the refs: what a
 * git command, a restored folder of refs, or a program before this one has put
 * there is not in it, and is verified anew before anything reads it.
 *
 * <vault>/vvault/verified is a local file under this device's MAC (so what
 * was copied to another device, or made by anybody else, says nothing), bound
 * to the vault's id and to the number of the rules that it was verified by:
 * the entries as they stand in memory, sorted by ref. An entry is true for
 * ever, for a version's id stands for all that it reaches. A lost or torn
 * ledger only costs time, so nothing waits for the disk.
 *
 * A device with keys never passes what it cannot read (it is held, "no-key"),
 * so of the keys only this is remembered: that there were any, or none.
 */
#ifndef VV_REFS_TRUST_VERIFIED_H
#define VV_REFS_TRUST_VERIFIED_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "refs/history/ref.h"

struct vault;
struct verified;

enum vouch {
	VOUCH_NONE,
	VOUCH_BLIND,	/* what can be seen of it without a key */
	VOUCH_FULL	/* every byte */
};

/*
 * Load what this device wrote; an empty one where there is nothing to
 * believe. Only ERR_NOMEM. The vault must have its path and device.
 */
MUST_USE int verified_load(const struct vault *vault, struct verified **out,
			   struct err *err);
/* Accepts NULL. What was not saved is lost. */
void verified_free(struct verified *verified);

enum vouch verified_get(const struct verified *verified,
			const struct head *head);

/* Append the heads of a construct that were vouched for at least so much,
 * oldest first for each ref; their device names are left empty. */
MUST_USE int verified_list(const struct verified *verified,
			   const char *construct, enum vouch least,
			   struct head_list *out, struct err *err);

/* Append the newest head of each ref; construct and device are left empty:
 * the version itself names them. */
MUST_USE int verified_newest(const struct verified *verified,
			     struct head_list *out, struct err *err);

/* The newest of this ref that was vouched for, and is neither the head's own
 * nor among these: the second lines, which stand elsewhere. */
bool verified_before(const struct verified *verified, const struct head *head,
		     const struct head_list *apart, git_oid *out);

/* Enter a head, in memory; the two latest of each ref are remembered.
 * VOUCH_NONE strikes it out. */
MUST_USE int verified_put(struct verified *verified, const struct head *head,
			  enum vouch vouch, struct err *err);

/*
 * Write what was entered since, on top of what other processes wrote. Without
 * is_last it waits until a second has passed since the last time. A failure
 * is none: the next reader verifies anew.
 */
void verified_save(struct verified *verified, const struct vault *vault,
		   bool is_last);

#endif
