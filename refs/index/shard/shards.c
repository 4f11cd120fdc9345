#include "refs/index/shard/shards.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "refs/vault/local.h"
#include "refs/view/forgotten.h"

#define LOCK_NAME "lock"
#define LABEL "index 4"		/* grows with the format */
#define SMALL_SEGMENTS 64	/* of a shard that is merged ... */
#define SMALL_SHARDS 8		/* ... when so many stand */

/* One making of what covers a view. */
struct covering {
	struct view *view;
	struct words *words;
	struct shards *shards;
	struct buf name;	/* what they are sealed for */
	struct local_seal seal;
	struct buf folder;
	struct tree_segments lacking;
	struct lock lock;
};

static int take_segment(void *arg, const struct tree_segment *segment,
			struct err *err)
{
	struct shards *shards = arg;
	int rc = table_put(&shards->by_digest, segment->digest,
			   shards->segments.n, err);

	return rc < 0 ? rc :
	       tree_segments_add(&shards->segments, segment, err);
}

/* What is said lies in two folders of the tree. */
static int list_segments(struct view *view, struct shards *shards,
			 struct err *err)
{
	static const char *const dirs[] = { "memory", "session" };
	const struct tree_visitor visitor = { take_segment, shards };
	char name[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 2; i++) {
		codec_dir_name(view->codec, dirs[i], name);
		rc = tree_each_in(view->vault->store, &view->tree, name,
				  &visitor, err);
	}
	return rc;
}

/* Which of its segments are the view's, and in no other shard? Those get the
 * mark that the shard has them. */
static int place_segments(struct shards *shards, struct shard *shard,
			  struct err *err)
{
	size_t n = (size_t)shard->head->segments_n;
	size_t i;
	int rc = 0;

	shard->places = calloc(n + 1, sizeof(*shard->places));
	if (!shard->places)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++) {
		const unsigned char *digest = shard->segments +
					      i * SHA256_BYTES;
		uint64_t place;

		shard->places[i] = SHARD_NO_PLACE;
		if (!table_get(&shards->by_digest, digest, &place) ||
		    place == SHARD_NO_PLACE)
			continue;
		shard->places[i] = (uint32_t)place;
		shard->in_view++;
		rc = table_put(&shards->by_digest, digest, SHARD_NO_PLACE,
			       err);
	}
	return rc;
}

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
	if (rc == 0)
		rc = place_segments(shards, shard, err);
	if (rc < 0)
		shard_release(shard);
	else
		shards->n++;
	return rc;
}

/* One file of the folder. What does not open is made anew. */
static int open_file(void *arg, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct covering *covering = arg;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct pages *pages = NULL;
	int rc;

	if (kind != DIR_KIND_FILE || !strcmp(name, LOCK_NAME) ||
	    span_begins(span_str(name), ATOMIC_FILE_TEMP_PREFIX))
		return 0;
	buf_putf(&path, "%s/%s", buf_text(&covering->folder), name);
	rc = buf_end(&path, err);
	if (rc == 0) {
		rc = pages_open(&covering->seal, buf_span(&covering->name),
				buf_text(&path), &pages, NULL);
		if (rc == 0)
			rc = keep_shard(covering->shards, pages,
					buf_span(&path), NULL);
		if (rc == ERR_CORRUPT)
			unlink(buf_text(&path));
		if (rc == ERR_NOMEM)
			(void)err_set(err, ERR_NOMEM, "out of memory");
	}
	buf_release(&path);
	return rc == ERR_NOMEM ? rc : 0;
}

static int open_files(struct covering *covering, struct err *err)
{
	int rc = index_folder(covering->view->vault, covering->view->ref_name,
			      &covering->folder, err);

	if (rc == 0 && file_is_dir(buf_text(&covering->folder)))
		rc = dir_each(buf_text(&covering->folder), open_file,
			      covering, err);
	return rc;
}

/* What no shard has, in the order of the tree. */
static int list_lacking(struct covering *covering, struct err *err)
{
	const struct shards *shards = covering->shards;
	size_t i;
	int rc = 0;

	covering->lacking.n = 0;
	for (i = 0; rc == 0 && i < shards->segments.n; i++) {
		uint64_t place = SHARD_NO_PLACE;

		(void)table_get(&shards->by_digest,
				shards->segments.at[i].digest, &place);
		if (place == i)
			rc = tree_segments_add(&covering->lacking,
					       &shards->segments.at[i], err);
	}
	return rc;
}

static bool is_small(const struct shard *shard)
{
	return shard->head->segments_n < SMALL_SEGMENTS;
}

/* Give what a shard has back to the view, and the shard away. */
static int give_back(struct shards *shards, struct shard *shard,
		     struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < shard->head->segments_n; i++) {
		if (shard->places[i] != SHARD_NO_PLACE)
			rc = table_put(&shards->by_digest, shard->segments +
				       i * SHA256_BYTES, shard->places[i],
				       err);
	}
	if (shard->path.len)
		unlink(buf_text(&shard->path));
	shard_release(shard);
	return rc;
}

/* Where many small ones stand, they are made anew as one. */
static int merge_small(struct covering *covering, struct err *err)
{
	struct shards *shards = covering->shards;
	size_t small = 0;
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; i < shards->n; i++)
		small += is_small(&shards->at[i]);
	if (small < SMALL_SHARDS || !lock_is_held(&covering->lock))
		return 0;
	for (i = 0; i < shards->n; i++) {
		if (rc == 0 && is_small(&shards->at[i]))
			rc = give_back(shards, &shards->at[i], err);
		else
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
	return pages_of(body, out, err);
}

static int make_shard(struct covering *covering,
		      const struct tree_segment *segments, size_t n,
		      struct err *err)
{
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct pages *pages = NULL;
	int rc = shard_build(covering->view, covering->words, segments, n,
			     &body, err);

	if (rc == 0)
		rc = store_body(covering, &body, &path, &pages, err);
	if (rc == 0)
		rc = keep_shard(covering->shards, pages, buf_span(&path),
				err);
	buf_release(&body);
	buf_release(&path);
	return rc;
}

static int make_lacking(struct covering *covering, struct err *err)
{
	size_t at;
	int rc = list_lacking(covering, err);

	for (at = 0; rc == 0 && at < covering->lacking.n;
	     at += SHARD_SEGMENTS_MAX) {
		size_t left = covering->lacking.n - at;

		rc = make_shard(covering, covering->lacking.at + at,
				left < SHARD_SEGMENTS_MAX ? left :
				SHARD_SEGMENTS_MAX, err);
	}
	return rc;
}

/* Others may make the same meanwhile: who merges holds the lock, readers need
 * none. */
static int cover(struct covering *covering, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = open_files(covering, err);

	if (rc == 0)
		rc = list_lacking(covering, err);
	if (rc < 0 || !covering->lacking.n)
		return rc;
	if (dir_make_all(buf_text(&covering->folder), 0700, NULL) == 0) {
		buf_putf(&path, "%s/%s", buf_text(&covering->folder),
			 LOCK_NAME);
		if (buf_end(&path, NULL) == 0 &&
		    lock_take(&covering->lock, buf_text(&path), 0, NULL) < 0)
			covering->lock = (struct lock)LOCK_INIT;
	}
	rc = merge_small(covering, err);
	if (rc == 0)
		rc = make_lacking(covering, err);
	lock_release(&covering->lock);
	buf_release(&path);
	return rc;
}

/* What the construct forgets now, which an older view may not. */
static int sum_now(struct view *view, unsigned char out[RECORD_ID_BYTES],
		   struct err *err)
{
	struct view *now = NULL;
	int rc;

	if (view->is_newest)
		return forgotten_sum(view, out, err);
	rc = view_open_ref(view->vault, view->ref_name, &now, err);
	if (rc == 0) {
		rc = forgotten_sum(now, out, err);
		view_free(now);
	}
	return rc;
}

/* They open as long as there is no newer key and nothing more is forgotten. */
static int make_name(struct covering *covering, struct err *err)
{
	struct view *view = covering->view;
	const struct vault *vault = view->vault;
	struct buf *out = &covering->name;
	unsigned char then[RECORD_ID_BYTES];
	unsigned char now[RECORD_ID_BYTES];
	int rc = forgotten_sum(view, then, err);

	if (rc == 0)
		rc = sum_now(view, now, err);
	if (rc < 0)
		return rc;
	if (memcmp(then, now, sizeof(then)))
		return err_set(err, ERR_CHANGED, "more is forgotten now");
	buf_put(out, view->ref_name, strlen(view->ref_name) + 1);
	buf_put(out, now, sizeof(now));
	if (vault->keys_n)
		buf_put(out, vault->keys[vault->keys_n - 1].id, KEY_ID_BYTES);
	return buf_end(out, err);
}

int shards_open(struct view *view, struct words *words, struct shards *out,
		struct err *err)
{
	struct covering covering = {
		.view = view, .words = words, .shards = out,
		.name = BUF_INIT(BUF_NO_LIMIT),
		.folder = BUF_INIT(BUF_NO_LIMIT),
		.lacking = TREE_SEGMENTS_INIT, .lock = LOCK_INIT,
	};
	int rc;

	device_key_local_seal(&view->vault->device, LABEL,
			      view->vault->state.vault_id, &covering.seal);
	rc = make_name(&covering, err);
	if (rc == 0)
		rc = list_segments(view, out, err);
	if (rc == 0)
		rc = cover(&covering, err);
	local_seal_wipe(&covering.seal);
	tree_segments_release(&covering.lacking);
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
	tree_segments_release(&shards->segments);
	table_release(&shards->by_digest);
	*shards = (struct shards)SHARDS_INIT;
}
