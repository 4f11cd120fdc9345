#include "refs/remote/remote_internal.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#define PACK_HEADER 12
#define PACK_TRAILER 20
#define PACK_VERSION 2
#define SCRATCH_BYTES 65536
#define DELTA_HEAD 20		/* two numbers of at most 10 bytes */

enum guard_state {
	AT_PACK_HEADER, AT_ENTRY, AT_OFFSET, AT_BASE, IN_CONTENT, AT_TRAILER,
	AT_END
};

enum entry_type { ENTRY_OFS_DELTA = 6, ENTRY_REF_DELTA = 7 };

struct guard {
	struct trip *trip;
	enum guard_state state;
	uint32_t objects_left;
	unsigned char small[PACK_TRAILER];	/* header, base, trailer */
	size_t small_n;
	unsigned type;			/* of the entry */
	unsigned shift;			/* of its size, 0 at its first byte */
	uint64_t size;			/* as its header says */
	uint64_t inflated;		/* so far */
	unsigned char delta[DELTA_HEAD];
	size_t delta_n;
	z_stream zlib;
	unsigned char scratch[SCRATCH_BYTES];
};

int guard_new(struct trip *trip, struct guard **out)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (guard && inflateInit(&guard->zlib) != Z_OK) {
		free(guard);
		guard = NULL;
	}
	if (!guard)
		return trip_fail(trip, ERR_NOMEM, "out of memory");
	guard->trip = trip;
	*out = guard;
	return 0;
}

void guard_free(struct guard *guard)
{
	if (!guard)
		return;
	inflateEnd(&guard->zlib);
	free(guard);
}

static int damaged(struct guard *guard, const char *why)
{
	return trip_fail(guard->trip, ERR_CORRUPT, "the pack from '%s' is "
			 "damaged: %s", guard->trip->text, why);
}

static int size_check(struct guard *guard, uint64_t size)
{
	struct trip *trip = guard->trip;

	if (size > trip->limits.object_bytes)
		return trip_fail(trip, ERR_LIMIT, "'%s' sends an object of "
				 "%llu bytes; the limit is %llu", trip->text,
				 (unsigned long long)size, (unsigned long long)
				 trip->limits.object_bytes);
	trip->inflated += size;
	if (trip->inflated > trip->limits.inflated_bytes)
		return trip_fail(trip, ERR_LIMIT, "what '%s' sends inflates "
				 "to more than %llu bytes", trip->text,
				 (unsigned long long)
				 trip->limits.inflated_bytes);
	return 0;
}

/* Move bytes into small until it holds want; true when it does. */
static bool gather(struct guard *guard, struct span *in, size_t want)
{
	size_t n = want - guard->small_n;

	if (n > in->len)
		n = in->len;
	memcpy(guard->small + guard->small_n, in->at, n);
	guard->small_n += n;
	*in = span_of(in->at + n, in->len - n);
	if (guard->small_n < want)
		return false;
	guard->small_n = 0;
	return true;
}

static uint32_t u32_at(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static void next_entry(struct guard *guard)
{
	guard->state = guard->objects_left ? AT_ENTRY : AT_TRAILER;
	guard->shift = 0;
	guard->size = 0;
	guard->inflated = 0;
	guard->delta_n = 0;
}

static int read_header(struct guard *guard)
{
	struct trip *trip = guard->trip;

	if (memcmp(guard->small, "PACK", 4) ||
	    u32_at(guard->small + 4) != PACK_VERSION)
		return damaged(guard, "it is no pack of version 2");
	guard->objects_left = u32_at(guard->small + 8);
	trip->pack_objects += guard->objects_left;
	if (trip->pack_objects > trip->limits.objects)
		return trip_fail(trip, ERR_LIMIT, "'%s' sends %llu objects; "
				 "the limit is %llu", trip->text,
				 (unsigned long long)trip->pack_objects,
				 (unsigned long long)trip->limits.objects);
	next_entry(guard);
	return 0;
}

/* Four bits of size beside the type, then seven a byte. */
static int read_entry_byte(struct guard *guard, unsigned char byte)
{
	if (!guard->shift) {
		guard->type = byte >> 4 & 7;
		guard->size = byte & 15;
		guard->shift = 4;
	} else {
		if (guard->shift > 50)
			return damaged(guard, "an object without end");
		guard->size |= (uint64_t)(byte & 0x7f) << guard->shift;
		guard->shift += 7;
	}
	if (byte & 0x80)
		return 0;
	if (!guard->type || guard->type == 5)
		return damaged(guard, "an object of an unknown type");
	guard->objects_left--;
	guard->state = IN_CONTENT;
	if (guard->type == ENTRY_OFS_DELTA)
		guard->state = AT_OFFSET;
	if (guard->type == ENTRY_REF_DELTA)
		guard->state = AT_BASE;
	if (inflateReset(&guard->zlib) != Z_OK)
		return damaged(guard, "it does not inflate");
	return size_check(guard, guard->size);
}

/* The second number in a delta: how long its result will be. */
static int read_delta(struct guard *guard)
{
	uint64_t value = 0;
	unsigned shift = 0;
	unsigned numbers = 0;
	size_t i;

	for (i = 0; i < guard->delta_n && numbers < 2 && shift <= 56; i++) {
		value |= (uint64_t)(guard->delta[i] & 0x7f) << shift;
		shift += 7;
		if (guard->delta[i] & 0x80)
			continue;
		if (++numbers < 2) {
			value = 0;
			shift = 0;
		}
	}
	if (numbers < 2)
		return damaged(guard, "a delta without its sizes");
	return size_check(guard, value);
}

static void keep_delta(struct guard *guard, size_t n)
{
	size_t room = DELTA_HEAD - guard->delta_n;

	n = n < room ? n : room;
	memcpy(guard->delta + guard->delta_n, guard->scratch, n);
	guard->delta_n += n;
}

static int read_content(struct guard *guard, struct span *in)
{
	z_stream *zlib = &guard->zlib;
	size_t given = in->len < SCRATCH_BYTES ? in->len : SCRATCH_BYTES;
	size_t made;
	int done;

	zlib->next_in = (unsigned char *)(uintptr_t)in->at;
	zlib->avail_in = (unsigned)given;
	zlib->next_out = guard->scratch;
	zlib->avail_out = SCRATCH_BYTES;
	done = inflate(zlib, Z_NO_FLUSH);
	made = SCRATCH_BYTES - zlib->avail_out;
	given -= zlib->avail_in;
	*in = span_of(in->at + given, in->len - given);
	guard->inflated += made;
	if (guard->type >= ENTRY_OFS_DELTA)
		keep_delta(guard, made);
	if (guard->inflated > guard->size)
		return damaged(guard, "an object is longer than it says");
	if (done == Z_OK || (done == Z_BUF_ERROR && !in->len))
		return 0;
	if (done != Z_STREAM_END || guard->inflated != guard->size)
		return damaged(guard, "it does not inflate");
	if (guard->type >= ENTRY_OFS_DELTA) {
		done = read_delta(guard);
		if (done < 0)
			return done;
	}
	next_entry(guard);
	return 0;
}

static int step(struct guard *guard, struct span *in)
{
	unsigned char byte = (unsigned char)in->at[0];

	switch (guard->state) {
	case AT_PACK_HEADER:
		return gather(guard, in, PACK_HEADER) ? read_header(guard) : 0;
	case AT_ENTRY:
		*in = span_of(in->at + 1, in->len - 1);
		return read_entry_byte(guard, byte);
	case AT_OFFSET:
		*in = span_of(in->at + 1, in->len - 1);
		if (!(byte & 0x80))
			guard->state = IN_CONTENT;
		return 0;
	case AT_BASE:
		if (gather(guard, in, GIT_OID_RAWSZ))
			guard->state = IN_CONTENT;
		return 0;
	case IN_CONTENT:
		return read_content(guard, in);
	case AT_TRAILER:
		if (gather(guard, in, PACK_TRAILER))
			guard->state = AT_END;
		return 0;
	default:
		return damaged(guard, "bytes behind its end");
	}
}

int guard_feed(struct guard *guard, struct span bytes)
{
	struct trip *trip = guard->trip;
	int rc = 0;

	trip->pack_bytes += bytes.len;
	if (trip->pack_bytes > trip->limits.pack_bytes)
		return trip_fail(trip, ERR_LIMIT, "'%s' sends packs of more "
				 "than %llu bytes", trip->text,
				 (unsigned long long)trip->limits.pack_bytes);
	while (rc == 0 && bytes.len)
		rc = step(guard, &bytes);
	return rc;
}

int guard_finish(struct guard *guard)
{
	return guard->state == AT_END ? 0 : damaged(guard, "it is cut off");
}
