#include "objects/pack/delta.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 16			/* shortest piece that is found */
#define COPY_MAX ((size_t)0xffff)
#define INSERT_MAX ((size_t)127)
#define BASE_MAX ((size_t)1 << 24)	/* larger ones are not worth it */

/* Where each block of the base lies; the position plus one, 0: nowhere. */
struct delta_index {
	struct span base;
	uint32_t *slots;
	uint32_t mask;
};

/* A delta in the making; literals wait from `from` on. */
struct delta {
	struct span target;
	size_t from;
	size_t max;
	struct buf *out;
};

static uint32_t block_hash(const char *at)
{
	uint64_t a, b;

	memcpy(&a, at, sizeof(a));
	memcpy(&b, at + sizeof(a), sizeof(b));
	a = (a ^ (b << 23 | b >> 41)) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(a >> 32);
}

static int index_base(struct delta_index *index, struct span base,
		      struct err *err)
{
	size_t slots = 64;
	size_t i;

	while (slots < base.len / BLOCK * 2)
		slots *= 2;
	index->base = base;
	index->mask = (uint32_t)(slots - 1);
	index->slots = calloc(slots, sizeof(*index->slots));
	if (!index->slots)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i + BLOCK <= base.len; i += BLOCK) {
		uint32_t slot = block_hash(base.at + i) & index->mask;

		/* The first of equal blocks, so that runs are found whole. */
		if (!index->slots[slot])
			index->slots[slot] = (uint32_t)i + 1;
	}
	return 0;
}

static void put_size(struct buf *out, size_t size)
{
	for (; size > 0x7f; size >>= 7)
		buf_put_char(out, (char)(0x80 | (size & 0x7f)));
	buf_put_char(out, (char)size);
}

static void put_inserts(struct delta *delta, size_t end)
{
	while (delta->from < end) {
		size_t n = end - delta->from;

		if (n > INSERT_MAX)
			n = INSERT_MAX;
		buf_put_char(delta->out, (char)n);
		buf_put(delta->out, delta->target.at + delta->from, n);
		delta->from += n;
	}
}

/* Only the bytes of offset and length that are not zero stand there. */
static void put_copy(struct delta *delta, size_t offset, size_t len)
{
	unsigned char op[7];
	size_t n = 1;
	unsigned i;

	op[0] = 0x80;
	for (i = 0; i < 4; i++) {
		if (!(offset >> 8 * i & 0xff))
			continue;
		op[0] |= (unsigned char)(1 << i);
		op[n++] = (unsigned char)(offset >> 8 * i & 0xff);
	}
	for (i = 0; i < 2; i++) {
		if (!(len >> 8 * i & 0xff))
			continue;
		op[0] |= (unsigned char)(0x10 << i);
		op[n++] = (unsigned char)(len >> 8 * i & 0xff);
	}
	buf_put(delta->out, op, n);
}

/* A piece of the base that the target has at position at. */
struct match {
	size_t base;
	size_t at;
	size_t len;
};

static bool find_match(const struct delta_index *index,
		       const struct delta *delta, size_t at, struct match *out)
{
	struct span base = index->base, target = delta->target;
	uint32_t slot = block_hash(target.at + at) & index->mask;
	size_t from, len = BLOCK;

	if (!index->slots[slot])
		return false;
	from = index->slots[slot] - 1;
	if (memcmp(base.at + from, target.at + at, BLOCK))
		return false;
	while (from + len < base.len && at + len < target.len &&
	       base.at[from + len] == target.at[at + len])
		len++;
	while (from && at > delta->from &&
	       base.at[from - 1] == target.at[at - 1]) {
		from--;
		at--;
		len++;
	}
	*out = (struct match){ from, at, len };
	return true;
}

static void put_match(struct delta *delta, const struct match *match)
{
	size_t done, part;

	put_inserts(delta, match->at);
	for (done = 0; done < match->len; done += part) {
		part = match->len - done;
		if (part > COPY_MAX)
			part = COPY_MAX;
		put_copy(delta, match->base + done, part);
	}
	delta->from = match->at + match->len;
}

static void make(struct delta *delta, const struct delta_index *index)
{
	size_t begin = delta->out->len;
	size_t at = 0;

	put_size(delta->out, index->base.len);
	put_size(delta->out, delta->target.len);
	while (at + BLOCK <= delta->target.len) {
		struct match match;

		if (!find_match(index, delta, at, &match)) {
			at++;
			continue;
		}
		put_match(delta, &match);
		at = delta->from;
		if (delta->out->len - begin > delta->max)
			return;
	}
	put_inserts(delta, delta->target.len);
}

int delta_make(struct span base, struct span target, size_t max,
	       struct buf *out, struct err *err)
{
	struct delta delta = { target, 0, max, out };
	struct delta_index index;
	size_t begin = out->len;
	int rc;

	if (base.len < BLOCK || base.len > BASE_MAX || target.len < BLOCK)
		return 0;
	rc = index_base(&index, base, err);
	if (rc < 0)
		return rc;
	make(&delta, &index);
	free(index.slots);
	rc = buf_settle(out, begin, err);
	if (out->len - begin > max)
		buf_cut(out, begin);
	return rc;
}

/* A number of a delta's head, seven bits a byte; false when it does not end. */
static bool take_size(struct span *delta, size_t *out)
{
	uint64_t value = 0;
	unsigned shift = 0;
	unsigned char byte = 0x80;

	for (; byte & 0x80; shift += 7) {
		if (!delta->len || shift > 56)
			return false;
		byte = (unsigned char)*delta->at;
		value |= (uint64_t)(byte & 0x7f) << shift;
		*delta = span_of(delta->at + 1, delta->len - 1);
	}
	*out = (size_t)value;
	return true;
}

/* The bytes of offset and length that op says are there. */
static bool take_copy(unsigned char op, struct span *delta, size_t *out_at,
		      size_t *out_len)
{
	size_t parts[2] = { 0, 0 };
	unsigned i;

	for (i = 0; i < 7; i++) {
		if (!(op & 1 << i))
			continue;
		if (!delta->len)
			return false;
		parts[i >= 4] |= (size_t)(unsigned char)*delta->at <<
				 8 * (i >= 4 ? i - 4 : i);
		*delta = span_of(delta->at + 1, delta->len - 1);
	}
	*out_at = parts[0];
	*out_len = parts[1] ? parts[1] : 0x10000;
	return true;
}

/* What the next instruction adds; false where there is nothing such. */
static bool take_piece(struct span base, struct span *delta,
		       struct span *out)
{
	unsigned char op = (unsigned char)*delta->at;
	size_t at, len = op;

	*delta = span_of(delta->at + 1, delta->len - 1);
	if (op & 0x80) {
		if (!take_copy(op, delta, &at, &len) || at > base.len ||
		    len > base.len - at)
			return false;
		*out = span_of(base.at + at, len);
		return true;
	}
	if (!op || len > delta->len)
		return false;
	*out = span_of(delta->at, len);
	*delta = span_of(delta->at + len, delta->len - len);
	return true;
}

int delta_apply(struct span base, struct span delta, struct buf *out,
		struct err *err)
{
	size_t base_len, len;
	struct span piece;
	int rc;

	buf_reset(out);
	if (!take_size(&delta, &base_len) || !take_size(&delta, &len) ||
	    base_len != base.len)
		return err_set(err, ERR_CORRUPT, "a delta is damaged");
	rc = buf_reserve(out, len, err);
	while (rc == 0 && delta.len) {
		if (!take_piece(base, &delta, &piece) ||
		    piece.len > len - out->len)
			return err_set(err, ERR_CORRUPT, "a delta is damaged");
		rc = buf_add_span(out, piece, err);
	}
	if (rc == 0 && out->len != len)
		rc = err_set(err, ERR_CORRUPT, "a delta is damaged");
	return rc;
}
