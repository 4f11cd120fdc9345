#include "cmd/import/gemini/takeout_internal.h"

#include "cmd/import/input/items.h"

static bool is_ours(const struct jval *record)
{
	struct span header = jval_get_text(record, "header");
	const struct jval *product;

	if (!takeout_is_product(header))
		return false;
	product = jval_first(jval_get(record, "products"));
	while (product && !span_equals(jval_text(product), header))
		product = product->next;
	return product || !jval_get(record, "products");
}

static void add_html(struct takeout_run *run, const struct jval *items,
		     struct takeout_activity *activity)
{
	const struct jval *item;

	buf_reset(&run->html);
	for (item = jval_first(items); item; item = item->next)
		buf_put_span(&run->html, jval_get_text(item, "html"));
	if (run->html.len)
		activity->html = buf_span(&run->html);
}

static void add_name(struct takeout_activity *activity, struct span name)
{
	size_t i;

	for (i = 0; i < activity->files_n; i++) {
		if (span_equals(activity->files[i], name))
			return;
	}
	if (name.len && activity->files_n < TAKEOUT_FILES_MAX)
		activity->files[activity->files_n++] = name;
}

static void add_file(struct takeout_activity *activity,
		     const struct jval *value)
{
	add_name(activity, jval_is(value, JVAL_OBJECT) ?
		 jval_get_text(value, "name") : jval_text(value));
}

/* Where a list of links leads into the export itself. */
static void add_linked(struct takeout_activity *activity,
		       const struct jval *links)
{
	const struct jval *link = jval_first(links);
	struct span url;

	for (; link; link = link->next) {
		url = jval_get_text(link, "url");
		if (url.len && !span_has(url, ":") && !span_begins(url, "//"))
			add_name(activity, url);
	}
}

static void add_files(struct takeout_activity *activity,
		      const struct jval *record)
{
	static const char *const members[] = { "attachedFiles", "imageFile" };
	const struct jval *value;
	size_t i;

	add_linked(activity, jval_get(record, "subtitles"));
	add_linked(activity, jval_get(record, "details"));

	for (i = 0; i < 2; i++) {
		value = jval_get(record, members[i]);
		if (!jval_is(value, JVAL_ARRAY)) {
			add_file(activity, value);
			continue;
		}
		for (value = jval_first(value); value; value = value->next)
			add_file(activity, value);
	}
}

static int take_record(struct takeout_run *run, const struct jval *record,
		       uint64_t offset, struct err *err)
{
	struct takeout_activity activity = {
		.title = jval_get_text(record, "title"),
		.time = chat_time_of(jval_get(record, "time")),
		.time_text = jval_get_text(record, "time"),
		.record = record,
		.is_translated = !jval_is_text(jval_get(record, "header"),
					       TAKEOUT_PRODUCT),
	};
	int rc;

	if (!jval_is(record, JVAL_OBJECT))
		return import_malformed(run->job, run->source, "an item that "
					"is no object", offset, record->raw,
					err);
	if (!is_ours(record))
		return takeout_other(run, jval_get_text(record, "header"),
				     err);
	if (!activity.title.at)
		return import_malformed(run->job, run->source, "an activity "
					"without a title", offset, record->raw,
					err);
	add_files(&activity, record);
	add_html(run, jval_get(record, "safeHtmlItem"), &activity);
	rc = buf_end(&run->html, err);
	return rc < 0 ? rc : takeout_put(run, &activity, err);
}

static int take_item(void *arg, const struct jdoc *doc,
		     const struct array_item *item, struct err *err)
{
	return take_record(arg, jdoc_root(doc), item->offset, err);
}

int takeout_json(struct takeout_run *run, struct feed feed, struct err *err)
{
	const struct items_visitor visitor = {
		.item = take_item, .arg = run,
		.options.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};

	table_reset(&run->seen);
	return items_each(run->job, run->source, feed, NULL, &visitor, err);
}
