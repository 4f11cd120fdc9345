#include "cmd/import/run.h"

#include <stdlib.h>

#include "cmd/import/copies.h"
#include "cmd/import/input/bundle.h"
#include "cmd/import/input/known_parts.h"
#include "cmd/import/input/unchanged.h"
#include "cmd/import/jsonl/jsonl.h"
#include "cmd/import/others.h"
#include "cmd/import/outlets.h"
#include "cmd/import/records/provenance.h"
#include "lib/base/array.h"
#include "objects/blob/blob.h"

#define PROGRESS_RECORDS 256
#define TEXT_LOOK ((size_t)8000)
#define SMALL_BYTES ((uint64_t)1 << 20)
#define IMPORT_SETTING "a key, token or password among settings"

int import_writer(struct import_job *job, const char *construct,
		  struct writer **out, struct err *err)
{
	struct outlet *outlet;
	int rc;

	rc = outlets_open(job, construct, &outlet, err);
	if (rc == 0)
		*out = outlet->writer;
	return rc;
}

struct import_share *import_share(struct import_source *source,
				  const char *construct)
{
	size_t i;

	for (i = source->shares.n; i > 0; i--) {
		if (!strcmp(source->shares.at[i - 1].construct, construct))
			return &source->shares.at[i - 1];
	}
	return NULL;
}

/* One for all that is stored, one thing after the other. */
static struct buf *empty_clean(struct import_job *job)
{
	job->clean.max = BUF_NO_LIMIT;
	buf_reset(&job->clean);
	return &job->clean;
}

/* Text, as git tells it: there is no zero byte near its begin. */
static bool is_text(struct span bytes)
{
	return bytes.len && !memchr(bytes.at, '\0', bytes.len < TEXT_LOOK ?
				    bytes.len : TEXT_LOOK);
}

int import_blob(struct import_job *job, const char *construct,
		struct span bytes, const char *media, struct buf *ref,
		struct err *err)
{
	const struct blob_sink nowhere = { NULL, NULL, NULL };
	struct import_source *source = job->current;
	struct writer *writer = NULL;
	int rc;

	if (source && import_replaces_secrets(job, source) && is_text(bytes)) {
		rc = secrets_out_of_text(bytes, empty_clean(job),
					 &source->secrets, err);
		if (rc < 0)
			return rc;
		if (job->clean.len)
			bytes = buf_span(&job->clean);
	}
	if (!job->sink) {
		rc = import_writer(job, construct, &writer, err);
		return rc < 0 ? rc :
			writer_add_blob(writer, bytes, media, ref, err);
	}
	if (job->sink_blobs)
		buf_put_span(job->sink_blobs, bytes);
	return blob_write(&nowhere, bytes, media, ref, err);
}

/* What the source gives to this construct. */
static int find_share(struct import_source *source, const char *construct,
		      struct import_share **out, struct err *err)
{
	struct import_share share = { .imported = 0 };
	int rc;

	*out = import_share(source, construct);
	if (*out)
		return 0;
	rc = array_room(&source->shares, err);
	if (rc < 0)
		return rc;
	memcpy(share.construct, construct, strlen(construct) + 1);
	*out = &source->shares.at[source->shares.n++];
	**out = share;
	return 0;
}

bool import_is_future(const struct import_job *job, struct span at)
{
	return *job->latest && at.len == HLC_TEXT &&
	       memcmp(at.at, job->latest, HLC_TEXT) > 0 &&
	       hlc_text_is_valid(at);
}

bool import_is_future_time(const struct import_job *job, int64_t micros)
{
	return *job->latest && micros > job->latest_micros;
}

/* parts: NULL for one that says what the construct has already. */
static int put_record(struct import_job *job, struct import_source *source,
		      const char *construct, const struct record_parts *parts,
		      struct err *err)
{
	struct import_share *share = NULL;
	struct outlet *outlet = NULL;
	uint64_t forgotten = 0;
	bool is_new = false;
	int rc;

	rc = find_share(source, construct, &share, err);
	if (rc == 0)
		rc = outlets_open(job, construct, &outlet, err);
	if (rc == 0 && parts)
		rc = outlets_settle(job->outlets, parts->data.len, err);
	if (rc == 0)
		forgotten = writer_forgotten(outlet->writer);
	if (rc == 0 && parts)
		rc = writer_add_source(outlet->writer, parts, &is_new, err);
	if (rc < 0)
		return rc;
	if (writer_forgotten(outlet->writer) > forgotten)
		return import_skip(source, IMPORT_FORGOTTEN, NULL, err);
	outlet->repeated += !parts;
	if (!share->imported++)
		outlet_count(outlet, source->format);
	share->known += !is_new;
	source->known += !is_new;
	source->messages += is_new && !strncmp(parts->type, "message:", 8);
	return 0;
}

/* A record without keys of the program's settings: they are no part of what was
 * said. */
static int leave_settings_out(struct import_job *job,
			      struct import_source *source,
			      struct record_parts *parts, struct err *err)
{
	uint64_t n = 0;
	int rc;

	job->bare.max = BUF_NO_LIMIT;
	buf_reset(&job->bare);
	rc = secrets_out_of_settings(parts->data, &job->bare, &n, err);
	if (n)
		parts->data = buf_span(&job->bare);
	source->redactions += n;
	for (; rc == 0 && n; n--)
		rc = import_skip(source, IMPORT_SETTING, NULL, err);
	return rc;
}

static int clean_record(struct import_job *job, struct import_source *source,
			struct record_parts *parts, struct err *err)
{
	int rc = 0;

	if (source->format && source->format->has_settings)
		rc = leave_settings_out(job, source, parts, err);
	if (rc < 0 || !import_replaces_secrets(job, source))
		return rc;
	rc = secrets_out_of_json(parts->data, empty_clean(job),
				 &source->secrets, err);
	if (rc == 0 && job->clean.len)
		parts->data = buf_span(&job->clean);
	return rc;
}

/* As it is, or as a part of the session that its own is a copy of. */
static int put_turned(struct import_job *job, struct import_source *source,
		      const char *construct, const struct record_parts *parts,
		      struct err *err)
{
	struct copy_turned turned = COPY_TURNED_INIT;
	int rc = copies_turn(job, parts, &turned, err);

	if (rc == 0)
		rc = put_record(job, source, turned.construct ?
				turned.construct : construct,
				turned.is_known ? NULL : &turned.parts, err);
	buf_release(&turned.entity);
	buf_release(&turned.data);
	return rc;
}

int import_put(struct import_job *job, struct import_source *source,
	       const char *construct, const struct record_parts *parts,
	       struct err *err)
{
	struct record_parts clean = *parts;
	int rc;

	if (import_is_future(job, span_str(parts->at)))
		return import_leave_future(source, parts->entity, err);
	rc = clean_record(job, source, &clean, err);
	if (rc == 0 && job->sink)
		rc = job->sink(job->sink_arg, &clean, err);
	else if (rc == 0)
		rc = put_turned(job, source, construct ? construct :
				source->construct, &clean, err);
	if (rc < 0)
		return rc;
	source->read++;
	source->imported++;
	if (source->imported % PROGRESS_RECORDS == 0)
		import_progress(job, PROGRESS_RECORDS);
	return 0;
}

/* Records that went straight to the writer, as canonical lines do. */
static int count_direct(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct import_share *share;
	struct outlet *outlet;
	int rc;

	if (source->shares.n || !source->imported || job->sink)
		return 0;
	rc = find_share(source, source->construct, &share, err);
	if (rc == 0)
		rc = outlets_open(job, source->construct, &outlet, err);
	if (rc < 0)
		return rc;
	share->imported = source->imported;
	share->known = source->known;
	outlet_count(outlet, source->format);
	return 0;
}

/* What lies in the folder and was not looked at. */
static int tell_strays(struct import_source *source, struct err *err)
{
	const struct bundle *bundle = source->input.bundle;
	size_t n = bundle ? bundle_strays(bundle) : 0;
	int rc = 0;

	while (rc == 0 && n--)
		rc = import_skip(source, IMPORT_STRAY, NULL, err);
	return rc;
}

static bool is_all_malformed(const struct import_source *source)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < source->malformed.n; i++)
		count += source->malformed.at[i].count;
	return count && count == source->read && !source->is_refused;
}

/* How many secrets were replaced, and which. */
static int tell_secrets(const struct import_job *job,
			struct import_source *source, struct err *err)
{
	uint64_t n = secret_counts_sum(&source->secrets);
	struct buf kinds = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (import_replaces_secrets(job, source) && !source->is_unchanged &&
	    source->format == &jsonl_importer)
		return import_note(source, err, "records of a vault come in "
				   "as they are: no secrets were looked for");
	if (!n)
		return 0;
	source->redactions += n;
	rc = secret_counts_tell(&source->secrets, &kinds, err);
	if (rc == 0)
		rc = import_note(source, err, "replaced by markers that tell "
				 "kind and length: %s", buf_text(&kinds));
	buf_release(&kinds);
	return rc;
}

static int tell_mended(struct import_source *source, struct err *err)
{
	unsigned long long n = source->mended;

	return !n ? 0 : import_note(source, err, "%llu message%s whose link to "
				    "the one before is lost or wrong stand%s "
				    "where the source has %s", n,
				    n == 1 ? "" : "s", n == 1 ? "s" : "",
				    n == 1 ? "it" : "them");
}

/* What was compressed ends before its end; of one that was refused, too. */
static int tell_torn(struct import_job *job, struct import_source *source,
		     int read, struct err *err)
{
	const struct import_input *input = &source->input;
	int rc = import_malformed(job, source, input->torn.text,
				  input->unpacked, span_of(NULL, 0), err);

	return rc < 0 ? rc : read;
}

static int read_open(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	int kept;
	int rc = 0;

	if (source->construct[0] && !job->sink)
		rc = import_writer(job, source->construct, &job->writer, err);
	if (rc == 0)
		rc = source->format->read(job, source, err);
	if (rc >= 0 && source->input.torn.code)
		rc = tell_torn(job, source, rc, err);
	if (rc == 0 && is_all_malformed(source))
		rc = import_refuse(source, "nothing of it can be read", NULL,
				   err);
	if (rc == 0)
		rc = count_direct(job, source, err);
	if (rc == 0)
		rc = tell_strays(source, err);
	if (rc == 0)
		rc = tell_mended(source, err);
	/* Of one that was refused too: --keep-bad keeps bytes of it. */
	kept = rc < 0 ? rc : provenance_put(job, source, err);
	return kept < 0 ? kept : rc;
}

/* What is done with a source that is open. */
static int with_open(struct import_job *job, struct import_source *source,
		     int (*act)(struct import_job *job,
				struct import_source *source, struct err *err),
		     struct err *err)
{
	struct err why = ERR_INIT;
	int rc = input_open(&source->input, &why);

	if (rc < 0)
		return import_refuse_err(source, &why, err);
	job->current = source;
	rc = act(job, source, err);
	if (rc < 0)
		err_prefix(err, "'%s'", source->input.path);
	job->progress.done += source->input.bytes_read;
	source->input.bytes_read = 0;
	input_finish(&source->input);
	job->current = NULL;
	return rc;
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	source->is_done = true;
	source->claim = (struct writer_claim){
		.is_lines = source->format == &jsonl_importer,
		.marks = source->format->marks, .source = source,
	};
	return with_open(job, source, read_open, err);
}

static int finish_open(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	int rc = source->format->finish(job, source, err);

	return rc < 0 ? rc : provenance_put(job, source, err);
}

/* Those that had to wait for the others. */
static int finish_all(struct import_job *job, struct err *err)
{
	struct import_source *source;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		if (source->awaits && source->format->finish &&
		    !source->is_refused && !source->is_unchanged)
			rc = with_open(job, source, finish_open, err);
	}
	return rc;
}

static int read_all(struct import_job *job, bool is_late, struct err *err)
{
	struct import_source *source;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		if (!source->is_done && !source->format->is_streamed &&
		    source->is_late == is_late)
			rc = read_source(job, source, err);
	}
	return rc;
}

/* All sources of this way of reading, into one version per construct. */
static int write_together(struct import_job *job, struct err *err)
{
	int rc = read_all(job, false, err);

	if (rc >= 0)
		rc = read_all(job, true, err);
	if (rc >= 0)
		rc = finish_all(job, err);
	return rc < 0 ? rc : outlets_commit(job->outlets, err);
}

/* A small file stores nothing before its end, unless it holds blobs. */
static bool is_small(const struct import_source *source)
{
	return !source->input.is_pipe && !source->input.is_folder &&
	       source->input.size <= SMALL_BYTES;
}

/*
 * One that may break in the middle; what it wrote is dropped then. A large one
 * gets versions of its own, small ones of different constructs wait for each
 * other: a folder may have thousands, and each commit waits for the disk.
 */
static int write_alone(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	int rc = 0;

	if (!is_small(source) || outlets_has(job->outlets, source->construct))
		rc = outlets_commit(job->outlets, err);
	if (rc == 0)
		rc = read_source(job, source, err);
	if (rc < 0)
		return rc;
	if (rc > 0)
		outlets_drop_one(job->outlets, source->construct);
	return is_small(source) ? 0 : outlets_commit(job->outlets, err);
}

int import_write(struct import_job *job, struct import_results *out,
		 struct err *err)
{
	struct outlets outlets = { .results = out };
	size_t i;
	int rc;

	job->outlets = &outlets;
	rc = write_together(job, err);
	for (i = 0; rc == 0 && i < job->sources_n; i++) {
		if (!job->sources[i].is_done)
			rc = write_alone(job, &job->sources[i], err);
	}
	if (rc == 0)
		rc = outlets_commit(&outlets, err);
	for (i = 0; rc == 0 && i < job->sources_n; i++)
		rc = tell_secrets(job, &job->sources[i], err);
	outlets_drop(&outlets);
	job->outlets = NULL;
	job->writer = NULL;
	if (rc == 0 && !job->options.is_dry_run)
		rc = unchanged_remember(job, out, err);
	if (rc == 0)
		rc = known_parts_remember(job, out, err);
	return rc;
}
