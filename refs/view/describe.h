/*
 * What a version says for itself to somebody who holds the keys.
 */
#ifndef VV_REFS_VIEW_DESCRIBE_H
#define VV_REFS_VIEW_DESCRIBE_H

#include "refs/vault/vault.h"

/*
 * Construct, subject and number of new records: from the sealed note, or, in a
 * plain vault and for `vault`, from the version and its new segments. What
 * this device cannot read stays empty (has_records false). Replaces out.
 */
MUST_USE int version_describe(const struct vault *vault,
			      const struct version *version,
			      struct version_note *out, struct err *err);

/* The records of its segments that no parent has, of a version in plain text. */
struct line_visitor {
	int (*line)(void *arg, struct span line, struct err *err);
	void *arg;
};
MUST_USE int version_each_plain(const struct vault *vault,
				const struct version *version,
				const struct line_visitor *visitor,
				struct err *err);

#endif
