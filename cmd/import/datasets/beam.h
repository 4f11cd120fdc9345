/*
 * Chats of the BEAM benchmark: batches of turns, all of one session. The mark
 * that its generator put behind a question ("->-> 1,1") is native.mark.
 */
#ifndef VV_CMD_IMPORT_DATASETS_BEAM_H
#define VV_CMD_IMPORT_DATASETS_BEAM_H

#include "cmd/import/import.h"

extern const struct importer beam_importer;

#endif
