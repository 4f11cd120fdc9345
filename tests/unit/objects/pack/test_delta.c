/* Deltas: what they make of the base is the target, whatever both are. */
#include "objects/pack/delta.h"
#include "tests/unit/fixture.h"

#define BYTES_MAX 200000

static struct err err = ERR_INIT;
static uint64_t chance = 11;

static unsigned draw(unsigned below)
{
	chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(chance >> 33) % below;
}

static size_t take_size(struct span *delta)
{
	unsigned shift = 0;
	size_t size = 0;
	unsigned char byte = 0x80;

	for (; byte & 0x80 && delta->len; shift += 7) {
		byte = (unsigned char)*delta->at;
		size |= (size_t)(byte & 0x7f) << shift;
		*delta = span_of(delta->at + 1, delta->len - 1);
	}
	return size;
}

static size_t take_bytes(struct span *delta, unsigned mask, unsigned n)
{
	size_t value = 0;
	unsigned i;

	for (i = 0; i < n; i++) {
		if (!(mask >> i & 1) || !delta->len)
			continue;
		value |= (size_t)(unsigned char)*delta->at << 8 * i;
		*delta = span_of(delta->at + 1, delta->len - 1);
	}
	return value;
}

/* As git's documents have it; false where that cannot be followed. */
static bool apply(struct span base, struct span delta, struct buf *out)
{
	size_t len;

	if (take_size(&delta) != base.len)
		return false;
	len = take_size(&delta);
	while (delta.len) {
		unsigned op = (unsigned char)*delta.at;
		size_t at, n = op;

		delta = span_of(delta.at + 1, delta.len - 1);
		if (op & 0x80) {
			at = take_bytes(&delta, op & 15, 4);
			n = take_bytes(&delta, op >> 4 & 7, 3);
			n = n ? n : 0x10000;
			if (at + n > base.len ||
			    buf_add(out, base.at + at, n, &err))
				return false;
			continue;
		}
		if (!n || n > delta.len || buf_add(out, delta.at, n, &err))
			return false;
		delta = span_of(delta.at + n, delta.len - n);
	}
	return out->len == len;
}

/* Cut, repeat and change pieces of the base. */
static void vary(const struct buf *base, struct buf *target)
{
	unsigned pieces = 1 + draw(12);
	size_t at, n;

	buf_reset(target);
	while (pieces--) {
		at = base->len ? draw((unsigned)base->len) : 0;
		n = draw((unsigned)(base->len - at) + 1);
		if (target->len + n > BYTES_MAX)
			break;
		if (buf_add(target, base->data + at, n, &err))
			bail_out("out of memory");
		for (n = draw(300) * draw(2); n; n--)
			if (buf_add_char(target, (char)draw(256), &err))
				bail_out("out of memory");
	}
}

static void fill(struct buf *base, size_t len, unsigned letters)
{
	buf_reset(base);
	while (base->len < len)
		if (buf_add_char(base, (char)draw(letters), &err))
			bail_out("out of memory");
}

static void test_pairs(void)
{
	struct buf base = BUF_INIT(BUF_NO_LIMIT);
	struct buf target = BUF_INIT(BUF_NO_LIMIT);
	struct buf delta = BUF_INIT(BUF_NO_LIMIT);
	struct buf back = BUF_INIT(BUF_NO_LIMIT);
	bool are_true = true;
	unsigned i, made = 0;

	for (i = 0; i < 600; i++) {
		fill(&base, draw(i % 50 ? 3000 : 140000),
		     i % 3 ? 256 : 1 + draw(3));
		vary(&base, &target);
		buf_reset(&delta);
		buf_reset(&back);
		if (delta_make(buf_span(&base), buf_span(&target),
			       target.len * 2 + 100, &delta, &err) < 0 ||
		    !delta.len)
			continue;
		made++;
		are_true = are_true && apply(buf_span(&base),
					     buf_span(&delta), &back) &&
			   span_equals(buf_span(&back), buf_span(&target));
	}
	ok(made > 400, "deltas are made (%u of 600)", made);
	ok(are_true, "and make the target of the base");
	buf_release(&base);
	buf_release(&target);
	buf_release(&delta);
	buf_release(&back);
}

static void test_bounds(void)
{
	struct buf base = BUF_INIT(BUF_NO_LIMIT);
	struct buf target = BUF_INIT(BUF_NO_LIMIT);
	struct buf delta = BUF_INIT(BUF_NO_LIMIT);

	fill(&base, 5000, 256);
	fill(&target, 5000, 256);
	is_int(buf_add_str(&delta, "before", &err), 0, "something stands");
	is_int(delta_make(buf_span(&base), buf_span(&target), 2500, &delta,
			  &err), 0, "strangers make no short delta");
	is_str(buf_text(&delta), "before", "and what stood there stands");
	is_int(delta_make(buf_span(&base), buf_span(&base), 20, &delta, &err),
	       0, "twins make");
	ok(delta.len > 6 && delta.len < 6 + 20, "one of a few bytes");
	is_int(delta_make(span_str("short"), buf_span(&target), 9000, &delta,
			  &err), 0, "what is too short is no base");
	buf_release(&base);
	buf_release(&target);
	buf_release(&delta);
}

int main(void)
{
	test_pairs();
	test_bounds();
	return done_testing();
}
