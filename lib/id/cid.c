#include "lib/id/cid.h"

#include "lib/id/encode.h"

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
