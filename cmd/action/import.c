#include "cmd/action/actions.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/imported.h"
#include "cmd/action/times.h"
#include "cmd/import/run.h"
#include "lib/base/nearest.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

static int check_construct(const char *name, struct err *err)
{
	if (!name)
		return 0;
	if (!strcmp(name, VAULT_CONSTRUCT))
		return err_set(err, ERR_INVALID, "nothing can be imported "
			       "into '%s'", name);
	return construct_name_check(span_str(name), err);
}

static int refuse_format(const char *name, struct err *err)
{
	struct nearest nearest = NEAREST_INIT(name);
	const struct importer *const *importer = importer_table;

	for (; *importer; importer++)
		nearest_try(&nearest, span_str((*importer)->name));
	return nearest.found.at ?
	       err_set(err, ERR_INVALID, "unknown format '%s'; is '%s' meant?",
		       name, nearest.found.at) :
	       err_set(err, ERR_INVALID, "unknown format '%s'", name);
}

static int read_options(const struct action_call *call,
			struct import_options *out, struct err *err)
{
	const char *format = action_text(call, "format");
	struct period times;
	bool is_emptied = action_flag(call, "redact");
	bool is_kept = action_flag(call, "no-redact");

	*out = (struct import_options){
		.construct = action_text(call, "construct"),
		.format = format ? importer_find(format) : NULL,
		.accepts_mismatch = action_flag(call, "accept-mismatch"),
		.is_dry_run = action_flag(call, "dry-run"),
		.keeps_source = action_flag(call, "keep-source"),
		.keeps_bad = action_flag(call, "keep-bad"),
		.allows_changes = action_flag(call, "allow-changes"),
		.allows_future = action_flag(call, "allow-future"),
		.has_since = action_flag(call, "since"),
		.input = call->settings.input,
		.temp_folder = call->settings.temp_folder,
		.redaction = is_emptied ? REDACT_YES :
			     is_kept ? REDACT_NO : REDACT_DEFAULT,
	};
	if (is_emptied && is_kept)
		return err_set(err, ERR_INVALID, "--redact contradicts "
			       "'--no-redact'");
	if (format && !out->format)
		return refuse_format(format, err);
	if (times_read(call, &times, err) < 0)
		return ERR_INVALID;
	out->since = times.start;
	if (secrets_check(call, err) < 0)
		return ERR_INVALID;
	return check_construct(out->construct, err);
}

static int import_check(const struct action_call *call, struct err *err)
{
	struct import_options options;

	return read_options(call, &options, err);
}

/* A name that was mistyped is no reason to import half of what was meant. */
static int check_paths(const struct action_value *paths, struct err *err)
{
	size_t i;

	for (i = 0; i < paths->n; i++) {
		const char *path = paths->texts[i];

		if (strcmp(path, "-") != 0 && !file_exists(path))
			return err_set(err, ERR_NOT_FOUND, "'%s': there is no "
				       "such file or folder; nothing was "
				       "imported", path);
	}
	return 0;
}

static void tell_outcome(struct action_call *call,
			 const struct import_job *job)
{
	enum import_outcome outcome = import_outcome(job);

	call->is_partial = outcome == IMPORT_IN_PART;
	call->is_no = outcome == IMPORT_DECLINED || outcome == IMPORT_NOTHING;
	if (outcome == IMPORT_NOTHING)
		host_note(call->host, job->sources_n ?
			  "nothing to import was found" :
			  "nothing to import was found: no files are there");
}

static bool was_refused(const struct import_job *job)
{
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		if (job->sources[i].is_refused)
			return true;
	}
	return false;
}

/* It is looked at from another folder. */
static int note_imported(struct action_call *call,
			 const struct import_job *job,
			 const struct import_results *results, struct err *err)
{
	const struct action_value *paths = action_value(call, "path");
	struct buf first = PATH_BUF_INIT;
	struct imported_from from = {
		.n = paths->n, .is_refused = was_refused(job),
	};
	int rc;

	if (strcmp(paths->texts[0], "-") != 0 &&
	    buf_add_str(&first, paths->texts[0], NULL) == 0)
		(void)!file_settle(&first, NULL);
	from.first = buf_text(&first);
	rc = imported(call, results, &from, err);
	buf_release(&first);
	return rc;
}

static int run(struct action_call *call, struct err *err)
{
	const struct action_value *paths = action_value(call, "path");
	struct import_job job = { .vault = call->vault, .host = call->host };
	struct import_results results = IMPORT_RESULTS_INIT;
	int rc = read_options(call, &job.options, err);

	if (rc == 0)
		rc = check_paths(paths, err);
	if (rc == 0)
		rc = secrets_choose(call, false, &job.options.secrets, err);
	if (rc == 0)
		rc = import_run(&job, paths->texts, paths->n, &results, err);
	if (rc == 0 && !job.options.is_dry_run)
		rc = note_imported(call, &job, &results, err);
	if (rc == 0) {
		tell_outcome(call, &job);
		secrets_tell(call, &job);
	}
	import_results_release(&results);
	import_job_release(&job);
	return rc;
}

static const struct action_param params[] = {
	{ "construct", ACTION_TEXT, 0, "<name>",
	  "into this construct, not those that the sources name" },
	{ "format", ACTION_TEXT, 0, "<format>", "instead of looking" },
	{ "since", ACTION_TEXT, 0, "<date>",
	  "no conversations that were last changed before" },
	{ "dry-run", ACTION_FLAG, 0, NULL, "write nothing" },
	{ "keep-source", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "keep the exact bytes of each file" },
	{ "keep-bad", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "keep the bytes of what cannot be read" },
	{ "accept-mismatch", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "take a capsule whose fingerprint is wrong" },
	{ "allow-changes", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "take what changes or removes what others made" },
	{ "allow-future", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "take what is dated over a day ahead" },
	{ "redact", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "empty what speaks of the machine" },
	{ "no-redact", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "keep what speaks of the machine" },
	SECRETS_PARAMS,
	{ "path", ACTION_TEXT,
	  ACTION_OPERAND | ACTION_REQUIRED | ACTION_REPEATED,
	  "<file|dir|->", "a file, a folder, or - for standard input" },
	ACTION_PARAMS_END
};

const struct action action_import = {
	"import", "take in histories, characters, memories", params,
	ACTION_WRITES, import_check, run
};
