#include "cmd/export/html/page.h"

#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

#define VALUES_DEEPEST 4	/* what lies deeper stands as JSON */

static bool is_told(struct span name, const char *const *told)
{
	for (; told && *told; told++) {
		if (span_equals(name, span_str(*told)))
			return true;
	}
	return false;
}

struct span page_text(struct page *page, struct span object, const char *name,
		      struct buf *out)
{
	struct span value;

	buf_reset(out);
	if (jcs_find(object, name, &value) && jcs_type_of(value) != JCS_NULL)
		buf_fail(&page->out, export_text(page->export->view, value,
						 out, NULL));
	return buf_span(out);
}

/* A value that the record's own form cannot hold, as the source has it. */
static bool is_raw(struct span value)
{
	return span_begins(value, "{\"$raw\":");
}

/* Text, a number or what lies too deep. */
static void put_leaf(struct page *page, struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(value) == JCS_STRING)
		buf_fail(&page->out, jcs_string_decode(value, &text, NULL));
	else if (!is_raw(value) || jdoc_from_jcs(value, &text, NULL) < 0)
		buf_put_span(&text, value);
	buf_fail(&page->out, text.failed);
	html_put_plain(&page->out, buf_span(&text));
	buf_release(&text);
}

static void put_name(struct page *page, struct span name)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_put_str(&page->out, "<dt dir=\"auto\">");
	buf_fail(&page->out, jcs_inner_decode(name, &text, NULL));
	html_put_text(&page->out, buf_span(&text));
	buf_put_str(&page->out, "</dt>");
	buf_release(&text);
}

static void put_nested(struct page *page, struct span value,
		       const char *const *told, size_t depth)
{
	enum jcs_type type = jcs_type_of(value);
	bool is_object = type == JCS_OBJECT;
	struct jcs_iter iter;
	struct span name;
	struct span item;

	if (depth == VALUES_DEEPEST || (!is_object && type != JCS_ARRAY) ||
	    value.len == 2 || is_raw(value)) {
		put_leaf(page, value);
		return;
	}
	iter = is_object ? jcs_iter_object(value) : jcs_iter_array(value);
	buf_put_str(&page->out, is_object ? "<dl>\n" : "<ul>\n");
	while (jcs_next(&iter, &name, &item)) {
		if (is_object && is_told(name, told))
			continue;
		if (is_object)
			put_name(page, name);
		buf_put_str(&page->out, is_object ? "<dd>" : "<li>");
		put_nested(page, item, NULL, depth + 1);
		buf_put_str(&page->out, is_object ? "</dd>\n" : "</li>\n");
	}
	buf_put_str(&page->out, is_object ? "</dl>\n" : "</ul>\n");
}

void page_put_value(struct page *page, struct span value,
		    const char *const *told)
{
	put_nested(page, value, told, 0);
}

bool page_has_more(struct span object, const char *const *told)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span name;

	while (jcs_next(&iter, &name, NULL)) {
		if (!is_told(name, told))
			return true;
	}
	return false;
}

void page_put_more(struct page *page, struct span object,
		   const char *const *told)
{
	if (!page_has_more(object, told))
		return;
	buf_put_str(&page->out,
		    "<details class=\"part\"><summary><b>More</b></summary>\n");
	page_put_value(page, object, told);
	buf_put_str(&page->out, "</details>\n");
}
