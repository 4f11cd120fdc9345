/*
 * The importer of Chatty's markdown transcripts.
 */
#ifndef VV_CMD_IMPORT_VVAULT_CHATTY_H
#define VV_CMD_IMPORT_VVAULT_CHATTY_H

#include "cmd/import/import.h"

extern const struct importer chatty_importer;

#endif
