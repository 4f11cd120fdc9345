/*
 * What sealing, the codec and the codec of segments share.
 */
#ifndef VV_OBJECTS_RECORD_RECORD_INTERNAL_H
#define VV_OBJECTS_RECORD_RECORD_INTERNAL_H

#include "objects/record/codec.h"

/* The subkey "vvault leaf" of the key with that id; NULL: not held. Borrowed. */
const unsigned char *sealer_leaf_key(const struct sealer *sealer,
				     const unsigned char id[KEY_ID_BYTES]);

/* NULL unless it seals. Borrowed. */
struct sealer *codec_sealer(const struct codec *codec);

#endif
