/*
 * A new vault.
 */
#ifndef VV_REFS_VAULT_RECORDS_CREATE_H
#define VV_REFS_VAULT_RECORDS_CREATE_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "refs/key/key.h"

struct vault_options {
	const char *keys_folder;	/* where the device key lies */
	const struct device_key *device;	/* if it is at hand, or NULL */
	const char *name;		/* init: device's name, or NULL */
	const unsigned char *recovery;	/* init: recovery key, or NULL */
	bool is_plain;			/* init */
	/* All is ready but for the vault's name. What fails here leaves
	 * nothing. May be NULL */
	int (*ready)(void *arg, struct err *err);
	void *arg;
};

/*
 * Make a vault at path (missing or an empty folder), and the device key if
 * there is none. A failure leaves nothing that was not there; what a killed
 * call leaves is no vault and can be tried again. ERR_EXISTS; ERR_LOCKED
 * while another process makes one there; ERR_CHANGED: another process has
 * made a device key meanwhile.
 */
MUST_USE int vault_make(const char *path, const struct vault_options *options,
			struct err *err);

#endif
