/*
 * Agents whose sessions are rows of a database, or a few plain files: each in
 * the file of its name.
 */
#ifndef VV_CMD_IMPORT_AGENTS_AGENTS_H
#define VV_CMD_IMPORT_AGENTS_AGENTS_H

#include "cmd/import/import.h"

/* Of what should be JSON in a column and is none. */
#define AGENTS_TORN "a message that is torn: kept as it stands"

extern const struct importer amp_importer;
extern const struct importer continue_importer;
extern const struct importer crush_importer;
extern const struct importer droid_importer;
extern const struct importer goose_importer;
extern const struct importer grok_build_importer;
extern const struct importer hermes_importer;
extern const struct importer kiro_importer;
extern const struct importer qwen_importer;
extern const struct importer vibe_importer;
extern const struct importer warp_importer;
extern const struct importer zed_importer;

#endif
