/*
 * Keys that this device had before: vaults in which it has not taken its new
 * one yet are opened by them. <folder>/retired/<z6Mk...>/device each, in the
 * form in which it lay; the next one lies in <folder>/next until it is taken.
 */
#ifndef VV_REFS_KEY_RETIRED_H
#define VV_REFS_KEY_RETIRED_H

#include "refs/key/sealed.h"

/* The folder of the key that is to be taken next, appended. */
MUST_USE int next_key_folder(const char *folder, struct buf *out,
			     struct err *err);

/*
 * Take the next key: what lies in the folder is kept among the retired ones
 * first, so that a call that is killed leaves one of them in its place.
 */
MUST_USE int next_key_take(const char *folder, struct err *err);

/*
 * Load the first retired key that `is_wanted` says yes to. ERR_NOT_FOUND;
 * else as device_key_load().
 */
MUST_USE int retired_key_load(const char *folder,
			      bool (*is_wanted)(const void *arg,
						const unsigned char *public),
			      const void *arg, struct device_key *out,
			      struct err *err);

#endif
