#include "refs/remote/remote_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>

#include "lib/path.h"

#define CHUNK_BYTES ((size_t)256 << 10)
#define PRIORITY 100		/* above libgit2's own backends */

/* A backend that can do one thing: take a pack, through the guard. */
struct gate {
	git_odb_backend base;
	struct trip *trip;
	struct buf folder;		/* where packs go */
};

struct delivery {
	git_odb_writepack base;
	struct trip *trip;
	struct guard *guard;
	git_indexer *indexer;
};

static int delivery_append(git_odb_writepack *base, const void *bytes,
			   size_t len, git_indexer_progress *stats)
{
	struct delivery *delivery = (struct delivery *)base;

	if (guard_feed(delivery->guard, span_of(bytes, len)) < 0)
		return -1;
	return git_indexer_append(delivery->indexer, bytes, len, stats);
}

static int delivery_commit(git_odb_writepack *base,
			   git_indexer_progress *stats)
{
	struct delivery *delivery = (struct delivery *)base;

	if (guard_finish(delivery->guard) < 0)
		return -1;
	return git_indexer_commit(delivery->indexer, stats);
}

static void delivery_free(git_odb_writepack *base)
{
	struct delivery *delivery = (struct delivery *)base;

	guard_free(delivery->guard);
	git_indexer_free(delivery->indexer);
	free(delivery);
}

static int indexer_new(const char *folder, git_odb *odb,
		       git_indexer_progress_cb progress, void *payload,
		       git_indexer **out)
{
	git_indexer_options options;

	git_indexer_options_init(&options, GIT_INDEXER_OPTIONS_VERSION);
	options.progress_cb = progress;
	options.progress_cb_payload = payload;
	return git_indexer_new(out, folder, 0, odb, &options);
}

static int gate_writepack(git_odb_writepack **out, git_odb_backend *base,
			  git_odb *odb, git_indexer_progress_cb progress,
			  void *payload)
{
	struct gate *gate = (struct gate *)base;
	struct delivery *delivery = calloc(1, sizeof(*delivery));

	if (!delivery) {
		trip_fail(gate->trip, ERR_NOMEM, "out of memory");
		return -1;
	}
	delivery->base.backend = base;
	delivery->base.append = delivery_append;
	delivery->base.commit = delivery_commit;
	delivery->base.free = delivery_free;
	delivery->trip = gate->trip;
	if (guard_new(gate->trip, &delivery->guard) < 0 ||
	    indexer_new(buf_text(&gate->folder), odb, progress, payload,
			&delivery->indexer) < 0) {
		delivery_free(&delivery->base);
		return -1;
	}
	*out = &delivery->base;
	return 0;
}

static void gate_free(git_odb_backend *base)
{
	struct gate *gate = (struct gate *)base;

	buf_release(&gate->folder);
	free(gate);
}

static int pack_folder(git_repository *repo, struct buf *out, struct err *err)
{
	return path_join(out, git_repository_path(repo), "objects/pack", err);
}

int receive_guarded(struct trip *trip, git_repository *repo, struct err *err)
{
	static const struct buf no_path = PATH_BUF_INIT;
	struct gate *gate = calloc(1, sizeof(*gate));
	git_odb *odb = NULL;
	int rc;

	if (!gate)
		return err_set(err, ERR_NOMEM, "out of memory");
	gate->folder = no_path;
	gate->trip = trip;
	git_odb_init_backend(&gate->base, GIT_ODB_BACKEND_VERSION);
	gate->base.writepack = gate_writepack;
	gate->base.free = gate_free;
	rc = pack_folder(repo, &gate->folder, err);
	if (rc == 0 && git_repository_odb(&odb, repo) < 0)
		rc = trip_failed(trip, -1, "cannot open the objects", err);
	if (rc == 0 && git_odb_add_backend(odb, &gate->base, PRIORITY) < 0)
		rc = trip_failed(trip, -1, "cannot open the objects", err);
	if (rc < 0)
		gate_free(&gate->base);
	git_odb_free(odb);
	return rc;
}

/* The indexer keeps its own count in stats from chunk to chunk. */
static int feed_chunk(struct trip *trip, struct guard *guard,
		      git_indexer *indexer, struct span chunk,
		      git_indexer_progress *stats)
{
	struct remote_progress progress = {
		trip->pack_objects, 0, trip->pack_bytes, "receiving"
	};

	if (guard_feed(guard, chunk) < 0)
		return -1;
	if (trip_progress(trip, &progress) < 0)
		return -1;
	return git_indexer_append(indexer, chunk.at, chunk.len, stats);
}

static int feed_all(struct trip *trip, struct guard *guard,
		    git_indexer *indexer, int fd)
{
	git_indexer_progress stats;
	char *chunk = malloc(CHUNK_BYTES);
	ssize_t got = 1;
	int rc = 0;

	memset(&stats, 0, sizeof(stats));
	if (!chunk)
		return trip_fail(trip, ERR_NOMEM, "out of memory");
	while (rc == 0 && got > 0) {
		do
			got = read(fd, chunk, CHUNK_BYTES);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			rc = trip_fail(trip, ERR_IO, "cannot read a pack: %s",
				       strerror(errno));
		else if (got > 0)
			rc = feed_chunk(trip, guard, indexer,
					span_of(chunk, (size_t)got), &stats);
	}
	free(chunk);
	if (rc == 0)
		rc = guard_finish(guard);
	return rc < 0 ? rc : git_indexer_commit(indexer, &stats);
}

static const char *last_words(void)
{
	const git_error *last = git_error_last();

	return last && last->message ? last->message : "it is damaged";
}

/* A disk that is full here says nothing about the pack. */
static enum err_code last_code(void)
{
	const git_error *last = git_error_last();

	if (last && last->klass == GIT_ERROR_OS)
		return ERR_IO;
	return last && last->klass == GIT_ERROR_NOMEMORY ? ERR_NOMEM :
							   ERR_CORRUPT;
}

int receive_file(struct trip *trip, git_repository *repo, int fd,
		 struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct guard *guard = NULL;
	git_indexer *indexer = NULL;
	git_odb *odb = NULL;
	int rc = pack_folder(repo, &folder, err);

	if (rc < 0)
		return rc;
	if (git_repository_odb(&odb, repo) < 0 ||
	    guard_new(trip, &guard) < 0 ||
	    indexer_new(buf_text(&folder), odb, NULL, NULL, &indexer) < 0 ||
	    feed_all(trip, guard, indexer, fd) < 0) {
		rc = trip_fail(trip, last_code(), "%s", last_words());
		rc = trip_failed(trip, rc, "cannot copy a pack", err);
	}
	git_indexer_free(indexer);
	guard_free(guard);
	git_odb_free(odb);
	buf_release(&folder);
	return rc;
}
