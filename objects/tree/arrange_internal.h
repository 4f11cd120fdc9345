/*
 * What arranging and compacting share.
 */
#ifndef VV_OBJECTS_TREE_ARRANGE_INTERNAL_H
#define VV_OBJECTS_TREE_ARRANGE_INTERNAL_H

#include "objects/tree/arrange.h"
#include "objects/tree/home_filter.h"

/* Makes segments and notes where they go; its buffers serve one at a time. */
struct arranger {
	struct store *store;
	struct codec *codec;
	struct tree_segments *out;
	/* Does this text stand as a segment of that place already? Then none
	 * is written. NULL: none does. */
	bool (*is_there)(void *arg, const struct place *place,
			 struct span text);
	void *arg;
	struct buf text;
	struct buf bytes;
	struct segment_line lines[SEGMENT_RECORDS_MAX + 1];
};

void arranger_init(struct arranger *arranger, struct store *store,
		   struct codec *codec, struct tree_segments *out);
void arranger_release(struct arranger *arranger);

/*
 * Sort by dir, hash, at, id and drop doubles; returns the new count. Every
 * folder's records then lie together, and in it every home's.
 */
size_t arrange_sort(struct arrange_record *records, size_t n);

/*
 * How many of the sorted records the next segment takes: as many as fit, or
 * up to the beginning of the last home where that leaves it full enough.
 */
size_t arrange_cut(struct arranger *arranger,
		   const struct arrange_record *records, size_t n);

/* How many segments the records make. */
size_t arrange_count(struct arranger *arranger,
		     const struct arrange_record *records, size_t n);

/* What a segment's filter says of a record. */
void arrange_filter(struct home_filter *filter,
		    const struct arrange_record *record);

/* Would cutting so many records of so many bytes afresh gain nothing? */
bool segment_is_full(size_t records, size_t bytes);

/* Cut, encode and store the sorted records as segments of one place. */
MUST_USE int arrange_write(struct arranger *arranger,
			   const struct place *place,
			   const struct arrange_record *records, size_t n,
			   struct err *err);

/*
 * Below the last digit: homes that fill a segment alone go to folders of
 * their own, the others share segments at the place itself.
 */
MUST_USE int arrange_homes(struct arranger *arranger,
			   const struct place *place,
			   const struct arrange_record *records, size_t n,
			   struct err *err);

/* Put the sorted records of one folder there or, where they make more than
 * ARRANGE_SPREAD segments, below it. */
MUST_USE int arrange_settle(struct arranger *arranger,
			    const struct place *place,
			    const struct arrange_record *records, size_t n,
			    struct err *err);

/* The digit of a place hash at a depth, as in the names of folders. */
unsigned arrange_digit(const unsigned char hash[PLACE_HASH_BYTES],
		       unsigned depth);

/* Sorted records that go to one folder below, at this depth: the next digit,
 * or at TREE_DIGITS the home. Returns how many begin the list. */
size_t arrange_group(const struct arrange_record *records, size_t n,
		     unsigned depth);

#endif
