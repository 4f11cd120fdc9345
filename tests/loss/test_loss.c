/*
 * What an importer cannot make sense of is kept as it stands, or the report
 * tells of it. Of each sample each leaf is made odd, one at a time: an object,
 * a text, a number, a null. What is in its place must then stand in the
 * records, with all that the sample says elsewhere; or the report must say
 * something that it does not say of the sample.
 *
 * VV_NIGHTLY=1 takes each leaf of each sample, else one of each path of a
 * format; under a sanitizer, which takes ten times as long, of one path in
 * eight. With words, only the samples whose paths begin with one of them:
 * test_loss codex/ vivim/
 */
#include <stdlib.h>

#include "cmd/import/input/bundle.h"
#include "cmd/import/run.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "objects/record/record.h"
#include "tests/loss/leaves.h"
#include "tests/loss/left_out.h"
#include "tests/tap.h"

#ifdef __SANITIZE_ADDRESS__
#define PATHS_STEP 8
#else
#define PATHS_STEP 1
#endif
#define SAMPLE_MAX ((size_t)16 << 20)
#define FORMAT_NAME 32
#define RAW "{\"$raw\":\""
#define WORD_MIN 8	/* shorter texts are found by chance */

#define MARK "zqx48151z"
#define NUMBER "1481516234"

/* What stands in for a leaf, and how it may stand in a record; a number may
 * have been understood as seconds or milliseconds. */
static const struct odd {
	const char *name;
	const char *json;
	const char *const seen[4];
} odds[] = {
	{ "object", "{\"odd\":\"" MARK "\"}", { MARK } },
	{ "text", "\"odd " MARK "\"", { MARK } },
	{ "number", NUMBER, { NUMBER, "2016-12-12T04:17:14",
			      "1970-01-18T03:31:56.234" } },
	{ "time", "\"2016-12-12T04:17:14.123Z\"", { "2016-12-12T04:17:14.123" } },
	{ "milliseconds", "1481516234123", { "1481516234123",
					     "2016-12-12T04:17:14.123" } },
	/* Finer than a record's own times, and too far off to be one. */
	{ "fine time", "\"2016-12-12T04:17:14.123456789Z\"",
	  { "2016-12-12T04:17:14.123456789" } },
	{ "fine seconds", "1481516234.123456789", { "1481516234.123456789" } },
	{ "far time", "\"3270-01-05T04:17:14.123Z\"",
	  { "3270-01-05T04:17:14.123" } },
	{ "far seconds", "41024448123", { "41024448123" } },
	{ "null", "null", { "" } },
};

#define ODDS (sizeof(odds) / sizeof(odds[0]))

/* Paths behind the names of their formats. */
struct paths {
	char **at;
	size_t n;
	size_t cap;
};

/* What came of an import: the records, and what was said of the source. */
struct outcome {
	char format[FORMAT_NAME];
	struct buf records;
	struct buf said;
};

struct sample {
	const char *file;	/* of a folder, that is made odd */
	struct buf folder;	/* where it is imported from */
	struct buf path;	/* the same, or the one file there */
	struct outcome good;
	size_t left[LEFT_PARTS];	/* leaves of it */
	size_t kept;
	size_t told;
	size_t lost;
	bool is_nightly;
	struct paths *probed;
};

/* What a record cannot hold stands there in base64. */
static void put_raw(struct buf *records, struct span data)
{
	struct buf copy = BUF_INIT(BUF_NO_LIMIT);
	struct span rest;
	const char *at;

	buf_put_span(&copy, data);
	for (at = buf_text(&copy); (at = strstr(at, RAW)); at += rest.len) {
		at += strlen(RAW);
		rest = span_of(at, strcspn(at, "\""));
		buf_fail(records, base64_decode_wrapped(rest, records, NULL));
	}
	buf_release(&copy);
}

static int take_record(void *arg, const struct record_parts *parts,
		       struct err *err)
{
	struct outcome *out = arg;

	(void)err;
	buf_put_span(&out->records, parts->entity);
	buf_put_char(&out->records, ' ');
	buf_put_str(&out->records, parts->at);
	buf_put_char(&out->records, ' ');
	buf_put_span(&out->records, parts->data);
	put_raw(&out->records, parts->data);
	buf_put_char(&out->records, '\n');
	return 0;
}

/* Where in its file something is says nothing of what an odd leaf before it
 * says, which has another length. */
static void say_reason(struct buf *said, const char *reason)
{
	static const char *const places[] = { "byte ", "line ", "column " };
	size_t i;

	while (*reason) {
		buf_put_char(said, *reason++);
		for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
			if (span_ends(buf_span(said), places[i]))
				reason += strspn(reason, "0123456789");
		}
	}
}

static void say_skips(struct buf *said, const struct import_skips *skips)
{
	size_t i;

	for (i = 0; i < skips->n; i++) {
		say_reason(said, skips->at[i].reason);
		buf_putf(said, ": %llu\n",
			 (unsigned long long)skips->at[i].count);
	}
}

static void say(const struct import_source *source, struct outcome *out)
{
	const char *format = source->format ? source->format->name : "unknown";

	/* What a part of a source is, its source says. */
	if (source->format || !out->format[0])
		snprintf(out->format, sizeof(out->format), "%s", format);
	buf_putf(&out->said, "%s %d %d %llu\n%s", format, source->is_refused,
		 source->is_partial, (unsigned long long)source->redactions,
		 buf_text(&source->notes));
	say_skips(&out->said, &source->skips);
	say_skips(&out->said, &source->malformed);
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	int rc = input_open(&source->input, err);

	if (rc >= 0)
		rc = source->format->read(job, source, err);
	input_finish(&source->input);
	return rc;
}

static void import(const char *path, struct outcome *out)
{
	const struct host nobody = { .arg = NULL };
	struct err err = ERR_INIT;
	struct import_job job = { .host = &nobody, .sink = take_record,
				  .sink_arg = out,
				  .sink_blobs = &out->records,
				  .options = { .redaction = REDACT_NO,
					       .keeps_bad = true,
					       .construct = "odd" } };
	size_t i;
	int rc = import_gather(&job, path, &err);

	buf_reset(&out->records);
	buf_reset(&out->said);
	out->format[0] = '\0';
	if (rc >= 0)
		rc = import_identify(&job, &err);
	for (i = 0; rc >= 0 && i < job.sources_n; i++) {
		if (!job.sources[i].is_done)
			rc = read_source(&job, &job.sources[i], &err);
	}
	for (i = 0; i < job.sources_n; i++)
		say(&job.sources[i], out);
	if (rc < 0)
		bail_out("'%s': %s", path, err.text);
	well(buf_end(&out->records, NULL), "records");
	well(buf_end(&out->said, NULL), "report");
	import_job_release(&job);
}

static bool holds(struct span rest, const char *bytes, size_t len)
{
	const char *at;

	if (!len)
		return true;
	while (rest.len >= len &&
	       (at = memchr(rest.at, bytes[0], rest.len - len + 1))) {
		if (!memcmp(at, bytes, len))
			return true;
		rest.len -= (size_t)(at + 1 - rest.at);
		rest.at = at + 1;
	}
	return false;
}

static void write_file(const char *path, const struct buf *bytes)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(buf_text(bytes), 1, bytes->len, file) !=
	    bytes->len || fclose(file))
		bail_out("cannot write '%s'", path);
}

/* A text without its quotes: it may have become part of a name. */
static struct span word_of(const struct buf *file, const struct leaf *leaf)
{
	const char *at = file->data + leaf->at;

	return *at == '"' ? span_of(at + 1, leaf->len - 2) :
		span_of(at, leaf->len);
}

#define TIME "2026-03-01T10:00:03.003Z"

/* A time may stand in a record's own form, with three digits more, where its
 * sample's line has become a message of its own. */
static bool stands_as_time(const struct buf *records, struct span word)
{
	char time[sizeof(TIME "000")];

	if (word.len != strlen(TIME) || word.at[10] != 'T' ||
	    word.at[19] != '.' || word.at[word.len - 1] != 'Z')
		return false;
	snprintf(time, sizeof(time), "%.*s000Z", (int)word.len - 1, word.at);
	return holds(buf_span(records), time, strlen(time));
}

/* What the sample says elsewhere, and said in its records, is there still. */
static bool has_others(const struct sample *sample, const struct buf *file,
		       const struct leaves *leaves, size_t odd,
		       const struct outcome *now, struct buf *missing)
{
	const struct leaf *leaf;
	struct span instead = word_of(file, &leaves->at[odd]);
	struct span word;
	size_t i;

	for (i = 0; i < leaves->n; i++) {
		leaf = &leaves->at[i];
		word = word_of(file, leaf);
		if (word.len < WORD_MIN ||
		    holds(instead, word.at, word.len))
			continue;
		if (holds(buf_span(&sample->good.records), word.at, word.len) &&
		    !holds(buf_span(&now->records), word.at, word.len) &&
		    !stands_as_time(&now->records, word)) {
			buf_putf(missing, " (%s is gone)", leaf->path);
			return false;
		}
	}
	return true;
}

static bool has_mark(const struct odd *odd, const struct buf *records)
{
	size_t i;

	for (i = 0; i < 4 && odd->seen[i]; i++) {
		if (holds(buf_span(records), odd->seen[i], strlen(odd->seen[i])))
			return true;
	}
	return false;
}

/* Does the path begin so, or is it the whole, with a "$" at the end? */
static bool is_at(const char *path, const char *row)
{
	size_t len = strlen(row);
	bool is_whole = len && row[len - 1] == '$';

	len -= is_whole;
	return !strncmp(row, path, len) && (!is_whole || !path[len]);
}

static bool is_of_row(const struct sample *sample, const char *path,
		      const struct left_out *row)
{
	return !strcmp(row->format, sample->good.format) &&
	       is_at(path, row->path) &&
	       (!row->file || !strcmp(row->file, sample->file)) &&
	       strstr(buf_text(&sample->good.said), row->said);
}

static bool is_left_line(const struct sample *sample, size_t line)
{
	const struct left_lines *row;
	size_t i;

	for (i = 0; i < LEFT_LINES; i++) {
		row = &left_lines[i];
		if (row->from <= line && line <= row->to &&
		    !strcmp(row->file, sample->file) &&
		    strstr(buf_text(&sample->good.said), row->said))
			return true;
	}
	return false;
}

static bool is_left_out(struct sample *sample, const struct leaf *leaf)
{
	size_t i;

	for (i = 0; i < LEFT_OUT; i++) {
		if (is_of_row(sample, leaf->path, &left_out[i]))
			return true;
	}
	if (is_left_line(sample, leaf->line))
		return true;
	for (i = 0; i < LEFT_PARTS; i++) {
		if (is_of_row(sample, leaf->path, &left_parts[i].row) &&
		    sample->left[i]++ < left_parts[i].most)
			return true;
	}
	return false;
}

static void judge(struct sample *sample, const struct buf *file,
		  const struct leaves *leaves, size_t i, const struct odd *odd,
		  const struct outcome *now)
{
	struct buf missing = BUF_INIT(BUF_NO_LIMIT);

	if (has_mark(odd, &now->records) &&
	    has_others(sample, file, leaves, i, now, &missing)) {
		sample->kept++;
	} else if (!span_equals(buf_span(&sample->good.said),
				buf_span(&now->said)) ||
		   is_left_out(sample, &leaves->at[i])) {
		sample->told++;
	} else {
		sample->lost++;
		diag("%s: lost %s %s: %s%s", sample->good.format,
		     sample->file, leaves->at[i].path, odd->name, buf_text(&missing));
	}
	buf_release(&missing);
}

static void probe(struct sample *sample, const char *path,
		  const struct buf *file, const struct leaves *leaves,
		  size_t i)
{
	const struct leaf *leaf = &leaves->at[i];
	struct outcome now = { .records = BUF_INIT(BUF_NO_LIMIT),
			       .said = BUF_INIT(BUF_NO_LIMIT) };
	struct buf made = BUF_INIT(BUF_NO_LIMIT);
	size_t end = leaf->at + leaf->len;
	size_t o;

	for (o = 0; o < ODDS; o++) {
		buf_reset(&made);
		buf_put(&made, file->data, leaf->at);
		buf_put_str(&made, odds[o].json);
		buf_put(&made, file->data + end, file->len - end);
		well(buf_end(&made, NULL), "out of memory");
		write_file(path, &made);
		import(buf_text(&sample->path), &now);
		judge(sample, file, leaves, i, &odds[o], &now);
	}
	buf_release(&made);
	buf_release(&now.records);
	buf_release(&now.said);
}

/* Was such a leaf odd before? */
static bool is_probed(struct sample *sample, const char *path)
{
	struct paths *probed = sample->probed;
	struct buf full = BUF_INIT(BUF_NO_LIMIT);
	size_t i = 0;

	buf_putf(&full, "%s %s", sample->good.format, path);
	well(buf_end(&full, NULL), "out of memory");
	while (i < probed->n && strcmp(probed->at[i], buf_text(&full)))
		i++;
	if (i < probed->n) {
		buf_release(&full);
		return true;
	}
	well(array_room(probed, NULL), "out of memory");
	probed->at[probed->n++] = full.data;
	return false;
}

static bool is_due(struct sample *sample, const char *path)
{
	return !is_probed(sample, path) && sample->probed->n % PATHS_STEP == 0;
}

static void probe_file(struct sample *sample, const char *path)
{
	struct buf file = BUF_INIT(BUF_NO_LIMIT);
	struct leaves leaves = { 0 };
	size_t i;

	well(file_read(path, SAMPLE_MAX, &file, NULL), path);
	find_leaves(&leaves, &file);
	for (i = 0; i < leaves.n; i++) {
		if (sample->is_nightly || is_due(sample, leaves.at[i].path))
			probe(sample, path, &file, &leaves, i);
	}
	write_file(path, &file);
	leaves_release(&leaves);
	buf_release(&file);
}

static void copy_file(const char *from, const char *to)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf parent = PATH_BUF_INIT;

	well(path_parent(&parent, to, NULL), to);
	well(dir_make_all(buf_text(&parent), 0755, NULL), to);
	well(file_read(from, SAMPLE_MAX, &bytes, NULL), from);
	write_file(to, &bytes);
	buf_release(&bytes);
	buf_release(&parent);
}

/* The files of a sample that is a folder, each by turns; they lie there. */
static void probe_folder(struct sample *sample, const char *from)
{
	struct buf path = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	struct bundle *files = NULL;
	const char *name;
	size_t i;

	well(bundle_open(from, &files, NULL), from);
	for (i = 0; i < bundle_count(files); i++) {
		name = bundle_at(files, i)->name;
		well(path_join(&path, from, name, NULL), name);
		well(path_join(&to, buf_text(&sample->path), name, NULL),
		     name);
		copy_file(buf_text(&path), buf_text(&to));
	}
	import(buf_text(&sample->path), &sample->good);
	for (i = 0; i < bundle_count(files); i++) {
		name = bundle_at(files, i)->name;
		well(path_join(&to, buf_text(&sample->path), name, NULL),
		     name);
		sample->file = path_base(name);
		probe_file(sample, buf_text(&to));
	}
	bundle_free(files);
	buf_release(&path);
	buf_release(&to);
}

static void test_sample(const char *data, const char *name,
			struct paths *probed)
{
	struct sample sample = {
		.folder = PATH_BUF_INIT, .path = PATH_BUF_INIT,
		.good = { .records = BUF_INIT(BUF_NO_LIMIT),
			  .said = BUF_INIT(BUF_NO_LIMIT) },
		.file = path_base(name),
		.is_nightly = getenv("VV_NIGHTLY") != NULL, .probed = probed,
	};
	struct buf from = PATH_BUF_INIT;

	well(dir_make_temp("/tmp", "loss-", &sample.folder, NULL), "/tmp");
	well(path_join(&from, data, name, NULL), name);
	well(path_join(&sample.path, buf_text(&sample.folder),
		       path_base(name), NULL), name);
	if (file_is_dir(buf_text(&from))) {
		probe_folder(&sample, buf_text(&from));
	} else {
		copy_file(buf_text(&from), buf_text(&sample.path));
		import(buf_text(&sample.path), &sample.good);
		probe_file(&sample, buf_text(&sample.path));
	}
	ok(!sample.lost, "%s (%s): kept %zu, told %zu, lost %zu", name,
	   sample.good.format, sample.kept, sample.told, sample.lost);
	well(dir_remove_all("/tmp", buf_text(&sample.folder), NULL), "/tmp");
	buf_release(&sample.good.records);
	buf_release(&sample.good.said);
	buf_release(&sample.folder);
	buf_release(&sample.path);
	buf_release(&from);
}

static bool is_wanted(const char *name, char **words)
{
	if (!*words)
		return true;
	while (*words && strncmp(name, *words, strlen(*words)))
		words++;
	return *words != NULL;
}

/* The samples are those of the list of what their records are; of some nothing
 * comes. */
int main(int argc, char **argv)
{
	struct buf data = PATH_BUF_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = PATH_BUF_INIT;
	const char *top = getenv("VV_TOP");
	struct paths probed = { 0 };
	char *line;
	char *name;
	char *next;

	(void)argc;
	well(path_join(&data, top ? top : ".", "tests/data", NULL), "path");
	well(path_join(&path, buf_text(&data), "record_ids", NULL), "path");
	well(file_read(buf_text(&path), SAMPLE_MAX, &list, NULL), "list");
	for (line = list.data; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		name = strstr(line, "  ");
		if (name && *line != '-' && is_wanted(name + 2, argv + 1))
			test_sample(buf_text(&data), name + 2, &probed);
	}
	while (probed.n)
		free(probed.at[--probed.n]);
	free(probed.at);
	buf_release(&data);
	buf_release(&list);
	buf_release(&path);
	return done_testing();
}
