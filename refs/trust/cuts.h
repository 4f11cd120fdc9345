/*
 * The cuts of a word that takes the rights of a device.
 */
#ifndef VV_REFS_TRUST_CUTS_H
#define VV_REFS_TRUST_CUTS_H

#include "refs/vault/vault.h"

/* The last version of a device that counts in a construct: of several lines
 * that it has there, of each. */
struct device_last {
	struct member_cut cut;		/* its construct by the ref name */
	git_oid id;
	int64_t time;			/* seconds, as the device says */
};

/* By construct; of one the highest seq first. */
struct device_lasts {
	unsigned char public[DID_KEY_BYTES];	/* whose they are */
	struct device_last *at;
	size_t n;
	size_t cap;
};

#define DEVICE_LASTS_INIT { { 0 }, NULL, 0, 0 }

void device_lasts_release(struct device_lasts *lasts);

/* What counts now of a device, in every construct that is here. */
MUST_USE int device_lasts(struct vault *vault,
			  const unsigned char public[DID_KEY_BYTES],
			  struct device_lasts *out, struct err *err);

/* In that construct only what those versions of it stand on: nothing, maybe. */
MUST_USE int device_lasts_until(struct vault *vault, const char *ref_name,
				const git_oid *versions, size_t versions_n,
				struct device_lasts *lasts, struct err *err);

/* As the cuts of a word: an array that the caller frees. */
MUST_USE int device_lasts_cuts(const struct device_lasts *lasts,
			       struct member_cut **out, size_t *out_n,
			       struct err *err);

#endif
