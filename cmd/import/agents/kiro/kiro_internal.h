/*
 * Kiro's stores, each in its file: logs of the command line (log.c), its older
 * conversations (store.c), sessions of the editor (editor.c).
 */
#ifndef VV_CMD_IMPORT_AGENTS_KIRO_KIRO_INTERNAL_H
#define VV_CMD_IMPORT_AGENTS_KIRO_KIRO_INTERNAL_H

#include "cmd/import/flat/flat.h"
#include "cmd/import/records/blocks.h"

#define KIRO "kiro"

/* What lies beside a session and tells of it as a whole. */
#define KIRO_ABOUT "about"

MUST_USE int kiro_read_log(struct import_job *job,
			   struct import_source *source, struct err *err);

/* A conversation as the older command line keeps it, in a row or alone. */
MUST_USE int kiro_put_conversation(struct flat *flat, struct err *err);

/* A session of the editor, or what it kept of one before. */
MUST_USE int kiro_put_session(struct flat *flat, struct err *err);
MUST_USE int kiro_put_chat(struct flat *flat, struct err *err);

/* The name of the file without its end, as sessions are called by it. */
struct span kiro_stem(const struct import_source *source);

#endif
