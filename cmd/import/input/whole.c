#include "cmd/import/input/whole.h"

#include <stdlib.h>

#include "cmd/import/input/begun.h"
#include "cmd/import/input/items.h"

#define BEGIN_BYTES ((size_t)8 << 20)
#define PLACE "(byte "

static const struct jdoc_options options = {
	.max_bytes = WHOLE_MAX_BYTES,
	.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
};

/* max_depth: 0 for the usual. */
static int parse_to(struct import_source *source, struct span text,
		    size_t max_depth, struct jdoc **out,
		    struct err *out_why, struct err *err)
{
	struct jdoc_options deep = options;
	int rc;

	deep.max_depth = max_depth;
	rc = jdoc_parse(text, &deep, out, out_why);

	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return IMPORT_REFUSED;
	rc = items_tell_doubles(source, jdoc_duplicates(*out), err);
	if (rc < 0) {
		jdoc_free(*out);
		*out = NULL;
	}
	return rc < 0 ? rc : 0;
}

int whole_parse(struct import_source *source, struct span text,
		struct jdoc **out, struct err *out_why, struct err *err)
{
	return parse_to(source, text, 0, out, out_why, err);
}

int whole_load(struct import_source *source, size_t max_bytes,
	       struct err *err)
{
	struct err why = ERR_INIT;
	int rc = input_load(&source->input, max_bytes, &why);

	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	return rc < 0 ? import_refuse_err(source, &why, err) : 0;
}

/* Is the begin of a large one broken already? Then no more of it is read. */
static int check_begin(struct import_source *source, size_t max_depth,
		       struct err *out_why)
{
	struct jdoc_options begin = options;
	struct jdoc *doc = NULL;
	size_t used;
	int rc = input_load(&source->input, BEGIN_BYTES, NULL);

	if (rc != ERR_LIMIT)
		return 0;
	begin.max_depth = max_depth;
	begin.max_bytes = BEGIN_BYTES;
	rc = jdoc_parse_prefix(buf_span(&source->input.head), &begin, &doc,
			       &used, out_why);
	jdoc_free(doc);
	/* Without a place it is but cut. */
	if (rc < 0 && strstr(out_why->text, PLACE))
		return IMPORT_REFUSED;
	err_clear(out_why);
	return 0;
}

/* IMPORT_REFUSED with why: it has not been told yet. */
static int load_and_parse(struct import_source *source, size_t max_depth,
			  struct jdoc **out, struct err *out_why,
			  struct err *err)
{
	int rc = check_begin(source, max_depth, out_why);

	if (!rc)
		rc = whole_load(source, WHOLE_MAX_BYTES, err);
	return rc ? rc : parse_to(source, buf_span(&source->input.head),
				  max_depth, out, out_why, err);
}

int whole_read_deep(struct import_source *source, size_t max_depth,
		    struct jdoc **out, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = load_and_parse(source, max_depth, out, &why, err);

	return rc == IMPORT_REFUSED && why.code ?
	       import_refuse_err(source, &why, err) : rc;
}

/* Of the bytes before the place where it breaks. */
static int parse_begun(struct import_job *job, struct import_source *source,
		       size_t max_depth, const struct err *why,
		       struct jdoc **out, struct err *err)
{
	struct jdoc_options copied = options;
	struct span text = buf_span(&source->input.head);
	const char *place = strstr(why->text, PLACE);
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	size_t len = place ? strtoull(place + strlen(PLACE), NULL, 10) : 0;
	int rc;

	copied.max_depth = max_depth;
	copied.flags |= JDOC_COPY;
	begun_put(span_of(text.at, len < text.len ? len : text.len), &json,
		  &len);
	rc = buf_end(&json, err);
	if (rc == 0)
		rc = len ? jdoc_parse(buf_span(&json), &copied, out, NULL) :
		     ERR_INVALID;
	buf_release(&json);
	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	if (rc < 0)
		return import_refuse_err(source, why, err);
	return !job ? 0 : import_malformed(job, source, why->text, len,
					   span_of(text.at + len,
						   text.len - len), err);
}

int whole_read_begun(struct import_job *job, struct import_source *source,
		     size_t max_depth, struct jdoc **out, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = load_and_parse(source, max_depth, out, &why, err);

	if (rc != IMPORT_REFUSED || !why.code)
		return rc;
	/* A live one is being written; one beyond bounds means harm. */
	if (source->is_live || why.code != ERR_INVALID)
		return import_refuse_err(source, &why, err);
	rc = parse_begun(job, source, max_depth, &why, out, err);
	if (rc < 0) {
		jdoc_free(*out);
		*out = NULL;
	}
	return rc;
}

int whole_read(struct import_source *source, struct jdoc **out,
	       struct err *err)
{
	return whole_read_deep(source, 0, out, err);
}

static int read_memory(void *arg, void *bytes, size_t len, size_t *out_len,
		       struct err *err)
{
	struct span *left = arg;

	(void)err;
	len = len < left->len ? len : left->len;
	if (len)
		memcpy(bytes, left->at, len);
	*left = span_of(left->at + len, left->len - len);
	*out_len = len;
	return 0;
}

struct feed whole_feed(struct span *left)
{
	const struct feed feed = { read_memory, left };

	return feed;
}

int whole_lines(struct import_job *job, struct import_source *source,
		const struct lines_visitor *visitor, struct err *err)
{
	struct span left = buf_span(&source->input.head);
	struct value_lines *lines = NULL;
	struct value_line line;
	int rc;

	rc = value_lines_new(whole_feed(&left), &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) == 0 &&
	       line.found != FOUND_END) {
		if (line.found == FOUND_BAD) {
			rc = job ? import_malformed_line(job, source, &line,
							 err) : 0;
			continue;
		}
		rc = job ? items_tell_doubles(source, line.duplicates, err) : 0;
		if (rc == 0)
			rc = visitor->line(visitor->arg, &line, err);
	}
	value_lines_free(lines);
	return rc;
}
