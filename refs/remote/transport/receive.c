#include "refs/remote/transport/receive.h"

#include <stdlib.h>
#include <string.h>

#include <git2/sys/odb_backend.h>

#include "lib/os/path.h"
#include "refs/remote/transport/transport_internal.h"

#define PRIORITY 100		/* above libgit2's own backends */

/* A backend that can do one thing: take a pack, checked as it comes. */
struct gate {
	git_odb_backend base;
	struct trip *trip;
	struct folder folder;		/* where packs go */
};

struct delivery {
	git_odb_writepack base;
	struct trip *trip;
	struct index_pack *pack;
};

static int pack_begin(struct trip *trip, const char *from,
		      const struct folder *folder, git_odb *bases,
		      struct index_pack **out, struct err *err)
{
	struct index_pack_options options = {
		.from = from, .folder = folder, .bases = bases,
		.limits = {
			trip->limits.pack_bytes, trip->limits.objects,
			trip->limits.object_bytes,
			trip->limits.inflated_bytes
		},
		.counts = &trip->counts, .tick = trip_tell_receiving, .arg = trip,
	};

	return index_pack_new(&options, out, err);
}

/* For libgit2, which only wants to know that it failed. */
static int give_up(struct trip *trip, const struct err *reason)
{
	trip_fail(trip, (enum err_code)reason->code, "%s", reason->text);
	return -1;
}

static int delivery_append(git_odb_writepack *base, const void *bytes,
			   size_t len, git_indexer_progress *stats)
{
	struct delivery *delivery = (struct delivery *)base;
	struct trip *trip = delivery->trip;
	struct err reason = ERR_INIT;

	if (index_pack_feed(delivery->pack, span_of(bytes, len), &reason) < 0)
		return give_up(trip, &reason);
	stats->total_objects = (unsigned)trip->counts.objects;
	stats->received_objects = (unsigned)trip->counts.received;
	return 0;
}

static int delivery_commit(git_odb_writepack *base,
			   git_indexer_progress *stats)
{
	struct delivery *delivery = (struct delivery *)base;
	struct err reason = ERR_INIT;

	if (index_pack_finish(delivery->pack, &reason) < 0)
		return give_up(delivery->trip, &reason);
	stats->indexed_objects = stats->total_objects;
	return 0;
}

static void delivery_free(git_odb_writepack *base)
{
	struct delivery *delivery = (struct delivery *)base;

	index_pack_free(delivery->pack);
	free(delivery);
}

/* Progress is told from the trip's own counts. */
static int gate_writepack(git_odb_writepack **out, git_odb_backend *base,
			  git_odb *odb, git_indexer_progress_cb progress,
			  void *payload)
{
	struct gate *gate = (struct gate *)base;
	struct delivery *delivery = calloc(1, sizeof(*delivery));
	struct err reason = ERR_INIT;
	int rc;

	(void)progress;
	(void)payload;
	if (!delivery) {
		trip_fail(gate->trip, ERR_NOMEM, "out of memory");
		return -1;
	}
	delivery->base.backend = base;
	delivery->base.append = delivery_append;
	delivery->base.commit = delivery_commit;
	delivery->base.free = delivery_free;
	delivery->trip = gate->trip;
	rc = pack_begin(gate->trip, gate->trip->text, &gate->folder, odb,
			&delivery->pack, &reason);
	if (rc < 0) {
		delivery_free(&delivery->base);
		return give_up(gate->trip, &reason);
	}
	*out = &delivery->base;
	return 0;
}

static void gate_free(git_odb_backend *base)
{
	struct gate *gate = (struct gate *)base;

	folder_release(&gate->folder);
	free(gate);
}

static int pack_folder(git_repository *repo, struct folder *out,
		       struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, git_repository_path(repo), "objects/pack",
			   err);

	if (rc == 0)
		rc = folder_open(out, buf_text(&path), err);
	if (rc == 0)
		index_pack_sweep(out);
	buf_release(&path);
	return rc;
}

int receive_guarded(struct trip *trip, git_repository *repo, struct err *err)
{
	static const struct folder no_folder = FOLDER_INIT;
	struct gate *gate = calloc(1, sizeof(*gate));
	git_odb *odb = NULL;
	int rc;

	if (!gate)
		return err_set(err, ERR_NOMEM, "out of memory");
	gate->folder = no_folder;
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

/* Deltas in a file that lies there are of what is in it. */
int receive_file(struct trip *trip, git_repository *repo, int fd,
		 const char *name, struct err *err)
{
	struct folder folder = FOLDER_INIT;
	struct index_pack *pack = NULL;
	int rc = pack_folder(repo, &folder, err);

	if (rc == 0)
		rc = pack_begin(trip, name, &folder, NULL, &pack, err);
	if (rc == 0)
		rc = index_pack_file(pack, fd, name, err);
	index_pack_free(pack);
	folder_release(&folder);
	return rc;
}
