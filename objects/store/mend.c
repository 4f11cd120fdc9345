#include "objects/store/mend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <git2/odb_backend.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/folder.h"
#include "lib/os/path.h"
#include "objects/pack/index_pack.h"
#include "objects/pack/read.h"
#include "objects/pack/sink.h"
#include "objects/store/store_internal.h"

#define YOUNG_SECONDS 10	/* a writer may be about to publish its index */

/* A copy of the pack in the folder of work, with an index of its own. */
static int index_copy(const char *path, const char *work, struct err *err)
{
	struct folder folder = FOLDER_INIT;
	struct index_pack_counts counts;
	struct index_pack_options options = {
		.from = path, .folder = &folder, .counts = &counts,
		.limits = { PACK_BYTES_MAX, UINT32_MAX, STORE_OBJECT_MAX, 0 },
	};
	struct index_pack *pack = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	memset(&counts, 0, sizeof(counts));
	rc = folder_open(&folder, work, err);
	if (rc == 0)
		rc = index_pack_new(&options, &pack, err);
	if (rc == 0)
		rc = index_pack_file(pack, fd, path, err);
	index_pack_free(pack);
	folder_release(&folder);
	close(fd);
	return rc;
}

struct moving {
	const char *work;
	const char *to;			/* the index to be; NULL: delete all */
};

static int take_index(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct moving *moving = context;
	struct buf from = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_printf(&from, err, "%s/%s", moving->work, name);

	if (rc < 0 || kind != DIR_KIND_FILE)
		goto out;
	if (moving->to && span_ends(span_str(name), ".idx")) {
		if (rename(buf_text(&from), moving->to))
			rc = err_errno(err, "cannot make '%s'", moving->to);
	} else if (!moving->to) {
		unlink(buf_text(&from));
	}
out:
	buf_release(&from);
	return rc;
}

/* ERR_CORRUPT: it is the pack that is damaged. */
static int index_anew(const char *stem, const char *work, struct err *err)
{
	struct buf pack = BUF_INIT(BUF_NO_LIMIT);
	struct buf index = BUF_INIT(BUF_NO_LIMIT);
	struct moving moving = { work, NULL };
	int rc = buf_printf(&pack, err, "%s.pack", stem);

	if (rc == 0)
		rc = buf_printf(&index, err, "%s.idx", stem);
	if (rc == 0)
		rc = dir_each(work, take_index, &moving, err);
	if (rc == 0)
		rc = index_copy(buf_text(&pack), work, err);
	moving.to = buf_text(&index);
	if (rc == 0)
		rc = dir_each(work, take_index, &moving, err);
	moving.to = NULL;
	(void)!dir_each(work, take_index, &moving, NULL);
	buf_release(&index);
	buf_release(&pack);
	return rc;
}

/* One pack after the other, by its path without ".pack". */
struct round {
	const char *folder;
	const char *work;
	time_t before;			/* only packs that are older */
	size_t n;			/* out: without an index */
};

static int index_if_lost(void *context, const char *name, enum dir_kind kind,
			 struct err *err)
{
	struct round *round = context;
	struct buf stem = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct err reason = ERR_INIT;
	struct stat st;
	int rc = 0;

	if (kind != DIR_KIND_FILE || strncmp(name, "pack-", 5) ||
	    !span_ends(span_str(name), ".pack"))
		return 0;
	rc = buf_printf(&stem, err, "%s/%.*s", round->folder,
			(int)(strlen(name) - strlen(".pack")), name);
	if (rc == 0)
		rc = buf_printf(&path, err, "%s.idx", buf_text(&stem));
	if (rc < 0 || file_exists(buf_text(&path)))
		goto out;
	buf_cut(&path, stem.len);
	rc = buf_add_str(&path, ".pack", err);
	if (rc == 0 && !lstat(buf_text(&path), &st) &&
	    st.st_ctim.tv_sec < round->before) {
		round->n++;
		/* A damaged one waits for a repair. */
		if (round->work && index_anew(buf_text(&stem), round->work,
					      &reason) == ERR_NOMEM)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
out:
	buf_release(&path);
	buf_release(&stem);
	return rc;
}

static int index_round(const char *objects_path, const char *work,
		       size_t *out_n, struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct round round = { NULL, work, time(NULL) - YOUNG_SECONDS, 0 };
	int rc = buf_printf(&folder, err, "%s/pack", objects_path);

	round.folder = buf_text(&folder);
	if (rc == 0 && file_exists(round.folder))
		rc = dir_each(round.folder, index_if_lost, &round, err);
	buf_release(&folder);
	if (out_n)
		*out_n = round.n;
	return rc;
}

int store_index_packs(const char *objects_path, const char *work,
		      struct err *err)
{
	return index_round(objects_path, work, NULL, err);
}

bool store_lacks_index(const char *objects_path)
{
	size_t n = 0;

	return index_round(objects_path, NULL, &n, NULL) == 0 && n;
}

struct mending {
	struct store *store;
	const struct mend_options *options;
	const char *folder;
	struct inflater *inflater;
};

static int mend_tell(const struct mending *mending, const char *code,
		     const char *path, const char *message, struct err *err)
{
	const struct mend_options *options = mending->options;
	size_t common = strlen(mending->store->objects_path) + 1;

	return options->found ? options->found(options->arg, code,
					       path + common, message, err) : 0;
}

/* Beside those of its name that went there before. */
static int set_aside(const struct mending *mending, const char *path,
		     struct err *err)
{
	struct buf to = BUF_INIT(BUF_NO_LIMIT);
	unsigned n = 0;
	int rc;

	do {
		buf_reset(&to);
		rc = buf_printf(&to, err, "%s/%s.%u", mending->options->aside,
				path_base(path), n++);
	} while (rc == 0 && file_exists(buf_text(&to)));
	if (rc == 0 && rename(path, buf_text(&to)) && errno != ENOENT)
		rc = err_errno(err, "cannot set '%s' aside", path);
	buf_release(&to);
	return rc;
}

struct salvage {
	const struct mending *mending;
	git_odb *odb;			/* of the damaged pack alone */
	int rc;				/* of writing what is whole */
	struct err *err;
};

static int salvage_one(const git_oid *id, void *payload)
{
	struct salvage *salvage = payload;
	struct store *store = salvage->mending->store;
	git_odb_object *object = NULL;
	git_oid written;

	if (git_odb_read(&object, salvage->odb, id) < 0)
		return 0;
	salvage->rc = store_replace(store,
				    (enum object_type)git_odb_object_type(object),
				    span_of(git_odb_object_data(object),
					    git_odb_object_size(object)),
				    &written, salvage->err);
	git_odb_object_free(object);
	return salvage->rc;
}

/* As much of it as its index leads to and the hashes prove. */
static int salvage_pack(const struct mending *mending, const char *stem,
			struct err *err)
{
	struct salvage salvage = { mending, NULL, 0, err };
	struct buf index = BUF_INIT(BUF_NO_LIMIT);
	git_odb_backend *backend = NULL;
	int rc = buf_printf(&index, err, "%s.idx", stem);
	int done;

	if (rc < 0)
		goto out;
	done = git_odb_new(&salvage.odb);
	if (done == 0)
		done = git_odb_backend_one_pack(&backend, buf_text(&index));
	if (done == 0)
		done = git_odb_add_backend(salvage.odb, backend, 1);
	/* Where even its index is of no use, all comes from elsewhere. */
	if (done == 0)
		(void)!git_odb_foreach(salvage.odb, salvage_one, &salvage);
	rc = salvage.rc < 0 ? salvage.rc : store_flush(mending->store, err);
	git_odb_free(salvage.odb);
out:
	buf_release(&index);
	return rc;
}

static int pack_aside(const struct mending *mending, const char *stem,
		      struct err *err)
{
	static const char *const suffixes[] = {
		".idx", ".pack", ".rev", ".bitmap", NULL
	};
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && suffixes[i]; i++) {
		buf_reset(&path);
		rc = buf_printf(&path, err, "%s%s", stem, suffixes[i]);
		if (rc == 0)
			rc = set_aside(mending, buf_text(&path), err);
	}
	buf_release(&path);
	return rc;
}

/* Every object of it, as this pack has it. */
static int read_pack(const struct mending *mending, const char *stem,
		     struct err *err)
{
	struct pack_file file;
	struct buf content = BUF_INIT(STORE_OBJECT_MAX);
	unsigned type;
	size_t i;
	int rc = pack_file_open(&file, stem, err);

	for (i = 0; rc == 0 && i < file.n; i++)
		rc = pack_file_read(&file, i, mending->inflater, &type,
				    &content, err);
	pack_file_release(&file);
	buf_release(&content);
	return rc;
}

static int mend_pack(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const struct mending *mending = context;
	struct buf stem = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct err reason = ERR_INIT;
	struct err again = ERR_INIT;
	int rc;

	if (kind != DIR_KIND_FILE || !span_ends(span_str(name), ".pack"))
		return 0;
	rc = buf_printf(&path, err, "%s/%s", mending->folder, name);
	if (rc == 0)
		rc = buf_printf(&stem, err, "%.*s",
				(int)(path.len - strlen(".pack")), path.data);
	if (rc < 0)
		goto out;
	rc = read_pack(mending, buf_text(&stem), &reason);
	if (rc == 0 || rc == ERR_LIMIT) {
		rc = 0;
		goto out;
	}
	/* Is it only the index? */
	rc = index_anew(buf_text(&stem), mending->options->work, &again);
	if (rc == 0)
		rc = read_pack(mending, buf_text(&stem), &again);
	/* A full disk, say, is no damage of the pack. */
	if (rc < 0 && rc != ERR_CORRUPT && rc != ERR_LIMIT) {
		err_set(err, (enum err_code)rc, "%s", again.text);
		goto out;
	}
	if (rc == 0) {
		rc = mend_tell(mending, "damaged-index", buf_text(&path),
			       "its index was lost or damaged, and is made anew",
			       err);
		goto out;
	}
	rc = mend_tell(mending, "damaged-pack", buf_text(&path), reason.text,
		       err);
	if (rc == 0)
		rc = salvage_pack(mending, buf_text(&stem), err);
	if (rc == 0)
		rc = pack_aside(mending, buf_text(&stem), err);
out:
	buf_release(&path);
	buf_release(&stem);
	return rc;
}

/* Our reader of loose objects comes before packs, so this is the file. */
static int mend_loose(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct mending *mending = context;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	git_odb_object *object = NULL;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;
	int rc = 0;

	if (kind != DIR_KIND_FILE || strlen(name) != GIT_OID_HEXSZ - 2)
		return 0;
	snprintf(hex, sizeof(hex), "%s%s", path_base(mending->folder), name);
	if (git_oid_fromstr(&id, hex) == 0 &&
	    git_odb_read(&object, mending->store->odb, &id) < 0) {
		rc = buf_printf(&path, err, "%s/%s", mending->folder, name);
		if (rc == 0)
			rc = mend_tell(mending, "damaged-object",
				       buf_text(&path),
				       "the loose object is damaged", err);
		if (rc == 0)
			rc = set_aside(mending, buf_text(&path), err);
	}
	git_odb_object_free(object);
	buf_release(&path);
	return rc;
}

static int mend_folder(void *context, const char *name, enum dir_kind kind,
		       struct err *err)
{
	const struct mending *mending = context;
	struct mending inner = *mending;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	bool is_pack = !strcmp(name, "pack");
	int rc;

	if (kind != DIR_KIND_DIR || (!is_pack && strlen(name) != 2))
		return 0;
	rc = buf_printf(&path, err, "%s/%s", mending->folder, name);
	inner.folder = buf_text(&path);
	if (rc == 0)
		rc = dir_each(inner.folder, is_pack ? mend_pack : mend_loose,
			      &inner, err);
	buf_release(&path);
	return rc;
}

int store_mend_objects(struct store *store,
		       const struct mend_options *options, struct err *err)
{
	struct mending mending = { store, options, store->objects_path, NULL };
	int rc = inflater_new(&mending.inflater, err);

	if (rc == 0)
		rc = dir_each(mending.folder, mend_folder, &mending, err);
	inflater_free(mending.inflater);
	store_discard(store);
	return rc < 0 ? rc : store_reopen(store, err);
}
