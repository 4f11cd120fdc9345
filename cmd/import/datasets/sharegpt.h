/*
 * Conversations in the form of ShareGPT: an array or lines of
 * {"id":..,"conversations":[{"from":..,"value":..}]}.
 *
 * Long ones were cut into slices, whose ids <id>_<number> say where: each is
 * a session of its own whose parent is the one before it in the file, when
 * its number is that one's plus its turns, or the next and it begins with an
 * answer. Numbers alone say nothing: whole conversations have them too.
 */
#ifndef VV_CMD_IMPORT_DATASETS_SHAREGPT_H
#define VV_CMD_IMPORT_DATASETS_SHAREGPT_H

#include "cmd/import/import.h"

extern const struct importer sharegpt_importer;

#endif
