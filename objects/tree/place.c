#include "objects/tree/tree.h"

#include <assert.h>
#include <stdio.h>

#include "lib/id/encode.h"
#include "objects/record/kinds.h"
#include "objects/tree/tree_internal.h"

#define HOME_LEVEL (TREE_DIGITS + 2)

static void copy_name(char *to, size_t size, struct span name)
{
	assert(name.len < size);
	if (name.len)
		memcpy(to, name.at, name.len);
	to[name.len] = '\0';
}

void place_of_hash(const char *dir, const unsigned char hash[PLACE_HASH_BYTES],
		   unsigned digits_n, bool in_home, struct place *out)
{
	char hex[HEX_TEXT(2) + 1];

	assert(digits_n <= TREE_DIGITS);
	assert(!in_home || digits_n == TREE_DIGITS);
	memset(out, 0, sizeof(*out));
	copy_name(out->dir, sizeof(out->dir), span_str(dir));
	hex_text(hash, 2, hex);
	out->digits_n = digits_n;
	copy_name(out->digits, sizeof(out->digits), span_of(hex, digits_n));
	if (in_home)
		base32_text(hash, PLACE_HASH_BYTES, out->home);
}

bool place_holds(const struct place *place, const char *dir,
		 const unsigned char hash[PLACE_HASH_BYTES])
{
	struct place own;

	if (place->digits_n > TREE_DIGITS || strlen(dir) > PLACE_NAME_LEN)
		return false;
	place_of_hash(dir, hash, place->digits_n, place->home[0], &own);
	return !strcmp(own.dir, place->dir) &&
	       !strcmp(own.digits, place->digits) &&
	       !strcmp(own.home, place->home);
}

void place_enter(const struct place *parent, struct span name,
		 struct place *out)
{
	struct place child = { .digits_n = 0 };

	if (!parent) {
		copy_name(child.dir, sizeof(child.dir), name);
	} else if (parent->digits_n < TREE_DIGITS) {
		child = *parent;
		assert(name.len == 1);
		child.digits[child.digits_n++] = name.at[0];
	} else {
		child = *parent;
		copy_name(child.home, sizeof(child.home), name);
	}
	*out = child;
}

bool place_is_above(const struct place *above, const struct place *place)
{
	return !strcmp(above->dir, place->dir) &&
	       above->digits_n <= place->digits_n &&
	       !memcmp(above->digits, place->digits, above->digits_n) &&
	       (!above->home[0] || !strcmp(above->home, place->home));
}

void place_child(const struct place *parent, const char *name,
		 struct place *out)
{
	place_enter(parent, span_str(name), out);
}

unsigned place_level(const struct place *place)
{
	if (!place)
		return 0;
	return place->home[0] ? HOME_LEVEL : 1 + place->digits_n;
}

static bool is_dir(struct span name)
{
	const struct kind *kind;

	if (base32_is_key26(name) || span_equals(name, span_str(BLOB_DIR)))
		return true;
	for (kind = kind_table; kind->name; kind++) {
		if (span_equals(name, span_str(kind->home)))
			return true;
	}
	return false;
}

/* A home is a folder of its own where entities of another kind live too. A
 * keyed name may stand for any kind. */
static bool dir_may_hold_homes(const char *dir)
{
	const struct kind *kind;

	if (strlen(dir) == PLACE_NAME_LEN || !strcmp(dir, BLOB_DIR))
		return true;
	for (kind = kind_table; kind->name; kind++) {
		if (strcmp(kind->name, kind->home) &&
		    !strcmp(dir, kind->home))
			return true;
	}
	return false;
}

static bool is_digit(struct span name)
{
	return name.len == 1 && ((name.at[0] >= '0' && name.at[0] <= '9') ||
				 (name.at[0] >= 'a' && name.at[0] <= 'f'));
}

static bool is_home(const struct place *place, struct span name)
{
	unsigned char hash[PLACE_HASH_BYTES];
	char hex[HEX_TEXT(2) + 1];

	if (name.len != PLACE_NAME_LEN ||
	    !base32_decode(name, hash, sizeof(hash)))
		return false;
	hex_text(hash, 2, hex);
	return !memcmp(hex, place->digits, TREE_DIGITS) &&
	       dir_may_hold_homes(place->dir);
}

bool place_may_hold_segments(const struct place *place)
{
	return place;
}

bool place_may_hold_folder(const struct place *place, struct span name)
{
	unsigned level = place_level(place);

	if (level == 0)
		return is_dir(name);
	if (level <= TREE_DIGITS)
		return is_digit(name);
	return level < HOME_LEVEL && is_home(place, name);
}

/*
 * Depth, digits and whether homes are allowed. The lowest bit tells the many
 * home folders from the few others: the cache of roots keeps them apart.
 */
uint32_t place_number(const struct place *place)
{
	unsigned level = place_level(place);
	uint32_t number = level;
	unsigned i;

	if (place) {
		number = number << 1 | dir_may_hold_homes(place->dir);
		for (i = 0; i < TREE_DIGITS; i++)
			number = number << 8 | (unsigned char)place->digits[i];
	}
	return number << 1 | (level == HOME_LEVEL);
}

void place_text(const struct place *place, char out[PLACE_TEXT_MAX])
{
	size_t len = 0;
	unsigned i;

	if (!place) {
		copy_name(out, PLACE_TEXT_MAX, span_str("/"));
		return;
	}
	copy_name(out, PLACE_TEXT_MAX, span_str(place->dir));
	len = strlen(out);
	for (i = 0; i < place->digits_n; i++) {
		out[len++] = '/';
		out[len++] = place->digits[i];
	}
	out[len] = '\0';
	if (place->home[0])
		snprintf(out + len, PLACE_TEXT_MAX - len, "/%s", place->home);
}

void segment_path(const struct tree_segment *segment,
		  char out[SEGMENT_PATH_MAX])
{
	size_t len;

	place_text(&segment->place, out);
	len = strlen(out);
	out[len++] = '/';
	cid_text(CID_RAW, segment->digest, out + len);
}
