/*
 * Collecting: what many small writes have scattered is brought together. Each
 * construct comes to its canonical cut (objects/tree/recut.h), as a version of its
 * own where that changes anything, and the objects come to few packs
 * (objects/repack/repack.h). What is known stays known, and no object is dropped.
 *
 * Safe at any time, beside readers and writers; a second collection at the
 * same time waits or steps back. Killed anywhere it leaves a good vault.
 */
#ifndef VV_REFS_UPKEEP_GC_H
#define VV_REFS_UPKEEP_GC_H

#include "objects/repack/repack.h"
#include "refs/vault/vault.h"

struct gc_options {
	bool is_brief;		/* takes a second or two, then leaves the rest */
	bool may_sign;		/* else no construct is cut anew */
	/* "compacting" counts constructs, "packing" objects; may be NULL. */
	void (*progress)(void *arg, const char *what, uint64_t done,
			 uint64_t total);
	void *arg;
};

/* A construct that was cut anew. */
struct gc_construct {
	char construct[CONSTRUCT_NAME_MAX];	/* own name */
	git_oid version;
};

struct gc_report {
	bool has_run;		/* false: brief, and another one is at it */
	struct repack_result objects;
	struct gc_construct *compacted;
	size_t compacted_n;
	size_t compacted_cap;
};

/*
 * Collect. A device that may not write to a construct, or cannot read it,
 * leaves its cut to others and packs all the same; `vault` is never cut anew:
 * it is small, and what every other version refers to. ERR_LOCKED: another
 * process has been at it for a minute.
 */
MUST_USE int vault_gc(struct vault *vault, const struct gc_options *options,
		      struct gc_report *out, struct err *err);
void gc_report_release(struct gc_report *report);

/*
 * Has so much gathered that a brief collection is worth it, and does the
 * vault's configuration (vvault.autogc) not say no? Costs next to nothing.
 */
bool vault_gc_is_due(struct vault *vault);

#endif
