#include "refs/remote/remote_internal.h"

#include <zlib.h>

#include "tests/tap.h"

#define BIG 100000

/* A trip that leads nowhere, with limits. */
static void trip_make(struct trip *trip)
{
	static const struct remote_calls none;

	memset(trip, 0, sizeof(*trip));
	trip->text = "test";
	trip->calls = &none;
	trip->limits = (struct remote_limits){
		10, 1 << 20, 5, BIG, 3 * BIG, 10, 10
	};
}

static void add(struct buf *pack, const void *bytes, size_t len)
{
	if (buf_add(pack, bytes, len, NULL) < 0)
		bail_out("out of memory");
}

static void header(struct buf *pack, unsigned char count)
{
	const unsigned char bytes[12] = {
		'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, count
	};

	buf_reset(pack);
	add(pack, bytes, sizeof(bytes));
}

static void trailer(struct buf *pack)
{
	const unsigned char bytes[20] = { 0 };

	add(pack, bytes, sizeof(bytes));
}

/* An entry that says one size and holds another. */
static void entry(struct buf *pack, unsigned type, size_t says,
		  const void *bytes, size_t len)
{
	static unsigned char packed[2 * BIG];
	uLongf packed_len = sizeof(packed);
	unsigned char byte = (unsigned char)(type << 4 | (says & 15));
	const unsigned char offset = 12;
	const unsigned char base[20] = { 1 };

	for (says >>= 4; says; says >>= 7) {
		byte |= 0x80;
		add(pack, &byte, 1);
		byte = (unsigned char)(says & 0x7f);
	}
	add(pack, &byte, 1);
	if (type == 6)
		add(pack, &offset, 1);
	if (type == 7)
		add(pack, base, sizeof(base));
	if (compress(packed, &packed_len, bytes, (uLong)len) != Z_OK)
		bail_out("cannot compress");
	add(pack, packed, packed_len);
}

/* Feed in pieces; 0 or the code of the first failure. */
static int feed(struct trip *trip, struct span pack, size_t piece)
{
	struct guard *guard;
	size_t at, n;
	int rc;

	if (guard_new(trip, &guard) < 0)
		bail_out("out of memory");
	for (at = 0, rc = 0; rc == 0 && at < pack.len; at += n) {
		n = pack.len - at < piece ? pack.len - at : piece;
		rc = guard_feed(guard, span_of(pack.at + at, n));
	}
	if (rc == 0)
		rc = guard_finish(guard);
	guard_free(guard);
	return rc;
}

static int check(const struct buf *pack, size_t piece)
{
	struct trip trip;

	trip_make(&trip);
	return feed(&trip, buf_span(pack), piece);
}

static void check_good(struct buf *pack)
{
	const unsigned char delta[] = { 5, 7, 0x90, 5, 2, 'x', 'y' };
	struct trip trip;

	header(pack, 4);
	entry(pack, 3, 5, "hello", 5);
	entry(pack, 3, 0, "", 0);
	entry(pack, 6, sizeof(delta), delta, sizeof(delta));
	entry(pack, 7, sizeof(delta), delta, sizeof(delta));
	trailer(pack);
	is_int(check(pack, pack->len), 0, "a pack at once");
	is_int(check(pack, 1), 0, "byte by byte");
	is_int(check(pack, 7), 0, "in sevens");
	trip_make(&trip);
	is_int(feed(&trip, buf_span(pack), 3), 0, "again");
	is_int(trip.pack_objects, 4, "objects are counted");
	is_int(trip.pack_bytes, pack->len, "bytes are counted");
	is_int(trip.inflated, 5 + 2 * (sizeof(delta) + 7),
	       "so is what it inflates to, with what deltas become");
}

static void check_damage(struct buf *pack)
{
	size_t whole = pack->len;
	struct buf bad = BUF_INIT(BUF_NO_LIMIT);
	unsigned cut = 0;
	size_t i;

	for (i = 0; i < whole; i++) {
		buf_reset(&bad);
		add(&bad, pack->data, i);
		cut += check(&bad, 9) == ERR_CORRUPT;
	}
	is_int(cut, whole, "cut off anywhere, it is damaged");
	for (i = 0; i < whole * 8; i++) {
		pack->data[i / 8] ^= (char)(1 << i % 8);
		(void)check(pack, 11);
		pack->data[i / 8] ^= (char)(1 << i % 8);
	}
	is_int(check(pack, 64), 0, "any bit flipped, and nothing broke");
	add(pack, "x", 1);
	is_int(check(pack, 64), ERR_CORRUPT, "a byte behind the end");
	header(pack, 1);
	pack->data[7] = 3;
	is_int(check(pack, 64), ERR_CORRUPT, "another version");
	header(pack, 1);
	entry(pack, 5, 1, "x", 1);
	is_int(check(pack, 64), ERR_CORRUPT, "an unknown type");
	header(pack, 1);
	entry(pack, 3, 4, "hello", 5);
	is_int(check(pack, 64), ERR_CORRUPT, "longer than it says");
	header(pack, 1);
	entry(pack, 3, 6, "hello", 5);
	is_int(check(pack, 64), ERR_CORRUPT, "shorter than it says");
	buf_release(&bad);
}

static void check_limits(struct buf *pack)
{
	static const char zeros[BIG + 1];
	/* The result's size, as a delta writes 100,001 and 2^63 or so. */
	const unsigned char larger[] = { 5, 0xa1, 0x8d, 0x06, 0x90, 5 };
	const unsigned char huge[] = {
		5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f
	};
	const unsigned char endless[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff
	};
	struct trip trip;

	header(pack, 1);
	entry(pack, 3, BIG, zeros, BIG);
	trailer(pack);
	is_int(check(pack, 4096), 0, "the largest object");
	header(pack, 1);
	entry(pack, 3, BIG + 1, zeros, BIG + 1);
	is_int(check(pack, 4096), ERR_LIMIT, "one byte more");
	header(pack, 1);
	entry(pack, 6, sizeof(larger), larger, sizeof(larger));
	is_int(check(pack, 4096), ERR_LIMIT, "a delta that becomes that");
	header(pack, 1);
	entry(pack, 7, sizeof(huge), huge, sizeof(huge));
	is_int(check(pack, 4096), ERR_LIMIT, "and one without measure");
	header(pack, 1);
	entry(pack, 7, sizeof(endless), endless, sizeof(endless));
	is_int(check(pack, 4096), ERR_CORRUPT, "a number that does not end");
	header(pack, 6);
	is_int(check(pack, 4096), ERR_LIMIT, "too many objects");
	header(pack, 4);
	entry(pack, 3, BIG, zeros, BIG);
	entry(pack, 3, BIG, zeros, BIG);
	entry(pack, 3, BIG, zeros, BIG);
	entry(pack, 3, 1, zeros, 1);
	is_int(check(pack, 4096), ERR_LIMIT, "too much when inflated");
	trip_make(&trip);
	trip.limits.pack_bytes = 20;
	is_int(feed(&trip, buf_span(pack), 16), ERR_LIMIT, "too many bytes");
	ok(strstr(trip.err.text, "20 bytes") != NULL, "and it says so");
}

int main(void)
{
	struct buf pack = BUF_INIT(BUF_NO_LIMIT);

	git_libgit2_init();
	check_good(&pack);
	check_damage(&pack);
	check_limits(&pack);
	buf_release(&pack);
	git_libgit2_shutdown();
	return done_testing();
}
