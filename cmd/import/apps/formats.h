/*
 * The chat apps and their exports, each in the file of its name.
 */
#ifndef VV_CMD_IMPORT_APPS_FORMATS_H
#define VV_CMD_IMPORT_APPS_FORMATS_H

#include "cmd/import/import.h"

extern const struct importer anythingllm_importer;
extern const struct importer bigagi_importer;
extern const struct importer chatbox_importer;
extern const struct importer deepseek_importer;
extern const struct importer jan_importer;
extern const struct importer librechat_importer;
extern const struct importer lmstudio_importer;
extern const struct importer nextchat_importer;
extern const struct importer openwebui_importer;
extern const struct importer typingmind_importer;

#endif
