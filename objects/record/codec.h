/*
 * A construct's codec: how its names and bytes look in the repository. In a
 * plain vault (and in the construct `vault`) as they are; in an encrypted
 * vault keyed and sealed; blind when this device holds no key.
 */
#ifndef VV_OBJECTS_RECORD_CODEC_H
#define VV_OBJECTS_RECORD_CODEC_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/kinds.h"
#include "objects/record/seal.h"

#define NAME_KEY_BYTES 32
#define PLACE_HASH_BYTES 16
#define PLACE_NAME_LEN 26		/* base32 of PLACE_HASH_BYTES */

enum codec_mode {
	CODEC_PLAIN,
	CODEC_SEALED,
	CODEC_BLIND	/* encrypted, and we hold no key: bytes stay sealed */
};

/*
 * The vault's name key never rotates. Its subkeys are derived as those of a
 * content key (seal.h): "vvault refs" without a construct for the names of
 * refs, "vvault tree" with the construct for the names in its tree.
 */
void name_key_for_refs(const unsigned char name_key[NAME_KEY_BYTES],
		       unsigned char out[NAME_KEY_BYTES]);
void name_key_for_construct(const unsigned char name_key[NAME_KEY_BYTES],
			    const char *construct,
			    unsigned char out[NAME_KEY_BYTES]);

/* BLAKE2b-128(subkey; text) as 26 base32 characters. */
void keyed_name(const unsigned char subkey[NAME_KEY_BYTES], struct span text,
		char out[PLACE_NAME_LEN + 1]);

struct codec;

MUST_USE int codec_new_plain(struct codec **out, struct err *err);

/* For a device without keys: nothing can be opened or placed. */
MUST_USE int codec_new_blind(struct codec **out, struct err *err);

/* Takes the sealer; name_key is the vault's name key. */
MUST_USE int codec_new_sealed(const unsigned char name_key[NAME_KEY_BYTES],
			      const char *construct, struct sealer *sealer,
			      struct codec **out, struct err *err);

/* Hand on the memory to compress and inflate with to one that takes its
 * place. */
void codec_pass_on(struct codec *from, struct codec *to);

/* One for another thread. */
MUST_USE int codec_copy(const struct codec *codec, struct codec **out,
			struct err *err);
void codec_free(struct codec *codec);

enum codec_mode codec_mode(const struct codec *codec);

/* The id of the content key that it seals with; NULL where it does not seal. */
const unsigned char *codec_sealing_key(const struct codec *codec);

/*
 * The place of a home: hash of "<dir>:<key>", keyed or SHA-256, first 16
 * bytes. Its first three hex digits are the prefix folders. Remembers homes
 * inside the codec, so not for two threads at once.
 */
void codec_place_hash(const struct codec *codec, const struct home *home,
		      unsigned char out[PLACE_HASH_BYTES]);

/* The folder's name for a kind: its name, or 26 keyed characters. */
void codec_dir_name(const struct codec *codec, const char *dir,
		    char out[PLACE_NAME_LEN + 1]);

/*
 * A piece of a blob as a git blob, appended to out; segment_encode() makes that
 * of a segment. And back from either: of a segment, with its head. A plain
 * vault seals neither. ERR_NO_KEY when blind.
 */
MUST_USE int codec_encode_blob(struct codec *codec, struct span plain,
			       struct buf *out, struct err *err);
MUST_USE int codec_decode(struct codec *codec, enum seal_label label,
			  struct span bytes, struct buf *out, struct err *err);

/* Open a note, which is sealed for one owner (seal.h): a sealed codec only. */
MUST_USE int codec_open_note(struct codec *codec, struct span owner,
			     struct span bytes, struct buf *out,
			     struct err *err);

/*
 * What can be told of a sealed object (of a segment what follows its head)
 * without its key: ERR_CORRUPT when it has not the form. Nothing to tell in a
 * plain vault.
 */
MUST_USE int codec_look(struct codec *codec, struct span bytes,
			struct err *err);

/*
 * The id of the key that the object says it is sealed with which this codec
 * decoded (or could not, ERR_NO_KEY) or looked at last; KEY_ID_BYTES,
 * borrowed until the next. NULL from a plain codec and before the first.
 */
const unsigned char *codec_last_key(const struct codec *codec);

#endif
