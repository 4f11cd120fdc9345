/*
 * The cuts of a word that takes the rights of a device.
 */
#ifndef VV_REFS_TRUST_CUTS_H
#define VV_REFS_TRUST_CUTS_H

#include "refs/vault/vault.h"

/*
 * What counts now of a device, in every construct that is here: the cuts of a
 * word that takes its rights. *out is an array that the caller frees.
 */
MUST_USE int bounds_cuts(struct vault *vault,
			 const unsigned char public[DID_KEY_BYTES],
			 struct member_cut **out, size_t *out_n,
			 struct err *err);

#endif
