#include "cmd/import/import.h"

#include <stdlib.h>

static int read_source(struct import_job *job, struct import_source *source)
{
	struct err *err = &job->session->err;
	struct err why = ERR_INIT;
	int rc;

	source->is_done = true;
	rc = input_open(&source->input, &why);
	if (rc < 0)
		return import_refuse_err(source, &why, err);
	rc = source->format->read(job, source, err);
	if (rc < 0)
		err_prefix(err, "'%s'", source->input.path);
	input_finish(&source->input);
	return rc;
}

/* Does it go into the same version as the first one? */
static bool is_together(const struct import_source *first,
			const struct import_source *other)
{
	if (other == first)
		return true;
	return !other->is_done && !first->format->is_streamed &&
	       !other->format->is_streamed &&
	       !strcmp(first->construct, other->construct);
}

static int make_subject(const struct importer *format, size_t sources,
			struct buf *out, struct err *err)
{
	return buf_printf(out, err, "import: %zu %s", sources,
			  sources == 1 ? format->one : format->many);
}

static int add_result(struct import_results *results, const char *construct,
		      const struct write_result *write, struct err *err)
{
	size_t cap = results->cap ? results->cap * 2 : 4;
	struct import_result *grown = results->at;
	struct import_result *result;
	size_t i;

	for (i = 0; i < results->n; i++) {
		result = &results->at[i];
		if (strcmp(result->construct, construct))
			continue;
		result->write.records_new += write->records_new;
		result->write.records_known += write->records_known;
		if (write->has_version)
			result->write.version = write->version;
		result->write.has_version |= write->has_version;
		return 0;
	}
	if (results->n == results->cap) {
		grown = realloc(grown, cap * sizeof(*grown));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		results->at = grown;
		results->cap = cap;
	}
	result = &results->at[results->n++];
	memset(result, 0, sizeof(*result));
	memcpy(result->construct, construct, strlen(construct) + 1);
	result->write = *write;
	return 0;
}

/* All that goes with sources[first]; a broken stream leaves nothing. */
static int read_group(struct import_job *job, size_t first, size_t *out_taken)
{
	struct import_source *leader = &job->sources[first];
	size_t i;
	int rc = 0;

	for (i = first; rc >= 0 && i < job->sources_n; i++) {
		if (!is_together(leader, &job->sources[i]))
			continue;
		rc = read_source(job, &job->sources[i]);
		*out_taken += rc == 0;
	}
	return rc < 0 ? rc : 0;
}

static int write_group(struct import_job *job, size_t first,
		       struct import_results *results)
{
	const struct import_source *leader = &job->sources[first];
	struct err *err = &job->session->err;
	struct buf subject = BUF_INIT(256);
	struct write_result result;
	size_t taken = 0;
	int rc;

	rc = writer_new(job->vault, leader->construct, WRITER_MAY_CREATE,
			&job->writer, err);
	if (rc < 0)
		return rc;
	rc = read_group(job, first, &taken);
	memset(&result, 0, sizeof(result));
	if (rc >= 0 && taken) {
		rc = make_subject(leader->format, taken, &subject, err);
		if (rc >= 0)
			rc = writer_commit(job->writer, buf_text(&subject),
					   &result, err);
	}
	if (rc >= 0)
		rc = add_result(results, leader->construct, &result, err);
	writer_free(job->writer);
	job->writer = NULL;
	buf_release(&subject);
	return rc;
}

int import_write(struct import_job *job, struct import_results *out)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		if (!job->sources[i].is_done)
			rc = write_group(job, i, out);
	}
	return rc;
}
