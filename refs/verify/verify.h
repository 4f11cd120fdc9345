/*
 * Verification: whether versions may enter the vault. The same code serves
 * fetch and clone (new versions, in quarantine) and `verify` (everything).
 */
#ifndef VV_REFS_VERIFY_VERIFY_H
#define VV_REFS_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/table.h"
#include "objects/store/store.h"
#include "refs/history/ref.h"
#include "refs/vault/vault.h"

/* A finding. code is stable: "bad-signature", "not-a-member", "wrong-root",
 * "missing-object", "bad-segment", "fork" ... (list in verify_rules.c). */
struct problem {
	char code[32];
	char object[128];	/* version id, segment name or ref */
	char message[512];
};

struct problem_list {
	struct problem *at;
	size_t n;
	size_t cap;
};

#define PROBLEM_LIST_INIT { NULL, 0, 0 }
/* Add a finding, unless it was among the last ones already. */
MUST_USE int problem_list_add(struct problem_list *list, const char *code,
			      const char *object, const char *message,
			      struct err *err);
void problem_list_release(struct problem_list *list);

enum verdict {
	VERDICT_OK,
	VERDICT_HELD,		/* names a `vault` head that is not here yet,
				 * or is sealed with a key that is not */
	VERDICT_REFUSED
};

struct verify_counts {
	uint64_t versions;
	uint64_t segments;
	uint64_t records;
};

struct verifier;

struct verify_options {
	const char *expected_vault_id;	/* NULL: take the one found */
	const struct table *rejected;	/* ids that this device does not want */
	const struct device_key *device;	/* for content keys; may be NULL */
	bool is_whole;		/* the heads to be checked are in the vault */
	bool trust_heads;	/* versions reachable from `known` are verified */
	bool is_full;		/* every segment and blob, not only new ones */
	bool is_quick;		/* no segment is read */
	bool may_renew;		/* take heads of `vault` with a vault:renew
				 * that no known one has; else they are held */
	unsigned threads;	/* for opening segments; 0: as many as cores */
	/* progress: called now and then; non-zero cancels. May be NULL */
	int (*progress)(void *arg, const struct verify_counts *counts);
	void *progress_arg;
};

/*
 * store: where the objects are (a side repository sees the vault's through
 * its alternates). known: heads that are verified already.
 */
MUST_USE int verifier_new(struct store *store, const struct head_list *known,
			  const struct verify_options *options,
			  struct verifier **out, struct err *err);
void verifier_free(struct verifier *verifier);

/*
 * Verify the heads of `vault` first: candidates that pass extend the state
 * that data versions are judged by. Then each data head with all its new
 * ancestors. verdicts[i] belongs to heads->at[i]; problems explain each that
 * is not OK. Returns an error only when verification itself cannot go on.
 */
MUST_USE int verifier_check(struct verifier *verifier,
			    const struct head_list *heads,
			    enum verdict *verdicts,
			    struct problem_list *problems, struct err *err);

/*
 * Of a head that verifier_check() has just refused because it lies beyond the
 * cut of a device whose rights were taken: the version of that device that the
 * cut names and it stands on. *out_found is false where there is none, and for
 * any other head.
 */
MUST_USE int verifier_remainder(struct verifier *verifier,
				const struct head *head, git_oid *out,
				bool *out_found, struct err *err);

/*
 * Was an object missing or damaged? Then what was refused may be nobody's
 * fault but this disk's. And could sealed segments not be opened, for want of
 * any key?
 */
bool verifier_met_damage(const struct verifier *verifier);
bool verifier_is_blind(const struct verifier *verifier);

const char *verifier_vault_id(const struct verifier *verifier);
struct verify_counts verifier_counts(const struct verifier *verifier);

/* The digest over the records of the union of these heads
 * (reordered). ERR_NO_KEY when this device cannot read the construct. */
MUST_USE int verify_set_digest(struct verifier *verifier,
			       const char *construct, git_oid *heads,
			       size_t heads_n,
			       unsigned char out[SHA256_BYTES],
			       struct err *err);

/* Is this failure a finding about the vault, not about this computer? */
bool is_finding(int rc);


#endif
