/*
 * Chats of Open WebUI, from its exports and from its database.
 */
#ifndef VV_CMD_IMPORT_APPS_OPENWEBUI_H
#define VV_CMD_IMPORT_APPS_OPENWEBUI_H

#include "cmd/import/apps/app.h"

/* The value at hand, a row of the table chat, as a conversation; `chat_message`
 * may hold the rows of its messages. */
MUST_USE int openwebui_talk(struct flat *flat, struct err *err);

/* importer.read of its database: chats, memories and the models that a person
 * made. Tables of accounts and keys are never looked into. */
MUST_USE int openwebui_read_store(struct import_job *job,
				  struct import_source *source,
				  struct err *err);

#endif
