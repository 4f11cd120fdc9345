#include "cmd/import/capsule/capsule.h"

#include <stdio.h>

#include "cmd/import/capsule/capsule_internal.h"
#include "cmd/import/records/environment.h"
#include "cmd/import/identity/namesake.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define MAIN_FILE "capsule.json"	/* of an undertone folder */

/* An undertone is a folder: a capsule.json that says so, and two more. */
static bool is_undertone(const char *folder)
{
	struct buf path = PATH_BUF_INIT;
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct capsule capsule;
	bool is_one = false;

	memset(&capsule, 0, sizeof(capsule));
	if (path_join(&path, folder, MAIN_FILE, NULL) >= 0 &&
	    file_exists(buf_text(&path)) &&
	    file_read_plain(buf_text(&path), CAPSULE_MAX_BYTES, &bytes, NULL) >= 0 &&
	    capsule_parse(buf_span(&bytes), &capsule, NULL) >= 0)
		is_one = capsule.dialect == CAPSULE_UNDERTONE;
	capsule_release(&capsule);
	buf_release(&bytes);
	buf_release(&path);
	return is_one;
}

static bool sniff_capsule(const struct import_input *input)
{
	return input->is_folder ? is_undertone(input->path) :
	       capsule_sniff(buf_span(&input->head));
}

/* A capsule with the bytes that it borrows from. */
struct loaded {
	struct capsule capsule;
	struct buf bytes;		/* of a folder's main file */
};

static int load_bytes(struct import_input *input, struct buf *own,
		      struct span *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (!input->is_folder) {
		rc = input_load(input, CAPSULE_MAX_BYTES, err);
		*out = buf_span(&input->head);
		return rc;
	}
	rc = path_join(&path, input->path, MAIN_FILE, err);
	if (rc >= 0)
		rc = file_read_plain(buf_text(&path), CAPSULE_MAX_BYTES, own, err);
	*out = buf_span(own);
	buf_release(&path);
	return rc;
}

static int load(struct import_source *source, struct loaded *out,
		struct err *err)
{
	struct err why = ERR_INIT;
	struct span bytes;
	int rc;

	rc = load_bytes(&source->input, &out->bytes, &bytes, &why);
	if (rc >= 0)
		rc = capsule_parse(bytes, &out->capsule, &why);
	if (rc >= 0 && source->input.is_folder)
		rc = capsule_read_parts(source->input.path, &out->capsule,
					&why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == ERR_INVALID || rc == ERR_LIMIT)
		err_prefix(&why, "this capsule cannot be read");
	return rc < 0 ? import_refuse_err(source, &why, err) : 0;
}

static void unload(struct loaded *loaded)
{
	capsule_release(&loaded->capsule);
	buf_release(&loaded->bytes);
}

static int refuse_mismatch(const struct capsule *capsule,
			   struct import_source *source, struct err *err)
{
	const char *why = "the fingerprint does not match the content: it was "
			  "changed after it was made; --accept-mismatch takes "
			  "it all the same";

	if (capsule->dialect == CAPSULE_RELAY)
		why = "the fingerprint does not match the content (a relay "
		      "leaves that of its parent); --accept-mismatch takes it "
		      "all the same";
	return import_decline(source, why, "/metadata/fingerprint_hash", err);
}

/* What the report says of it. */
static int describe(const struct capsule *capsule,
		    struct import_source *source, struct err *err)
{
	size_t twice = jdoc_duplicates(capsule->doc);
	int rc = 0;

	fields_str(&source->extra, "fingerprint",
		   fingerprint_word(capsule->fingerprint));
	fields_str(&source->extra, "dialect",
		   capsule_dialect_word(capsule->dialect));
	if (twice)
		rc = import_note(source, err, "%zu member%s stood there "
				 "before: the last one counts", twice,
				 twice == 1 ? "" : "s");
	if (rc >= 0 && jval_at(capsule->root,
			       "additional_data.bootstrapScript"))
		rc = import_note(source, err, "the bootstrapScript is kept as "
				 "text and never run");
	return rc;
}

/* The newest capsule is the one that counts: one of the year 9999 would be it
 * for good. */
static int refuse_future(const struct import_job *job,
			 const struct capsule *capsule,
			 struct import_source *source, struct err *err)
{
	int64_t micros;

	if (!capsule->timestamp ||
	    timestamp_parse(jval_text(capsule->timestamp), &micros, NULL,
			    NULL) < 0 ||
	    !import_is_future_time(job, micros))
		return 0;
	return import_decline(source, IMPORT_FUTURE, "timestamp", err);
}

/* By the trait of those whose uuid stays from one snapshot to the next: other
 * capsules have one of their own each. */
static void set_uuid(struct namesake *who, struct span dialect,
		     struct span uuid)
{
	if (span_equals(dialect, span_str("chatty")))
		namesake_set(who, NAMESAKE_BEGIN, uuid);
	else if (span_begins(dialect, "memup"))
		namesake_set(who, NAMESAKE_LOOKS, uuid);
}

/* Of a capsule that the vault has. */
static bool read_snapshot(struct span state, struct namesake *out)
{
	struct span dialect;
	struct span uuid;

	if (!jcs_find_string(state, "dialect", &dialect))
		return false;
	namesake_set_from(out, NAMESAKE_NAME, state, "instance_name");
	if (!out->traits[NAMESAKE_NAME].len)
		namesake_set_from(out, NAMESAKE_NAME, state, "construct_id");
	namesake_set_from(out, NAMESAKE_MAKER, state, "tether");
	if (jcs_find_string(state, "uuid", &uuid))
		set_uuid(out, dialect, uuid);
	return out->traits[NAMESAKE_NAME].len != 0;
}

static const struct namesakes snapshots = {
	.what = "construct", .is_lenient = true, .by = "of",
	.kind = "capsule", .read = read_snapshot,
};

static int find_home(struct import_job *job, struct import_source *source,
		     const struct capsule *capsule, struct err *err)
{
	struct namesake_named named = {
		.kind = &snapshots, .name = jval_text(capsule->name),
		.base = source->construct,
	};

	namesake_set(&named.who, NAMESAKE_NAME, named.name);
	namesake_set(&named.who, NAMESAKE_MAKER, jval_text(jval_at(
		capsule->root, "metadata.tether_signature")));
	set_uuid(&named.who, span_str(capsule_dialect_word(capsule->dialect)),
		 jval_text(capsule->uuid));
	return namesake_home(job, source, &named, source->construct, err);
}

static int capsule_identify(struct import_job *job,
			    struct import_source *source, struct err *err)
{
	struct loaded loaded = { .bytes = BUF_INIT(CAPSULE_MAX_BYTES) };
	struct span name = { NULL, 0 };
	int rc;

	rc = load(source, &loaded, err);
	if (rc)
		goto out;
	if (loaded.capsule.name)
		name = jval_text(loaded.capsule.name);
	rc = import_name(job, source, name, err);
	if (!rc && name.len)
		rc = find_home(job, source, &loaded.capsule, err);
	if (rc)
		goto out;
	rc = describe(&loaded.capsule, source, err);
	if (rc >= 0 && loaded.capsule.fingerprint == FINGERPRINT_MISMATCH &&
	    !job->options.accepts_mismatch)
		rc = refuse_mismatch(&loaded.capsule, source, err);
	if (!rc)
		rc = refuse_future(job, &loaded.capsule, source, err);
out:
	unload(&loaded);
	return rc;
}

/* Where records go. */
struct target {
	struct import_job *job;
	struct import_source *source;
};

static int give(void *arg, const struct record_parts *parts, struct err *err)
{
	struct target *target = arg;
	bool is_new = true;
	int rc;

	rc = target->job->sink ?
		target->job->sink(target->job->sink_arg, parts, err) :
		writer_add_parts(target->job->writer, parts, NULL, &is_new,
				 err);
	if (rc < 0)
		return rc;
	target->source->known += !is_new;
	target->source->read++;
	target->source->imported++;
	import_progress(target->job, 1);
	return 0;
}

/* Store one file's bytes, emptied where that is asked for. */
static int keep_file(const struct target *target, const struct jdoc *doc,
		     struct span bytes, bool *is_redacted, struct buf *ref,
		     struct err *err)
{
	struct buf emptied = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (import_redacts(target->job) &&
	    (environment_is_inside(jdoc_root(doc)) || jdoc_duplicates(doc))) {
		rc = environment_redact(doc, bytes, &emptied, err);
		bytes = buf_span(&emptied);
		*is_redacted = true;
	}
	if (rc >= 0)
		rc = import_blob(target->job, target->source->construct, bytes,
				 "application/json", ref, err);
	buf_release(&emptied);
	return rc;
}

/* The files of a folder: {"capsule.json":{"$blob":...},...}. */
static int keep_folder(const struct target *target,
		       const struct capsule *capsule, bool *is_redacted,
		       struct buf *ref, struct err *err)
{
	struct jcs_fields files = JCS_FIELDS_INIT;
	const struct capsule_part *part = capsule->parts;
	const struct capsule_part *end = part + CAPSULE_PARTS_MAX;
	struct buf one = BUF_INIT(4096);
	int rc;

	rc = keep_file(target, capsule->doc, capsule->bytes, is_redacted, &one,
		       err);
	fields_raw(&files, MAIN_FILE, buf_span(&one));
	for (; rc == 0 && part < end; part++) {
		if (!part->doc)
			continue;
		buf_reset(&one);
		rc = keep_file(target, part->doc, buf_span(&part->bytes),
			       is_redacted, &one, err);
		fields_raw(&files, part->file, buf_span(&one));
	}
	if (rc == 0)
		rc = jcs_fields_write(&files, ref, err);
	jcs_fields_release(&files);
	buf_release(&one);
	return rc;
}

static int give_all(struct import_job *job, struct import_source *source,
		    const struct capsule *capsule, struct err *err)
{
	struct target target = { job, source };
	const struct capsule_sink sink = { give, &target };
	struct capsule_source kept = { { NULL, 0 }, false };
	struct buf ref = BUF_INIT(4096);
	int rc;

	if (source->input.is_folder)
		rc = keep_folder(&target, capsule, &kept.is_redacted, &ref,
				 err);
	else
		rc = keep_file(&target, capsule->doc, capsule->bytes,
			       &kept.is_redacted, &ref, err);
	if (rc < 0)
		goto out;
	kept.ref = buf_span(&ref);
	rc = capsule_record(capsule, source->construct, &kept, &sink, err);
	if (rc == 0)
		rc = capsule_construct_record(capsule, source->construct,
					      &sink, err);
	if (rc == 0)
		rc = capsule_memory_records(capsule, source->construct, &sink,
					    err);
	fields_bool(&source->extra, "redacted", kept.is_redacted);
	if (rc == 0 && kept.is_redacted)
		rc = import_note(source, err, "what it says of the machine "
				 "that made it was emptied before storing");
	else if (rc == 0 && !job->sink && !job->vault->state.is_encrypted &&
		 environment_is_inside(capsule->root))
		rc = import_note(source, err, "what it says of the machine "
				 "that made it is stored, for all to read");
out:
	buf_release(&ref);
	return rc;
}

static int read_capsule(struct import_job *job, struct import_source *source,
			struct err *err)
{
	struct loaded loaded = { .bytes = BUF_INIT(CAPSULE_MAX_BYTES) };
	int rc;

	rc = load(source, &loaded, err);
	if (!rc)
		rc = give_all(job, source, &loaded.capsule, err);
	unload(&loaded);
	return rc;
}

const struct importer capsule_importer = {
	.name = "capsule",
	.one = "capsule",
	.many = "capsules",
	.sniff = sniff_capsule,
	.identify = capsule_identify,
	.namesakes = &snapshots,
	.read = read_capsule,
	.keeps_origin = true,
};
