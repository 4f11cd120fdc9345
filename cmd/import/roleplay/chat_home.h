/*
 * Whose a chat of SillyTavern is, where several characters have its name.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_CHAT_HOME_H
#define VV_CMD_IMPORT_ROLEPLAY_CHAT_HOME_H

#include "cmd/import/identity/namesake.h"

/* A chat, as far as it says whose it is. */
struct chat_home {
	struct span name;	/* of the character */
	struct span session;	/* entity of its session; absent: unknown */
	struct namesake begin;	/* openings: what is said first */
};

/*
 * Set source->construct, which is what the name becomes. Of `nova`, `nova-2`,
 * ... the one that has the chat already; whose card the chat begins as; that
 * has a chat of the same folder (of SillyTavern's own, which has one for each
 * character). Without any: refuses, where there are several cards.
 */
MUST_USE int chat_home(struct import_job *job, struct import_source *source,
		       const struct chat_home *chat, struct err *err);

/* The folder that SillyTavern has a character's chats in, if the path has it:
 * ".../chats/<folder>/<file>"; else absent. */
struct span chat_folder(const char *path);

#endif
