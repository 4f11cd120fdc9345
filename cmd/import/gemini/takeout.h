/*
 * Activity of Gemini as Google Takeout gives it: a folder, a zip archive, or
 * one file of either form, JSON or HTML.
 */
#ifndef VV_CMD_IMPORT_GEMINI_TAKEOUT_H
#define VV_CMD_IMPORT_GEMINI_TAKEOUT_H

#include "cmd/import/import.h"

extern const struct importer takeout_importer;

#endif
