#include "cmd/import/input/values.h"

#include "cmd/import/input/items.h"
#include "cmd/import/parse/value_lines.h"
#include "cmd/import/sniff.h"

struct walk {
	struct import_job *job;
	struct import_source *source;
	const struct values_visitor *visitor;
	struct items_visitor items;
};

/*
 * Objects on lines, rather than an array or one object over many lines? The
 * first one may be longer than the head, so its begin must tell.
 */
static bool is_lines(struct span head)
{
	size_t i = 1;

	head = sniff_begin(head);
	if (!span_begins(head, "{"))
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

static int take_item(void *arg, const struct jdoc *doc,
		     const struct array_item *item, struct err *err)
{
	return visit(arg, jdoc_root(doc), item->text, item->offset, err);
}

static int take_line(struct walk *walk, const struct value_line *line,
		     bool is_bad, struct err *err)
{
	const struct array_item item = {
		.text = line->text, .offset = line->offset,
	};
	int rc;

	/* Deeper than lines usually are: only the text was given. */
	if (is_bad && line->why.code == ERR_LIMIT && line->text.at)
		return items_take(walk->job, walk->source, &item,
				  &walk->items, err);
	if (is_bad)
		return import_malformed_line(walk->job, walk->source, line,
					     err);
	rc = items_tell_doubles(walk->source, line->duplicates, err);
	return rc < 0 ? rc : visit(walk, line->value, line->text,
				   line->offset, err);
}

static int read_lines(struct walk *walk, struct err *err)
{
	struct value_lines *lines = NULL;
	struct value_line line;
	int rc;

	rc = value_lines_new(input_feed(&walk->source->input), &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) == 0 &&
	       line.found != FOUND_END)
		rc = take_line(walk, &line, line.found == FOUND_BAD, err);
	value_lines_free(lines);
	return rc;
}

int values_each(struct import_job *job, struct import_source *source,
		const char *member, size_t max_depth,
		const struct values_visitor *visitor, struct err *err)
{
	struct walk walk = {
		.job = job, .source = source, .visitor = visitor,
		.items = { .item = take_item },
	};
	int rc;

	walk.items.arg = &walk;
	walk.items.options.max_depth = max_depth;
	walk.items.options.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP;
	rc = !member && is_lines(buf_span(&source->input.head)) ?
		read_lines(&walk, err) :
		items_each(job, source, input_feed(&source->input), member,
			   &walk.items, err);
	if (rc < 0)
		return rc;
	return source->imported || !source->malformed.n ? 0 :
		import_refuse(source, "nothing of it can be read", NULL, err);
}
