/*
 * Character cards V1, V2 and V3 as JSON, PNG or charx, and lorebooks.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_CARD_H
#define VV_CMD_IMPORT_ROLEPLAY_CARD_H

#include "cmd/import/import.h"

extern const struct importer card_importer;

#endif
