#include "cmd/import/run.h"

#include "cmd/import/input/unchanged.h"
#include "cmd/import/parse/zip.h"
#include "cmd/import/sniff.h"
#include "cmd/import/strangers.h"

static int describe(const struct import_source *source, struct buf *out,
		    struct err *err)
{
	const struct import_input *input = &source->input;
	struct span head = buf_span(&input->head);
	const char *encoding = sniff_encoding(head);

	if (source->is_stray)
		return buf_add_str(out, IMPORT_STRAY, err);
	if (input->archive && zip_is_magic(head))
		return buf_add_str(out, "this is an archive inside another, "
				   "which is not opened", err);
	if (encoding)
		return buf_printf(out, err, "this is %s text: convert it to "
				  "UTF-8", encoding);
	if (!input->bundle && stranger_of(head))
		return buf_printf(out, err, "this is %s, which is not read "
				  "here yet", stranger_of(head));
	buf_put_str(out, "this is ");
	sniff_describe(head, out);
	buf_put_str(out, ", which is not known here");
	return buf_end(out, err);
}

static int refuse_unknown(struct import_source *source, struct err *err)
{
	struct buf text = BUF_INIT(4096);
	int rc = describe(source, &text, err);

	if (rc == 0)
		rc = import_refuse(source, buf_text(&text), NULL, err);
	/* Whoever points at a folder expects strangers in it. */
	if (rc >= 0 && source->was_walked) {
		source->is_refused = false;
		source->is_unread = false;
	}
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

static int find_format(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	const struct importer *const *at;
	int rc;

	if (source->is_stray)
		return refuse_unknown(source, err);
	rc = open_input(source, err);
	if (rc)
		return rc;
	source->format = job->options.format;
	if (!source->input.bundle &&
	    (sniff_encoding(buf_span(&source->input.head)) ||
	     (!source->format && stranger_of(buf_span(&source->input.head)))))
		return refuse_unknown(source, err);
	for (at = importer_table; *at && !source->format; at++) {
		if (importer_knows(*at, &source->input))
			source->format = *at;
	}
	return source->format ? 0 : refuse_unknown(source, err);
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

	rc = unchanged_glance(job, source, &is_known, err);
	if (rc < 0 || is_known)
		return rc;
	rc = find_format(job, source, err);
	if (rc)
		return rc;
	format = source->format;
	rc = unchanged_find(job, source, &is_known, err);
	if (rc < 0 || is_known)
		return rc;
	source->format = format;
	rc = open_input(source, err);
	if (rc)
		return rc;
	job->progress.total += source->input.size;
	if (format->identify)
		rc = format->identify(job, source, err);
	else
		rc = import_name(job, source, span_str(format->construct),
				 err);
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
