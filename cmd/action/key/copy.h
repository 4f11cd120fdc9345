/*
 * A copy of the device key that only a passphrase opens, made and noted.
 */
#ifndef VV_CMD_ACTION_KEY_COPY_H
#define VV_CMD_ACTION_KEY_COPY_H

#include "cmd/action/actions.h"
#include "refs/key/sealed.h"

#define KEY_COPY_PASSPHRASE_MAX 1024
#define KEY_COPY_MAX ((size_t)16384)

/* Append what the host asks for (is_new: a passphrase that is chosen), or the
 * first line of the file that the call names. ERR_INVALID for none. */
MUST_USE int key_copy_ask(const struct action_call *call, bool is_new,
			  struct buf *out, struct err *err);
MUST_USE int key_copy_passphrase(const struct action_call *call, bool is_new,
				 struct buf *out, struct err *err);

/* Before anybody is asked anything: ERR_EXISTS for a path (or NULL) where
 * something lies that key_copy_put() would not overwrite. */
MUST_USE int key_copy_check(const char *path, const char *what,
			    struct err *err);

/* To a new file of that name, with what it is called in what is told, else
 * (NULL) where results go. */
MUST_USE int key_copy_put(const struct action_call *call, const char *path,
			  struct span text, const char *what,
			  struct err *err);

/* Seal a key by a passphrase and write it so. */
MUST_USE int key_copy_seal(const struct device_key *key,
			   struct span passphrase, struct buf *out,
			   struct err *err);

/* Read what key_copy_seal() or a page has written, from a file, or "-". */
MUST_USE int key_copy_read(const struct action_call *call, const char *path,
			   struct sealed_key *out, struct err *err);

/* Remember that there is a copy, for whoever asks later; where that cannot be
 * noted, they are asked to make one once more. */
void key_copy_note(const struct action_call *call,
		   const struct device_key *key);

#define PASSPHRASE_PARAM \
	{ "passphrase-file", ACTION_TEXT, 0, "<file>", \
	  "where the passphrase is; else it is asked for" }

#endif
