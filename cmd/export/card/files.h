/*
 * A card with all that it came with, in a folder.
 */
#ifndef VV_CMD_EXPORT_CARD_FILES_H
#define VV_CMD_EXPORT_CARD_FILES_H

#include "cmd/export/export.h"

/*
 * Write card.json, card.png where it came in a picture, and its assets: those
 * of a charx where they were, those of a picture in assets/. kept: what its
 * importer says of it. Emits {"assets","construct","folder"}.
 */
MUST_USE int card_files(const struct export *export, struct span kept,
			struct span json, struct err *err);

#endif
