#include "cmd/resume/registry.h"

#include "cmd/resume/pieces.h"
#include "lib/json/jdoc.h"
#include "lib/json/lex.h"

#define REGISTRY_MAX ((size_t)64 << 20)

/* Is there an entry that has the text already? */
static bool has_it(const struct jval *list, const struct registry_entry *entry)
{
	const struct jval *at = jval_first(list);

	while (at && !span_equals(jval_text(jval_get(at, entry->by)),
				  entry->is))
		at = at->next;
	return at != NULL;
}

/* The entry as it stands in the list; with the list, where that is not there
 * either. */
static void put_registry_entry(const struct registry_entry *entry,
			       bool has_list,
		      struct buf *out)
{
	if (!has_list && entry->list)
		buf_putf(out, "\"%s\":%c", entry->list,
			 entry->name ? '{' : '[');
	if (entry->name) {
		jcs_put_string(out, span_str(entry->name));
		buf_put_char(out, ':');
	}
	buf_put_span(out, entry->value);
	if (!has_list && entry->list)
		buf_put_char(out, entry->name ? '}' : ']');
}

/* Behind the last thing in that container, with the blanks before it that
 * stand before the first one. */
static void put_into(const struct jval *container, struct span text,
		     const struct registry_entry *entry, bool has_list,
		     struct buf *out)
{
	const char *first = container->raw.at + 1;
	const char *end = text.at + text.len;
	const struct jval *last = jval_first(container);
	const char *at = first;

	while (last && last->next)
		last = last->next;
	if (last)
		at = last->raw.at + last->raw.len;
	buf_put(out, text.at, (size_t)(at - text.at));
	if (last) {
		buf_put_char(out, ',');
		buf_put(out, first, (size_t)(lex_skip_space(first, end) -
					     first));
	}
	put_registry_entry(entry, has_list, out);
	buf_put(out, at, (size_t)(end - at));
}

static int put_new(const struct registry_entry *entry, struct buf *out,
		   struct err *err)
{
	bool is_object = entry->list || entry->name;

	buf_put_char(out, is_object ? '{' : '[');
	put_registry_entry(entry, false, out);
	buf_put_str(out, is_object ? "}\n" : "]\n");
	return buf_end(out, err);
}

static int put_changed(const char *path, struct span text,
		       const struct registry_entry *entry, struct buf *out,
		       struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_BOM_SKIP };
	enum jval_type type = entry->name ? JVAL_OBJECT : JVAL_ARRAY;
	const struct jval *root;
	const struct jval *list;
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc = jdoc_parse(text, &options, &doc, &why);

	if (rc < 0)
		return err_set(err, ERR_INVALID, "'%s' is no JSON: %s; mend "
			       "it, or move it away, first", path, why.text);
	root = jdoc_root(doc);
	list = entry->list ? jval_get(root, entry->list) : root;
	if ((list && !jval_is(list, type)) ||
	    (entry->list && !jval_is(root, JVAL_OBJECT)))
		rc = err_set(err, ERR_INVALID, "'%s' is no list of sessions "
			     "of the kind that is known; move it away first",
			     path);
	else if (list && has_it(list, entry))
		buf_put_span(out, text);
	else
		put_into(list ? list : root, text, entry, list != NULL, out);
	jdoc_free(doc);
	return rc < 0 ? rc : buf_end(out, err);
}

int registry_put(const struct resume_target *target, struct resume_out *out,
		 const char *path, const struct registry_entry *entry,
		 struct err *err)
{
	struct resume_file *file;
	int rc = resume_add(out, RESUME_ENTRY, path, &file, err);

	if (rc == 0)
		rc = resume_read_before(target, file, REGISTRY_MAX, err);
	if (rc < 0)
		return rc;
	return file->before.len ?
		put_changed(path, buf_span(&file->before), entry,
			    &file->bytes, err) :
		put_new(entry, &file->bytes, err);
}
