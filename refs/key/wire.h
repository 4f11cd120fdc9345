/*
 * OpenSSH's wire format: strings are u32 length || bytes.
 */
#ifndef VV_REFS_KEY_WIRE_H
#define VV_REFS_KEY_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"
#include "lib/id/did.h"

#define SSH_KEY_TYPE "ssh-ed25519"

/* Append a string of less than 4 GiB; what fails buf_end() tells. */
void wire_put(struct buf *out, const void *bytes, size_t len);
void wire_put_str(struct buf *out, const char *text);
/* string type || string key: the public key's own form. */
void wire_put_public(struct buf *out,
		     const unsigned char public[DID_KEY_BYTES]);

/* Take from the front of in; false when it is too short. */
bool wire_take_u32(struct span *in, uint32_t *out);
bool wire_take(struct span *in, struct span *out);

#endif
