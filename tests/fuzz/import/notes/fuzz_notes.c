/*
 * Notes: whatever comes in, the record is valid and the same each time; front
 * matter, its members and the links of a text lie in the text.
 */
#include <stdint.h>

#include "cmd/import/notes/note.h"
#include "cmd/import/notes/notes.h"
#include "cmd/import/parse/markdown/front_matter.h"
#include "cmd/import/parse/markdown/links.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void is_within(struct span part, struct span whole)
{
	assert(!part.len || (part.at >= whole.at &&
			     part.at + part.len <= whole.at + whole.len));
}

static int see_item(void *arg, struct span value)
{
	assert(value.len);
	is_within(value, *(const struct span *)arg);
	return 0;
}

static int see_link(void *arg, const struct markdown_link *link)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);

	assert(link->target.len);
	is_within(link->target, *(const struct span *)arg);
	if (note_path_from(span_str("a/b/c.md"), link->target, &path))
		assert(path.len && *path.data != '/');
	buf_release(&path);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const names[] = { "tags", "title", NULL };
	struct span text = span_of(data, len);
	const struct front_matter_visitor items = { see_item, &text };
	const struct markdown_link_visitor links = { see_link, &text };
	struct front_matter parts;

	if (!len)
		return 0;
	parts = front_matter_split(text);
	is_within(parts.text, text);
	is_within(parts.body, text);
	is_within(front_matter_get(parts.text, names), text);
	assert(!front_matter_each(parts.text, names, &items));
	assert(!markdown_links_each(text, &links));
	return importer_fuzz(&notes_importer, data, len);
}
