#include "refs/key/wire.h"

void wire_put(struct buf *out, const void *bytes, size_t len)
{
	if (len > UINT32_MAX)
		buf_fail(out, ERR_LIMIT);
	buf_put_u32(out, (uint32_t)len);
	if (len)
		buf_put(out, bytes, len);
}

void wire_put_str(struct buf *out, const char *text)
{
	wire_put(out, text, strlen(text));
}

void wire_put_public(struct buf *out,
		     const unsigned char public[DID_KEY_BYTES])
{
	wire_put_str(out, SSH_KEY_TYPE);
	wire_put(out, public, DID_KEY_BYTES);
}

bool wire_take_u32(struct span *in, uint32_t *out)
{
	if (in->len < 4)
		return false;
	*out = u32_at(in->at);
	*in = span_of(in->at + 4, in->len - 4);
	return true;
}

bool wire_take(struct span *in, struct span *out)
{
	struct span rest = *in;
	uint32_t len;

	if (!wire_take_u32(&rest, &len) || len > rest.len)
		return false;
	*out = span_of(rest.at, len);
	*in = span_of(rest.at + len, rest.len - len);
	return true;
}
