#include "cmd/action/read/part_files.h"
#include "cmd/action/result.h"
#include "cmd/export/markdown/markdown.h"
#include "cmd/export/plain.h"
#include "lib/base/utf8.h"
#include "lib/json/jcs_scan.h"

/* The text that a file is, as a reference; absent when it is none. */
static struct span find_text(struct span value)
{
	struct span reference = export_next_blob(value);
	struct span media;

	return reference.len && jcs_find_string(reference, "media", &media) &&
	       span_begins(media, "text/plain") ? reference :
	       span_of(NULL, 0);
}

static void put_name(struct span part, struct buf *out)
{
	static const char *const names[] = { "file_name", "name", "path" };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span about;
	struct span name;
	size_t i;

	if (!jcs_find(part, "attachment", &about) &&
	    !jcs_find(part, "file", &about))
		about = part;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find(about, names[i], &name) &&
		    jcs_type_of(name) == JCS_STRING)
			break;
	}
	buf_put_str(&text, "**");
	if (i < sizeof(names) / sizeof(names[0]))
		buf_fail(&text, jcs_string_decode(name, &text, NULL));
	else
		buf_put_str(&text, "file");
	buf_put_str(&text, "**");
	markdown_put_lines(out, buf_span(&text), "> ");
	buf_release(&text);
}

int markdown_attached(struct view *view, struct span part, struct buf *out,
		      bool *out_is_told, struct err *err)
{
	struct span reference = find_text(part);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	*out_is_told = false;
	if (!reference.len || !part_is_file(part))
		return 0;
	rc = export_text(view, reference, &text, err);
	/* One whose bytes are not here stands as its reference. */
	if (rc == 0 && !span_begins(buf_span(&text), "{\"$blob\"") &&
	    utf8_is_valid(buf_span(&text))) {
		put_name(part, out);
		buf_put_str(out, ">\n");
		markdown_put_lines(out, buf_span(&text), "> ");
		buf_put_char(out, '\n');
		*out_is_told = true;
	}
	buf_release(&text);
	return rc;
}
