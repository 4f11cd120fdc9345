#include "cmd/import/parse/packed/tar_internal.h"

/* Where fields stand in a header (POSIX.1-1988 ustar, GNU). */
#define NAME_AT 0
#define NAME_LEN 100
#define SIZE_AT 124
#define SIZE_LEN 12
#define SUM_AT 148
#define SUM_LEN 8
#define KIND_AT 156
#define MAGIC_AT 257
#define PREFIX_AT 345
#define PREFIX_LEN 155

#define CUT "the tar header is damaged"

/* Octal digits, with blanks before and behind; or, by GNU, a number of bytes
 * whose first bit is set. */
static bool read_number(const unsigned char *at, size_t len, uint64_t *out)
{
	uint64_t value = 0;
	size_t i = 0;

	if (*at & 0x80) {
		for (i = 1; i < len; i++) {
			if (value >> 55)
				return false;
			value = value << 8 | at[i];
		}
		*out = value;
		return !(*at & 0x7f);
	}
	while (i < len && at[i] == ' ')
		i++;
	for (; i < len && at[i] >= '0' && at[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(at[i] - '0');
	*out = value;
	return i == len || !at[i] || at[i] == ' ';
}

/* Of all bytes, those of the sum itself as blanks; some counted them with
 * their signs. */
static bool has_sum(const unsigned char block[TAR_BLOCK])
{
	uint64_t want;
	uint64_t sum = 0;
	int64_t with_signs = 0;
	size_t i;

	for (i = 0; i < TAR_BLOCK; i++) {
		unsigned char byte = i >= SUM_AT && i < SUM_AT + SUM_LEN ?
				     ' ' : block[i];

		sum += byte;
		with_signs += byte < 128 ? byte : (int64_t)byte - 256;
	}
	return read_number(block + SUM_AT, SUM_LEN, &want) &&
	       (want == sum || (int64_t)want == with_signs);
}

static bool is_empty(const unsigned char block[TAR_BLOCK])
{
	size_t i;

	for (i = 0; i < TAR_BLOCK && !block[i]; i++)
		;
	return i == TAR_BLOCK;
}

bool tar_header_is(const unsigned char block[TAR_BLOCK])
{
	return !is_empty(block) && has_sum(block);
}

static void put_field(const unsigned char *at, size_t len, struct buf *out)
{
	buf_put(out, at, strnlen((const char *)at, len));
}

static enum tar_kind kind_of(unsigned char flag)
{
	switch (flag) {
	case '\0':
	case '0':
	case '7':
		return TAR_FILE;
	case '5':
		return TAR_DIR;
	case 'L':
		return TAR_LONG_NAME;
	case 'K':
		return TAR_LONG_LINK;
	case 'x':
		return TAR_NEXT;
	case 'g':
		return TAR_ALL;
	default:
		return TAR_STRAY;
	}
}

int tar_header_read(const unsigned char block[TAR_BLOCK],
		    struct tar_header *out, struct buf *name, struct err *err)
{
	const unsigned char *prefix = block + PREFIX_AT;

	buf_reset(name);
	out->kind = TAR_END;
	out->size = 0;
	if (is_empty(block))
		return 0;
	if (!has_sum(block) ||
	    !read_number(block + SIZE_AT, SIZE_LEN, &out->size))
		return err_set(err, ERR_CORRUPT, CUT);
	out->kind = kind_of(block[KIND_AT]);
	/* Of GNU's own form the place of the prefix holds times. */
	if (!memcmp(block + MAGIC_AT, "ustar\0", 6) && *prefix) {
		put_field(prefix, PREFIX_LEN, name);
		buf_put_char(name, '/');
	}
	put_field(block + NAME_AT, NAME_LEN, name);
	/* What is no file has nothing behind it, whatever it says. */
	if (out->kind == TAR_DIR ||
	    (out->kind == TAR_STRAY && block[KIND_AT] >= '1' &&
	     block[KIND_AT] <= '6'))
		out->size = 0;
	/* Before there was a kind for it. */
	if (out->kind == TAR_FILE && name->len &&
	    name->data[name->len - 1] == '/')
		out->kind = TAR_DIR;
	return buf_end(name, err);
}

static bool take_decimal(struct span *text, char end, uint64_t *out)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < text->len && text->at[i] >= '0' &&
		    text->at[i] <= '9' && value < (uint64_t)1 << 58; i++)
		value = value * 10 + (uint64_t)(text->at[i] - '0');
	if (!i || (i < text->len ? text->at[i] != end : end != '\0'))
		return false;
	i += i < text->len;
	*text = span_of(text->at + i, text->len - i);
	*out = value;
	return true;
}

/* "<length> <name>=<value>\n", the length of all of it. */
int tar_pax_read(struct span text, struct buf *name, uint64_t *size,
		 struct err *err)
{
	struct span record;
	struct span rest;
	uint64_t len;

	while (text.len) {
		rest = text;
		if (!take_decimal(&rest, ' ', &len) || len > text.len ||
		    len <= (uint64_t)(rest.at - text.at) ||
		    text.at[len - 1] != '\n')
			return err_set(err, ERR_CORRUPT, CUT);
		record = span_of(rest.at, (size_t)len - 1 -
				 (size_t)(rest.at - text.at));
		text = span_of(text.at + len, text.len - (size_t)len);
		if (span_begins(record, "path=")) {
			buf_reset(name);
			buf_put(name, record.at + 5, record.len - 5);
		} else if (span_begins(record, "size=")) {
			record = span_of(record.at + 5, record.len - 5);
			if (!take_decimal(&record, '\0', size))
				return err_set(err, ERR_CORRUPT, CUT);
		}
	}
	return buf_end(name, err);
}
