/*
 * All of a vault, verified from scratch.
 */
#ifndef VV_REFS_UPKEEP_VERIFY_ALL_H
#define VV_REFS_UPKEEP_VERIFY_ALL_H

#include "refs/verify/verify.h"

/*
 * `vvault verify`: all heads of a vault from scratch, forks, stray refs,
 * high-water marks; with is_full every segment and blob, and per construct
 * the sha256 of its sorted record ids.
 */
struct verify_set {
	char construct[CONSTRUCT_NAME_MAX];
	unsigned char digest[SHA256_BYTES];
};

struct verify_report {
	struct verify_counts counts;
	struct problem_list problems;
	struct verify_set *sets;
	size_t sets_n;
	size_t sets_cap;
};

MUST_USE int vault_verify(struct vault *vault,
			  const struct verify_options *options,
			  struct verify_report *out, struct err *err);
/* How many segments vault_verify() of all will read: what there is to do, as
 * far as trees tell. No segment is opened. */
uint64_t verify_total(struct vault *vault);
void verify_report_release(struct verify_report *report);

#endif
