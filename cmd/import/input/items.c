#include "cmd/import/input/items.h"

#include "cmd/import/parse/value_lines.h"

int items_tell_doubles(struct import_source *source, size_t n,
		       struct err *err)
{
	return n ? import_skip(source, "a member that stands twice in an "
			       "object: the last one counts", NULL, err) : 0;
}

int items_take(struct import_job *job, struct import_source *source,
	       const struct array_item *item,
	       const struct items_visitor *visitor, struct err *err)
{
	struct jdoc_options options = visitor->options;
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc;

	options.max_values = VALUE_LINE_VALUES;
	rc = jdoc_parse(item->text, &options, &doc, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return import_malformed(job, source, why.text, item->offset,
					item->text, err);
	rc = items_tell_doubles(source, jdoc_duplicates(doc), err);
	if (rc == 0)
		rc = visitor->item(visitor->arg, doc, item, err);
	jdoc_free(doc);
	return rc;
}

static bool is_fault_of_source(int rc)
{
	return rc == ERR_CORRUPT || rc == ERR_INVALID || rc == ERR_LIMIT ||
	       rc == ERR_NOT_FOUND;
}

int items_each(struct import_job *job, struct import_source *source,
	       struct feed feed, const char *member,
	       const struct items_visitor *visitor, struct err *err)
{
	struct array_items *items = NULL;
	struct array_item item = { .offset = 0 };
	struct err why = ERR_INIT;
	bool is_end = false;
	int found;
	int rc;

	rc = array_items_new(feed, member, &items, err);
	while (rc >= 0 && !is_end) {
		found = array_items_next(items, &item, &why);
		is_end = found < 0 || item.found == FOUND_END;
		if (found == 0 && item.found == FOUND_ONE)
			rc = items_take(job, source, &item, visitor, err);
		else if (found == 0 && item.found == FOUND_BAD)
			rc = import_malformed_long(job, source, "an item is "
						   "too long", item.offset,
						   item.long_len, err);
		else if (is_fault_of_source(found))
			rc = import_malformed(job, source, why.text,
					      item.offset, item.text, err);
		else if (found < 0)
			rc = err_set(err, (enum err_code)found, "%s",
				     why.text);
	}
	if (rc >= 0 && array_items_others(items))
		rc = import_note(source, err, "members beside \"%s\" are not "
				 "kept: %llu", member,
				 (unsigned long long)array_items_others(items));
	array_items_free(items);
	return rc < 0 ? rc : 0;
}
