/*
 * What a part of a message is, by the name that its source has for it.
 */
#ifndef VV_REFS_INDEX_WORDS_PART_KIND_H
#define VV_REFS_INDEX_WORDS_PART_KIND_H

#include "lib/base/span.h"

enum part_kind { PART_OTHER, PART_CALL, PART_RESULT, PART_THOUGHT, PART_FILE };

/* Of a canonical value; never PART_FILE, which takes more than a name. */
enum part_kind part_kind_of(struct span part);

#endif
