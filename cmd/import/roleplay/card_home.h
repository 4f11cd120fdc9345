/*
 * Whose a character card is: which construct it goes to. Names are shared by
 * many characters, so a card is known by its name, its creator, and how it
 * begins; and two characters of one name never become one in silence.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_CARD_HOME_H
#define VV_CMD_IMPORT_ROLEPLAY_CARD_HOME_H

#include "cmd/import/import.h"

struct card;

void card_homes_free(struct card_homes *homes);

/*
 * Set source->construct. Of `nova`, `nova-2`, ... the one that has had this
 * card, or an earlier or later version of it, in the vault or in this run;
 * else the first that nobody has, with a note where `nova` is another
 * character's and nobody could be asked. --construct beats all of it.
 * Refuses, as import_name().
 */
MUST_USE int card_home(struct import_job *job, struct import_source *source,
		       const struct card *card, struct err *err);

#endif
