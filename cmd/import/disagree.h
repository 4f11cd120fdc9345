/*
 * What sources disagree about.
 */
#ifndef VV_CMD_IMPORT_DISAGREE_H
#define VV_CMD_IMPORT_DISAGREE_H

#include "cmd/import/results.h"

/*
 * How many fields of a construct are in conflict after an import which wrote
 * something beside what stood; else 0, and nothing is looked at.
 */
MUST_USE int import_disagreements(struct vault *vault,
				  const struct import_result *result,
				  uint64_t *out, struct err *err);

#endif
