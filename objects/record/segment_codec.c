#include "objects/record/segment_codec.h"

#include "objects/record/head.h"
#include "objects/record/record_internal.h"

static int no_key(struct err *err)
{
	return err_set(err, ERR_NO_KEY, "this device holds no key");
}

/* What keys the leaves of a segment; NULL in a plain vault. */
static int leaf_subkey(const struct codec *codec,
		       const unsigned char id[KEY_ID_BYTES],
		       const unsigned char **out, struct err *err)
{
	struct sealer *sealer = codec_sealer(codec);

	*out = NULL;
	if (codec_mode(codec) == CODEC_PLAIN)
		return 0;
	*out = sealer ? sealer_leaf_key(sealer, id) : NULL;
	return *out ? 0 : no_key(err);
}

int segment_encode(struct codec *codec, const struct leaf_ids *ids,
		   struct span text, struct buf *out, struct err *err)
{
	bool is_plain = codec_mode(codec) == CODEC_PLAIN;
	struct segment_head head;
	const unsigned char *subkey;
	size_t start = out->len;
	struct span rest;
	int rc;

	if (codec_mode(codec) == CODEC_BLIND)
		return no_key(err);
	rc = leaf_subkey(codec, codec_sealing_key(codec), &subkey, err);
	if (rc == 0)
		rc = buf_reserve(out, HEAD_BYTES, err);
	if (rc < 0)
		return rc;
	leaves_root(ids, subkey, head.leaves);
	/* The rest is hashed where it stands, behind room for the head. */
	out->len += HEAD_BYTES;
	rc = is_plain ? buf_add_span(out, text, err) :
	     sealer_seal_for(codec_sealer(codec), SEAL_SEGMENT,
			     span_of(head.leaves, SHA256_BYTES), text, out,
			     err);
	if (rc < 0) {
		buf_cut(out, start);
		return rc;
	}
	rest = span_of(out->data + start + HEAD_BYTES,
		       out->len - start - HEAD_BYTES);
	sha256_of(rest.at, rest.len, head.rest);
	head_put(&head, out->data + start);
	return 0;
}

/* The head of a segment that was decoded, and the key of its leaves. */
static int decoded_head(const struct codec *codec, struct span bytes,
			struct segment_head *out, const unsigned char **subkey,
			struct err *err)
{
	unsigned char id[KEY_ID_BYTES] = { 0 };

	if (!head_split(bytes, out, &bytes))
		return err_set(err, ERR_CORRUPT, "a segment without a head");
	if (codec_mode(codec) == CODEC_SEALED && seal_has_form(bytes))
		seal_key_id(bytes, id);
	return leaf_subkey(codec, id, subkey, err);
}

static int other_leaves(struct err *err)
{
	return err_set(err, ERR_CORRUPT, "damaged segment: the leaves in its "
		       "head are not those of its records");
}

int segment_check_leaves(const struct codec *codec, struct span bytes,
			 const struct leaf_ids *ids, struct err *err)
{
	unsigned char root[SHA256_BYTES];
	const unsigned char *subkey;
	struct segment_head head;
	int rc = decoded_head(codec, bytes, &head, &subkey, err);

	if (rc < 0)
		return rc;
	leaves_root(ids, subkey, root);
	return memcmp(root, head.leaves, sizeof(root)) ? other_leaves(err) : 0;
}

int segment_prove(const struct codec *codec, struct span bytes,
		  const struct leaf_ids *ids, size_t nth,
		  struct leaf_proof *out, struct err *err)
{
	unsigned char root[SHA256_BYTES];
	const unsigned char *subkey;
	struct segment_head head;
	int rc = decoded_head(codec, bytes, &head, &subkey, err);

	if (rc < 0)
		return rc;
	leaves_prove(ids, subkey, nth, out);
	leaf_proof_root(out, ids->at[nth], root);
	return memcmp(root, head.leaves, sizeof(root)) ? other_leaves(err) : 0;
}
