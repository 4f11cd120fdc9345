/*
 * The flat formats (flat.h), each in the file of its name.
 */
#ifndef VV_CMD_IMPORT_FLAT_FORMATS_H
#define VV_CMD_IMPORT_FLAT_FORMATS_H

#include "cmd/import/import.h"

extern const struct importer grok_importer;

#endif
