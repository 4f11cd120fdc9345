#include "cmd/import/run.h"

#include <string.h>

#include "lib/json/jcs_scan.h"

/* Each format is tried in turn, so only on what is small and was named. */
#define SUGGEST_BYTES_MAX ((uint64_t)4 << 20)
#define SUGGEST_SOURCES_MAX 4

/* A message or a memory with words in it: what a person would want to find
 * again. Any format can make a session of anything. */
static int count_words(void *arg, const struct record_parts *parts,
		       struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(parts->data);
	uint64_t *records = arg;
	struct span name;
	struct span value;

	(void)err;
	if (strncmp(parts->type, "message:", 8) != 0 &&
	    strncmp(parts->type, "memory:", 7) != 0)
		return 0;
	while (jcs_next(&iter, &name, &value)) {
		if (span_equals(name, span_str("content")) &&
		    value.len > strlen("\"\""))
			++*records;
	}
	return 0;
}

/* Does it read all of it? Nothing is written. */
static int try_format(const struct import_job *job, const char *path,
		      const struct importer *format, uint64_t *out_records,
		      struct err *err)
{
	static const struct host nobody = { .arg = NULL };
	uint64_t records = 0;
	struct import_job trial = {
		.options = job->options, .vault = job->vault,
		.host = &nobody,
		.sink = count_words, .sink_arg = &records,
	};
	struct import_results results = IMPORT_RESULTS_INIT;
	const struct import_source *source;
	int rc;

	*out_records = 0;
	trial.options.format = format;
	trial.options.is_dry_run = true;
	if (!trial.options.construct)
		trial.options.construct = "trial";
	rc = import_run(&trial, &path, 1, &results, err);
	source = trial.sources;
	if (rc == 0 && trial.sources_n == 1 && !source->is_refused &&
	    !source->malformed.n && !source->skips.n &&
	    source->read == source->imported)
		*out_records = records;
	import_results_release(&results);
	import_job_release(&trial);
	return rc;
}

/* Is what it unpacks to small as well? */
static bool is_small(const struct import_source *source)
{
	struct import_input input = IMPORT_INPUT_INIT;
	bool is;

	if (!source->input.size || source->input.size > SUGGEST_BYTES_MAX)
		return false;
	input.path = source->input.path;
	is = input_open(&input, NULL) == 0 && !input.bundle &&
	     input_load(&input, SUGGEST_BYTES_MAX, NULL) == 0;
	input_finish(&input);
	return is;
}

/* The one that makes most of it. */
static int suggest(const struct import_job *job, struct import_source *source,
		   struct err *err)
{
	const struct importer *const *at;
	const struct importer *best = NULL;
	struct err why = ERR_INIT;
	uint64_t most = 0;
	uint64_t records;
	int rc;

	for (at = importer_table; *at; at++) {
		/* One that reads anything finds nothing. */
		if ((*at)->takes_folders)
			continue;
		rc = try_format(job, source->input.path, *at, &records, &why);
		if (rc == ERR_NOMEM)
			return err_copy(err, rc, &why);
		if (rc == 0 && records > most) {
			most = records;
			best = *at;
		}
	}
	if (best)
		fields_str(&source->extra, "suggested", best->name);
	return 0;
}

int import_suggest(struct import_job *job, struct err *err)
{
	struct import_source *source;
	size_t tried = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		if (job->options.format || source->format ||
		    source->was_walked || source->input.archive || source->input.is_folder ||
		    source->is_database ||
		    !strcmp(source->input.path, "-") || !is_small(source))
			continue;
		if (tried++ < SUGGEST_SOURCES_MAX)
			rc = suggest(job, source, err);
	}
	return rc;
}
