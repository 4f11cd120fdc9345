#include "cmd/import/parse/zip_name.h"

#include <stdint.h>

#include "lib/base/text.h"
#include "lib/base/utf8.h"

#define SHOWN_MAX 160

/* What code page 437 has at 0x80 to 0xff: the names of DOS. */
static const uint16_t dos_points[128] = {
	0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7,
	0x00ea, 0x00eb, 0x00e8, 0x00ef, 0x00ee, 0x00ec, 0x00c4, 0x00c5,
	0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9,
	0x00ff, 0x00d6, 0x00dc, 0x00a2, 0x00a3, 0x00a5, 0x20a7, 0x0192,
	0x00e1, 0x00ed, 0x00f3, 0x00fa, 0x00f1, 0x00d1, 0x00aa, 0x00ba,
	0x00bf, 0x2310, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb,
	0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556,
	0x2555, 0x2563, 0x2551, 0x2557, 0x255d, 0x255c, 0x255b, 0x2510,
	0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f,
	0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x2567,
	0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256b,
	0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580,
	0x03b1, 0x00df, 0x0393, 0x03c0, 0x03a3, 0x03c3, 0x00b5, 0x03c4,
	0x03a6, 0x0398, 0x03a9, 0x03b4, 0x221e, 0x03c6, 0x03b5, 0x2229,
	0x2261, 0x00b1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00f7, 0x2248,
	0x00b0, 0x2219, 0x00b7, 0x221a, 0x207f, 0x00b2, 0x25a0, 0x00a0,
};

static int add_dos(struct span raw, struct buf *out, struct err *err)
{
	char bytes[UTF8_MAX];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < raw.len; i++) {
		unsigned char c = (unsigned char)raw.at[i];
		uint32_t point = c < 0x80 ? c : dos_points[c - 0x80];

		rc = buf_add(out, bytes, utf8_encode(point, bytes), err);
	}
	return rc;
}

static int add_decoded(struct span raw, struct buf *out, struct err *err)
{
	if (utf8_is_valid(raw))
		return buf_add_span(out, raw, err);
	return add_dos(raw, out, err);
}

int zip_name_shown(struct span raw, struct buf *out, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_reset(out);
	rc = add_decoded(raw, &text, err);
	if (rc == 0)
		rc = text_escape(out, text_cut(buf_span(&text), SHOWN_MAX), 0,
				 err);
	buf_release(&text);
	return rc;
}

static bool has_control(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		/* C1 is C2 80 to C2 9F. */
		if (c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && i + 1 < text.len &&
		     (unsigned char)text.at[i + 1] < 0xa0))
			return true;
	}
	return false;
}

static bool has_drive(struct span text)
{
	char letter = text.len ? (char)(text.at[0] | 0x20) : '\0';

	return text.len >= 2 && text.at[1] == ':' && letter >= 'a' &&
	       letter <= 'z';
}

/* Append the parts; false when one of them goes up. */
static int add_parts(struct span text, struct buf *out, struct err *err)
{
	const char *end = text.at + text.len;
	const char *at = text.at;
	int rc = 0;

	while (rc == 0 && at < end) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		struct span part = span_of(at, (size_t)((slash ? slash : end) -
							at));

		at += part.len + 1;
		if (!part.len || span_equals(part, span_str(".")))
			continue;
		if (span_equals(part, span_str("..")))
			return err_set(err, ERR_INVALID,
				       "a name leads out of the archive by "
				       "'..'");
		if (out->len)
			rc = buf_add_char(out, '/', err);
		if (rc == 0)
			rc = buf_add_span(out, part, err);
	}
	return rc;
}

int zip_name(struct span raw, struct buf *out, bool *out_is_dir,
	     struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	int rc;

	buf_reset(out);
	if (raw.len > ZIP_NAME_MAX)
		return err_set(err, ERR_LIMIT, "a name has more than %d bytes",
			       ZIP_NAME_MAX);
	rc = add_decoded(raw, &text, err);
	if (rc < 0)
		goto out;
	name = buf_span(&text);
	if (!name.len)
		rc = err_set(err, ERR_INVALID, "a member has no name");
	else if (has_control(name))
		rc = err_set(err, ERR_INVALID,
			     "a name holds a control character");
	else if (memchr(name.at, '\\', name.len))
		rc = err_set(err, ERR_INVALID, "a name holds a backslash");
	else if (name.at[0] == '/')
		rc = err_set(err, ERR_INVALID, "a name is an absolute path");
	else if (has_drive(name))
		rc = err_set(err, ERR_INVALID, "a name begins with a drive");
	else
		rc = add_parts(name, out, err);
	if (rc == 0)
		*out_is_dir = name.at[name.len - 1] == '/';
out:
	buf_release(&text);
	return rc;
}
