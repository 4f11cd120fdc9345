/*
 * Tasks of Cline, and of what was made from it: Roo Code, Zoo Code, Kilo Code.
 */
#ifndef VV_CMD_IMPORT_CLINE_CLINE_H
#define VV_CMD_IMPORT_CLINE_CLINE_H

#include "cmd/import/import.h"

extern const struct importer cline_importer;

#endif
