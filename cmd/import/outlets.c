#include "cmd/import/outlets.h"

#include <stdlib.h>

#include "cmd/import/others.h"
#include "lib/base/array.h"

static int make_subject(const struct outlet *outlet, struct buf *out,
			struct err *err)
{
	const struct importer *format = outlet->format;

	if (!format)
		return buf_add_str(out, "import", err);
	return buf_printf(out, err, "import: %zu %s", outlet->sources,
			  outlet->sources == 1 ? format->one : format->many);
}

static int add_result(struct import_results *results, struct outlet *outlet,
		      const struct write_result *write, struct err *err)
{
	struct import_result *result;
	int rc;

	rc = import_result_make(results, outlet->construct, &result, err);
	if (rc < 0)
		return rc;
	result->write.records_new += write->records_new;
	result->write.records_known += write->records_known +
				       outlet->repeated;
	result->write.records_beside += write->records_beside;
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

/* Versions for all, together; their results, in the order of the outlets. */
static int commit_all(struct outlets *outlets, struct commit *commits,
		      struct buf *subjects, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < outlets->n; i++) {
		subjects[i] = (struct buf)BUF_INIT(256);
		rc = make_subject(outlets->at[i], &subjects[i], err);
		commits[i].writer = outlets->at[i]->writer;
		commits[i].subject = buf_text(&subjects[i]);
	}
	if (rc == 0)
		rc = writers_commit(commits, outlets->n, err);
	for (i = 0; rc == 0 && i < outlets->n; i++)
		rc = add_result(outlets->results, outlets->at[i],
				&commits[i].result, err);
	return rc;
}

static void close_all(struct outlets *outlets)
{
	while (outlets->n)
		outlet_free(outlets->at[--outlets->n]);
	outlets->last = NULL;
	outlets->waiting = 0;
}

int outlets_commit(struct outlets *outlets, struct err *err)
{
	struct commit *commits = calloc(outlets->n + 1, sizeof(*commits));
	struct buf *subjects = calloc(outlets->n + 1, sizeof(*subjects));
	size_t i;
	int rc;

	rc = commits && subjects ? commit_all(outlets, commits, subjects, err)
		: err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; subjects && i < outlets->n; i++)
		buf_release(&subjects[i]);
	free(commits);
	free(subjects);
	if (rc == 0)
		close_all(outlets);
	return rc;
}

static int outlet_new(struct import_job *job, const char *construct,
		      struct outlet **out, struct err *err)
{
	unsigned flags = WRITER_MAY_CREATE |
		(job->options.is_dry_run ? WRITER_DRY_RUN : 0);
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	int rc;

	if (!outlet)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(outlet->construct, construct, strlen(construct) + 1);
	rc = writer_new(job->vault, construct, flags, &outlet->writer, err);
	if (rc == 0)
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
	int rc = 0;

	if (outlets->n == OUTLETS_MAX)
		rc = outlets_commit(outlets, err);
	if (rc == 0)
		rc = array_room(outlets, err);
	if (rc == 0)
		rc = outlet_new(job, construct, &outlets->at[outlets->n], err);
	if (rc == 0)
		outlets->n++;
	return rc;
}

static struct outlet *find_outlet(const struct outlets *outlets,
				  const char *construct)
{
	size_t i;

	/* Most records go where the one before them went. */
	if (outlets->last && !strcmp(outlets->last->construct, construct))
		return outlets->last;
	for (i = 0; i < outlets->n; i++) {
		if (!strcmp(outlets->at[i]->construct, construct))
			return outlets->at[i];
	}
	return NULL;
}

bool outlets_has(const struct outlets *outlets, const char *construct)
{
	return find_outlet(outlets, construct) != NULL;
}

int outlets_open(struct import_job *job, const char *construct,
		 struct outlet **out, struct err *err)
{
	struct outlets *outlets = job->outlets;
	struct outlet *outlet = find_outlet(outlets, construct);
	int rc;

	if (!outlet) {
		rc = add_outlet(job, construct, err);
		if (rc < 0)
			return rc;
		outlet = outlets->at[outlets->n - 1];
	}
	outlets->last = outlet;
	if (job->current)
		writer_claim(outlet->writer, &job->current->claim,
			     &outlet->judge);
	*out = outlet;
	return 0;
}

void outlet_count(struct outlet *outlet, const struct importer *format)
{
	outlet->sources++;
	if (!outlet->format)
		outlet->format = format;
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
	for (i = 0; rc == 0 && outlets->n > 1 && i < outlets->n; i++)
		rc = writer_settle(outlets->at[i]->writer, err);
	return rc;
}

void outlets_drop_one(struct outlets *outlets, const char *construct)
{
	size_t i;

	for (i = outlets->n; i-- > 0;) {
		if (strcmp(outlets->at[i]->construct, construct))
			continue;
		outlet_free(outlets->at[i]);
		outlets->at[i] = outlets->at[--outlets->n];
	}
	outlets->last = NULL;
}

void outlets_drop(struct outlets *outlets)
{
	close_all(outlets);
	free(outlets->at);
	outlets->at = NULL;
	outlets->cap = 0;
}
