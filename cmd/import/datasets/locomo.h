/*
 * The LoCoMo benchmark: each of a sample's sessions is one, the first speaker
 * its user. Questions and what was derived from the talks are left out.
 */
#ifndef VV_CMD_IMPORT_DATASETS_LOCOMO_H
#define VV_CMD_IMPORT_DATASETS_LOCOMO_H

#include "cmd/import/import.h"

extern const struct importer locomo_importer;

#endif
