/*
 * Who is who: devices by what a person calls them.
 */
#ifndef VV_CMD_ACTION_KNOW_WHO_H
#define VV_CMD_ACTION_KNOW_WHO_H

#include "cmd/action/actions.h"

/* Append what an owner types to let this device in, under that name (NULL or
 * "": as the settings call it). */
void who_request(const struct action_call *call, const char *name,
		 struct buf *out);

/*
 * The device that a person means: a did, or of those who were ever members the
 * one with that name, or whose did begins so behind "did:key:". ERR_INVALID
 * for none and for several, which it lists.
 */
MUST_USE int who_find(struct vault *vault, const char *words,
		      unsigned char out[DID_KEY_BYTES], struct err *err);

/*
 * The member, borrowed from the vault's state: of several of that name the one
 * that stands, for a new device is often called as the lost one was. Who was
 * removed is found where nobody else is meant. ERR_NOT_FOUND: no member.
 */
MUST_USE int who_find_member(struct vault *vault, const char *words,
			     const struct member **out, struct err *err);

#endif
