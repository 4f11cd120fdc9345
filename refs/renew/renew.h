/*
 * Renewing: a new lineage of the same vault, without what was forgotten.
 *
 * An owner signs every version once more, in the same shape, with whose it was,
 * when, and which (Vvault-Renews), over trees that lack what records of kind
 * forget list; and says vault:renew in `vault`, which names what was made and
 * of what. `vault` itself holds nothing to forget and goes on as it is.
 * Members who hold the old lineage compare the two, carry over what they had
 * not sent, and leave the old one behind.
 *
 * Either way the new vault is made whole beside the old one, in
 * vvault/renewing, and takes its place by a file that says so: a call killed
 * before that leaves the old vault, one killed behind it the new one, and the
 * next that opens the vault ends what is left to do.
 */
#ifndef VV_REFS_RENEW_RENEW_H
#define VV_REFS_RENEW_RENEW_H

#include "refs/remote/remote.h"
#include "refs/vault/vault.h"

struct renew_options {
	const char *keys_folder;
	const char *remote;	/* an address for the statement, or NULL */
	/* "reading", "replaying" ...; may be NULL */
	void (*progress)(void *arg, const char *what, uint64_t done,
			 uint64_t total);
	void *arg;
};

struct renew_report {
	uint64_t constructs;
	uint64_t versions;	/* made anew; or followed */
	uint64_t segments;	/* read */
	uint64_t recut;		/* of them, that held what was forgotten */
	uint64_t records;	/* that went, as far as they were still there */
	uint64_t blobs;		/* that went with them */
	uint64_t carried;	/* follow: records that the new history had
				 * not, ... */
	uint64_t carried_others;	/* and those of them that are not this
				 * device's */
	uint64_t rejected;	/* versions of the old history that this device
				 * had rejected: that word goes with it */
};

/*
 * By an owner who holds the keys, with a vault that is whole. The vault must
 * be opened anew afterwards. ERR_DENIED, ERR_NO_KEY; ERR_CHANGED: it was
 * written to meanwhile, and nothing was done.
 */
MUST_USE int vault_renew(struct vault *vault,
			 const struct renew_options *options,
			 struct renew_report *out, struct err *err);

/* Where a new lineage comes from; all borrowed. */
struct renew_source {
	const char *remote;		/* its name here */
	const struct remote_limits *limits;
	const struct remote_calls *calls;
};

/*
 * Take over the lineage that this remote has shown to remote_fetch() just now:
 * fetched whole and verified, then compared with what is here, version by
 * version. What is here and not there is written again on top, by this device.
 * The vault must be opened anew afterwards. ERR_UNTRUSTED: the new history
 * lacks what nobody forgot, or says something else of a version than that
 * itself; ERR_NOT_FOUND: it is not there whole; ERR_DENIED: this device may not
 * write what there is to be carried over. Then nothing has changed, and for the
 * first two nothing is fetched again before the remote or the vault has.
 * ERR_IO: the new history is taken over, and the next call ends that.
 */
MUST_USE int vault_follow(struct vault *vault,
			  const struct renew_source *source,
			  const struct renew_options *options,
			  struct renew_report *out, struct err *err);

/*
 * End what a killed call has left of a renewal in the vault at path: the new
 * vault takes its place if it was whole, and goes if not. A look at one name
 * where there is nothing. ERR_LOCKED: a call is at work on it.
 */
MUST_USE int renewal_end(const char *path, struct err *err);

#endif
