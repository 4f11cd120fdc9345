/*
 * New records of one construct that are more than memory should hold: sorted
 * runs of them wait in a spill and are merged once all are there, so that they
 * are cut as if they had come at once and every segment lies where it stays
 * (external merge sort, Knuth, TAOCP 3, 5.4).
 */
#ifndef VV_OBJECTS_TREE_ARRANGE_RUNS_H
#define VV_OBJECTS_TREE_ARRANGE_RUNS_H

#include "lib/os/spill.h"
#include "objects/tree/arrange.h"

struct arrange_runs;

#define ARRANGE_LOAD_BYTES ((uint64_t)16 << 20)

/*
 * spill: borrowed until freed; several may share one. load_bytes: lines in
 * memory while they are written, at least 8 MiB; so much never fits in the
 * segments of one place.
 */
MUST_USE int arrange_runs_new(struct spill *spill, uint64_t load_bytes,
			      struct arrange_runs **out, struct err *err);
void arrange_runs_free(struct arrange_runs *runs);

/* Take records (reordered in place); their lines are not needed afterwards.
 * None may have been taken before. */
MUST_USE int arrange_runs_add(struct arrange_runs *runs,
			      struct arrange_record *records, size_t n,
			      struct err *err);

/*
 * arrange() of all that was taken. Memory: about load_bytes, or the lines that
 * share the three digits of a place where they are more.
 */
MUST_USE int arrange_runs_write(struct arrange_runs *runs, struct store *store,
				struct codec *codec, struct tree_segments *out,
				struct err *err);

#endif
