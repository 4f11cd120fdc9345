/*
 * What names meant here before: of what a construct is called, which one that
 * was as long as nobody else had that name. So who makes another one of that
 * name later does not get in silence what is meant for the first.
 */
#ifndef VV_REFS_INDEX_LISTS_NAMES_KNOWN_H
#define VV_REFS_INDEX_LISTS_NAMES_KNOWN_H

#include "refs/vault/vault.h"

struct names_known;

/* In vvault/cache/named, in no clear text; it may be deleted at any time. NULL
 * where it cannot be kept. */
struct names_known *names_known_open(struct vault *vault);
void names_known_free(struct names_known *known);

void names_known_put(struct names_known *known, const char *called,
		     const char *id);
bool names_known_get(struct names_known *known, const char *called,
		     char out_id[CONSTRUCT_NAME_MAX]);

#endif
