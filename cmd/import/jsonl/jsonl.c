#include "cmd/import/jsonl/jsonl.h"

#include <stdio.h>

#include "cmd/import/jsonl/blob.h"
#include "cmd/import/parse/window.h"
#include "cmd/import/identity/namesake.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

#define LINE_MAX_BYTES ((size_t)2 << 20)
#define RECORD_BEGIN "{\"at\":\""
#define PROGRESS_RECORDS 1024

static struct span first_line(struct span text)
{
	const char *end = text.len ? memchr(text.at, '\n', text.len) : NULL;

	return end ? span_of(text.at, (size_t)(end - text.at)) : text;
}

/* Canonical text has its members sorted, so that its begin tells all. */
static bool sniff(const struct import_input *input)
{
	struct span line = first_line(buf_span(&input->head));

	return !input->is_folder &&
	       (span_begins(line, "{\"$vvault\":") ||
		span_begins(line, "{\"$blob\":") ||
		span_begins(line, RECORD_BEGIN));
}

/* The construct that a header names; ERR_UNSUPPORTED for a newer format. */
static int parse_header(struct span line, struct span *out, struct err *err)
{
	struct jcs_member members[8];
	struct span format;
	size_t count;
	int rc;

	rc = jcs_object_scan(line, members, 8, &count, err);
	if (rc < 0)
		return rc;
	jcs_find(line, "$vvault", &format);
	if (!jcs_is_text(format, JSONL_FORMAT))
		return err_set(err, ERR_UNSUPPORTED, "the lines are of a "
			       "format that is newer than this program");
	*out = span_of(NULL, 0);
	jcs_find_string(line, "construct", out);
	return 0;
}

static int jsonl_identify(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	struct span line = first_line(buf_span(&source->input.head));
	struct span name = { NULL, 0 };
	struct err why = ERR_INIT;

	if (!line.len)
		return import_refuse(source, "there are no lines in it", NULL,
				     err);
	if (span_begins(line, "{\"$vvault\":") &&
	    parse_header(line, &name, &why) < 0)
		return import_refuse(source, why.text, "line 1", err);
	return import_name(job, source, name, err);
}

/* Lines as they come. */
struct lines {
	struct window window;
	uint64_t number;	/* of the line that was given last */
};

/* Absent at the end. The last line may lack its newline. */
static int next_line(struct lines *lines, struct span *out, struct err *err)
{
	struct window *window = &lines->window;
	const char *end = NULL;
	size_t len = 0;
	int rc;

	*out = span_of(NULL, 0);
	window->keep = window->at;
	for (;;) {
		if (window_left(window) > len)
			end = memchr(window_text(window) + len, '\n',
				     window_left(window) - len);
		len = end ? (size_t)(end - window_text(window)) :
		      window_left(window);
		if (len > LINE_MAX_BYTES)
			return err_set(err, ERR_LIMIT, "a line is longer than "
				       "%zu MiB", LINE_MAX_BYTES >> 20);
		if (end || window->is_end)
			break;
		rc = window_more(window, err);
		if (rc < 0)
			return rc;
	}
	if (!end && !len)
		return 0;
	*out = span_of(window_text(window), len);
	window->at += len + (end ? 1 : 0);
	lines->number++;
	return 0;
}

struct reading {
	struct import_job *job;
	struct import_source *source;
	const struct lines *lines;
	struct jsonl_blobs blobs;
	bool has_other;		/* somebody of the construct's name ... */
	bool has_kin;		/* and somebody that the construct has */
};

/*
 * Do the lines tell of somebody whom the construct has, or of another one of
 * the name? Whoever says where they go knows that.
 */
static int weigh_names(struct reading *reading, const struct kind *kind,
		       struct span line, struct err *err)
{
	const struct importer *const *at;
	struct namesake_named named;
	bool has_some;
	bool is_kin;
	struct span data;
	int rc = 0;

	if (reading->has_kin || reading->job->options.construct ||
	    !reading->job->vault || !jcs_find(line, "data", &data))
		return 0;
	for (at = importer_table; rc == 0 && *at; at++) {
		named = (struct namesake_named){
			.kind = (*at)->namesakes,
			.base = reading->source->construct,
		};
		if (!named.kind || strcmp(kind->name, named.kind->kind ?
					  named.kind->kind : "construct") ||
		    !named.kind->read(data, &named.who))
			continue;
		rc = namesake_in_vault(reading->job, &named, &has_some,
				       &is_kin, err);
		reading->has_kin |= rc == 0 && is_kin;
		reading->has_other |= rc == 0 && has_some && !is_kin;
	}
	return rc;
}

static int refuse_other(const struct reading *reading, struct err *err)
{
	struct buf text = BUF_INIT(4096);
	int rc;

	buf_putf(&text, "another one of the name stands in '%s': --construct "
		 "says where these go", reading->source->construct);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = import_decline(reading->source, buf_text(&text), NULL,
				    err);
	buf_release(&text);
	return rc;
}

/* A later header may only repeat what is known. */
static int take_header(struct reading *reading, struct span line,
		       struct err *err)
{
	struct span name;
	int rc;

	rc = parse_header(line, &name, err);
	if (rc < 0 || reading->job->options.construct || !name.at ||
	    span_equals(name, span_str(reading->source->construct)))
		return rc;
	return err_set(err, ERR_INVALID, "the header names another construct "
		       "than the first one: '%.*s'", (int)name.len, name.at);
}

/* The type stands last in a canonical record. */
static const struct kind *kind_at_end(struct span line)
{
	const char *end = line.at + line.len - 2;
	const char *begin = end;

	if (line.len < 4 || memcmp(end, "\"}", 2))
		return NULL;
	while (begin > line.at && begin[-1] != '"' && begin[-1] != ':')
		begin--;
	if (begin > line.at && begin[-1] == ':')
		begin--;
	while (begin > line.at && begin[-1] != '"')
		begin--;
	return kind_find(span_of(begin, strcspn(begin, ":\"")));
}

/* A capsule's own time decides which one counts. Of a line that turns out to
 * be no record the answer means nothing. */
static bool is_future(const struct import_job *job, struct span line,
		      const struct kind *kind)
{
	struct span at;
	struct span data;
	int64_t micros;

	if (jcs_find_string(line, "at", &at) && import_is_future(job, at))
		return true;
	return kind && !strcmp(kind->name, "capsule") &&
	       jcs_find(line, "data", &data) &&
	       jcs_find_string(data, "timestamp", &at) &&
	       timestamp_parse(at, &micros, NULL, NULL) >= 0 &&
	       import_is_future_time(job, micros);
}

static int refuse_future(const struct reading *reading, struct err *err)
{
	char at[32];

	snprintf(at, sizeof(at), "line %llu",
		 (unsigned long long)reading->lines->number);
	return import_refuse_part(reading->source, IMPORT_FUTURE, span_str(at),
				  err);
}

/* To whoever asks what the lines speak of. */
static int give_record(const struct reading *reading, struct span line,
		       struct err *err)
{
	struct import_job *job = reading->job;
	char at[HLC_TEXT_MAX];
	struct record_parts parts = { .at = at };
	struct record record;
	int rc = record_parse(line, &record, err);

	if (rc < 0)
		return rc;
	snprintf(at, sizeof(at), "%.*s", (int)record.at.len, record.at.at);
	parts.entity = record.entity;
	parts.data = record.data;
	return job->sink(job->sink_arg, &parts, err);
}

/* Kinds of which there are few. */
static bool tells_who(const struct kind *kind)
{
	return !strcmp(kind->name, "construct") ||
	       !strcmp(kind->name, "capsule");
}

static int take_record(struct reading *reading, struct span line,
		       struct err *err)
{
	struct import_source *source = reading->source;
	const struct kind *kind = kind_at_end(line);
	uint64_t forgotten = 0;
	bool is_new = false;
	int rc;

	if (kind && kind->is_reserved)
		return err_set(err, ERR_DENIED, "records of kind '%s' cannot "
			       "be imported", kind->name);
	if (is_future(reading->job, line, kind))
		return refuse_future(reading, err);
	if (reading->job->sink)
		return give_record(reading, line, err);
	rc = jsonl_blobs_closed(&reading->blobs, err);
	if (rc == 0)
		rc = jsonl_blobs_check(&reading->blobs, reading->job,
				       source->construct, &line, err);
	if (rc == 0 && kind && tells_who(kind))
		rc = weigh_names(reading, kind, line, err);
	if (rc == 0)
		forgotten = writer_forgotten(reading->job->writer);
	if (rc == 0)
		rc = writer_add(reading->job->writer, line, NULL, &is_new, err);
	if (rc < 0)
		return rc;
	if (writer_forgotten(reading->job->writer) > forgotten)
		return import_skip(source, IMPORT_FORGOTTEN, NULL, err);
	source->known += !is_new;
	source->imported++;
	if (source->imported % PROGRESS_RECORDS == 0)
		import_progress(reading->job, PROGRESS_RECORDS);
	return 0;
}

static int take_line(struct reading *reading, struct span line,
		     struct err *err)
{
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	if (!line.len)
		return 0;
	if (line.len > 2 && line.at[2] == '$') {
		if (span_begins(line, "{\"$blob\":"))
			return jsonl_blob_line(&reading->blobs, reading->job,
					       line, err);
		if (span_begins(line, "{\"$vvault\":"))
			return take_header(reading, line, err);
	}
	reading->source->read++;
	return take_record(reading, line, err);
}

static bool is_fault_of_source(int rc)
{
	return rc == ERR_INVALID || rc == ERR_LIMIT || rc == ERR_DENIED ||
	       rc == ERR_UNSUPPORTED;
}

static int read_lines(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct lines lines = { .window = WINDOW_INIT };
	struct reading reading = {
		job, source, &lines, JSONL_BLOBS_INIT, false, false
	};
	struct err why = ERR_INIT;
	struct span line;
	char at[32];
	int rc;

	lines.window.feed = input_feed(&source->input);
	do {
		rc = next_line(&lines, &line, &why);
		if (rc == 0 && line.at)
			rc = take_line(&reading, line, &why);
	} while (rc == 0 && line.at);
	if (rc == 0)
		rc = jsonl_blobs_closed(&reading.blobs, &why);
	if (rc == 0 && reading.blobs.redact.count)
		rc = import_note(source, &why, "what capsules in it say of "
				 "the machines that made them was emptied "
				 "before storing");
	jsonl_blobs_release(&reading.blobs);
	window_release(&lines.window);
	if (rc == 0)
		return reading.has_other && !reading.has_kin ?
			refuse_other(&reading, err) : 0;
	snprintf(at, sizeof(at), "line %llu", (unsigned long long)lines.number);
	if (is_fault_of_source(rc))
		return import_refuse(source, why.text, at, err);
	return err_set(err, (enum err_code)rc, "%s: %s", at, why.text);
}

const struct importer jsonl_importer = {
	.name = "jsonl",
	.one = "file of records",
	.many = "files of records",
	.sniff = sniff,
	.identify = jsonl_identify,
	.read = read_lines,
	.is_streamed = true,
	.keeps_origin = true,
};
