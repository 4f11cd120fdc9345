#include "lib/id/cid.h"

#include "lib/id/encode.h"
#include "lib/id/multibase.h"

#define HASH_SHA2_256 0x12
#define VARINT_MAX_BYTES 9

/* What stands before the digest: version, codec, hash, length of digest. */
static const unsigned char raw_head[] = { 0x01, 0x55, 0x12, 0x20 };
static const unsigned char json_head[] = { 0x01, 0x80, 0x04, 0x12, 0x20 };

#define CID_BYTES_MAX (sizeof(json_head) + SHA256_BYTES)

void cid_text(enum cid_codec codec, const unsigned char digest[SHA256_BYTES],
	      char out[CID_TEXT_MAX])
{
	const unsigned char *head = codec == CID_RAW ? raw_head : json_head;
	size_t head_len = codec == CID_RAW ? sizeof(raw_head) :
					     sizeof(json_head);
	unsigned char bytes[CID_BYTES_MAX];

	memcpy(bytes, head, head_len);
	memcpy(bytes + head_len, digest, SHA256_BYTES);
	out[0] = 'b';
	base32_text(bytes, head_len + SHA256_BYTES, out + 1);
}

void cid_text_of(enum cid_codec codec, struct span bytes,
		 char out[CID_TEXT_MAX])
{
	unsigned char digest[SHA256_BYTES];

	sha256_of(bytes.at, bytes.len, digest);
	cid_text(codec, digest, out);
}

static bool parse_ours(struct span text, const unsigned char *head,
		       size_t head_len, unsigned char digest[SHA256_BYTES])
{
	unsigned char bytes[CID_BYTES_MAX];
	size_t len = head_len + SHA256_BYTES;

	if (!text.len || text.at[0] != 'b')
		return false;
	if (!base32_decode(span_of(text.at + 1, text.len - 1), bytes, len))
		return false;
	if (memcmp(bytes, head, head_len))
		return false;
	memcpy(digest, bytes + head_len, SHA256_BYTES);
	return true;
}

bool cid_parse_raw(struct span text, unsigned char out_digest[SHA256_BYTES])
{
	return parse_ours(text, raw_head, sizeof(raw_head), out_digest);
}

bool cid_parse_json(struct span text, unsigned char out_digest[SHA256_BYTES])
{
	return parse_ours(text, json_head, sizeof(json_head), out_digest);
}

int cid_parse(struct span text, enum cid_codec *out_codec,
	      unsigned char out_digest[SHA256_BYTES], struct err *err)
{
	if (cid_parse_raw(text, out_digest)) {
		*out_codec = CID_RAW;
		return 0;
	}
	if (cid_parse_json(text, out_digest)) {
		*out_codec = CID_JSON;
		return 0;
	}
	return err_set(err, ERR_INVALID, "not the id of a record or segment");
}

static int add_varint(struct buf *buf, uint64_t value, struct err *err)
{
	while (value >= 0x80) {
		int rc = buf_add_char(buf, (char)(value | 0x80), err);

		if (rc < 0)
			return rc;
		value >>= 7;
	}
	return buf_add_char(buf, (char)value, err);
}

/* Take one varint off the front; false when it is cut off, long or padded. */
static bool take_varint(struct span *bytes, uint64_t *out)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < bytes->len && i < VARINT_MAX_BYTES; i++) {
		unsigned char byte = (unsigned char)bytes->at[i];

		value |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (byte & 0x80)
			continue;
		if (!byte && i)
			return false;
		*bytes = span_of(bytes->at + i + 1, bytes->len - i - 1);
		*out = value;
		return true;
	}
	return false;
}

int cid_add_bytes(struct buf *buf, const struct cid *cid, struct err *err)
{
	size_t start = buf->len;
	int rc;

	if (!cid->digest_len || cid->digest_len > CID_DIGEST_MAX)
		return err_set(err, ERR_INVALID, "bad digest length in a cid");
	if (cid->codec >> 63 || cid->hash >> 63)
		return err_set(err, ERR_INVALID, "code too large for a cid");
	rc = add_varint(buf, 1, err);
	if (rc == 0)
		rc = add_varint(buf, cid->codec, err);
	if (rc == 0)
		rc = add_varint(buf, cid->hash, err);
	if (rc == 0)
		rc = add_varint(buf, cid->digest_len, err);
	if (rc == 0)
		rc = buf_add(buf, cid->digest, cid->digest_len, err);
	if (rc < 0)
		buf->len = start;
	return rc;
}

int cid_from_bytes(struct span bytes, struct cid *out, struct err *err)
{
	struct cid cid = { 0, 0, 0, { 0 } };
	uint64_t version, digest_len;

	if (!take_varint(&bytes, &version) || version != 1)
		return err_set(err, ERR_INVALID, "not a version 1 cid");
	if (!take_varint(&bytes, &cid.codec) ||
	    !take_varint(&bytes, &cid.hash) ||
	    !take_varint(&bytes, &digest_len))
		return err_set(err, ERR_INVALID, "bad varint in a cid");
	if (!digest_len || digest_len > CID_DIGEST_MAX ||
	    digest_len != bytes.len)
		return err_set(err, ERR_INVALID, "bad digest length in a cid");
	if (cid.hash == HASH_SHA2_256 && digest_len != SHA256_BYTES)
		return err_set(err, ERR_INVALID, "cut digest in a cid");
	cid.digest_len = bytes.len;
	memcpy(cid.digest, bytes.at, bytes.len);
	*out = cid;
	return 0;
}

int cid_from_text(struct span text, struct cid *out, struct err *err)
{
	struct buf bytes = BUF_INIT(BASE58_MAX_BYTES);
	int rc = multibase_decode(text, &bytes, err);

	if (rc == 0)
		rc = cid_from_bytes(buf_span(&bytes), out, err);
	buf_release(&bytes);
	return rc;
}
