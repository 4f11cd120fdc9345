#include "objects/tree/recut.h"

#include <stdlib.h>

#include "lib/base/table.h"
#include "lib/id/encode.h"
#include "objects/tree/recut_pool.h"
#include "objects/tree/tree_internal.h"

#define DIGITS 16

struct cutter {
	struct store *store;
	struct codec *codec;
	const struct recut_options *options;
	struct arranger arranger;
	struct tree_segments added;
	struct tree_segments gone;	/* an empty dir: it stays after all */
	struct table texts;		/* place and text to position in gone */
	bool is_whole;
};

/* A folder to be looked at, with the records that come down to it. */
struct visit {
	struct place place;
	const git_oid *tree;		/* NULL: not there yet */
	const git_oid *settled;		/* what it was, or NULL */
	const struct arrange_record *incoming;
	size_t incoming_n;
};

/* A folder that has been read, and what it was. */
struct level {
	struct tree_folder folder;
	struct tree_folder settled;
	struct pool own;
};

/*
 * Look at a folder and all below it. What makes few segments goes up, for the
 * folder above to decide; *is_settled then is false.
 */
static int visit_folder(struct cutter *cutter, const struct visit *visit,
			struct pool *up, bool *is_settled, struct err *err);

static void text_key(const struct place *place, struct span text,
		     unsigned char out[SHA256_BYTES])
{
	char where[PLACE_TEXT_MAX];
	struct sha256 hash;

	place_text(place, where);
	sha256_init(&hash);
	sha256_add(&hash, where, strlen(where) + 1);
	sha256_add(&hash, text.at, text.len);
	sha256_finish(&hash, out);
}

/* For the arranger: what stands there stays, and is not written again. */
static bool text_is_there(void *arg, const struct place *place,
			  struct span text)
{
	struct cutter *cutter = arg;
	unsigned char key[SHA256_BYTES];
	uint64_t position;

	text_key(place, text, key);
	if (!table_get(&cutter->texts, key, &position))
		return false;
	cutter->gone.at[position].place.dir[0] = '\0';
	return true;
}

static void leave_out_forgotten(const struct cutter *cutter, struct pool *pool,
				size_t from)
{
	const struct recut_options *options = cutter->options;
	size_t kept = from;
	size_t i;

	for (i = from; options->is_forgotten && i < pool->n; i++)
		if (!options->is_forgotten(options->arg,
					   pool->records[i].line.id))
			pool->records[kept++] = pool->records[i];
	if (options->is_forgotten)
		pool->n = kept;
}

/* Read a segment, which goes unless its text turns out to stand well. */
static int take_segment(struct cutter *cutter, struct pool *pool,
			const struct tree_segment *segment, struct err *err)
{
	struct tree_segments *gone = &cutter->gone;
	unsigned char key[SHA256_BYTES];
	size_t from = pool->n;
	uint64_t other;
	int rc = pool_load(pool, cutter->store, cutter->codec, segment, err);

	if (rc < 0)
		return rc;
	leave_out_forgotten(cutter, pool, from);
	rc = tree_segments_add(gone, segment, err);
	if (rc < 0)
		return rc;
	text_key(&segment->place, buf_span(&pool->texts[pool->texts_n - 1]),
		 key);
	if (table_get(&cutter->texts, key, &other) &&
	    memcmp(gone->at[other].digest, segment->digest, SHA256_BYTES) < 0)
		return 0;
	return table_put(&cutter->texts, key, gone->n - 1, err);
}

static int take_segments(struct cutter *cutter, struct pool *pool,
			 const struct tree_segments *segments, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < segments->n; i++)
		rc = take_segment(cutter, pool, &segments->at[i], err);
	return rc;
}

/* The child of that name, or NULL. */
static const git_oid *child_of(const struct tree_folder *folder,
			       const char *name)
{
	size_t i;

	for (i = 0; i < folder->children_n; i++) {
		if (!strcmp(folder->children[i].name, name))
			return &folder->children[i].tree;
	}
	return NULL;
}

static bool is_small(struct cutter *cutter, const struct arrange_record *at,
		     size_t n)
{
	return arrange_count(&cutter->arranger, at, n) <= ARRANGE_SPREAD;
}

/* Is this home's folder as it was, with nothing new to come there? */
static bool home_is_settled(const struct level *level,
			    const struct tree_child *child)
{
	const git_oid *was = child_of(&level->settled, child->name);
	unsigned char hash[PLACE_HASH_BYTES];
	size_t i;

	if (!was || !git_oid_equal(was, &child->tree) ||
	    !base32_decode(span_str(child->name), hash, sizeof(hash)))
		return false;
	for (i = 0; i < level->own.n; i++) {
		if (!memcmp(level->own.records[i].hash, hash, sizeof(hash)))
			return false;
	}
	return true;
}

static int take_home(struct cutter *cutter, struct level *level,
		     const struct tree_child *child, struct err *err)
{
	struct tree_folder home = { .segments = TREE_SEGMENTS_INIT };
	struct place place;
	int rc;

	place_child(&level->folder.place, child->name, &place);
	rc = tree_folder_read(cutter->store, &child->tree, &place, &home, err);
	if (rc == 0)
		rc = take_segments(cutter, &level->own, &home.segments, err);
	tree_folder_release(&home);
	return rc;
}

/* The last digit: large homes have folders of their own. */
static int settle_bottom(struct cutter *cutter, struct level *level,
			 const struct place *place, struct pool *up,
			 bool *is_settled, struct err *err)
{
	struct pool *own = &level->own;
	size_t skipped = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < level->folder.children_n; i++) {
		if (home_is_settled(level, &level->folder.children[i]))
			skipped++;
		else
			rc = take_home(cutter, level,
				       &level->folder.children[i], err);
	}
	if (rc < 0)
		return rc;
	own->n = arrange_sort(own->records, own->n);
	*is_settled = skipped || !is_small(cutter, own->records, own->n);
	if (!*is_settled)
		return pool_join(up, own, err);
	return arrange_homes(&cutter->arranger, place, own->records, own->n,
			     err);
}

static const char *digit_name(unsigned digit)
{
	static const char names[DIGITS][2] = {
		"0", "1", "2", "3", "4", "5", "6", "7",
		"8", "9", "a", "b", "c", "d", "e", "f"
	};

	return names[digit];
}

static int write_pool(struct cutter *cutter, const struct place *place,
		      struct pool *pool, struct err *err)
{
	pool->n = arrange_sort(pool->records, pool->n);
	return arrange_write(&cutter->arranger, place, pool->records, pool->n,
			     err);
}

/* The folders one digit down, each with what comes to it from here. */
static int visit_digits(struct cutter *cutter, const struct visit *visit,
			struct level *level, struct pool pools[DIGITS],
			bool *any_settled, struct err *err)
{
	unsigned depth = visit->place.digits_n;
	const struct pool *own = &level->own;
	size_t at = 0;
	unsigned digit;
	int rc = 0;

	for (digit = 0; rc == 0 && digit < DIGITS; digit++) {
		const char *name = digit_name(digit);
		struct visit below = {
			.tree = child_of(&level->folder, name),
			.settled = child_of(&level->settled, name),
			.incoming = own->records + at
		};
		bool is_settled = false;

		while (at < own->n && digit ==
		       arrange_digit(own->records[at].hash, depth))
			at++;
		below.incoming_n = (size_t)(own->records + at -
					    below.incoming);
		if (!below.tree && !below.incoming_n)
			continue;
		place_child(&visit->place, name, &below.place);
		rc = visit_folder(cutter, &below, &pools[digit], &is_settled,
				  err);
		*any_settled |= is_settled;
	}
	return rc;
}

/* Do they make so few that the folder above may take them? */
static int pools_are_small(struct cutter *cutter,
			   const struct pool pools[DIGITS], bool *out,
			   struct err *err)
{
	struct pool all = POOL_INIT;
	unsigned digit;
	int rc = 0;

	for (digit = 0; rc == 0 && digit < DIGITS; digit++)
		rc = pool_add(&all, pools[digit].records, pools[digit].n, err);
	if (rc == 0) {
		all.n = arrange_sort(all.records, all.n);
		*out = is_small(cutter, all.records, all.n);
	}
	pool_release(&all);
	return rc;
}

/* What the folders below gave back goes up together, or stands there. */
static int settle_digits(struct cutter *cutter, const struct place *place,
			 struct pool pools[DIGITS], struct pool *up,
			 struct err *err)
{
	unsigned digit;
	int rc = 0;

	for (digit = 0; rc == 0 && digit < DIGITS; digit++) {
		struct pool *pool = &pools[digit];
		struct place below;

		if (up) {
			rc = pool_join(up, pool, err);
		} else if (pool->n) {
			place_child(place, digit_name(digit), &below);
			rc = write_pool(cutter, &below, pool, err);
		}
	}
	return rc;
}

static int settle_level(struct cutter *cutter, const struct visit *visit,
			struct level *level, struct pool *up, bool *is_settled,
			struct err *err)
{
	struct pool pools[DIGITS];
	bool is_few = false;
	unsigned digit;
	int rc;

	for (digit = 0; digit < DIGITS; digit++)
		pools[digit] = (struct pool)POOL_INIT;
	*is_settled = false;
	rc = visit_digits(cutter, visit, level, pools, is_settled, err);
	if (rc == 0 && !*is_settled)
		rc = pools_are_small(cutter, pools, &is_few, err);
	*is_settled = !is_few;
	if (rc == 0)
		rc = settle_digits(cutter, &visit->place, pools,
				   is_few ? up : NULL, err);
	/* The records that went up are borrowed from these texts. */
	level->own.n = 0;
	if (rc == 0 && is_few)
		rc = pool_join(up, &level->own, err);
	for (digit = 0; digit < DIGITS; digit++)
		pool_release(&pools[digit]);
	return rc;
}

static int read_level(struct cutter *cutter, const struct visit *visit,
		      struct level *level, struct err *err)
{
	struct pool *own = &level->own;
	int rc = 0;

	if (visit->tree)
		rc = tree_folder_read(cutter->store, visit->tree,
				      &visit->place, &level->folder, err);
	if (rc == 0 && visit->settled)
		rc = tree_folder_read(cutter->store, visit->settled,
				      &visit->place, &level->settled, err);
	level->folder.place = visit->place;
	if (rc == 0)
		rc = take_segments(cutter, own, &level->folder.segments, err);
	if (rc == 0)
		rc = pool_add(own, visit->incoming, visit->incoming_n, err);
	if (rc == 0)
		own->n = arrange_sort(own->records, own->n);
	return rc;
}

/* Nothing lies below that could change what the folder above decides. */
static bool is_plain_level(struct cutter *cutter, const struct level *level)
{
	return !level->folder.children_n &&
	       is_small(cutter, level->own.records, level->own.n);
}

static bool is_as_it_was(const struct visit *visit)
{
	return !visit->incoming_n && visit->tree && visit->settled &&
	       git_oid_equal(visit->tree, visit->settled);
}

static int visit_folder(struct cutter *cutter, const struct visit *visit,
			struct pool *up, bool *is_settled, struct err *err)
{
	const struct recut_options *options = cutter->options;
	struct level level = {
		.folder = { .segments = TREE_SEGMENTS_INIT },
		.settled = { .segments = TREE_SEGMENTS_INIT },
		.own = POOL_INIT
	};
	int rc;

	*is_settled = true;
	if (is_as_it_was(visit))
		return 0;
	if (options->is_time_up && options->is_time_up(options->arg)) {
		cutter->is_whole = false;
		return arrange_write(&cutter->arranger, &visit->place,
				     visit->incoming, visit->incoming_n, err);
	}
	rc = read_level(cutter, visit, &level, err);
	if (rc < 0)
		goto out;
	if (is_plain_level(cutter, &level)) {
		*is_settled = false;
		rc = pool_join(up, &level.own, err);
	} else if (visit->place.digits_n == TREE_DIGITS) {
		rc = settle_bottom(cutter, &level, &visit->place, up,
				   is_settled, err);
	} else {
		rc = settle_level(cutter, visit, &level, up, is_settled, err);
	}
out:
	pool_release(&level.own);
	tree_folder_release(&level.settled);
	tree_folder_release(&level.folder);
	return rc;
}

static int visit_dir(struct cutter *cutter, const struct tree_child *child,
		     const struct tree_folder *settled, struct err *err)
{
	struct visit visit = { .tree = &child->tree };
	struct pool few = POOL_INIT;
	bool is_settled = false;
	int rc;

	place_child(NULL, child->name, &visit.place);
	visit.settled = child_of(settled, child->name);
	rc = visit_folder(cutter, &visit, &few, &is_settled, err);
	if (rc == 0 && !is_settled)
		rc = write_pool(cutter, &visit.place, &few, err);
	pool_release(&few);
	return rc;
}

/* Every folder of a kind, but not the pieces of blobs: they are no records. */
static int visit_dirs(struct cutter *cutter, const git_oid *tree,
		      struct err *err)
{
	struct tree_folder root = { .segments = TREE_SEGMENTS_INIT };
	struct tree_folder settled = { .segments = TREE_SEGMENTS_INIT };
	char blob_dir[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = tree_folder_read(cutter->store, tree, NULL, &root, err);

	if (rc == 0 && cutter->options->settled)
		rc = tree_folder_read(cutter->store, cutter->options->settled,
				      NULL, &settled, err);
	codec_dir_name(cutter->codec, "blob", blob_dir);
	for (i = 0; rc == 0 && i < root.children_n; i++) {
		if (strcmp(root.children[i].name, blob_dir))
			rc = visit_dir(cutter, &root.children[i], &settled,
				       err);
	}
	tree_folder_release(&settled);
	tree_folder_release(&root);
	return rc;
}

/* Leave out of those that go what turned out to stand where it belongs. */
static void spare_kept(struct tree_segments *gone)
{
	size_t left = 0;
	size_t i;

	for (i = 0; i < gone->n; i++) {
		if (gone->at[i].place.dir[0])
			gone->at[left++] = gone->at[i];
	}
	gone->n = left;
}

int recut(struct store *store, struct codec *codec, const git_oid *tree,
	  const struct recut_options *options, struct recut_result *out,
	  struct err *err)
{
	struct cutter *cutter;
	git_oid made = *tree;
	int rc;

	if (codec_mode(codec) == CODEC_BLIND)
		return err_set(err, ERR_NO_KEY,
			       "cannot compact a construct without its key");
	cutter = calloc(1, sizeof(*cutter));
	if (!cutter)
		return err_set(err, ERR_NOMEM, "out of memory");
	cutter->store = store;
	cutter->codec = codec;
	cutter->options = options;
	cutter->texts = (struct table)TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	cutter->is_whole = true;
	arranger_init(&cutter->arranger, store, codec, &cutter->added);
	cutter->arranger.is_there = text_is_there;
	cutter->arranger.arg = cutter;
	rc = visit_dirs(cutter, tree, err);
	spare_kept(&cutter->gone);
	if (rc == 0 && cutter->gone.n)
		rc = tree_remove(store, &made, &cutter->gone, &made, err);
	if (rc == 0 && cutter->added.n)
		rc = tree_insert(store, &made, &cutter->added, &made, err);
	if (rc == 0) {
		out->tree = made;
		out->is_whole = cutter->is_whole;
	}
	arranger_release(&cutter->arranger);
	tree_segments_release(&cutter->gone);
	tree_segments_release(&cutter->added);
	table_release(&cutter->texts);
	free(cutter);
	return rc;
}
