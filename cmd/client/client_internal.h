/*
 * What the shapes of servers share.
 */
#ifndef VV_CMD_CLIENT_CLIENT_INTERNAL_H
#define VV_CMD_CLIENT_CLIENT_INTERNAL_H

#include "cmd/client/client.h"
#include "lib/json/jdoc.h"

/* Do these words, from one of them on, start our server; and of this vault? */
bool client_serves(const struct jval *words, size_t from);
bool client_is_ours(const struct client_entry *entry,
		    const struct jval *words, size_t from);

/* ["<program>", "<word>", ...]; program may be NULL. */
void client_put_words(const struct client_entry *entry, const char *program,
		      struct buf *out);

MUST_USE int client_refuse_taken(const struct client_entry *entry,
				 struct err *err);

MUST_USE int client_json_add(const struct client_entry *entry,
			     struct span text, struct buf *out,
			     struct err *err);
MUST_USE int client_json_remove(const struct client_entry *entry,
				struct span text, struct buf *out,
				struct err *err);
MUST_USE int client_toml_add(const struct client_entry *entry,
			     struct span text, struct buf *out,
			     struct err *err);
MUST_USE int client_toml_remove(const struct client_entry *entry,
				struct span text, struct buf *out,
				struct err *err);
bool client_json_is_any(const struct client_entry *entry, struct span text);
bool client_toml_is_any(const struct client_entry *entry, struct span text);

#endif
