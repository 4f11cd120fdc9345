/*
 * What a version of `vault` may say, in the eyes of its parents. Only for the
 * authority.
 */
#ifndef VV_REFS_VAULT_AUTHORITY_JUDGE_H
#define VV_REFS_VAULT_AUTHORITY_JUDGE_H

#include "refs/vault/authority.h"

/*
 * Sort the news of a version in the order in which they take effect, drop
 * those that add nothing (a record that the parents have, a member or key that
 * is there), and refuse what its signer may not say. roster: of the parents;
 * NULL for the first version. ERR_UNTRUSTED, with the rule in *out_code.
 */
MUST_USE int authority_judge(const struct roster *roster,
			     const struct version *version,
			     struct authority_news *news,
			     const char **out_code, struct err *err);

#endif
