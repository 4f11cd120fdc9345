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
 * Take the next key, which is this one: what lies in the folder is kept among
 * the retired ones first, so that a call that is killed leaves one of them in
 * its place. Where it was taken already, nothing is done.
 *
 * before  what lies there, sealed anew; NULL: in the form in which it lies
 */
MUST_USE int next_key_take(const char *folder,
			   const unsigned char public[DID_KEY_BYTES],
			   const struct sealed_key *before, struct err *err);

/*
 * Call each with the folders of the retired keys, and of the next one if it is
 * there; anything but 0 from it ends that, and is returned.
 */
MUST_USE int other_keys_each(const char *folder,
			     int (*each)(void *arg, const char *folder,
					 struct err *err),
			     void *arg, struct err *err);

/* Append the folder of the first retired key that `is_wanted` says yes to;
 * nothing where there is none. */
MUST_USE int retired_key_find(const char *folder,
			      bool (*is_wanted)(const void *arg,
						const unsigned char *public),
			      const void *arg, struct buf *out,
			      struct err *err);

#endif
