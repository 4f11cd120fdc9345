#include "cmd/import/run.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/import/beside/home.h"
#include "cmd/import/input/archive.h"
#include "cmd/import/input/bundle.h"
#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

static int add_source(struct import_job *job, const char *path,
		      struct import_source **out, struct err *err)
{
	const struct import_source source = IMPORT_SOURCE_INIT;
	char *copy;
	int rc;

	rc = array_room_in(job->sources, job->sources_n, job->sources_cap, err);
	if (rc < 0)
		return rc;
	copy = strdup(path);
	if (!copy)
		return err_set(err, ERR_NOMEM, "out of memory");
	*out = &job->sources[job->sources_n++];
	**out = source;
	(*out)->input.path = copy;
	(*out)->input.standard_input = job->options.input;
	(*out)->input.room = job->options.temp_folder;
	return 0;
}

/* One that was found in a folder or archive, unless is_named. */
static int add_plain(struct import_job *job, const char *path, bool is_named,
		     struct err *err)
{
	struct import_source *source;
	int rc = add_source(job, path, &source, err);

	if (rc < 0)
		return rc;
	source->was_walked = !is_named;
	source->input.is_plain = !is_named;
	return 0;
}

/* A folder or archive may be one source as a whole. */
static bool is_source(const struct import_job *job, const char *path,
		      bool is_named, bool is_folder, struct bundle *bundle)
{
	const struct importer *asked = job->options.format;
	struct import_input input = IMPORT_INPUT_INIT;
	const struct importer *const *at;

	input.path = (char *)(uintptr_t)path;
	input.is_folder = is_folder;
	input.bundle = bundle;
	input.is_plain = !is_named;
	for (at = importer_table; *at; at++) {
		if ((!asked || asked == *at) && importer_knows(*at, &input))
			return true;
	}
	return asked && asked->takes_folders && is_named;
}

/* What lies in a program's own folder and holds no sessions. */
static int add_apart(struct import_job *job, const char *path,
		     const struct import_home *home, struct err *err)
{
	struct import_source *source;
	int rc = add_source(job, path, &source, err);

	if (rc < 0)
		return rc;
	source->was_walked = true;
	source->is_done = true;
	fields_bool(&source->extra, "apart", true);
	return import_skip(source, home->reason, NULL, err);
}

static int add_apart_member(struct import_job *job, const char *path,
			    const char *name, size_t len,
			    const struct import_home *home, struct err *err)
{
	struct buf full = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&full, "%s" ARCHIVE_MEMBER_MARK "%.*s", path, (int)len, name);
	rc = buf_end(&full, err);
	/* The members come sorted: those of one folder one after the other. */
	if (rc == 0 && (!job->sources_n ||
			strcmp(job->sources[job->sources_n - 1].input.path,
			       buf_text(&full)) != 0))
		rc = add_apart(job, buf_text(&full), home, err);
	buf_release(&full);
	return rc;
}

static int add_member(struct import_job *job, const char *path,
		      struct archive *archive, const char *name,
		      struct err *err)
{
	struct buf full = BUF_INIT(BUF_NO_LIMIT);
	struct import_source *source;
	int rc;

	buf_putf(&full, "%s" ARCHIVE_MEMBER_MARK "%s", path, name);
	rc = buf_end(&full, err);
	if (rc == 0)
		rc = add_source(job, buf_text(&full), &source, err);
	if (rc == 0) {
		source->was_walked = true;
		source->input.archive = archive_hold(archive);
		source->input.member = source->input.path + strlen(path) +
				       strlen(ARCHIVE_MEMBER_MARK);
	}
	buf_release(&full);
	return rc;
}

static int add_members(struct import_job *job, const char *path,
		       struct archive *archive, const struct bundle *bundle,
		       struct err *err)
{
	const struct import_home *home;
	const char *name;
	size_t len;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < bundle_count(bundle); i++) {
		name = bundle_at(bundle, i)->name;
		home = home_outside(job, bundle, name, &len);
		rc = home ? add_apart_member(job, path, name, len, home, err) :
			add_member(job, path, archive, name, err);
	}
	return rc;
}

/* Links in an archive, which nobody follows. */
static int add_archive_strays(struct import_job *job, const char *path,
			      size_t n, struct err *err)
{
	struct import_source *source;
	int rc = n ? add_source(job, path, &source, err) : 0;

	if (!n || rc < 0)
		return rc;
	source->was_walked = true;
	source->is_done = true;
	while (rc == 0 && n--)
		rc = import_skip(source, IMPORT_STRAY, NULL, err);
	return rc;
}

static int add_archive(struct import_job *job, const char *path,
		       bool is_named, struct err *err)
{
	struct archive *archive = NULL;
	struct bundle *bundle = NULL;
	struct err why = ERR_INIT;
	int rc;

	rc = archive_new(path, &job->archive, &archive, err);
	if (rc < 0)
		return rc;
	rc = archive_open(archive, &bundle, &why);
	if (rc == ERR_NOMEM) {
		rc = err_set(err, ERR_NOMEM, "%s", why.text);
	} else if (rc < 0 || !bundle_count(bundle) ||
		   is_source(job, path, is_named, false, bundle)) {
		/* Opening it again will say why it is refused. */
		rc = add_plain(job, path, is_named, err);
	} else {
		rc = add_members(job, path, archive, bundle, err);
		if (rc == 0)
			rc = add_archive_strays(job, path,
						bundle_strays(bundle), err);
	}
	archive_drop(archive);
	return rc;
}

/* The parts of others may be more by far than these: they take no room, but
 * for the first, so that something was found where there are parts alone. */
static int add_found(struct import_job *job, const char *path, struct err *err)
{
	bool is_part = false;
	int rc = job->sources_n ? import_is_part(job, path, &is_part, err) : 0;

	return rc < 0 || is_part ? rc : add_plain(job, path, false, err);
}

static int add_file(struct import_job *job, const char *path, bool is_named,
		    struct err *err)
{
	if (bundle_archive_of(path))
		return add_archive(job, path, is_named, err);
	return is_named ? add_plain(job, path, true, err) :
	       add_found(job, path, err);
}

static int add_stray(struct import_job *job, const char *path,
		     struct err *err)
{
	int rc = add_plain(job, path, false, err);

	if (rc == 0)
		job->sources[job->sources_n - 1].is_stray = true;
	return rc;
}

/* The rest of a tree of folders is none the worse for one that is bottomless. */
static int add_too_deep(struct import_job *job, const char *path,
			struct err *err)
{
	struct import_source *source;
	int rc = add_source(job, path, &source, err);

	if (rc == 0)
		rc = import_refuse(source, "folders are nested too deep here",
				   NULL, err);
	return rc < 0 ? rc : 0;
}

/* A folder that is walked through. */
struct walk {
	struct import_job *job;
	const char *path;
	struct bundle *bundle;	/* of it; NULL: could not be made */
	const struct import_home *home;	/* that it is; or NULL */
	size_t depth;
};

static int walk_folder(struct walk *walk, struct err *err);

/*
 * What lies below is a part of what lies here. Where the whole could not be
 * listed, for the sake of one folder in it, the others can.
 */
static int enter_folder(const struct walk *above, const char *path,
			const char *name, struct err *err)
{
	struct walk walk = { above->job, path, NULL, NULL, above->depth + 1 };
	struct buf folder = PATH_BUF_INIT;
	struct err why = ERR_INIT;
	int rc;

	if (above->bundle) {
		rc = buf_printf(&folder, &why, "%s/", name);
		if (rc == 0)
			rc = bundle_below(above->bundle, buf_text(&folder),
					  &walk.bundle, &why);
	} else {
		rc = bundle_open(path, &walk.bundle, &why);
	}
	if (rc == ERR_NOMEM)
		rc = err_set(err, ERR_NOMEM, "%s", why.text);
	else
		rc = walk_folder(&walk, err);
	bundle_free(walk.bundle);
	buf_release(&folder);
	return rc;
}

/* Symlinks may lead anywhere, so they are left alone. */
static int walk_entry(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct walk *walk = arg;
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, walk->path, name, err);

	if (rc == 0 && walk->home &&
	    !home_has_room(walk->home, span_str(name)))
		rc = add_apart(walk->job, buf_text(&path), walk->home, err);
	else if (rc == 0 && kind == DIR_KIND_DIR)
		rc = enter_folder(walk, buf_text(&path), name, err);
	else if (rc == 0 && kind == DIR_KIND_FILE)
		rc = add_file(walk->job, buf_text(&path), false, err);
	else if (rc == 0)
		rc = add_stray(walk->job, buf_text(&path), err);
	buf_release(&path);
	return rc;
}

static int walk_folder(struct walk *walk, struct err *err)
{
	struct import_job *job = walk->job;
	int rc;

	if (walk->depth > BUNDLE_FOLDERS_DEEP)
		return add_too_deep(job, walk->path, err);
	/* Opening it will say why it is refused. */
	if (access(walk->path, R_OK | X_OK) < 0)
		return add_plain(job, walk->path, true, err);
	if (walk->bundle)
		walk->home = home_of(job, walk->bundle, walk->path,
				     span_of(NULL, 0));
	if (!walk->bundle || walk->home ||
	    !is_source(job, walk->path, !walk->depth, true,
		       walk->bundle))
		return dir_each(walk->path, walk_entry, walk, err);
	rc = add_plain(job, walk->path, !walk->depth, err);
	if (rc == 0)
		job->sources[job->sources_n - 1].input.is_folder = true;
	return rc;
}

int import_gather(struct import_job *job, const char *path, struct err *err)
{
	struct walk walk = { job, path, NULL, NULL, 0 };
	struct err why = ERR_INIT;
	int rc;

	if (job->options.is_found) {
		rc = add_plain(job, path, false, err);
		if (rc == 0)
			job->sources[job->sources_n - 1].input.is_found = true;
		return rc;
	}
	if (!strcmp(path, "-") || !file_is_dir(path))
		return add_file(job, path, true, err);
	rc = bundle_open(path, &walk.bundle, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "%s", why.text);
	rc = walk_folder(&walk, err);
	bundle_free(walk.bundle);
	return rc;
}
