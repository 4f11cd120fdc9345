#include "cmd/import/import.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/import/sniff.h"
#include "cmd/import/unchanged.h"
#include "lib/dir.h"
#include "lib/file.h"
#include "lib/path.h"

#define FOLDERS_DEEP 64

static int add_source(struct import_job *job, const char *path, bool is_folder,
		      bool was_walked)
{
	struct err *err = &job->session->err;
	size_t cap = job->sources_cap ? job->sources_cap * 2 : 16;
	struct import_source *grown = job->sources;
	struct import_source source = {
		.input = IMPORT_INPUT_INIT,
		.extra = JCS_FIELDS_INIT,
		.notes = BUF_INIT(1 << 16),
		.kept = BUF_INIT(BUF_NO_LIMIT),
		.was_walked = was_walked,
	};
	size_t len = strlen(path) + 1;

	if (job->sources_n == job->sources_cap) {
		grown = realloc(grown, cap * sizeof(*grown));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		job->sources = grown;
		job->sources_cap = cap;
	}
	source.input.is_folder = is_folder;
	source.input.path = malloc(len);
	if (!source.input.path)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(source.input.path, path, len);
	job->sources[job->sources_n++] = source;
	return 0;
}

struct walk {
	struct import_job *job;
	const char *path;
	size_t depth;
};

static int walk_folder(struct import_job *job, const char *path, size_t depth);

/* Symlinks may lead anywhere, so they are left alone. */
static int walk_entry(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct walk *walk = arg;
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	if (kind != DIR_KIND_FILE && kind != DIR_KIND_DIR)
		return 0;
	rc = path_join(&path, walk->path, name, err);
	if (rc >= 0 && kind == DIR_KIND_DIR)
		rc = walk_folder(walk->job, buf_text(&path), walk->depth + 1);
	else if (rc >= 0)
		rc = add_source(walk->job, buf_text(&path), false, true);
	buf_release(&path);
	return rc;
}

/* A folder may be one source as a whole. */
static bool is_source(const struct import_job *job, const char *path)
{
	struct import_input input = IMPORT_INPUT_INIT;
	const struct importer *const *at;

	input.path = (char *)(uintptr_t)path;
	input.is_folder = true;
	for (at = importer_table; *at; at++) {
		if ((!job->format || job->format == *at) &&
		    (*at)->sniff(&input))
			return true;
	}
	return false;
}

static int walk_folder(struct import_job *job, const char *path, size_t depth)
{
	struct walk walk = { job, path, depth };
	struct err *err = &job->session->err;

	if (depth > FOLDERS_DEEP)
		return err_set(err, ERR_LIMIT, "folders are nested too deep "
			       "at '%s'", path);
	/* Opening it will say why it is refused. */
	if (access(path, R_OK | X_OK) < 0)
		return add_source(job, path, false, false);
	if (is_source(job, path))
		return add_source(job, path, true, depth > 0);
	return dir_each(path, walk_entry, &walk, err);
}

int import_gather(struct import_job *job, const char *path)
{
	if (strcmp(path, "-") && file_is_dir(path))
		return walk_folder(job, path, 0);
	return add_source(job, path, false, false);
}

static int refuse_unknown(struct import_source *source, struct err *err)
{
	struct buf text = BUF_INIT(4096);
	int rc;

	rc = buf_add_str(&text, "this is ", err);
	if (rc >= 0)
		rc = sniff_describe(buf_span(&source->input.head), &text, err);
	if (rc >= 0)
		rc = buf_add_str(&text, ", which is not known here; known "
				 "formats: ", err);
	if (rc >= 0)
		rc = importer_names(&text, err);
	if (rc >= 0)
		rc = import_refuse(source, buf_text(&text), NULL, err);
	/* Whoever points at a folder expects strangers in it. */
	if (rc >= 0 && source->was_walked)
		source->is_refused = false;
	buf_release(&text);
	return rc;
}

static int find_format(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	const struct importer *const *at;
	struct err why = ERR_INIT;
	int rc;

	rc = input_open(&source->input, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return import_refuse_err(source, &why, err);
	source->format = job->format;
	for (at = importer_table; *at && !source->format; at++) {
		if ((*at)->sniff(&source->input))
			source->format = *at;
	}
	return source->format ? 0 : refuse_unknown(source, err);
}

/* One that is known by its hash needs no more looking at. */
static int identify(struct import_job *job, struct import_source *source)
{
	struct err *err = &job->session->err;
	int rc;

	rc = unchanged_find(job, source, err);
	if (rc)
		return rc;
	rc = find_format(job, source, err);
	if (rc)
		return rc;
	job->bytes_total += source->input.size;
	if (source->format->identify)
		rc = source->format->identify(job, source, err);
	else
		rc = import_name(job, source,
				 span_str(source->format->construct), err);
	if (rc < 0)
		err_prefix(err, "'%s'", source->input.path);
	return rc;
}

int import_identify(struct import_job *job)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		rc = identify(job, &job->sources[i]);
		input_close(&job->sources[i].input);
	}
	return rc < 0 ? rc : 0;
}
