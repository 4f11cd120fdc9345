/*
 * Is the vault whole: does every ref stand, and is everything here that they
 * reach? Whatever was seen whole is remembered (vvault/whole: the heads, and
 * which files of objects held them), so that asking again costs a look at
 * the names of files, and asking after a write what is new.
 */
#ifndef VV_REFS_TRUST_WHOLE_H
#define VV_REFS_TRUST_WHOLE_H

#include <stdbool.h>

#include "lib/base/table.h"
#include "refs/history/ref.h"
#include "refs/vault/vault.h"
#include "refs/verify/verify.h"

struct wholeness {
	struct table holes;		/* ids of objects that are not here */
	struct head_list lost;		/* refs that are gone, with the id
					   where they stood last */
	struct head_list damaged;	/* refs whose files hold no id; zero
					   ids where nothing is known */
};

#define WHOLENESS_INIT { TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT),	\
		HEAD_LIST_INIT, HEAD_LIST_INIT }

/*
 * Look, and remember a vault that is whole. Segments are read only where files
 * that were remembered are gone or were written to; else they count as here
 * when there is something under their names, and `verify --full` reads them.
 * A head that lies in quarantine is not lost; an older one of its ref may be.
 */
MUST_USE int whole_check(struct vault *vault, struct wholeness *out,
			 struct err *err);

/* Look by those who have packed objects anew themselves, or written many, so
 * that the next one need not read them. */
MUST_USE int whole_renew(struct vault *vault, struct err *err);

/* Only which refs are lost or damaged. */
MUST_USE int whole_refs(struct vault *vault, struct wholeness *out,
			struct err *err);

bool whole_is(const struct wholeness *whole);
void wholeness_release(struct wholeness *whole);

/* Let a head go that was given up on purpose: it is not lost, wherever its ref
 * stands then. */
MUST_USE int whole_forget(struct vault *vault, const struct head *head,
			  struct err *err);

/* One finding for each lost or damaged ref ("lost-ref", "damaged-ref"), one
 * for all holes together ("missing-object"), or all of that. */
MUST_USE int whole_tell_refs(const struct wholeness *whole,
			     struct problem_list *out, struct err *err);
MUST_USE int whole_tell_holes(const struct wholeness *whole,
			      struct problem_list *out, struct err *err);
MUST_USE int whole_tell(const struct wholeness *whole,
			struct problem_list *out, struct err *err);

#endif
