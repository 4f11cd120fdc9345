/*
 * What is damaged or lost, mended with what the vault has itself.
 */
#ifndef VV_REFS_UPKEEP_MEND_H
#define VV_REFS_UPKEEP_MEND_H

#include "refs/verify/verify.h"

/* Read every object, and set aside what is damaged. */
MUST_USE int vault_mend_objects(struct vault *vault, struct problem_list *told,
				struct err *err);

/*
 * Put back the heads of `vault`, without which nothing else can be read, of a
 * vault from vault_open_broken(), and read its state. told: which stand again.
 * ERR_CORRUPT where none is found here.
 */
MUST_USE int vault_mend_heads(struct vault *vault, struct problem_list *told,
			      struct err *err);

/* Put back all refs that can be; out_is_whole: nothing is left to be done. */
MUST_USE int vault_mend_refs(struct vault *vault, struct problem_list *told,
			     bool *out_is_whole, struct err *err);

#endif
