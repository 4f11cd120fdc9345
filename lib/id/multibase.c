#include "lib/id/multibase.h"

#include "lib/id/encode.h"

/* A base is one of the four strict encodings with its spelling changed. */
struct base {
	char prefix;
	enum { BASE_HEX, BASE_32, BASE_58, BASE_64 } kind;
	bool folds_case;
	bool is_url;		/* base64 with '-' and '_' */
	bool is_padded;
};

static const struct base bases[] = {
	{ 'f', BASE_HEX, true, false, false },
	{ 'F', BASE_HEX, true, false, false },
	{ 'b', BASE_32, true, false, false },
	{ 'B', BASE_32, true, false, false },
	{ 'z', BASE_58, false, false, false },
	{ 'm', BASE_64, false, false, false },
	{ 'M', BASE_64, false, false, true },
	{ 'u', BASE_64, false, true, false },
	{ 'U', BASE_64, false, true, true },
};

static const struct base *find_base(char prefix)
{
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (bases[i].prefix == prefix)
			return &bases[i];
	return NULL;
}

static char respell(const struct base *base, char c)
{
	if (base->folds_case && c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (!base->is_url)
		return c;
	if (c == '-')
		return '+';
	if (c == '_')
		return '/';
	/* The standard alphabet is not this base's: make it a bad character. */
	return c == '+' || c == '/' ? '!' : c;
}

/* The text in the spelling that the strict decoder knows. */
static int respell_all(const struct base *base, struct span text,
		       struct buf *out, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < text.len && rc == 0; i++) {
		if (base->kind == BASE_64 && !base->is_padded &&
		    text.at[i] == '=')
			return err_set(err, ERR_INVALID,
				       "padding in an unpadded base");
		rc = buf_add_char(out, respell(base, text.at[i]), err);
	}
	while (rc == 0 && base->kind == BASE_64 && !base->is_padded &&
	       out->len % 4)
		rc = buf_add_char(out, '=', err);
	return rc;
}

static int decode_fixed(const struct base *base, struct span text,
			struct buf *out, struct err *err)
{
	size_t len = base->kind == BASE_HEX ? text.len / 2 : text.len * 5 / 8;
	bool is_good;
	int rc = buf_reserve(out, len, err);

	if (rc < 0)
		return rc;
	if (base->kind == BASE_HEX)
		is_good = hex_decode(text, out->data + out->len, len);
	else
		is_good = base32_decode(text, out->data + out->len, len);
	if (is_good)
		out->len += len;
	out->data[out->len] = '\0';
	if (!is_good)
		return err_set(err, ERR_INVALID, "bad base%d text",
			       base->kind == BASE_HEX ? 16 : 32);
	return 0;
}

int multibase_decode(struct span text, struct buf *out, struct err *err)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	const struct base *base;
	int rc;

	if (!text.len)
		return err_set(err, ERR_INVALID, "empty multibase text");
	base = find_base(text.at[0]);
	if (!base)
		return err_set(err, ERR_UNSUPPORTED, "unknown multibase 0x%02x",
			       (unsigned)(unsigned char)text.at[0]);
	rc = respell_all(base, span_of(text.at + 1, text.len - 1), &plain, err);
	if (rc < 0)
		goto out;
	if (base->kind == BASE_58)
		rc = base58_decode(buf_span(&plain), out, err);
	else if (base->kind == BASE_64)
		rc = base64_decode(buf_span(&plain), out, err);
	else
		rc = decode_fixed(base, buf_span(&plain), out, err);
out:
	buf_release(&plain);
	return rc;
}

static void unpad(struct buf *buf)
{
	while (buf->len && buf->data[buf->len - 1] == '=')
		buf->data[--buf->len] = '\0';
}

static void use_url_alphabet(struct buf *buf, size_t start)
{
	size_t i;

	for (i = start; i < buf->len; i++) {
		if (buf->data[i] == '+')
			buf->data[i] = '-';
		else if (buf->data[i] == '/')
			buf->data[i] = '_';
	}
}

static int add_base64(struct buf *buf, const struct base *base,
		      struct span bytes, struct err *err)
{
	size_t start = buf->len;
	int rc = base64_add(buf, bytes.at, bytes.len, err);

	if (rc < 0)
		return rc;
	if (!base->is_padded)
		unpad(buf);
	if (base->is_url)
		use_url_alphabet(buf, start);
	return 0;
}

int multibase_add(struct buf *buf, char prefix, struct span bytes,
		  struct err *err)
{
	const struct base *base = find_base(prefix);
	size_t start = buf->len;
	int rc;

	if (!base || prefix == 'F' || prefix == 'B')
		return err_set(err, ERR_UNSUPPORTED,
			       "cannot write multibase '%c'", prefix);
	rc = buf_add_char(buf, prefix, err);
	if (rc < 0)
		return rc;
	if (base->kind == BASE_HEX)
		rc = hex_add(buf, bytes.at, bytes.len, err);
	else if (base->kind == BASE_32)
		rc = base32_add(buf, bytes.at, bytes.len, err);
	else if (base->kind == BASE_58)
		rc = base58_add(buf, bytes.at, bytes.len, err);
	else
		rc = add_base64(buf, base, bytes, err);
	if (rc < 0)
		buf->len = start;
	return rc;
}
