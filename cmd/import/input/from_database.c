#include "cmd/import/input/from_database.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/import/input/archive.h"
#include "cmd/import/input/items.h"
#include "lib/os/file.h"

#define COPY_BYTES ((size_t)1 << 20)
#define LOG "-wal"
#define HEAD_BYTES 16

static bool begins_on_disk(const char *path)
{
	char head[HEAD_BYTES];
	size_t len = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
		      O_NOCTTY);

	if (fd < 0)
		return false;
	got = read(fd, head, sizeof(head));
	if (got > 0)
		len = (size_t)got;
	close(fd);
	return database_is_magic(span_of(head, len));
}

static bool begins_in_archive(struct archive *archive, const char *member)
{
	const struct bundle_file *file = NULL;
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct bundle *bundle;
	bool is_one;

	if (archive_open(archive, &bundle, NULL) == 0)
		file = bundle_find(bundle, member);
	is_one = file && bundle_head(bundle, file, HEAD_BYTES, &head,
				     NULL) == 0 &&
		 database_is_magic(buf_span(&head));
	buf_release(&head);
	return is_one;
}

bool input_is_beside_database(const struct import_input *input)
{
	static const char *const ends[] = { LOG, "-shm", "-journal" };
	const char *path = input->archive ? input->member : input->path;
	struct buf base = BUF_INIT(BUF_NO_LIMIT);
	bool is_one = false;
	size_t i;

	for (i = 0; !is_one && i < sizeof(ends) / sizeof(*ends); i++) {
		if (!span_ends(span_str(path), ends[i]))
			continue;
		buf_put(&base, path, strlen(path) - strlen(ends[i]));
		is_one = buf_end(&base, NULL) == 0 &&
			 (input->archive ?
			  begins_in_archive(input->archive, buf_text(&base)) :
			  begins_on_disk(buf_text(&base)));
		break;
	}
	buf_release(&base);
	return is_one;
}

/* --- copies ---------------------------------------------------------------- */

static int copy_feed(const struct feed *feed, int to, const char *path,
		     struct err *err)
{
	char *block = malloc(COPY_BYTES);
	size_t len = 1;
	int rc = block ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	while (rc == 0 && len) {
		rc = feed->read(feed->arg, block, COPY_BYTES, &len, err);
		if (rc == 0)
			rc = file_write_fd(to, path, span_of(block, len),
					   err);
	}
	free(block);
	return rc;
}

static int write_feed(const struct feed *feed, const char *path,
		      struct err *err)
{
	int rc;
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		      O_NOFOLLOW, 0600);

	if (to < 0)
		return err_errno(err, "cannot write '%s'", path);
	rc = copy_feed(feed, to, path, err);
	close(to);
	return rc;
}

static int write_log(struct import_input *input, const char *path,
		     struct err *err)
{
	struct buf member = BUF_INIT(BUF_NO_LIMIT);
	struct buf to = BUF_INIT(BUF_NO_LIMIT);
	uint64_t size;
	int rc;

	buf_putf(&member, "%s" LOG, input->member);
	buf_putf(&to, "%s" LOG, path);
	rc = buf_end(&member, err);
	if (rc == 0)
		rc = buf_end(&to, err);
	if (rc == 0 && archive_has(input->archive, buf_text(&member))) {
		rc = archive_begin(input->archive, buf_text(&member), &member,
				   &size, err);
		if (rc == 0)
			rc = write_feed(archive_feed(input->archive, &member),
					buf_text(&to), err);
	}
	buf_release(&member);
	buf_release(&to);
	return rc;
}

/* From its begin, whatever was read of it. */
static int write_copy(void *arg, const char *path, struct err *err)
{
	struct import_input *input = arg;
	const struct feed feed = input_feed(input);
	int rc = 0;

	if (!input->is_pipe) {
		input_close(input);
		rc = input_open(input, err);
	}
	input->head_used = 0;
	if (rc == 0)
		rc = write_feed(&feed, path, err);
	if (rc == 0 && input->archive)
		rc = write_log(input, path, err);
	return rc;
}

int input_database(struct import_input *input, struct database **out,
		   struct err *err)
{
	int rc;

	if (!input->database && (input->bundle || input->is_folder ||
				 !database_is_magic(buf_span(&input->head))))
		return err_set(err, ERR_INVALID, "'%s' is no database",
			       input->path);
	if (!input->database) {
		rc = input->archive || input->is_pipe || input->unpack ?
			database_open_made(input->room, write_copy, input,
					   &input->database, err) :
			database_open(input->path, input->room,
				      &input->database, err);
		if (rc < 0)
			return rc;
	}
	*out = input->database;
	return 0;
}

/* --- values ---------------------------------------------------------------- */

int value_give(struct import_job *job, struct import_source *source,
	       struct span json, uint64_t offset,
	       const struct values_visitor *visitor, struct err *err)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};
	struct source_value given = { NULL, json, offset };
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(json, &options, &doc, &why);

	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	if (rc < 0)
		return import_malformed(job, source, why.text, offset, json,
					err);
	given.value = jdoc_root(doc);
	rc = items_tell_doubles(source, jdoc_duplicates(doc), err);
	if (rc == 0)
		rc = jval_is(given.value, JVAL_OBJECT) ?
			visitor->value(visitor->arg, &given, err) :
			import_malformed(job, source, "a value that is no "
					 "object", offset, json, err);
	jdoc_free(doc);
	return rc;
}

struct telling {
	struct import_job *job;
	struct import_source *source;
	const struct values_visitor *visitor;
	uint64_t offset;	/* as if the rows stood in a file */
	bool is_theirs;		/* the failure is the visitor's */
};

static int give_row(void *arg, struct span json, struct err *err)
{
	struct telling *telling = arg;
	uint64_t offset = telling->offset;
	int rc;

	telling->offset += json.len + 1;
	rc = value_give(telling->job, telling->source, json, offset,
			telling->visitor, err);
	telling->is_theirs = rc != 0;
	return rc;
}

static int give_bad(void *arg, const char *why, struct err *err)
{
	struct telling *telling = arg;
	int rc = import_malformed(telling->job, telling->source, why,
				  telling->offset, span_of(NULL, 0), err);

	telling->is_theirs = rc != 0;
	return rc;
}

int database_tell(struct import_job *job, struct import_source *source,
		  int rc, const struct err *why, struct err *err)
{
	if (rc >= 0)
		return rc;
	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	if ((rc == ERR_CHANGED || rc == ERR_LOCKED) && source->is_live) {
		source->is_unfinished = true;
		return 0;
	}
	return source->imported ?
	       import_malformed(job, source, why->text, 0, span_of(NULL, 0),
				err) :
	       import_refuse_err(source, why, err);
}

int rows_values(struct import_job *job, struct import_source *source,
		const struct rows_shape *shape,
		const struct values_visitor *visitor, struct err *err)
{
	struct telling telling = {
		.job = job, .source = source, .visitor = visitor,
	};
	const struct rows_visitor rows = { give_row, give_bad, &telling };
	struct database *db = NULL;
	struct err why = ERR_INIT;
	int rc = input_database(&source->input, &db, &why);

	if (rc == 0)
		rc = rows_each(db, shape, &rows, &why);
	if (telling.is_theirs)
		return rc < 0 ? err_copy(err, rc, &why) : rc;
	rc = database_tell(job, source, rc, &why, err);
	if (rc)
		return rc;
	source->input.bytes_read = source->input.size;
	return source->imported || !source->malformed.n ? 0 :
	       import_refuse(source, "nothing of it can be read", NULL, err);
}
