/*
 * Refs that are lost or damaged, found again: the newest valid version of
 * that construct and device that is here with all that it reaches.
 */
#ifndef VV_REFS_UPKEEP_RESTORE_H
#define VV_REFS_UPKEEP_RESTORE_H

#include "refs/trust/whole.h"

/*
 * Put a ref that went back where it stood, and look for what the others that
 * are lost or damaged stood at among all versions in the store. What verifies
 * becomes the ref again. Files of damaged refs are set aside (vvault/damaged)
 * first. Each ref that stands again is appended to restored, with its id. The
 * rest waits for a remote.
 */
MUST_USE int refs_restore(struct vault *vault, const struct wholeness *whole,
			  struct head_list *restored, struct err *err);

/* One finding for each: "healed". */
MUST_USE int refs_restored_tell(const struct head_list *restored,
				struct problem_list *out, struct err *err);

/* "<vault>/vvault/damaged", made where it is missing. */
MUST_USE int damaged_folder(const struct vault *vault, struct buf *out,
			    struct err *err);

#endif
