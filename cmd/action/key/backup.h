/*
 * Copies of a device key to be kept elsewhere: a file, or a page to print.
 */
#ifndef VV_CMD_ACTION_KEY_BACKUP_H
#define VV_CMD_ACTION_KEY_BACKUP_H

#include "cmd/action/action.h"
#include "refs/key/sealed.h"

#define KEY_PAGE_MAX ((size_t)65536)

/* Ask for a passphrase and write a copy: to a new file at path, else (NULL)
 * where results go. It is noted that there is one. */
MUST_USE int key_backup(struct action_call *call,
			const struct device_key *key, const char *path,
			bool is_paper, struct err *err);

/* Append a page of text to print: whose key it is, the words, and a QR code of
 * them where there is something to draw it. */
MUST_USE int key_page(const struct sealed_key *sealed, struct buf *out,
		      struct err *err);

#endif
