#include "cmd/import/run.h"

#include "cmd/import/beside/home.h"
#include "cmd/import/copies.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/input/media.h"
#include "cmd/import/input/unchanged.h"
#include "cmd/import/parse/packed/tar.h"
#include "cmd/import/parse/zip.h"
#include "cmd/import/sniff.h"
#include "cmd/import/strangers.h"

/* A database is called by the names of its tables, or of its program. */
static int describe_database(struct database *db, struct buf *out,
			     struct err *err)
{
	const char *stranger = stranger_of_database(db);
	int rc;

	if (stranger)
		return buf_printf(out, err, "this is %s, which is not read "
				  "here yet: keep the file, a later version "
				  "may read it", stranger);
	buf_put_str(out, "this is an SQLite database with the tables ");
	rc = database_describe(db, out, err);
	buf_put_str(out, ", which is not known here");
	return rc < 0 ? rc : buf_end(out, err);
}

/* Whoever points at a folder of many things means no text that lies there. */
static bool is_text_beside(const struct import_source *source)
{
	const char *media = media_of_file(source->input.path,
					  span_of(NULL, 0));
	struct span head = buf_span(&source->input.head);

	return source->was_walked && !source->input.bundle && head.len &&
	       !memchr(head.at, '\0', head.len) &&
	       (!strcmp(media, "text/markdown") ||
		!strcmp(media, "text/plain"));
}

static int describe(const struct import_source *source, struct buf *out,
		    struct err *err)
{
	const struct import_input *input = &source->input;
	struct span head = buf_span(&input->head);
	const char *encoding = sniff_encoding(head);

	if (source->is_stray)
		return buf_add_str(out, IMPORT_STRAY, err);
	if (input->database)
		return describe_database(input->database, out, err);
	if ((input->archive || input->unpack) &&
	    (zip_is_magic(head) || tar_is_any(head)))
		return buf_add_str(out, "this is an archive inside another, "
				   "which is not opened: unpack it, and "
				   "import what is in it", err);
	if (encoding)
		return buf_printf(out, err, "this is %s text: convert it to "
				  "UTF-8", encoding);
	if (!input->bundle && stranger_of(head))
		return buf_printf(out, err, "this is %s, which is not read "
				  "here yet: keep the file, a later version "
				  "may read it", stranger_of(head));
	if (is_text_beside(source))
		return buf_add_str(out, "this is a text among other things: "
				   "it comes as a note where it is named",
				   err);
	buf_put_str(out, "this is ");
	sniff_describe(head, out);
	buf_put_str(out, ", which is not known here");
	return buf_end(out, err);
}

/* No refusal of what was asked for. */
static int leave(struct import_source *source, const char *reason,
		 struct err *err)
{
	int rc = import_skip(source, reason, NULL, err);

	source->is_done = true;
	return rc < 0 ? rc : IMPORT_REFUSED;
}

static int refuse_unknown(struct import_source *source, struct err *err)
{
	struct buf text = BUF_INIT(4096);
	int rc = describe(source, &text, err);

	/* Whoever points at a folder expects strangers in it. */
	if (rc == 0)
		rc = source->was_walked ? leave(source, buf_text(&text), err) :
			import_refuse(source, buf_text(&text), NULL, err);
	buf_release(&text);
	return rc;
}

static int open_input(struct import_source *source, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = input_open(&source->input, &why);

	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	return rc < 0 ? import_refuse_err(source, &why, err) : 0;
}

/* Where it lies; nothing for what lies nowhere, or too deep to tell. What was
 * found lies where its path says. */
static int find_place(const struct import_job *job,
		      const struct import_source *source, struct buf *out,
		      struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	if (job->options.is_found) {
		buf_reset(out);
		return buf_add_str(out, source->input.path, err);
	}
	rc = source->input.is_folder || source->is_stray ? 0 :
		beside_place(&source->input, out, &why);
	if (rc == 0)
		return 0;
	buf_reset(out);
	return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

/* Another format than the one that is asked for says nothing of places. */
static bool is_asked(const struct import_job *job,
		     const struct importer *format)
{
	return !job->options.format || job->options.format == format;
}

/* What an input is by its place, to which format, and why it is left alone. */
static enum import_place place_of(const struct import_job *job,
				  const struct import_input *input,
				  struct span place,
				  const struct importer **out_format,
				  const char **out_reason)
{
	enum import_place found = PLACE_ANYWHERE;
	const struct importer *const *at;

	*out_reason = HOME_SECRET;
	if (home_is_secret(beside_part(place, 0)))
		found = PLACE_APART;
	if (!found && input_is_beside_database(input))
		found = PLACE_BESIDE;
	for (at = importer_table; *at && !found; at++) {
		if ((*at)->place && place.len && is_asked(job, *at))
			found = (*at)->place(input, place, out_reason);
		if (found == PLACE_OWN)
			*out_format = *at;
	}
	return found;
}

/*
 * What the place decides is never opened to look whether it might be
 * something else: it may be a secret, or a copy of anything. One that is left
 * alone in a folder is what it looks like where it was named.
 */
static int judge_place(const struct import_job *job,
		       struct import_source *source, struct span place,
		       struct err *err)
{
	const struct importer *format = NULL;
	const char *reason;
	enum import_place found = place_of(job, &source->input, place, &format,
					   &reason);

	if (found == PLACE_OWN)
		source->format = format;
	source->is_late = found == PLACE_OWN;
	source->is_part = found == PLACE_BESIDE && source->was_walked;
	source->is_done = found == PLACE_BESIDE;
	if (source->is_part)
		return IMPORT_REFUSED;
	if (found == PLACE_BESIDE)
		return leave(source, "this is read with the source that it "
			     "lies beside", err);
	if (found != PLACE_APART || !source->was_walked)
		return 0;
	fields_bool(&source->extra, "apart", true);
	return leave(source, reason, err);
}

int import_is_part(const struct import_job *job, const char *path,
		   bool *out_is, struct err *err)
{
	struct import_source source = IMPORT_SOURCE_INIT;
	const struct importer *format;
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	const char *reason;
	int rc;

	source.input.path = (char *)(uintptr_t)path;
	source.input.is_plain = true;
	rc = find_place(job, &source, &place, err);
	if (rc == 0)
		*out_is = place_of(job, &source.input, buf_span(&place),
				   &format, &reason) == PLACE_BESIDE;
	buf_release(&place);
	return rc;
}

/* One that was found in a folder is none the worse for being broken, unless it
 * lies where a program keeps its own. */
static int open_database(const struct import_job *job,
			 struct import_source *source, struct err *err)
{
	struct database *db;
	struct err why = ERR_INIT;
	int rc;

	if (source->input.bundle || source->input.is_folder ||
	    !database_is_magic(buf_span(&source->input.head)))
		return 0;
	rc = input_database(&source->input, &db, &why);
	source->is_database = !source->input.archive &&
			      !source->input.is_pipe && !source->input.unpack;
	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	if (rc < 0)
		return source->was_walked && !job->options.is_found ?
		       leave(source, why.text, err) :
		       import_refuse(source, why.text, NULL, err);
	return 0;
}

static int find_format(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	const struct importer *const *at;
	int rc;

	if (source->is_stray)
		return refuse_unknown(source, err);
	rc = open_input(source, err);
	if (rc == 0)
		rc = open_database(job, source, err);
	if (rc || source->format)
		return rc;
	source->format = job->options.format;
	if (!source->input.bundle && !source->input.database &&
	    (sniff_encoding(buf_span(&source->input.head)) ||
	     (!source->format && stranger_of(buf_span(&source->input.head)))))
		return refuse_unknown(source, err);
	for (at = importer_table; *at && !source->format; at++) {
		if (importer_knows(*at, &source->input))
			source->format = *at;
	}
	return source->format ? 0 : refuse_unknown(source, err);
}

/* What may lie beside it, whatever its format is: one whose neighbours have
 * changed is not unchanged. */
static int look_beside(struct import_source *source, struct span place,
		       struct err *err)
{
	struct beside *beside = &source->beside;
	const struct importer *const *at;
	int rc = 0;

	for (at = importer_table; *at && rc == 0 && place.len; at++) {
		if (!(*at)->beside)
			continue;
		rc = (*at)->beside(&source->input, place, beside, err);
		if (rc == 0)
			beside_look(beside, &source->input, place);
		beside_release(beside);
	}
	return rc;
}

static int find_beside(struct import_source *source, struct span place,
		       struct err *err)
{
	int rc;

	if (!source->format->beside || !place.len)
		return 0;
	rc = source->format->beside(&source->input, place, &source->beside,
				    err);
	return rc < 0 ? rc : beside_load(source, place, err);
}

/* Is it known at a glance? */
static int glance_at(struct import_job *job, struct import_source *source,
		     struct buf *place, bool *out_is_known, struct err *err)
{
	int rc = find_place(job, source, place, err);

	if (rc == 0 && !source->is_stray)
		rc = judge_place(job, source, buf_span(place), err);
	if (rc == 0)
		rc = look_beside(source, buf_span(place), err);
	return rc ? rc : unchanged_glance(job, source, out_is_known, err);
}

/* Else its format, and what lies beside it. */
static int look_at(struct import_job *job, struct import_source *source,
		   bool *out_is_known, struct err *err)
{
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = glance_at(job, source, &place, out_is_known, err);
	if (rc == 0 && !*out_is_known)
		rc = find_format(job, source, err);
	if (rc == 0 && !*out_is_known)
		rc = find_beside(source, buf_span(&place), err);
	buf_release(&place);
	return rc;
}

/* What was written for an agent out of a session goes on in its construct. */
static int find_construct(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	const char *construct = NULL;
	int rc = source->format->identify ?
		source->format->identify(job, source, err) :
		import_name(job, source, span_str(source->format->construct),
			    err);

	if (rc == 0)
		rc = copies_construct(job, source->input.path, &construct,
				      err);
	if (rc == 0 && construct)
		memcpy(source->construct, construct, strlen(construct) + 1);
	return rc;
}

/*
 * One that is known by its hash needs no more looking at. Only what is of a
 * known format is hashed: strangers in a folder may be large and many.
 */
static int identify_identify(struct import_job *job,
			     struct import_source *source, struct err *err)
{
	const struct importer *format;
	bool is_known = false;
	int rc;

	rc = look_at(job, source, &is_known, err);
	if (rc)
		return rc;
	format = source->format;
	if (!is_known)
		rc = unchanged_find(job, source, &is_known, err);
	/* One that awaits others may have what these speak of. */
	if (rc < 0 || (is_known && !source->awaits))
		return rc;
	source->format = format;
	rc = open_input(source, err);
	if (rc)
		return rc;
	if (!is_known)
		job->progress.total += source->input.size;
	rc = find_construct(job, source, err);
	if (rc < 0)
		err_prefix(err, "'%s'", source->input.path);
	return rc;
}

int import_identify(struct import_job *job, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		if (job->sources[i].is_done)
			continue;
		rc = identify_identify(job, &job->sources[i], err);
		input_close(&job->sources[i].input);
	}
	return rc < 0 ? rc : 0;
}

int import_glance(struct import_job *job, const char *const *paths, size_t n,
		  struct err *err)
{
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	bool is_known = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++)
		rc = import_gather(job, paths[i], err);
	for (i = 0; rc >= 0 && i < job->sources_n; i++)
		rc = glance_at(job, &job->sources[i], &place, &is_known, err);
	buf_release(&place);
	return rc < 0 ? rc : 0;
}
