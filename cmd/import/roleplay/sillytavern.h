/*
 * SillyTavern chats (JSON Lines), and the chats of other programs that it
 * reads: Oobabooga, Agnai, CAI Tools.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_SILLYTAVERN_H
#define VV_CMD_IMPORT_ROLEPLAY_SILLYTAVERN_H

#include "cmd/import/import.h"

extern const struct importer sillytavern_importer;

#endif
