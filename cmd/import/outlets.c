#include "cmd/import/outlets.h"

#include <stdlib.h>

#include "cmd/import/others.h"
#include "lib/array.h"

static int make_subject(const struct outlet *outlet, struct buf *out,
			struct err *err)
{
	const struct importer *format = outlet->format;

	if (!format)
		return buf_add_str(out, "import", err);
	return buf_printf(out, err, "import: %zu %s", outlet->sources,
			  outlet->sources == 1 ? format->one : format->many);
}

/* The results of a construct so far; made where there are none. */
static int find_result(struct import_results *results, const char *construct,
		       struct import_result **out, struct err *err)
{
	void *list = results->at;
	size_t i;
	int rc;

	for (i = 0; i < results->n; i++) {
		*out = &results->at[i];
		if (!strcmp((*out)->construct, construct))
			return 0;
	}
	rc = array_grow(&list, &results->cap, results->n,
			sizeof(*results->at), err);
	results->at = list;
	if (rc < 0)
		return rc;
	*out = &results->at[results->n++];
	memset(*out, 0, sizeof(**out));
	memcpy((*out)->construct, construct, strlen(construct) + 1);
	return 0;
}

static int add_result(struct import_results *results, struct outlet *outlet,
		      const struct write_result *write, struct err *err)
{
	struct import_result *result;
	int rc;

	rc = find_result(results, outlet->construct, &result, err);
	if (rc < 0)
		return rc;
	result->write.records_new += write->records_new;
	result->write.records_known += write->records_known;
	if (write->has_version)
		result->write.version = write->version;
	result->write.has_version |= write->has_version;
	if (result->others)
		return others_merge(result->others, outlet->others, err);
	result->others = outlet->others;
	outlet->others = NULL;
	return 0;
}

static void outlet_free(struct outlet *outlet)
{
	writer_free(outlet->writer);
	others_free(outlet->others);
	free(outlet);
}

static void close_outlet(struct outlets *outlets, size_t at)
{
	outlet_free(outlets->at[at]);
	outlets->at[at] = outlets->at[--outlets->n];
}

static int commit_one(struct outlets *outlets, size_t at, struct err *err)
{
	struct outlet *outlet = outlets->at[at];
	struct buf subject = BUF_INIT(256);
	struct write_result result;
	int rc;

	rc = make_subject(outlet, &subject, err);
	if (rc >= 0)
		rc = writer_commit(outlet->writer, buf_text(&subject),
				   &result, err);
	if (rc >= 0)
		rc = add_result(outlets->results, outlet, &result, err);
	if (rc >= 0)
		close_outlet(outlets, at);
	buf_release(&subject);
	return rc;
}

static size_t longest_unused(const struct outlets *outlets)
{
	size_t found = 0;
	size_t i;

	for (i = 1; i < outlets->n; i++) {
		if (outlets->at[i]->last_used < outlets->at[found]->last_used)
			found = i;
	}
	return found;
}

static int outlet_new(struct import_job *job, const char *construct,
		      struct outlet **out, struct err *err)
{
	unsigned flags = WRITER_MAY_CREATE |
		(job->is_dry_run ? WRITER_DRY_RUN : 0);
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	int rc;

	if (!outlet)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(outlet->construct, construct, strlen(construct) + 1);
	rc = writer_new(job->vault, construct, flags, &outlet->writer, err);
	if (rc >= 0)
		rc = others_new(job, construct, &outlet->others, err);
	if (rc < 0) {
		outlet_free(outlet);
		return rc;
	}
	outlet->judge = others_judge(outlet->others);
	*out = outlet;
	return 0;
}

static int add_outlet(struct import_job *job, const char *construct,
		      struct err *err)
{
	struct outlets *outlets = job->outlets;
	void *list;
	int rc = 0;

	if (outlets->n == OUTLETS_MAX)
		rc = commit_one(outlets, longest_unused(outlets), err);
	if (rc < 0)
		return rc;
	list = outlets->at;
	rc = array_grow(&list, &outlets->cap, outlets->n, sizeof(*outlets->at),
			err);
	outlets->at = list;
	if (rc >= 0)
		rc = outlet_new(job, construct, &outlets->at[outlets->n], err);
	if (rc >= 0)
		outlets->n++;
	return rc;
}

int outlets_open(struct import_job *job, const char *construct,
		 struct outlet **out, struct err *err)
{
	struct outlets *outlets = job->outlets;
	struct outlet *outlet;
	size_t i;
	int rc;

	for (i = 0; i < outlets->n; i++) {
		if (!strcmp(outlets->at[i]->construct, construct))
			break;
	}
	if (i == outlets->n) {
		rc = add_outlet(job, construct, err);
		if (rc < 0)
			return rc;
		i = outlets->n - 1;
	}
	outlet = outlets->at[i];
	outlet->last_used = ++outlets->now;
	if (job->current)
		writer_claim(outlet->writer, &job->current->claim,
			     &outlet->judge);
	*out = outlet;
	return 0;
}

int outlets_settle(struct outlets *outlets, size_t more, struct err *err)
{
	size_t i;
	int rc = 0;

	outlets->waiting += more;
	if (outlets->waiting < OUTLETS_WAITING)
		return 0;
	outlets->waiting = 0;
	/* A single one settles itself when its batch is full. */
	for (i = 0; rc >= 0 && outlets->n > 1 && i < outlets->n; i++)
		rc = writer_settle(outlets->at[i]->writer, err);
	return rc;
}

int outlets_commit(struct outlets *outlets, struct err *err)
{
	int rc = 0;

	while (rc >= 0 && outlets->n)
		rc = commit_one(outlets, 0, err);
	outlets->waiting = 0;
	return rc;
}

void outlets_drop(struct outlets *outlets)
{
	while (outlets->n)
		close_outlet(outlets, outlets->n - 1);
	free(outlets->at);
	outlets->at = NULL;
	outlets->cap = 0;
}
