#include "lib/id/encode.h"

#include <assert.h>
#include <stdint.h>

#include "lib/base/random.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base32_digits[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char base58_digits[] =
	"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base32_value(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

static int base58_value(char c)
{
	const char *at = c ? strchr(base58_digits, c) : NULL;

	return at ? (int)(at - base58_digits) : -1;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

void hex_text(const void *bytes, size_t len, char *out)
{
	const unsigned char *in = bytes;
	size_t i;

	for (i = 0; i < len; i++) {
		*out++ = hex_digits[in[i] >> 4];
		*out++ = hex_digits[in[i] & 15];
	}
	*out = '\0';
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int hex_add(struct buf *buf, const void *bytes, size_t len, struct err *err)
{
	int rc = buf_reserve(buf, HEX_TEXT(len), err);

	if (rc < 0)
		return rc;
	hex_text(bytes, len, buf->data + buf->len);
	buf->len += HEX_TEXT(len);
	return 0;
}

/* One more than the value; 0: none. No branch can be foretold here, and ids
 * are read by the ten thousand. */
static const unsigned char hex_values[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6,
	['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

bool hex_decode(struct span text, void *out, size_t len)
{
	const unsigned char *digits = (const unsigned char *)text.at;
	unsigned char *bytes = out;
	bool is_hex = true;
	size_t i;

	if (text.len != HEX_TEXT(len))
		return false;
	for (i = 0; i < text.len; i++)
		is_hex &= hex_values[digits[i]] != 0;
	for (i = 0; is_hex && i < len; i++)
		bytes[i] = (unsigned char)((hex_values[digits[2 * i]] - 1)
					   << 4 |
					   (hex_values[digits[2 * i + 1]] - 1));
	return is_hex;
}

void base32_text(const void *bytes, size_t len, char *out)
{
	const unsigned char *in = bytes;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = bits << 8 | in[i];
		held += 8;
		while (held >= 5) {
			held -= 5;
			*out++ = base32_digits[bits >> held & 31];
		}
	}
	if (held)
		*out++ = base32_digits[bits << (5 - held) & 31];
	*out = '\0';
}

int base32_add(struct buf *buf, const void *bytes, size_t len, struct err *err)
{
	int rc = buf_reserve(buf, BASE32_TEXT(len), err);

	if (rc < 0)
		return rc;
	base32_text(bytes, len, buf->data + buf->len);
	buf->len += BASE32_TEXT(len);
	return 0;
}

bool base32_decode(struct span text, void *out, size_t len)
{
	unsigned char *bytes = out;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t i;

	if (text.len != BASE32_TEXT(len))
		return false;
	for (i = 0; i < text.len; i++) {
		int value = base32_value(text.at[i]);

		if (value < 0)
			return false;
		bits = bits << 5 | (uint32_t)value;
		held += 5;
		if (held >= 8) {
			held -= 8;
			*bytes++ = (unsigned char)(bits >> held);
		}
	}
	return !(bits & ((1u << held) - 1));
}

bool base32_is_key26(struct span text)
{
	unsigned char bytes[16];

	return base32_decode(text, bytes, sizeof(bytes));
}

void random_key26(char out[RANDOM_KEY26_MAX])
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof(bytes));
	base32_text(bytes, sizeof(bytes), out);
}

/*
 * Long division by repeated multiplication: digits[] is the number so far in
 * the new base, least digit first. Quadratic, hence the bound on the input.
 */
static size_t convert(unsigned char *digits, size_t count, unsigned carry,
		      unsigned from, unsigned to)
{
	size_t i;

	for (i = 0; i < count; i++) {
		carry += digits[i] * from;
		digits[i] = (unsigned char)(carry % to);
		carry /= to;
	}
	while (carry) {
		digits[count++] = (unsigned char)(carry % to);
		carry /= to;
	}
	return count;
}

size_t base58_text(const void *bytes, size_t len, char out[BASE58_TEXT_MAX])
{
	const unsigned char *in = bytes;
	unsigned char digits[BASE58_TEXT_MAX];
	size_t count = 0;
	size_t zeros = 0;
	size_t text_len;
	size_t i;

	assert(len <= BASE58_MAX_BYTES);
	while (zeros < len && !in[zeros])
		zeros++;
	for (i = zeros; i < len; i++)
		count = convert(digits, count, in[i], 256, 58);
	text_len = zeros + count;
	memset(out, '1', zeros);
	for (i = zeros; i < text_len; i++)
		out[i] = base58_digits[digits[--count]];
	out[text_len] = '\0';
	return text_len;
}

bool base58_bytes(struct span text, unsigned char out[BASE58_MAX_BYTES],
		  size_t *out_len)
{
	unsigned char bytes[BASE58_MAX_BYTES + 1];
	size_t zeros = 0;
	size_t count = 0;
	size_t i;

	while (zeros < text.len && text.at[zeros] == '1')
		zeros++;
	for (i = zeros; i < text.len; i++) {
		int value = base58_value(text.at[i]);

		if (value < 0)
			return false;
		count = convert(bytes, count, (unsigned)value, 58, 256);
		if (zeros + count > BASE58_MAX_BYTES)
			return false;
	}
	if (zeros > BASE58_MAX_BYTES)
		return false;
	*out_len = zeros + count;
	memset(out, 0, zeros);
	for (i = zeros; i < *out_len; i++)
		out[i] = bytes[--count];
	return true;
}

bool base58_is_text(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (base58_value(text.at[i]) < 0)
			return false;
	return true;
}

/* Up to three bytes as four characters. */
static void base64_group(const unsigned char *in, size_t len, char out[4])
{
	uint32_t bits = (uint32_t)in[0] << 16;

	if (len > 1)
		bits |= (uint32_t)in[1] << 8;
	if (len > 2)
		bits |= in[2];
	out[0] = base64_digits[bits >> 18];
	out[1] = base64_digits[bits >> 12 & 63];
	out[2] = len > 1 ? base64_digits[bits >> 6 & 63] : '=';
	out[3] = len > 2 ? base64_digits[bits & 63] : '=';
}

int base64_add(struct buf *buf, const void *bytes, size_t len, struct err *err)
{
	const unsigned char *in = bytes;
	size_t i;
	int rc = buf_reserve(buf, BASE64_TEXT(len), err);

	if (rc < 0)
		return rc;
	for (i = 0; i < len; i += 3) {
		base64_group(in + i, len - i, buf->data + buf->len);
		buf->len += 4;
	}
	buf->data[buf->len] = '\0';
	return 0;
}

int base64_add_wrapped(struct buf *buf, const void *bytes, size_t len,
		       size_t columns, struct err *err)
{
	const unsigned char *in = bytes;
	size_t text = BASE64_TEXT(len);
	size_t column = 0;
	char group[4];
	size_t i, j;
	int rc = buf_reserve(buf, text + text / columns, err);

	if (rc < 0)
		return rc;
	for (i = 0; i < len; i += 3) {
		base64_group(in + i, len - i, group);
		for (j = 0; j < 4; j++) {
			if (column == columns) {
				buf->data[buf->len++] = '\n';
				column = 0;
			}
			buf->data[buf->len++] = group[j];
			column++;
		}
	}
	buf->data[buf->len] = '\0';
	return 0;
}

/*
 * Reads groups of four. The number of '=' and the bits in front of them
 * decide whether the text is the one that an encoder would have written.
 */
struct base64_reader {
	uint32_t bits;
	unsigned filled;	/* characters in the group, '=' included */
	unsigned padding;
};

static bool base64_feed(struct base64_reader *reader, char c, struct buf *out)
{
	int value = base64_value(c);
	unsigned i;

	if (c == '=' && reader->filled >= 2)
		reader->padding++;
	else if (value < 0 || reader->padding)
		return false;
	reader->bits = reader->bits << 6 | (value < 0 ? 0 : (uint32_t)value);
	if (++reader->filled < 4)
		return true;
	if (reader->padding && (reader->bits >> (reader->padding - 1) * 8 &
				0xff))
		return false;
	for (i = 0; i < 3 - reader->padding; i++)
		out->data[out->len++] = (char)(reader->bits >> (16 - 8 * i) &
					       0xff);
	reader->bits = 0;
	reader->filled = 0;
	return true;
}

static bool is_line_break(struct span text, size_t i)
{
	if (text.at[i] == '\n')
		return true;
	return text.at[i] == '\r' && i + 1 < text.len &&
	       text.at[i + 1] == '\n';
}

/* Exact for a text that is good, so that a tight maximum is enough. */
static size_t decoded64_len(struct span text)
{
	size_t digits = 0;
	size_t padding = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		digits += text.at[i] != '\n' && text.at[i] != '\r';
		padding += text.at[i] == '=';
	}
	digits = digits / 4 * 3;
	return padding <= 2 && padding <= digits ? digits - padding : digits;
}

static int decode64(struct span text, bool is_wrapped, struct buf *out,
		    struct err *err)
{
	struct base64_reader reader = { 0, 0, 0 };
	size_t start = out->len;
	bool is_good = true;
	size_t i;
	int rc = buf_reserve(out, decoded64_len(text), err);

	if (rc < 0)
		return rc;
	for (i = 0; i < text.len && is_good; i++) {
		if (is_wrapped && is_line_break(text, i))
			continue;
		if (reader.padding && !reader.filled)
			is_good = false;
		else
			is_good = base64_feed(&reader, text.at[i], out);
	}
	if (!is_good || reader.filled)
		out->len = start;
	out->data[out->len] = '\0';
	if (!is_good || reader.filled)
		return err_set(err, ERR_INVALID, "not base64");
	return 0;
}

int base64_decode(struct span text, struct buf *out, struct err *err)
{
	return decode64(text, false, out, err);
}

int base64_decode_wrapped(struct span text, struct buf *out, struct err *err)
{
	return decode64(text, true, out, err);
}
