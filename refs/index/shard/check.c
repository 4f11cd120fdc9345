#include <stdlib.h>
#include <string.h>

#include "lib/os/file.h"
#include "refs/index/shard/shards.h"
#include "refs/vault/local.h"

/* Comparing what shards say with what records say. */
struct checking {
	struct view *view;
	struct words *words;
	struct shards shards;
	struct table in_view;	/* digests: at how many places */
};

static bool is_known(const struct shard *shard, const struct shard *other)
{
	size_t n = shard_count(shard, SHARD_KNOWN);
	const void *names;
	size_t i;

	if (shard_part(shard, SHARD_KNOWN, 0, n, &names, NULL) < 0)
		return false;
	for (i = 0; i < n; i++) {
		if (!memcmp((const unsigned char *)names + i *
			    PAGES_NAME_BYTES, pages_name(other->pages),
			    PAGES_NAME_BYTES))
			return true;
	}
	return false;
}

/* The same anew, beside those of its neighbours that are still there. */
static int build_anew(struct checking *checking, const struct shard *shard,
		      struct shard *out, struct err *err)
{
	const struct shards *shards = &checking->shards;
	struct shard *others = calloc(shards->n + 1, sizeof(*others));
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	struct pages *pages = NULL;
	struct shard_sources sources = {
		.view = checking->view, .words = checking->words,
		.n = shard_count(shard, SHARD_SEGMENTS), .others = others,
	};
	const void *segments = NULL;
	size_t i;
	int rc;

	if (!others)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < shards->n; i++) {
		if (is_known(shard, &shards->at[i]))
			others[sources.others_n++] = shards->at[i];
	}
	rc = shard_part(shard, SHARD_SEGMENTS, 0, sources.n, &segments, err);
	sources.segments = segments;
	if (rc == 0)
		rc = shard_build(&sources, &body, &i, err);
	if (rc == 0)
		rc = pages_of(&body, &pages, err);
	if (rc == 0)
		rc = shard_init(out, pages, err);
	free(others);
	buf_release(&body);
	return rc;
}

static int order_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Has the column all that the one made anew has? Its neighbours were more. */
static int compare_sets(const struct shard *shard, const struct shard *anew,
			enum shard_part part, bool *is_same, struct err *err)
{
	size_t n = shard_count(shard, part);
	size_t want = shard_count(anew, part);
	uint64_t *has = calloc(n + 1, sizeof(*has));
	const void *all;
	const void *wanted;
	size_t i;
	int rc = shard_part(shard, part, 0, n, &all, err);

	if (!has)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = shard_part(anew, part, 0, want, &wanted, err);
	if (rc == 0 && n) {
		memcpy(has, all, n * sizeof(*has));
		qsort(has, n, sizeof(*has), order_hashes);
	}
	for (i = 0; rc == 0 && *is_same && i < want; i++)
		*is_same = bsearch((const uint64_t *)wanted + i, has, n,
				   sizeof(*has), order_hashes) != NULL;
	free(has);
	return rc;
}

static int compare_shards(const struct shard *shard, const struct shard *anew,
			  bool *is_same, struct err *err)
{
	int part;
	int rc = 0;

	*is_same &= !memcmp(&shard->head->seen, &anew->head->seen,
			    sizeof(anew->head->seen)) &&
		    !memcmp(&shard->head->all, &anew->head->all,
			    sizeof(anew->head->all));
	for (part = 0; rc == 0 && *is_same && part < SHARD_PARTS; part++) {
		if (part == SHARD_SEGMENTS || part == SHARD_KNOWN)
			continue;
		if (part == SHARD_ENTITIES_AGAIN ||
		    part == SHARD_SESSIONS_AGAIN)
			rc = compare_sets(shard, anew, (enum shard_part)part,
					  is_same, err);
		else
			rc = shard_is_same_part(shard, anew,
						(enum shard_part)part,
						is_same, err);
	}
	return rc;
}

/* One whose segments are there no more cannot be compared, and is of no use
 * for much longer: it goes. */
static int check_shard(struct checking *checking, const struct shard *shard,
		       bool *is_true, struct err *err)
{
	struct err reason = ERR_INIT;
	struct shard anew = { .pages = NULL };
	int rc = build_anew(checking, shard, &anew, &reason);

	if (rc == 0)
		rc = compare_shards(shard, &anew, is_true, &reason);
	shard_release(&anew);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == ERR_NOT_FOUND && shard->path.len)
		return file_remove(buf_text(&shard->path), err);
	*is_true &= rc == 0;
	return 0;
}

static int count_place(void *arg, const struct tree_segment *segment,
		       struct err *err)
{
	uint64_t before;

	return table_count(arg, segment->digest, &before, err);
}

static int count_places(struct checking *checking, struct err *err)
{
	static const char *const dirs[] = { "memory", "session" };
	const struct tree_visitor visitor = { count_place,
					      &checking->in_view };
	struct view *view = checking->view;
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

/* Is each segment of the view in one shard, as often as it is there? */
static int check_cover(struct checking *checking, bool *is_true,
		       struct err *err)
{
	size_t covered = 0;
	size_t shard;
	size_t i;
	int rc = count_places(checking, err);

	for (shard = 0; rc == 0 && shard < checking->shards.n; shard++) {
		const struct shard *at = &checking->shards.at[shard];
		size_t n = shard_count(at, SHARD_DIGESTS);
		const void *digests;

		rc = shard_part(at, SHARD_DIGESTS, 0, n, &digests, err);
		for (i = 0; rc == 0 && i < n; i++) {
			uint64_t places = 0;

			if (!at->places[i])
				continue;
			covered++;
			(void)table_get(&checking->in_view,
					(const unsigned char *)digests +
					i * SHA256_BYTES, &places);
			*is_true &= places && (places == at->places[i] ||
					       places >= UINT8_MAX);
		}
	}
	*is_true &= rc == 0 && covered == checking->in_view.count;
	return rc == ERR_NOMEM ? rc : 0;
}

static int check_all(struct checking *checking, bool *is_true,
		     struct err *err)
{
	size_t i;
	int rc = shards_open(checking->view, checking->words, 0,
			     &checking->shards, err);

	if (rc == 0)
		rc = check_cover(checking, is_true, err);
	for (i = 0; rc == 0 && *is_true && i < checking->shards.n; i++)
		rc = check_shard(checking, &checking->shards.at[i], is_true,
				 err);
	return rc;
}

int shards_check(struct view *view, bool *out_is_true, struct err *err)
{
	struct checking checking = {
		.view = view, .shards = SHARDS_INIT,
		.in_view = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = false;
	int rc = index_folder(view->vault, view->ref_name, NULL, &folder,
			      err);

	*out_is_true = true;
	if (rc == 0)
		is_there = view->vault->has_device &&
			   codec_mode(view->codec) != CODEC_BLIND &&
			   file_is_dir(buf_text(&folder));
	if (rc == 0 && is_there)
		rc = words_new(&checking.words, err);
	if (rc == 0 && is_there)
		rc = check_all(&checking, out_is_true, err);
	if (rc == 0 && !*out_is_true)
		rc = index_drop(view->vault, view->ref_name, err);
	words_free(checking.words);
	shards_release(&checking.shards);
	table_release(&checking.in_view);
	buf_release(&folder);
	return rc;
}
