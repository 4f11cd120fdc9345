#include "refs/remote/exchange/exchange_internal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "lib/os/path.h"
#include "objects/store/loose.h"
#include "refs/remote/transport/pack_index.h"
#include "refs/remote/transport/receive.h"

#define LOOSE_HEADER_MAX 32
#define COPIED_MAX ((size_t)16 << 20)

/*
 * Packs that were copied before are listed in this file of the side
 * repository, by name and size: what they hold is in the vault by now, or in
 * quarantine.
 */

struct copy {
	struct trip *trip;
	struct side *side;
	git_repository *repo;
	struct inflater *inflater;
	const struct folder *folder;
	struct buf copied;		/* "\n<name> <size>\n" and so on */
};

/* Damage at the other side is told, and costs only who needs what is there. */
static int tell_damage(struct copy *copy, const char *code, const char *name,
		       const struct err *reason, struct err *err)
{
	struct trip *trip = copy->trip;

	err_clear(&trip->err);
	if (!trip->report)
		return 0;
	return problem_list_add(&trip->report->problems, code, name,
				reason->text, err);
}

/* Their index is only asked what to leave out: a lie costs them a pack. */
static bool is_needless(struct copy *copy, const char *pack, off_t pack_bytes)
{
	/* 28 bytes an object, which takes 9 at least in the pack. */
	const size_t max = (size_t)pack_bytes * 4 + 4096;
	struct pack_index index = PACK_INDEX_INIT;
	size_t stem = strlen(pack) - strlen(".pack");
	char name[256];
	git_oid id;
	size_t i = 0;
	bool is = false;

	snprintf(name, sizeof(name), "%.*s.idx", (int)stem, pack);
	if (pack_index_read(copy->folder, name, max, &index, NULL) == 0) {
		for (is = true; is && i < index.n; i++) {
			git_oid_fromraw(&id, index.ids + i * GIT_OID_RAWSZ);
			is = store_has(copy->side->store, &id) &&
			     trip_check_time(copy->trip, NULL) == 0;
		}
	}
	pack_index_release(&index);
	return is;
}

static int take_pack(struct copy *copy, const char *name, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf line = PATH_BUF_INIT;
	struct err reason = ERR_INIT;
	struct stat st;
	int fd = -1;
	int rc = folder_file(copy->folder, name, &fd, &st, err);

	if (rc == 0)
		rc = path_join(&path, copy->folder->path, name, err);
	if (rc == 0)
		rc = buf_printf(&line, err, "\n%s %lld\n", name,
				(long long)st.st_size);
	if (rc < 0 || (copy->copied.len &&
		       strstr(buf_text(&copy->copied), buf_text(&line))))
		goto out;
	if (!is_needless(copy, name, st.st_size))
		rc = receive_file(copy->trip, copy->repo, fd, buf_text(&path),
				  &reason);
	if (rc == ERR_CORRUPT)
		rc = tell_damage(copy, "bad-pack", name, &reason, err);
	else if (rc < 0)
		rc = err_copy(err, rc, &reason);
	else
		rc = buf_add_str(&copy->copied, buf_text(&line), err);
out:
	if (fd >= 0)
		close(fd);
	buf_release(&line);
	buf_release(&path);
	return rc;
}

static int copy_pack(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct copy *copy = context;
	int rc = trip_check_time(copy->trip, err);

	if (rc == 0 && kind == DIR_KIND_SYMLINK)
		rc = err_set(err, ERR_DENIED, "'%s/%s' is a symbolic link",
			     copy->folder->path, name);
	if (rc < 0 || kind != DIR_KIND_FILE ||
	    !span_ends(span_str(name), ".pack"))
		return rc;
	return take_pack(copy, name, err);
}

static int count_loose(struct copy *copy, size_t packed, size_t inflated,
		       struct err *err)
{
	struct trip *trip = copy->trip;
	struct index_pack_counts *counts = &trip->counts;

	counts->bytes += packed;
	counts->inflated += inflated;
	counts->objects++;
	counts->received++;
	if (counts->bytes > trip->limits.pack_bytes ||
	    (trip->limits.inflated_bytes &&
	     counts->inflated > trip->limits.inflated_bytes) ||
	    counts->objects > trip->limits.objects)
		return err_set(err, ERR_LIMIT, "'%s' holds more objects than "
			       "a fetch may take", trip->text);
	if (trip_tell_counts(trip, "receiving") < 0)
		return trip_failed(trip, -1, "cannot copy", err);
	return 0;
}

/* What loose_content() refused, by its path. */
static int refuse_loose(int rc, const char *path, size_t max, struct err *err)
{
	if (rc == ERR_LIMIT)
		return err_set(err, ERR_LIMIT, "the object '%s' is larger "
			       "than %zu bytes", path, max + LOOSE_HEADER_MAX);
	if (rc == ERR_CORRUPT)
		return err_set(err, ERR_CORRUPT, "the object '%s' is damaged",
			       path);
	return rc < 0 ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

static int stage_loose(struct copy *copy, const char *name, const git_oid *id,
		       struct err *err)
{
	const size_t max = (size_t)copy->trip->limits.object_bytes;
	struct buf packed = BUF_INIT(max + max / 8 + 4096);
	struct buf text = BUF_INIT(max + LOOSE_HEADER_MAX);
	struct buf path = PATH_BUF_INIT;
	struct loose_head head;
	struct span content;
	git_oid found;
	int rc = path_join(&path, copy->folder->path, name, err);

	if (rc == 0)
		rc = folder_read(copy->folder, name, &packed, err);
	if (rc == 0)
		rc = refuse_loose(loose_content(buf_span(&packed),
						copy->inflater, &text, &head,
						&content, NULL),
				  buf_text(&path), max, err);
	if (rc == 0)
		rc = count_loose(copy, packed.len, text.len, err);
	/* A tag is nothing that a version could reach. */
	if (rc < 0 || head.type > OBJECT_BLOB)
		goto out;
	rc = store_stage(copy->side->store, (enum object_type)head.type,
			 content, &found, err);
	if (rc == 0 && !git_oid_equal(&found, id))
		rc = err_set(err, ERR_CORRUPT, "the object '%s' is not what "
			     "its name says", buf_text(&path));
	if (rc == 0)
		rc = store_keep(copy->side->store, &found, err);
out:
	buf_release(&path);
	buf_release(&text);
	buf_release(&packed);
	return rc;
}

static int copy_loose(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	struct copy *copy = context;
	struct err reason = ERR_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;
	int rc = trip_check_time(copy->trip, err);

	if (rc < 0 || strlen(name) != GIT_OID_HEXSZ - 2)
		return rc;
	if (kind != DIR_KIND_FILE)
		return err_set(err, ERR_DENIED, "'%s/%s' is no regular file",
			       copy->folder->path, name);
	snprintf(hex, sizeof(hex), "%s%s", path_base(copy->folder->path),
		 name);
	if (git_oid_fromstr(&id, hex) < 0 || store_has(copy->side->store, &id))
		return 0;
	rc = stage_loose(copy, name, &id, &reason);
	if (rc == ERR_CORRUPT)
		rc = tell_damage(copy, "bad-object", hex, &reason, err);
	else if (rc < 0)
		rc = err_copy(err, rc, &reason);
	return rc;
}

static int copy_fan(void *context, const char *name, enum dir_kind kind,
		    struct err *err)
{
	struct copy *copy = context;
	struct copy inner = *copy;
	struct folder folder = FOLDER_INIT;
	int rc;

	if (strlen(name) != 2)
		return 0;
	if (kind != DIR_KIND_DIR)
		return err_set(err, ERR_DENIED, "'%s/%s' is no folder",
			       copy->folder->path, name);
	rc = folder_enter(copy->folder, name, false, &folder, err);
	inner.folder = &folder;
	if (rc == 0)
		rc = folder_each(&folder, copy_loose, &inner, err);
	folder_release(&folder);
	return rc;
}

static int copied_load(struct copy *copy, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, buf_text(&copy->side->path), COPIED_FILE, err);

	if (rc == 0 && file_exists(buf_text(&path)))
		rc = file_read(buf_text(&path), COPIED_MAX, &copy->copied,
			       err);
	buf_release(&path);
	return rc;
}

static int copied_save(struct copy *copy, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, buf_text(&copy->side->path), COPIED_FILE, err);

	if (rc == 0)
		rc = file_write_atomic(buf_text(&path),
				       buf_span(&copy->copied), 0600, err);
	buf_release(&path);
	return rc;
}

/* What lies in one folder of theirs; a missing one holds nothing. */
static int copy_folder(struct copy *copy, const struct folder *git_dir,
		       const char *inner,
		       int (*each)(void *context, const char *name,
				   enum dir_kind kind, struct err *err),
		       struct err *err)
{
	struct folder folder = FOLDER_INIT;
	int rc;

	if (!folder_has(git_dir, inner))
		return 0;
	rc = folder_enter(git_dir, inner, false, &folder, err);
	copy->folder = &folder;
	if (rc == 0)
		rc = folder_each(&folder, each, copy, err);
	copy->folder = NULL;
	folder_release(&folder);
	return rc;
}

static int copy_all(struct copy *copy, const struct folder *git_dir,
		    struct err *err)
{
	int rc = copy_folder(copy, git_dir, "objects/pack", copy_pack, err);

	if (rc == 0)
		rc = side_reopen(copy->side, err);
	if (rc == 0)
		rc = copy_folder(copy, git_dir, "objects", copy_fan, err);
	return rc < 0 ? rc : store_flush(copy->side->store, err);
}

int local_objects(struct trip *trip, struct side *side,
		  const struct folder *git_dir, struct err *err)
{
	struct copy copy = { trip, side, NULL, NULL, NULL,
			     BUF_INIT(COPIED_MAX) };
	int rc = copied_load(&copy, err);

	if (rc == 0)
		rc = inflater_new(&copy.inflater, err);
	if (rc == 0 && git_repository_open_bare(&copy.repo,
						buf_text(&side->path)) < 0)
		rc = trip_failed(trip, -1, "cannot open the side repository",
				 err);
	if (rc == 0)
		rc = copy_all(&copy, git_dir, err);
	if (rc == 0)
		rc = copied_save(&copy, err);
	git_repository_free(copy.repo);
	inflater_free(copy.inflater);
	buf_release(&copy.copied);
	return rc;
}
