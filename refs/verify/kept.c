#include "refs/verify/verify_internal.h"

#include <string.h>

#include "objects/tree/segment_verify.h"
#include "refs/verify/ids.h"

/*
 * Records that a compaction moves may stand at their new place already: two
 * devices compact what both imported, and the later one arrives at a segment
 * that the earlier one made. Such records are in none of its new segments,
 * and yet nothing is lost.
 */
struct search {
	struct store *store;
	struct codec *codec;
	const git_oid *tree;
	const struct id_list *lost;
	struct table homes;		/* whose paths were looked at */
	struct table seen;		/* segments on the list */
	struct tree_segments found;
	struct id_list kept;
};

static int add_found(struct search *search, const struct tree_segments *along,
		     struct err *err)
{
	bool is_new;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < along->n; i++) {
		rc = table_include(&search->seen, along->at[i].digest, &is_new,
				   err);
		if (rc == 0 && is_new)
			rc = tree_segments_add(&search->found, &along->at[i],
					       err);
	}
	return rc;
}

/* List what may hold a record that is missed. */
static int look_along(void *arg, const struct placed *placed, struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	struct search *search = arg;
	char dir[PLACE_NAME_LEN + 1];
	bool is_new;
	int rc;

	if (!id_list_has(search->lost, placed->id))
		return 0;
	rc = table_include(&search->homes, placed->hash, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	codec_dir_name(search->codec, placed->home->dir, dir);
	rc = tree_along(search->store, search->tree, dir, placed->hash, &along,
			err);
	if (rc == 0)
		rc = add_found(search, &along, err);
	tree_segments_release(&along);
	return rc;
}

static int take_kept(void *arg, const struct placed *placed, struct err *err)
{
	struct search *search = arg;

	if (!id_list_has(search->lost, placed->id))
		return 0;
	return id_list_add(&search->kept, placed->id, err);
}

static int read_each(struct search *search, const struct tree_segments *list,
		     int (*record)(void *arg, const struct placed *placed,
				   struct err *err), struct err *err)
{
	const struct placed_visitor visitor = { record, search };
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++) {
		buf_reset(&text);
		rc = segment_load(search->store, search->codec, &list->at[i],
				  &text, &visitor, err);
	}
	buf_release(&text);
	return rc;
}

int drop_kept(struct store *store, struct codec *codec, const git_oid *tree,
	      const struct tree_segments *gone, struct id_list *lost,
	      struct err *err)
{
	const struct table by_home = TABLE_INIT(PLACE_HASH_BYTES,
						TABLE_NO_LIMIT);
	const struct table by_digest = TABLE_INIT(SHA256_BYTES,
						  TABLE_NO_LIMIT);
	struct search search = {
		store, codec, tree, lost, by_home, by_digest,
		TREE_SEGMENTS_INIT, ID_LIST_INIT
	};
	int rc = read_each(&search, gone, look_along, err);

	if (rc == 0)
		rc = read_each(&search, &search.found, take_kept, err);
	id_list_sort(&search.kept);
	if (rc == 0)
		rc = id_list_remove(lost, &search.kept, err);
	table_release(&search.homes);
	table_release(&search.seen);
	tree_segments_release(&search.found);
	id_list_release(&search.kept);
	return rc;
}

/* The records that forget, and what folds ignore for them. */
struct listing {
	struct store *store;
	struct codec *codec;
	struct id_list *words;
	struct id_list *listed;		/* NULL: nobody asks */
};

static int take_word(void *arg, const struct record *record,
		     const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct listing *listing = arg;
	int rc = id_list_add(listing->words, id, err);

	return rc < 0 || !listing->listed ?
	       rc : id_list_add_ignored(listing->listed, record->data, err);
}

static int read_listing(void *arg, const struct tree_segment *segment,
			struct err *err)
{
	struct listing *listing = arg;
	struct segment_visitor visitor = { take_word, listing };

	return segment_verify(listing->store, listing->codec, segment,
			      &visitor, err);
}

static int read_listings(struct listing *listing, const git_oid *tree,
			 struct err *err)
{
	struct tree_visitor visitor = { read_listing, listing };
	char dir[PLACE_NAME_LEN + 1];

	codec_dir_name(listing->codec, kind_find(span_str("forget"))->home,
		       dir);
	return tree_each_in(listing->store, tree, dir, &visitor, err);
}

int drop_forgotten(struct store *store, struct codec *codec,
		   const git_oid *tree, struct id_list *lost, struct err *err)
{
	struct id_list listed = ID_LIST_INIT;
	struct id_list words = ID_LIST_INIT;
	struct listing listing = { store, codec, &words, &listed };
	int rc = read_listings(&listing, tree, err);

	id_list_sort(&listed);
	id_list_sort(&words);
	if (rc == 0)
		rc = id_list_remove(&listed, &words, err);
	if (rc == 0)
		rc = id_list_remove(lost, &listed, err);
	id_list_release(&listed);
	id_list_release(&words);
	return rc;
}

int forget_words(struct store *store, struct codec *codec,
		 const git_oid *tree, struct id_list *out, struct err *err)
{
	struct listing listing = { store, codec, out, NULL };

	return read_listings(&listing, tree, err);
}
