/*
 * What remotes were seen at, held against what is here.
 */
#ifndef VV_REFS_UPKEEP_SEEN_MARKS_H
#define VV_REFS_UPKEEP_SEEN_MARKS_H

#include "refs/trust/marks.h"
#include "refs/vault/remotes.h"

/*
 * Is what remotes were seen at still here? The marks are read
 * before the heads that they are held against: a ref moves first and its mark
 * follows, so in this order a mark is never newer than its ref.
 */
struct seen_marks {
	struct remote_list remotes;
	struct marks *marks;		/* of each */
};
MUST_USE int seen_marks_read(struct vault *vault, struct seen_marks *out, struct err *err);
MUST_USE int seen_marks_check(struct vault *vault, const struct seen_marks *seen,
			const struct head_list *heads,
			struct problem_list *problems, struct err *err);
void seen_marks_release(struct seen_marks *seen);

#endif
