/*
 * The activity history of Microsoft Copilot, as its privacy dashboard gives
 * it: a table with a message a row.
 */
#ifndef VV_CMD_IMPORT_COPILOT_COPILOT_CSV_H
#define VV_CMD_IMPORT_COPILOT_COPILOT_CSV_H

#include "cmd/import/import.h"

extern const struct importer copilot_csv_importer;

#endif
