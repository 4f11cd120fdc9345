#include "objects/record/codec.h"

#include <assert.h>
#include <stdlib.h>

#include <sodium.h>

#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "objects/record/head.h"
#include "objects/record/record_internal.h"

_Static_assert(BASE32_TEXT(PLACE_HASH_BYTES) == PLACE_NAME_LEN,
	       "a place's name is its hash");

/* Longer keys are hashed each time. */
#define KEPT_KEY_MAX 102
#define KEPT_HOMES 64		/* a power of 2 */

/* A home whose place was asked for: records of one session come in rows. */
struct kept_home {
	unsigned char hash[PLACE_HASH_BYTES];
	char dir[8];
	unsigned char key_len;		/* 0: none */
	char key[KEPT_KEY_MAX];
};

/* Made when it is asked first: of many constructs only a few are. */
struct kept_homes {
	struct kept_home *at;
};

struct codec {
	enum codec_mode mode;
	struct kept_homes *kept;	/* apart: asking changes it */
	struct sealer *sealer;
	bool has_looked;
	unsigned char last_key[KEY_ID_BYTES];
	/* The state after the key alone, so that it is set up once. */
	struct blake2b keyed;
};

void name_key_for_refs(const unsigned char name_key[NAME_KEY_BYTES],
		       unsigned char out[NAME_KEY_BYTES])
{
	subkey_derive(name_key, "vvault refs", "", out);
}

void name_key_for_construct(const unsigned char name_key[NAME_KEY_BYTES],
			    const char *construct,
			    unsigned char out[NAME_KEY_BYTES])
{
	subkey_derive(name_key, "vvault tree", construct, out);
}

void keyed_name(const unsigned char subkey[NAME_KEY_BYTES], struct span text,
		char out[PLACE_NAME_LEN + 1])
{
	unsigned char hash[PLACE_HASH_BYTES];

	blake2b_of(text.at, text.len, subkey, NAME_KEY_BYTES, hash,
		   sizeof(hash));
	base32_text(hash, sizeof(hash), out);
}

static int make(enum codec_mode mode, struct codec **out, struct err *err)
{
	struct codec *codec = calloc(1, sizeof(*codec));

	if (!codec)
		return err_set(err, ERR_NOMEM, "out of memory");
	codec->mode = mode;
	codec->kept = calloc(1, sizeof(*codec->kept));
	if (!codec->kept) {
		free(codec);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*out = codec;
	return 0;
}

int codec_new_plain(struct codec **out, struct err *err)
{
	return make(CODEC_PLAIN, out, err);
}

int codec_new_blind(struct codec **out, struct err *err)
{
	return make(CODEC_BLIND, out, err);
}

int codec_new_sealed(const unsigned char name_key[NAME_KEY_BYTES],
		     const char *construct, struct sealer *sealer,
		     struct codec **out, struct err *err)
{
	unsigned char subkey[NAME_KEY_BYTES];
	struct codec *codec = NULL;
	int rc = make(CODEC_SEALED, &codec, err);

	if (rc < 0)
		return rc;
	codec->sealer = sealer;
	name_key_for_construct(name_key, construct, subkey);
	blake2b_init(&codec->keyed, subkey, sizeof(subkey), PLACE_HASH_BYTES);
	sodium_memzero(subkey, sizeof(subkey));
	*out = codec;
	return 0;
}

int codec_copy(const struct codec *codec, struct codec **out, struct err *err)
{
	struct sealer *sealer = NULL;
	struct codec *copy = NULL;
	int rc = 0;

	if (codec->sealer)
		rc = sealer_copy(codec->sealer, &sealer, err);
	if (rc == 0)
		rc = make(codec->mode, &copy, err);
	if (rc < 0) {
		sealer_free(sealer);
		return rc;
	}
	copy->sealer = sealer;
	copy->keyed = codec->keyed;
	*out = copy;
	return 0;
}

void codec_pass_on(struct codec *from, struct codec *to)
{
	if (from->sealer && to->sealer)
		sealer_pass_on(from->sealer, to->sealer);
}

void codec_free(struct codec *codec)
{
	if (!codec)
		return;
	sealer_free(codec->sealer);
	if (codec->kept->at)
		sodium_memzero(codec->kept->at,
			       KEPT_HOMES * sizeof(*codec->kept->at));
	free(codec->kept->at);
	free(codec->kept);
	sodium_memzero(codec, sizeof(*codec));
	free(codec);
}

enum codec_mode codec_mode(const struct codec *codec)
{
	return codec->mode;
}

struct sealer *codec_sealer(const struct codec *codec)
{
	return codec->sealer;
}

const unsigned char *codec_sealing_key(const struct codec *codec)
{
	return codec->mode == CODEC_SEALED ? sealer_key_id(codec->sealer)
					   : NULL;
}

static void keyed_hash(const struct codec *codec, const struct home *home,
		       unsigned char out[PLACE_HASH_BYTES])
{
	struct blake2b keyed = codec->keyed;

	blake2b_add(&keyed, home->dir, strlen(home->dir));
	blake2b_add(&keyed, ":", 1);
	blake2b_add(&keyed, home->key.at, home->key.len);
	blake2b_finish(&keyed, out);
}

/* The same from memory where it was asked for lately: a tenth of the time. */
static void kept_hash(const struct codec *codec, const struct home *home,
		      unsigned char out[PLACE_HASH_BYTES])
{
	struct span key = home->key;
	size_t dir_len = strlen(home->dir);
	struct kept_home *kept = codec->kept->at;

	if (!kept)
		kept = codec->kept->at = calloc(KEPT_HOMES, sizeof(*kept));
	if (!kept || !key.len || key.len > KEPT_KEY_MAX || dir_len >= sizeof(kept->dir)) {
		keyed_hash(codec, home, out);
		return;
	}
	kept += xxh64_of(key.at, key.len) % KEPT_HOMES;
	if (!span_equals(key, span_of(kept->key, kept->key_len)) ||
	    strcmp(kept->dir, home->dir) != 0) {
		keyed_hash(codec, home, kept->hash);
		memcpy(kept->dir, home->dir, dir_len + 1);
		memcpy(kept->key, key.at, key.len);
		kept->key_len = (unsigned char)key.len;
	}
	memcpy(out, kept->hash, PLACE_HASH_BYTES);
}

void codec_place_hash(const struct codec *codec, const struct home *home,
		      unsigned char out[PLACE_HASH_BYTES])
{
	unsigned char full[SHA256_BYTES];
	struct sha256 plain;

	assert(codec->mode != CODEC_BLIND);
	if (codec->mode == CODEC_SEALED) {
		kept_hash(codec, home, out);
		return;
	}
	sha256_init(&plain);
	sha256_add(&plain, home->dir, strlen(home->dir));
	sha256_add(&plain, ":", 1);
	sha256_add(&plain, home->key.at, home->key.len);
	sha256_finish(&plain, full);
	memcpy(out, full, PLACE_HASH_BYTES);
}

void codec_dir_name(const struct codec *codec, const char *dir,
		    char out[PLACE_NAME_LEN + 1])
{
	unsigned char hash[PLACE_HASH_BYTES];
	struct blake2b keyed;
	size_t len = strlen(dir);

	assert(codec->mode != CODEC_BLIND && len <= PLACE_NAME_LEN);
	if (codec->mode == CODEC_PLAIN) {
		memcpy(out, dir, len + 1);
		return;
	}
	keyed = codec->keyed;
	blake2b_add(&keyed, dir, len);
	blake2b_finish(&keyed, hash);
	base32_text(hash, sizeof(hash), out);
}

static int no_key(struct err *err)
{
	return err_set(err, ERR_NO_KEY, "this device holds no key");
}

int codec_encode_blob(struct codec *codec, struct span plain, struct buf *out,
		      struct err *err)
{
	if (codec->mode == CODEC_BLIND)
		return no_key(err);
	if (codec->mode == CODEC_PLAIN)
		return buf_add_span(out, plain, err);
	return sealer_seal(codec->sealer, SEAL_BLOB, plain, out, err);
}

int codec_decode(struct codec *codec, enum seal_label label,
		 struct span bytes, struct buf *out, struct err *err)
{
	struct segment_head head;
	struct span owner = { NULL, 0 };
	int rc;

	if (codec->mode == CODEC_BLIND)
		return no_key(err);
	if (label == SEAL_SEGMENT) {
		if (!head_split(bytes, &head, &bytes))
			return err_set(err, ERR_CORRUPT,
				       "a segment without a head");
		owner = span_of(head.leaves, SHA256_BYTES);
	}
	if (codec->mode == CODEC_PLAIN)
		return buf_add_span(out, bytes, err);
	rc = codec_look(codec, bytes, err);
	return rc < 0 ? rc : sealer_open_for(codec->sealer, label, owner,
					     bytes, out, err);
}

int codec_open_note(struct codec *codec, struct span owner, struct span bytes,
		    struct buf *out, struct err *err)
{
	if (codec->mode != CODEC_SEALED)
		return no_key(err);
	return sealer_open_for(codec->sealer, SEAL_NOTE, owner, bytes, out,
			       err);
}

int codec_look(struct codec *codec, struct span bytes, struct err *err)
{
	if (codec->mode == CODEC_PLAIN)
		return 0;
	if (!seal_has_form(bytes))
		return err_set(err, ERR_CORRUPT, "not a sealed object");
	seal_key_id(bytes, codec->last_key);
	codec->has_looked = true;
	return 0;
}

const unsigned char *codec_last_key(const struct codec *codec)
{
	return codec->has_looked ? codec->last_key : NULL;
}
