/*
 * What of a vault is there for whoever has opened it, where that is not all.
 * It is laid on the vault below everything that reads: heads of other
 * constructs, and versions that are younger, are seen by nobody above
 * heads_settled() (refs/trust/settle.h); entities of other kinds are named by
 * no word (cmd/action/read/ref.h), found by no search (refs/index/recall.h) and
 * in no difference of views. Below that all is read as it is, so that what is
 * remembered of a vault is the same for everybody.
 */
#ifndef VV_REFS_TRUST_SCOPE_H
#define VV_REFS_TRUST_SCOPE_H

#include "objects/record/kinds.h"
#include "refs/history/construct_name.h"
#include "refs/history/ref.h"

struct vault;

struct scope {
	bool is_named;		/* only these constructs, by their ref names */
	struct { char (*at)[CONSTRUCT_NAME_MAX]; size_t n, cap; } refs;
	int64_t end;		/* seconds: what is signed then or later is not
				   there; 0: no such bound */
	unsigned kinds;		/* kind_bit() of those that are; 0: all */
};

#define SCOPE_INIT { false, { NULL, 0, 0 }, 0, 0 }
void scope_release(struct scope *scope);
MUST_USE int scope_add(struct scope *scope, const char *ref_name,
		       struct err *err);

/* Is that construct there? `vault` always is: it says what the rest means. */
bool scope_has(const struct vault *vault, const char *ref_name);

/* Is it listed, and opened by its name? Under a scope `vault` is not: who its
 * members are, and with which keys, is nobody's who sees a part. */
bool scope_tells(const struct vault *vault, const char *ref_name);

/* Are entities of this kind there? */
bool scope_has_kind(const struct vault *vault, const struct kind *kind);

/* Of a set of kinds (0: all) those that are there: never 0 where some are
 * not. */
unsigned scope_kinds(const struct vault *vault, unsigned kinds);

/* Leave of a list of one construct, or of all (is_all), what is there, each
 * device's head being its newest of then. */
MUST_USE int scope_settle(struct vault *vault, bool is_all,
			  struct head_list *list, struct err *err);

#endif
