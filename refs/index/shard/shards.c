#include "refs/index/shard/shards.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "refs/index/shard/cover.h"
#include "refs/vault/local.h"
#include "refs/view/forgotten.h"

#define LOCK_NAME "lock"
#define LABEL "index 8"		/* grows with the format */
#define TIER_SHARDS 8		/* so many of one size are merged */
#define TIERS 4
#define PLACES_MAX UINT8_MAX
#define IS_LACKING ((uint64_t)1 << 63)

/* One making of what covers a view. */
struct covering {
	struct view *view;
	struct words *words;
	int64_t until_ms;
	struct shards *shards;
	struct buf name;	/* what they are sealed for */
	struct local_seal seal;
	struct buf folder;
	/* Digests: the shard and its segment, or the place among lacking. */
	struct table by_digest;
	struct tree_segments lacking;
	uint8_t *places;	/* of each that is lacking */
	size_t places_cap;
	struct lock lock;
	bool is_uncertain;	/* what covers it cannot be remembered */
};

/* Pages become one of the shards; they are its own whatever comes. */
static int keep_shard(struct shards *shards, struct pages *pages,
		      struct span path, struct err *err)
{
	struct shard *shard;
	int rc = array_room(shards, err);

	if (rc < 0) {
		pages_free(pages);
		return rc;
	}
	shard = &shards->at[shards->n];
	rc = shard_init(shard, pages, err);
	if (rc == 0)
		rc = buf_add_span(&shard->path, path, err);
	if (rc < 0)
		shard_release(shard);
	else
		shards->n++;
	return rc;
}

static int open_named(struct covering *covering, const char *name,
		      struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct pages *pages = NULL;
	int rc;

	buf_putf(&path, "%s/%s", buf_text(&covering->folder), name);
	rc = buf_end(&path, err);
	if (rc == 0)
		rc = pages_open(&covering->seal, buf_span(&covering->name),
				buf_text(&path), &pages, err);
	if (rc == 0)
		rc = keep_shard(covering->shards, pages, buf_span(&path), err);
	if (rc == ERR_CORRUPT)
		unlink(buf_text(&path));
	buf_release(&path);
	return rc;
}

static void name_hex(const unsigned char *name,
		     char out[2 * PAGES_NAME_BYTES + 1])
{
	hex_text(name, PAGES_NAME_BYTES, out);
}

static bool is_opened(const struct covering *covering, const char *name)
{
	char hex[2 * PAGES_NAME_BYTES + 1];
	size_t i;

	for (i = 0; i < covering->shards->n; i++) {
		name_hex(pages_name(covering->shards->at[i].pages), hex);
		if (!strcmp(hex, name))
			return true;
	}
	return false;
}

/* One file of the folder. What does not open is made anew. */
static int open_file(void *arg, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct covering *covering = arg;
	struct err reason = ERR_INIT;
	int rc;

	if (kind != DIR_KIND_FILE || !pages_is_name(name) ||
	    is_opened(covering, name))
		return 0;
	rc = open_named(covering, name, &reason);
	return rc == ERR_NOMEM ? err_set(err, rc, "out of memory") : 0;
}

static int open_files(struct covering *covering, struct err *err)
{
	return file_is_dir(buf_text(&covering->folder)) ?
	       dir_each(buf_text(&covering->folder), open_file, covering,
			err) : 0;
}

static int open_remembered(struct covering *covering,
			   const struct cover_shard *of, struct err *err)
{
	char hex[2 * PAGES_NAME_BYTES + 1];
	struct shard *shard;
	size_t i;
	int rc;

	name_hex((const unsigned char *)of->name.at, hex);
	rc = open_named(covering, hex, err);
	if (rc < 0)
		return rc;
	shard = &covering->shards->at[covering->shards->n - 1];
	if (memcmp(pages_name(shard->pages), of->name.at, PAGES_NAME_BYTES) ||
	    shard_count(shard, SHARD_SEGMENTS) != of->places.len)
		return err_set(err, ERR_CORRUPT, "another shard");
	for (i = 0; i < of->places.len; i++) {
		shard->places[i] = (uint8_t)of->places.at[i];
		shard->in_view += shard->places[i] > 0;
	}
	return 0;
}

/* Whom a segment of some digest is in. */
static int know_digests(struct covering *covering, size_t number,
			struct err *err)
{
	const struct shard *shard = &covering->shards->at[number];
	size_t n = shard_count(shard, SHARD_DIGESTS);
	const void *digests;
	size_t i;
	int rc = shard_part(shard, SHARD_DIGESTS, 0, n, &digests, err);

	for (i = 0; rc >= 0 && i < n; i++) {
		const unsigned char *digest = (const unsigned char *)digests +
					      i * SHA256_BYTES;
		uint64_t value = (uint64_t)number << 32 | i;

		rc = shard->places[i] ?
		     table_put(&covering->by_digest, digest, value, err) :
		     table_add(&covering->by_digest, digest, value, NULL, err);
	}
	return rc;
}

static int know_all(struct covering *covering, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < covering->shards->n; i++)
		rc = know_digests(covering, i, err);
	return rc;
}

static int add_lacking(struct covering *covering,
		       const struct tree_segment *segment, uint8_t places,
		       struct err *err)
{
	size_t n = covering->lacking.n;
	int rc = array_room_in(covering->places, n, covering->places_cap, err);

	if (rc == 0)
		rc = table_put(&covering->by_digest, segment->digest,
			       IS_LACKING | n, err);
	if (rc == 0)
		rc = tree_segments_add(&covering->lacking, segment, err);
	if (rc == 0)
		covering->places[n] = places;
	return rc;
}

/* The view has a segment at one more place. */
static int take_segment(void *arg, const struct tree_segment *segment,
			struct err *err)
{
	struct covering *covering = arg;
	struct shard *shard;
	uint8_t *places;
	uint64_t value;

	if (!table_get(&covering->by_digest, segment->digest, &value))
		return add_lacking(covering, segment, 1, err);
	if (value & IS_LACKING) {
		places = &covering->places[value & ~IS_LACKING];
	} else {
		shard = &covering->shards->at[value >> 32];
		places = &shard->places[(uint32_t)value];
		shard->in_view += !*places;
	}
	if (*places < PLACES_MAX)
		++*places;
	covering->is_uncertain |= *places == PLACES_MAX;
	return 0;
}

/* And at one less; false: it had none. */
static bool leave_segment(struct covering *covering,
			  const struct tree_segment *segment)
{
	struct shard *shard;
	uint64_t value;

	if (!table_get(&covering->by_digest, segment->digest, &value) ||
	    value & IS_LACKING)
		return false;
	shard = &covering->shards->at[value >> 32];
	if (!shard->places[(uint32_t)value])
		return false;
	shard->in_view -= !--shard->places[(uint32_t)value];
	return true;
}

/* What is said lies in two folders of the tree. */
#define DIRS 2
struct dir_names {
	char at[DIRS][PLACE_NAME_LEN + 1];
};

static void name_dirs(const struct view *view, struct dir_names *out)
{
	codec_dir_name(view->codec, "memory", out->at[0]);
	codec_dir_name(view->codec, "session", out->at[1]);
}

static int take_all(struct covering *covering, struct err *err)
{
	const struct tree_visitor visitor = { take_segment, covering };
	struct view *view = covering->view;
	struct dir_names names;
	size_t i;
	int rc = open_files(covering, err);

	name_dirs(view, &names);
	if (rc == 0)
		rc = know_all(covering, err);
	for (i = 0; rc == 0 && i < DIRS; i++)
		rc = tree_each_in(view->vault->store, &view->tree,
				  names.at[i], &visitor, err);
	return rc;
}

static bool is_said(const struct tree_segment *segment,
		    const struct dir_names *names)
{
	return !strcmp(segment->place.dir, names->at[0]) ||
	       !strcmp(segment->place.dir, names->at[1]);
}

/* What has changed since another view was covered. */
static int take_difference(struct covering *covering, const git_oid *before,
			   struct err *err)
{
	struct view *view = covering->view;
	struct tree_segments gone = TREE_SEGMENTS_INIT;
	struct tree_segments come = TREE_SEGMENTS_INIT;
	struct dir_names names;
	size_t i;
	int rc = tree_diff(view->vault->store, before, &view->tree, &gone,
			   &come, err);

	name_dirs(view, &names);
	if (rc == 0)
		rc = open_files(covering, err);
	if (rc == 0)
		rc = know_all(covering, err);
	for (i = 0; rc == 0 && i < gone.n; i++) {
		if (is_said(&gone.at[i], &names) &&
		    !leave_segment(covering, &gone.at[i]))
			rc = err_set(err, ERR_CORRUPT, "a wrong index");
	}
	for (i = 0; rc == 0 && i < come.n; i++) {
		if (is_said(&come.at[i], &names))
			rc = take_segment(covering, &come.at[i], err);
	}
	tree_segments_release(&gone);
	tree_segments_release(&come);
	return rc;
}

/* From what is remembered. *out_is_same: it is of this very view. */
static int take_remembered(struct covering *covering, bool *out_is_same,
			   struct err *err)
{
	const struct view *view = covering->view;
	struct cover cover = COVER_INIT;
	struct cover_shard shard;
	int rc = cover_read(view, buf_text(&covering->folder), &cover, err);

	while (rc == 0 && cover_next(&cover, &shard))
		rc = open_remembered(covering, &shard, err);
	*out_is_same = rc == 0 &&
		       !memcmp(cover.root, view->root, SHA256_BYTES) &&
		       git_oid_equal(&cover.tree, &view->tree);
	if (rc == 0 && !*out_is_same)
		rc = take_difference(covering, &cover.tree, err);
	cover_release(&cover);
	return rc;
}

/* Few rows, more, many; the last are merged no more. */
static size_t tier_of(const struct shard *shard)
{
	size_t rows = shard_count(shard, SHARD_TOKENS);
	size_t tier = 0;

	if (shard_count(shard, SHARD_SEGMENTS) > SHARD_SEGMENTS_MAX / 2)
		return TIERS - 1;
	for (; tier + 1 < TIERS && rows >= 4096; rows /= TIER_SHARDS)
		tier++;
	return tier;
}

/* Give what a shard has back to the view, and the shard away. */
static int give_back(struct covering *covering, struct shard *shard,
		     struct err *err)
{
	size_t n = shard_count(shard, SHARD_SEGMENTS);
	const void *segments;
	size_t i;
	int rc = shard_part(shard, SHARD_SEGMENTS, 0, n, &segments, err);

	for (i = 0; rc == 0 && i < n; i++) {
		if (shard->places[i])
			rc = add_lacking(covering,
					 (const struct tree_segment *)
					 segments + i, shard->places[i], err);
	}
	if (rc < 0)
		return rc;
	if (shard->path.len)
		unlink(buf_text(&shard->path));
	shard_release(shard);
	return rc;
}

/* Up to which of so many tiers are shards to be made anew as one; TIERS:
 * none. */
static size_t tier_to_merge(const struct shards *shards, size_t tiers)
{
	size_t counts[TIERS] = { 0 };
	size_t tier;
	size_t i;

	for (i = 0; i < shards->n; i++)
		counts[tier_of(&shards->at[i])]++;
	for (tier = tiers; tier--;) {
		if (counts[tier] >= TIER_SHARDS)
			return tier;
	}
	return TIERS;
}

/* Where many of one size stand, they and all smaller ones are made anew as
 * one; those that no view has had for long are among them. */
static int merge_small(struct covering *covering, size_t tiers,
		       struct err *err)
{
	struct shards *shards = covering->shards;
	size_t tier = tier_to_merge(shards, tiers);
	size_t kept = 0;
	size_t i;
	int rc = 0;

	if (tier == TIERS || !lock_is_held(&covering->lock))
		return 0;
	for (i = 0; i < shards->n; i++) {
		if (rc == 0 && tier_of(&shards->at[i]) <= tier &&
		    (rc = give_back(covering, &shards->at[i], err)) == 0)
			continue;
		shards->at[kept++] = shards->at[i];
	}
	shards->n = kept;
	return rc;
}

/* A body goes to its file and is read from there, where only what is looked at
 * takes memory. That it cannot be written costs time alone. */
static int store_body(struct covering *covering, struct buf *body,
		      struct buf *path, struct pages **out, struct err *err)
{
	if (pages_write(&covering->seal, buf_span(&covering->name),
			buf_text(&covering->folder), buf_span(body), path,
			NULL) == 0 &&
	    pages_open(&covering->seal, buf_span(&covering->name), buf_text(path),
		       out, NULL) == 0)
		return 0;
	buf_reset(path);
	covering->is_uncertain = true;
	return pages_of(body, out, err);
}

/* One of the next n segments, or of as many as there is time for. */
static int make_shard(struct covering *covering, size_t first, size_t n,
		      size_t *out_made, struct err *err)
{
	struct shards *shards = covering->shards;
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct pages *pages = NULL;
	const struct shard_sources sources = {
		covering->view, covering->words, covering->lacking.at + first,
		n, shards->at, shards->n, first, covering->lacking.n,
		covering->until_ms
	};
	int rc = shard_build(&sources, &body, &n, err);

	if (rc == 0)
		rc = store_body(covering, &body, &path, &pages, err);
	if (rc == 0)
		rc = keep_shard(shards, pages, buf_span(&path), err);
	if (rc == 0) {
		memcpy(shards->at[shards->n - 1].places,
		       covering->places + first, n);
		shards->at[shards->n - 1].in_view = n;
		*out_made = n;
	}
	buf_release(&body);
	buf_release(&path);
	return rc;
}

/* *out_left: of so many there was no time to make one. */
static int make_lacking(struct covering *covering, size_t *out_left,
			struct err *err)
{
	size_t left = covering->lacking.n;
	bool is_late = false;
	int rc = 0;

	while (rc == 0 && left && !is_late) {
		size_t wanted = left < SHARD_SEGMENTS_MAX ? left :
				SHARD_SEGMENTS_MAX;
		size_t made = 0;

		rc = make_shard(covering, covering->lacking.n - left, wanted,
				&made, err);
		is_late = made < wanted;
		left -= made;
	}
	*out_left = left;
	return rc;
}

/*
 * Others may make the same meanwhile: who merges holds the lock, readers need
 * none. What is merged is given back first, so who has to end at some time does
 * not merge; but a little that is lacking is made and merged with small ones
 * whatever the time, else each addition would leave a shard of its own.
 */
static int make(struct covering *covering, size_t *out_left, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	size_t tiers = covering->until_ms ? 1 : TIERS - 1;
	int rc = 0;

	if (covering->lacking.n <= TIER_SHARDS)
		covering->until_ms = 0;
	if (dir_make_all(buf_text(&covering->folder), 0700, NULL) == 0) {
		buf_putf(&path, "%s/%s", buf_text(&covering->folder),
			 LOCK_NAME);
		if (buf_end(&path, NULL) == 0 &&
		    lock_take(&covering->lock, buf_text(&path), 0, NULL) < 0)
			covering->lock = (struct lock)LOCK_INIT;
	}
	if (!covering->until_ms)
		rc = merge_small(covering, tiers, err);
	if (rc == 0)
		rc = make_lacking(covering, out_left, err);
	lock_release(&covering->lock);
	buf_release(&path);
	return rc;
}

static void forget(struct covering *covering)
{
	shards_release(covering->shards);
	table_reset(&covering->by_digest);
	covering->lacking.n = 0;
	covering->is_uncertain = false;
}

/* Is there time to make more of what this view lacks? */
static bool may_make(const struct covering *covering)
{
	return !covering->until_ms || (covering->until_ms > 0 &&
				       !covering->view->unsearched.n);
}

static void tell_unsearched(const struct covering *covering, size_t left)
{
	struct view *view = covering->view;
	size_t i;

	view->unsearched.n = view->unsearched.all = left;
	for (i = 0; i < covering->shards->n; i++)
		view->unsearched.all += covering->shards->at[i].in_view;
}

static int cover(struct covering *covering, struct err *err)
{
	bool is_same = false;
	size_t left;
	int rc = take_remembered(covering, &is_same, NULL);

	if (rc < 0) {
		forget(covering);
		rc = take_all(covering, err);
	}
	left = covering->lacking.n;
	if (rc == 0 && left && may_make(covering))
		rc = make(covering, &left, err);
	if (rc == 0)
		tell_unsearched(covering, left);
	if (rc == 0 && !is_same && !left && !covering->is_uncertain)
		/* Without it all is looked at again. */
		(void)!cover_write(covering->view,
				   buf_text(&covering->folder),
				   covering->shards, NULL);
	return rc;
}

void shards_seal(const struct vault *vault, struct local_seal *out)
{
	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      out);
}

int shards_open(struct view *view, struct words *words, int64_t until_ms,
		struct shards *out, struct err *err)
{
	struct covering covering = {
		.view = view, .words = words, .until_ms = until_ms,
		.shards = out,
		.name = BUF_INIT(BUF_NO_LIMIT),
		.folder = BUF_INIT(BUF_NO_LIMIT),
		.by_digest = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.lacking = TREE_SEGMENTS_INIT, .lock = LOCK_INIT,
	};
	int rc = index_folder(view->vault, view->ref_name, NULL,
			      &covering.folder, err);

	shards_seal(view->vault, &covering.seal);
	if (rc == 0)
		rc = forgotten_name(view, &covering.name, err);
	if (rc == 0)
		rc = cover(&covering, err);
	local_seal_wipe(&covering.seal);
	table_release(&covering.by_digest);
	tree_segments_release(&covering.lacking);
	free(covering.places);
	buf_release(&covering.folder);
	buf_release(&covering.name);
	return rc;
}

void shards_drop(const struct shards *shards)
{
	size_t i;

	for (i = 0; i < shards->n; i++) {
		if (shards->at[i].path.len)
			unlink(buf_text(&shards->at[i].path));
	}
}

void shards_release(struct shards *shards)
{
	size_t i;

	for (i = 0; i < shards->n; i++)
		shard_release(&shards->at[i]);
	free(shards->at);
	*shards = (struct shards)SHARDS_INIT;
}
