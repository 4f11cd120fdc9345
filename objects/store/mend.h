/*
 * Damage among the files of a store's objects, made good as far as the store
 * can by itself: a pack's lost index is made anew, and what is damaged is set
 * aside, so that whole copies can take its place. Nothing is deleted.
 */
#ifndef VV_OBJECTS_STORE_MEND_H
#define VV_OBJECTS_STORE_MEND_H

#include "lib/base/err.h"
#include "objects/store/store.h"

struct mend_options {
	const char *aside;	/* a folder: where damaged files go */
	const char *work;	/* a folder for work: what is in it is deleted */
	/* A file that was damaged, by its path below the objects; may be NULL */
	int (*found)(void *arg, const char *code, const char *file,
		     const char *message, struct err *err);
	void *arg;
};

/*
 * Make the index of each pack that has none, from the pack, every hash of
 * which is checked. Packs younger than some seconds are left to those who are
 * writing them, and damaged ones as they are. One process at a time.
 */
MUST_USE int store_index_packs(const char *objects_path, const char *work,
			       struct err *err);

/* Are there such packs? Costs a look at one folder. */
bool store_lacks_index(const char *objects_path);

/*
 * Read every object from every file that has it. Damaged loose objects are
 * set aside, damaged indexes made anew, and of damaged packs the objects that
 * are whole are written again before the pack is set aside. Then the store is
 * opened anew. "damaged-object", "damaged-index", "damaged-pack".
 */
MUST_USE int store_mend_objects(struct store *store,
				const struct mend_options *options,
				struct err *err);

#endif
