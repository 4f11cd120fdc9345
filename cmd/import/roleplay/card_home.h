/*
 * Whose a character card is: which construct it goes to. A card is known by
 * its name, its creator, and how it begins.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_CARD_HOME_H
#define VV_CMD_IMPORT_ROLEPLAY_CARD_HOME_H

#include "cmd/import/import.h"

struct card;
struct namesakes;

extern const struct namesakes card_characters;

/* Set source->construct, as namesake_home() finds it. Refuses, as
 * import_name(). */
MUST_USE int card_home(struct import_job *job, struct import_source *source,
		       const struct card *card, struct err *err);

#endif
