#include "objects/record/seal.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include <sodium.h>
#include <zstd.h>

#include "lib/id/hash.h"
#include "objects/record/leaves.h"
#include "objects/record/record_internal.h"

#define MAGIC "VVS1"
#define MAGIC_BYTES 4
#define NONCE_BYTES 24
#define LEVEL 3
#define LABELS 3
#define U32_BYTES 4
#define AD_MAX (5 * U32_BYTES + 16 + SEAL_VAULT_ID_MAX + SEAL_CONSTRUCT_MAX + \
		KEY_ID_BYTES + SEAL_OWNER_MAX)

/* Where things stand in the header of a zstd frame (RFC 8878, 3.1.1). */
#define FRAME_MAGIC "\x28\xb5\x2f\xfd"
#define FRAME_DESCRIPTOR 4
#define FRAME_FORBIDDEN 0x1f	/* unused, reserved, checksum, dictionary */

_Static_assert(NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	       "nonce of XChaCha20");
_Static_assert(LEAF_SUBKEY_BYTES == CONTENT_KEY_BYTES, "a subkey");
_Static_assert(SEAL_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES,
	       "tag of Poly1305");

static const char *const labels[LABELS] = {
	[SEAL_SEGMENT] = "vvault-seg-1",
	[SEAL_BLOB] = "vvault-blob-1",
	[SEAL_NOTE] = "vvault-note-1"
};

static const char *const subkey_names[LABELS] = {
	[SEAL_SEGMENT] = "vvault seal",
	[SEAL_BLOB] = "vvault blob",
	[SEAL_NOTE] = "vvault note"
};

/* What is derived from one content key; the key itself is not kept. */
struct subkeys {
	unsigned char id[KEY_ID_BYTES];
	unsigned char nonce[CONTENT_KEY_BYTES];
	unsigned char leaf[CONTENT_KEY_BYTES];
	unsigned char label[LABELS][CONTENT_KEY_BYTES];
};

struct sealer {
	char vault_id[SEAL_VAULT_ID_MAX + 1];
	char construct[SEAL_CONSTRUCT_MAX + 1];
	struct subkeys *keys;
	size_t keys_n;
	ZSTD_CCtx *deflater;	/* each made when it is needed first: */
	ZSTD_DCtx *inflater;	/* megabytes, and constructs are many */
	struct buf input;	/* plain text passes here: wiped at the end */
};

struct ad {
	unsigned char bytes[AD_MAX];
	size_t len;
};

static void put_u32(unsigned char out[U32_BYTES], size_t value)
{
	out[0] = (unsigned char)(value >> 24);
	out[1] = (unsigned char)(value >> 16);
	out[2] = (unsigned char)(value >> 8);
	out[3] = (unsigned char)value;
}

static void hash_string(struct blake2b *hash, const char *text)
{
	unsigned char len[U32_BYTES];

	put_u32(len, strlen(text));
	blake2b_add(hash, len, sizeof(len));
	blake2b_add(hash, text, strlen(text));
}

void content_key_id(const unsigned char key[CONTENT_KEY_BYTES],
		    unsigned char out[KEY_ID_BYTES])
{
	static const char prefix[] = "vvault key id";
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, KEY_ID_BYTES);
	blake2b_add(&hash, prefix, sizeof(prefix) - 1);
	blake2b_add(&hash, key, CONTENT_KEY_BYTES);
	blake2b_finish(&hash, out);
	sodium_memzero(&hash, sizeof(hash));
}

void subkey_derive(const unsigned char key[CONTENT_KEY_BYTES],
		   const char *name, const char *construct,
		   unsigned char out[CONTENT_KEY_BYTES])
{
	static const unsigned char zero[8];
	struct blake2b hash;

	blake2b_init(&hash, key, CONTENT_KEY_BYTES, CONTENT_KEY_BYTES);
	hash_string(&hash, name);
	blake2b_add(&hash, zero, sizeof(zero));
	hash_string(&hash, construct);
	blake2b_finish(&hash, out);
	sodium_memzero(&hash, sizeof(hash));
}

static void subkeys_fill(struct subkeys *keys, const struct content_key *key,
			 const char *construct)
{
	size_t i;

	memcpy(keys->id, key->id, KEY_ID_BYTES);
	subkey_derive(key->key, "vvault nonce", construct, keys->nonce);
	subkey_derive(key->key, LEAF_SUBKEY, construct, keys->leaf);
	for (i = 0; i < LABELS; i++)
		subkey_derive(key->key, subkey_names[i], construct,
			      keys->label[i]);
}

static int check_key(const struct content_key *key, struct err *err)
{
	unsigned char id[KEY_ID_BYTES];

	content_key_id(key->key, id);
	if (sodium_memcmp(id, key->id, KEY_ID_BYTES))
		return err_set(err, ERR_INVALID,
			       "content key does not belong to its id");
	return 0;
}

/* A sealer without its keys. */
static int sealer_make(const char *vault_id, const char *construct,
		       size_t keys_n, struct sealer **out, struct err *err)
{
	struct sealer *sealer = calloc(1, sizeof(*sealer));

	if (!sealer)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(sealer->vault_id, vault_id, strlen(vault_id) + 1);
	memcpy(sealer->construct, construct, strlen(construct) + 1);
	sealer->input = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	sealer->keys = calloc(keys_n, sizeof(*sealer->keys));
	if (!sealer->keys) {
		sealer_free(sealer);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	sealer->keys_n = keys_n;
	*out = sealer;
	return 0;
}

int sealer_new(const char *vault_id, const char *construct,
	       const struct content_key *keys, size_t keys_n,
	       struct sealer **out, struct err *err)
{
	struct sealer *sealer = NULL;
	size_t i;
	int rc = 0;

	/* Chooses the fast ciphers; harmless when it was done before. */
	if (sodium_init() < 0)
		return err_set(err, ERR_UNSUPPORTED, "libsodium cannot start");
	if (!keys_n || !*vault_id || strlen(vault_id) > SEAL_VAULT_ID_MAX ||
	    !*construct || strlen(construct) > SEAL_CONSTRUCT_MAX)
		return err_set(err, ERR_INVALID, "cannot seal without a key, "
			       "a vault id and the name of a construct");
	for (i = 0; rc == 0 && i < keys_n; i++)
		rc = check_key(&keys[i], err);
	if (rc == 0)
		rc = sealer_make(vault_id, construct, keys_n, &sealer, err);
	if (rc < 0)
		return rc;
	for (i = 0; i < keys_n; i++)
		subkeys_fill(&sealer->keys[i], &keys[i], construct);
	*out = sealer;
	return 0;
}

int sealer_copy(const struct sealer *sealer, struct sealer **out,
		struct err *err)
{
	struct sealer *copy = NULL;
	int rc = sealer_make(sealer->vault_id, sealer->construct,
			     sealer->keys_n, &copy, err);

	if (rc < 0)
		return rc;
	memcpy(copy->keys, sealer->keys,
	       sealer->keys_n * sizeof(*sealer->keys));
	*out = copy;
	return 0;
}

static void sealer_rest(struct sealer *sealer)
{
	ZSTD_freeCCtx(sealer->deflater);
	ZSTD_freeDCtx(sealer->inflater);
	sealer->deflater = NULL;
	sealer->inflater = NULL;
	buf_wipe(&sealer->input);
}

void sealer_free(struct sealer *sealer)
{
	if (!sealer)
		return;
	if (sealer->keys)
		sodium_memzero(sealer->keys,
			       sealer->keys_n * sizeof(*sealer->keys));
	free(sealer->keys);
	sealer_rest(sealer);
	free(sealer);
}

const unsigned char *sealer_key_id(const struct sealer *sealer)
{
	return sealer->keys[sealer->keys_n - 1].id;
}

size_t padme_size(size_t len)
{
	unsigned exponent = 0;
	unsigned digits = 0;
	size_t mask;

	while (len >> exponent > 1)
		exponent++;
	while (exponent >> digits)
		digits++;
	if (exponent <= digits)
		return len;
	mask = ((size_t)1 << (exponent - digits)) - 1;
	return (len + mask) & ~mask;
}

static size_t input_max(void)
{
	return padme_size(U32_BYTES + ZSTD_compressBound(SEAL_PLAIN_MAX));
}

bool seal_has_form(struct span bytes)
{
	size_t input_len;

	if (bytes.len <= SEAL_HEADER_BYTES + SEAL_TAG_BYTES + U32_BYTES)
		return false;
	input_len = bytes.len - SEAL_HEADER_BYTES - SEAL_TAG_BYTES;
	return input_len <= input_max() &&
	       padme_size(input_len) == input_len &&
	       !memcmp(bytes.at, MAGIC, MAGIC_BYTES);
}

void seal_key_id(struct span bytes, unsigned char out[KEY_ID_BYTES])
{
	memcpy(out, bytes.at + MAGIC_BYTES, KEY_ID_BYTES);
}

static void ad_add(struct ad *ad, const void *bytes, size_t len)
{
	assert(ad->len + U32_BYTES + len <= sizeof(ad->bytes));
	put_u32(ad->bytes + ad->len, len);
	memcpy(ad->bytes + ad->len + U32_BYTES, bytes, len);
	ad->len += U32_BYTES + len;
}

static void ad_fill(struct ad *ad, const struct sealer *sealer,
		    enum seal_label label, struct span owner,
		    const struct subkeys *keys)
{
	ad->len = 0;
	ad_add(ad, labels[label], strlen(labels[label]));
	ad_add(ad, sealer->vault_id, strlen(sealer->vault_id));
	ad_add(ad, sealer->construct, strlen(sealer->construct));
	ad_add(ad, keys->id, KEY_ID_BYTES);
	if (owner.len)
		ad_add(ad, owner.at, owner.len);
}

static void make_nonce(const struct subkeys *keys, const struct ad *ad,
		       struct span input, unsigned char out[NONCE_BYTES])
{
	unsigned char len[U32_BYTES];
	struct blake2b hash;

	put_u32(len, ad->len);
	blake2b_init(&hash, keys->nonce, sizeof(keys->nonce), NONCE_BYTES);
	blake2b_add(&hash, len, sizeof(len));
	blake2b_add(&hash, ad->bytes, ad->len);
	blake2b_add(&hash, input.at, input.len);
	blake2b_finish(&hash, out);
	sodium_memzero(&hash, sizeof(hash));
}

void sealer_pass_on(struct sealer *from, struct sealer *to)
{
	static const struct buf empty = BUF_INIT(BUF_NO_LIMIT);

	sealer_rest(to);
	to->deflater = from->deflater;
	to->inflater = from->inflater;
	to->input = from->input;
	from->deflater = NULL;
	from->inflater = NULL;
	from->input = empty;
}

static int need_deflater(struct sealer *sealer, struct err *err)
{
	if (sealer->deflater)
		return 0;
	sealer->deflater = ZSTD_createCCtx();
	if (sealer->deflater &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(sealer->deflater,
						 ZSTD_c_compressionLevel,
						 LEVEL)))
		return 0;
	ZSTD_freeCCtx(sealer->deflater);
	sealer->deflater = NULL;
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int need_inflater(struct sealer *sealer, struct err *err)
{
	if (!sealer->inflater)
		sealer->inflater = ZSTD_createDCtx();
	return sealer->inflater ? 0 :
		err_set(err, ERR_NOMEM, "out of memory");
}

/* Plain bytes to length, frame and padding, in sealer->input. */
static int pack(struct sealer *sealer, struct span plain, struct err *err)
{
	struct buf *input = &sealer->input;
	size_t room = ZSTD_compressBound(plain.len);
	size_t packed;
	size_t padded;
	int rc;

	buf_reset(input);
	rc = need_deflater(sealer, err);
	if (rc == 0)
		rc = buf_reserve(input, padme_size(U32_BYTES + room), err);
	if (rc < 0)
		return rc;
	packed = ZSTD_compress2(sealer->deflater, input->data + U32_BYTES,
				room, plain.at, plain.len);
	if (ZSTD_isError(packed))
		return err_set(err, ERR_NOMEM, "cannot compress: %s",
			       ZSTD_getErrorName(packed));
	put_u32((unsigned char *)input->data, packed);
	padded = padme_size(U32_BYTES + packed);
	memset(input->data + U32_BYTES + packed, 0,
	       padded - U32_BYTES - packed);
	input->len = padded;
	return 0;
}

int sealer_seal(struct sealer *sealer, enum seal_label label,
		struct span plain, struct buf *out, struct err *err)
{
	return sealer_seal_for(sealer, label, span_of(NULL, 0), plain, out,
			       err);
}

int sealer_seal_for(struct sealer *sealer, enum seal_label label,
		    struct span owner, struct span plain, struct buf *out,
		    struct err *err)
{
	const struct subkeys *keys = &sealer->keys[sealer->keys_n - 1];
	struct span input;
	unsigned char *to;
	struct ad ad;
	size_t len;
	int rc;

	if (plain.len > SEAL_PLAIN_MAX)
		return err_set(err, ERR_LIMIT, "cannot seal %zu bytes, at most"
			       " %zu", plain.len, SEAL_PLAIN_MAX);
	rc = pack(sealer, plain, err);
	if (rc < 0)
		return rc;
	input = buf_span(&sealer->input);
	len = SEAL_HEADER_BYTES + input.len + SEAL_TAG_BYTES;
	rc = buf_reserve(out, len, err);
	if (rc < 0)
		return rc;
	to = (unsigned char *)out->data + out->len;
	ad_fill(&ad, sealer, label, owner, keys);
	memcpy(to, MAGIC, MAGIC_BYTES);
	memcpy(to + MAGIC_BYTES, keys->id, KEY_ID_BYTES);
	make_nonce(keys, &ad, input, to + MAGIC_BYTES + KEY_ID_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		to + SEAL_HEADER_BYTES, NULL,
		(const unsigned char *)input.at, input.len, ad.bytes, ad.len,
		NULL, to + MAGIC_BYTES + KEY_ID_BYTES, keys->label[label]);
	out->len += len;
	out->data[out->len] = '\0';
	return 0;
}

static const struct subkeys *find_keys(const struct sealer *sealer,
				       const void *id)
{
	size_t i;

	for (i = sealer->keys_n; i--;) {
		if (!memcmp(sealer->keys[i].id, id, KEY_ID_BYTES))
			return &sealer->keys[i];
	}
	return NULL;
}

const unsigned char *sealer_leaf_key(const struct sealer *sealer,
				     const unsigned char id[KEY_ID_BYTES])
{
	const struct subkeys *keys = find_keys(sealer, id);

	return keys ? keys->leaf : NULL;
}

/* To sealer->input what pack() left there, as its writer meant it. */
static int decrypt(struct sealer *sealer, enum seal_label label,
		   struct span owner, struct span sealed, struct err *err)
{
	const unsigned char *from = (const unsigned char *)sealed.at;
	const unsigned char *nonce = from + MAGIC_BYTES + KEY_ID_BYTES;
	size_t input_len = sealed.len - SEAL_HEADER_BYTES - SEAL_TAG_BYTES;
	const struct subkeys *keys = find_keys(sealer, from + MAGIC_BYTES);
	unsigned char again[NONCE_BYTES];
	struct ad ad;
	int rc;

	if (!keys)
		return err_set(err, ERR_NO_KEY,
			       "sealed with a key that is not here");
	buf_reset(&sealer->input);
	rc = buf_reserve(&sealer->input, input_len, err);
	if (rc < 0)
		return rc;
	ad_fill(&ad, sealer, label, owner, keys);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    (unsigned char *)sealer->input.data, NULL, NULL,
		    from + SEAL_HEADER_BYTES, sealed.len - SEAL_HEADER_BYTES,
		    ad.bytes, ad.len, nonce, keys->label[label]) < 0)
		return err_set(err, ERR_CORRUPT, "sealed object is forged");
	sealer->input.len = input_len;
	make_nonce(keys, &ad, buf_span(&sealer->input), again);
	if (sodium_memcmp(again, nonce, NONCE_BYTES))
		return err_set(err, ERR_CORRUPT,
			       "sealed object has a wrong nonce");
	return 0;
}

/* The frame inside an input, if length and padding are right. */
static int find_frame(struct span input, struct span *out, struct err *err)
{
	size_t len = u32_at((const unsigned char *)input.at);
	size_t i;

	if (len > input.len - U32_BYTES ||
	    padme_size(U32_BYTES + len) != input.len)
		return err_set(err, ERR_CORRUPT,
			       "sealed object has a wrong length");
	for (i = U32_BYTES + len; i < input.len; i++) {
		if (input.at[i])
			return err_set(err, ERR_CORRUPT,
				       "sealed object has a wrong padding");
	}
	*out = span_of(input.at + U32_BYTES, len);
	return 0;
}

static int check_frame(struct span frame, size_t *out_size, struct err *err)
{
	unsigned long long size;

	/* Skippable frames have another magic and a known size of 0. */
	if (frame.len <= FRAME_DESCRIPTOR ||
	    memcmp(frame.at, FRAME_MAGIC, FRAME_DESCRIPTOR) ||
	    (frame.at[FRAME_DESCRIPTOR] & FRAME_FORBIDDEN) ||
	    ZSTD_findFrameCompressedSize(frame.at, frame.len) != frame.len)
		return err_set(err, ERR_CORRUPT,
			       "sealed object is not one plain zstd frame");
	size = ZSTD_getFrameContentSize(frame.at, frame.len);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
		return err_set(err, ERR_CORRUPT,
			       "sealed object does not state its size");
	if (size > SEAL_PLAIN_MAX)
		return err_set(err, ERR_LIMIT, "sealed object would inflate "
			       "to %llu bytes, at most %zu", size,
			       SEAL_PLAIN_MAX);
	*out_size = (size_t)size;
	return 0;
}

static int inflate(struct sealer *sealer, struct span frame, struct buf *out,
		   struct err *err)
{
	size_t size = 0;
	size_t got;
	int rc = check_frame(frame, &size, err);

	if (rc == 0)
		rc = need_inflater(sealer, err);
	if (rc == 0)
		rc = buf_reserve(out, size, err);
	if (rc < 0)
		return rc;
	got = ZSTD_decompressDCtx(sealer->inflater, out->data + out->len,
				  size, frame.at, frame.len);
	if (ZSTD_isError(got) || got != size) {
		out->data[out->len] = '\0';
		return err_set(err, ERR_CORRUPT,
			       "sealed object does not inflate");
	}
	out->len += size;
	out->data[out->len] = '\0';
	return 0;
}

int sealer_open(struct sealer *sealer, enum seal_label label,
		struct span sealed, struct buf *out, struct err *err)
{
	return sealer_open_for(sealer, label, span_of(NULL, 0), sealed, out,
			       err);
}

int sealer_open_for(struct sealer *sealer, enum seal_label label,
		    struct span owner, struct span sealed, struct buf *out,
		    struct err *err)
{
	struct span frame = { NULL, 0 };
	int rc;

	if (!seal_has_form(sealed))
		return err_set(err, ERR_CORRUPT, "not a sealed object");
	rc = decrypt(sealer, label, owner, sealed, err);
	if (rc == 0)
		rc = find_frame(buf_span(&sealer->input), &frame, err);
	return rc < 0 ? rc : inflate(sealer, frame, out, err);
}
