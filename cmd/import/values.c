#include "cmd/import/values.h"

#include "cmd/import/json_items.h"
#include "cmd/import/json_lines.h"

struct walk {
	struct import_job *job;
	struct import_source *source;
	const struct values_visitor *visitor;
	struct jdoc_options options;
};

/*
 * Objects on lines, rather than an array or one object over many lines? The
 * first one may be longer than the head, so its begin must tell.
 */
static bool is_lines(struct span head)
{
	size_t i = span_begins(head, "\xef\xbb\xbf") ? 3 : 0;

	while (i < head.len && strchr(" \t\r\n", head.at[i]) && head.at[i])
		i++;
	if (i >= head.len || head.at[i++] != '{')
		return false;
	while (i < head.len && (head.at[i] == ' ' || head.at[i] == '\t'))
		i++;
	return i < head.len && head.at[i] != '\n' && head.at[i] != '\r';
}

static int visit(struct walk *walk, const struct jval *value,
		 struct span text, uint64_t offset, struct err *err)
{
	const struct source_value given = { value, text, offset };

	if (!jval_is(value, JVAL_OBJECT))
		return import_malformed(walk->job, walk->source,
					"a value that is no object", offset,
					text, err);
	return walk->visitor->value(walk->visitor->arg, &given, err);
}

static int tell_duplicates(struct walk *walk, size_t n, struct err *err)
{
	return n ? import_skip(walk->source, "a member that stands twice in "
			       "an object: the last one counts", NULL, err) :
		0;
}

static int parse(struct walk *walk, struct span text, uint64_t offset,
		 struct err *err)
{
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc;

	rc = jdoc_parse(text, &walk->options, &doc, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return import_malformed(walk->job, walk->source, why.text,
					offset, text, err);
	rc = tell_duplicates(walk, jdoc_duplicates(doc), err);
	if (rc >= 0)
		rc = visit(walk, jdoc_root(doc), text, offset, err);
	jdoc_free(doc);
	return rc;
}

static int take_line(struct walk *walk, const struct json_line *line,
		     bool is_bad, struct err *err)
{
	int rc;

	/* Deeper than lines usually are: only the text was given. */
	if (is_bad && line->why.code == ERR_LIMIT && line->text.at)
		return parse(walk, line->text, line->offset, err);
	if (is_bad)
		return import_malformed(walk->job, walk->source,
					line->why.text, line->offset,
					line->text, err);
	rc = tell_duplicates(walk, line->duplicates, err);
	return rc < 0 ? rc : visit(walk, line->value, line->text,
				   line->offset, err);
}

static int read_lines(struct walk *walk, struct err *err)
{
	struct json_lines *lines = NULL;
	struct json_line line;
	int rc;

	rc = json_lines_new(input_feed(&walk->source->input), &lines, err);
	while (rc >= 0 && (rc = json_lines_next(lines, &line, err)) > 0)
		rc = take_line(walk, &line, rc == 2, err);
	json_lines_free(lines);
	return rc;
}

static int read_items(struct walk *walk, const char *member, struct err *err)
{
	struct json_items *items = NULL;
	struct json_item item = { .offset = 0 };
	struct err why = ERR_INIT;
	int found = 1;
	int rc;

	rc = json_items_new(input_feed(&walk->source->input), member, &items,
			    err);
	while (rc >= 0 && found > 0) {
		found = json_items_next(items, &item, &why);
		if (found == 1)
			rc = parse(walk, item.text, item.offset, err);
		else if (found == 2)
			rc = import_malformed(walk->job, walk->source,
					      "an item of more than 96 MiB",
					      item.offset, span_of(NULL, 0),
					      err);
		else if (found == ERR_CORRUPT || found == ERR_INVALID ||
			 found == ERR_NOT_FOUND)
			rc = import_malformed(walk->job, walk->source,
					      why.text, item.offset,
					      item.text, err);
		else if (found < 0)
			rc = err_set(err, (enum err_code)found, "%s",
				     why.text);
	}
	json_items_free(items);
	return rc;
}

int values_each(struct import_job *job, struct import_source *source,
		const char *member, size_t max_depth,
		const struct values_visitor *visitor, struct err *err)
{
	struct walk walk = {
		.job = job, .source = source, .visitor = visitor,
		.options = {
			.max_depth = max_depth,
			.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
		},
	};
	int rc;

	rc = !member && is_lines(buf_span(&source->input.head)) ?
		read_lines(&walk, err) : read_items(&walk, member, err);
	if (rc < 0)
		return rc;
	return source->imported || !source->malformed_n ? 0 :
		import_refuse(source, "nothing of it can be read", NULL, err);
}
