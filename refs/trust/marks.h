/*
 * High-water marks: the newest that each ref of a remote was seen at.
 */
#ifndef VV_REFS_TRUST_MARKS_H
#define VV_REFS_TRUST_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/id/hash.h"
#include "refs/vault/vault.h"
#include "refs/verify/verify.h"

struct mark {
	struct head head;
	uint64_t seq;
	unsigned char digest[SHA256_BYTES];
};
struct marks {
	struct mark *at;
	size_t n;
	size_t cap;
	size_t sorted_n;		/* the rest came since */
	bool is_damaged;		/* or lost: see marks_mend() */
};

#define MARKS_INIT { NULL, 0, 0, 0, false }

/* Of a file that is damaged, whatever can be read of it. */
MUST_USE int marks_load(struct vault *vault, const char *remote,
			struct marks *out, struct err *err);
MUST_USE int marks_save(struct vault *vault, const char *remote,
			struct marks *marks, struct err *err);
/*
 * If they are damaged, make them anew from the refs that this remote was
 * last seen at and from what the file still says, each by the version that it
 * names; save and tell it. No mark becomes older than such a ref, but where
 * its version is gone, and that is told too. To be called under the side's
 * lock.
 */
MUST_USE int marks_mend(struct vault *vault, const char *remote,
			struct marks *marks, struct problem_list *told,
			struct err *err);
void marks_release(struct marks *marks);
const struct mark *marks_find(const struct marks *marks,
			      const struct head *head);
/* The mark of this ref is now at head's id, read from the vault. */
MUST_USE int marks_set(struct marks *marks, struct vault *vault,
		       const struct head *head, struct err *err);
/* Forget those whose heads this vault holds in its own quarantine. */
MUST_USE int marks_prune(struct marks *marks, struct vault *vault,
			 struct err *err);
/* The same of one head, on disk. */
MUST_USE int marks_forget(struct vault *vault, const char *remote,
			  const struct head *head, struct err *err);
MUST_USE int marks_remove(struct vault *vault, const char *remote,
			  struct err *err);

#endif
