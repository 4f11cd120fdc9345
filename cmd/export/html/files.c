#include "cmd/export/html/page.h"

#include "cmd/action/read/part_files.h"
#include "cmd/export/plain.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

struct page_file {
	struct span id;
	struct span media;
	struct span name;
	struct span bytes;
	uint64_t size;
};

/* Pictures that every browser shows, by how they begin: what a source says
 * of them is no proof. SVG is none of them, for it is a document. */
static const char *picture_media(struct span bytes)
{
	if (span_begins(bytes, "\x89PNG\r\n\x1a\n"))
		return "image/png";
	if (span_begins(bytes, "\xff\xd8\xff"))
		return "image/jpeg";
	if (span_begins(bytes, "GIF87a") || span_begins(bytes, "GIF89a"))
		return "image/gif";
	if (bytes.len > 12 && span_begins(bytes, "RIFF") &&
	    !memcmp(bytes.at + 8, "WEBP", 4))
		return "image/webp";
	return NULL;
}

static bool is_text(const struct page_file *file)
{
	return (span_begins(file->media, "text/") ||
		span_begins(file->media, "application/json")) &&
	       file->size <= PAGE_TEXT_MAX;
}

static void put_line(struct buf *out, const struct page_file *file)
{
	if (file->name.len) {
		buf_put_str(out, "<bdi class=\"name\">");
		html_put_words(out, file->name, 200);
		buf_put_str(out, "</bdi> · ");
	}
	html_put_text(out, file->media);
	buf_put_str(out, file->media.len ? " · " : "");
	html_put_size(out, file->size);
}

static void put_way(struct buf *out, const struct page_file *file)
{
	buf_put_str(out, "<code class=\"way\">vvault cat ");
	html_put_text(out, file->id);
	buf_put_str(out, "</code>");
}

static void put_picture(struct page *page, const struct page_file *file,
			const char *media)
{
	struct buf *out = &page->out;

	page->pictures += file->size;
	buf_put_str(out, "<figure class=\"picture\"><img alt=\"");
	html_put_words(out, file->name, 200);
	buf_putf(out, "\" src=\"data:%s;base64,", media);
	buf_fail(out, base64_add(out, file->bytes.at, file->bytes.len, NULL));
	buf_put_str(out, "\" />\n<figcaption>");
	put_line(out, file);
	buf_put_char(out, ' ');
	put_way(out, file);
	buf_put_str(out, "</figcaption></figure>\n");
}

static void put_readable(struct buf *out, const struct page_file *file)
{
	buf_put_str(out, "<details class=\"file\"><summary>");
	put_line(out, file);
	buf_put_str(out, "</summary>\n<p>");
	put_way(out, file);
	buf_put_str(out, "</p>\n");
	html_put_plain(out, file->bytes);
	buf_put_str(out, "</details>\n");
}

static void put_named(struct buf *out, const struct page_file *file,
		      bool is_there)
{
	buf_put_str(out, "<p class=\"file\">");
	put_line(out, file);
	buf_put_str(out, is_there ? " " : " · cannot be read ");
	put_way(out, file);
	buf_put_str(out, "</p>\n");
}

/* One that is larger than its reference says is not to be had here. */
static int read_file(struct page *page,
		     const unsigned char digest[SHA256_BYTES],
		     struct buf *bytes, bool *is_there, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = view_blob(page->export->view, digest, bytes, is_there,
			   &reason);

	if (rc != ERR_LIMIT)
		return err_copy(err, rc, &reason);
	buf_reset(bytes);
	return 0;
}

static int put_file(struct page *page, struct span reference, struct span name,
		    struct err *err)
{
	struct page_file file = { .name = name };
	unsigned char digest[SHA256_BYTES];
	struct buf bytes = BUF_INIT(PAGE_PICTURE_MAX);
	const char *media = NULL;
	bool is_there = true;
	int rc = 0;

	if (!blob_ref_parse(reference, digest, &file.size))
		return 0;
	jcs_find_string(reference, "$blob", &file.id);
	jcs_find_string(reference, "media", &file.media);
	if (is_text(&file) ||
	    (span_begins(file.media, "image/") &&
	     file.size <= PAGE_PICTURE_MAX &&
	     page->pictures + file.size <= PAGE_PICTURES_MAX))
		rc = read_file(page, digest, &bytes, &is_there, err);
	file.bytes = buf_span(&bytes);
	if (file.bytes.len)
		media = picture_media(file.bytes);
	if (media)
		put_picture(page, &file, media);
	else if (file.bytes.len && is_text(&file))
		put_readable(&page->out, &file);
	else
		put_named(&page->out, &file, is_there);
	buf_release(&bytes);
	return rc;
}

/* The member that holds the reference behind this text: the name of a file
 * that has no other. */
static struct span member_before(struct span before)
{
	size_t end = before.len;
	size_t begin;

	/* "name":{"$blob" */
	if (end < 3 || before.at[end - 1] != ':')
		return span_of(NULL, 0);
	end -= 2;
	for (begin = end; begin && before.at[begin - 1] != '"'; begin--)
		;
	before = span_of(before.at + begin, end - begin);
	return span_equals(before, span_str("data")) ? span_of(NULL, 0) :
	       before;
}

/* The files that a value names, each once; what is behind the first so many of
 * them is counted. */
#define FILES_MAX 256

struct told_files {
	struct span ids[FILES_MAX];
	size_t n;
	uint64_t more;
};

static bool is_new_file(struct told_files *files, struct span id)
{
	size_t i;

	for (i = 0; i < files->n; i++) {
		if (span_equals(files->ids[i], id))
			return false;
	}
	if (files->n == FILES_MAX) {
		files->more++;
		return false;
	}
	files->ids[files->n++] = id;
	return true;
}

static int put_files(struct page *page, struct span value, struct span name,
		     struct told_files *files, struct err *err)
{
	struct span rest = value;
	struct span reference;
	struct span before;
	struct span id;
	int rc = 0;

	while (rc == 0 && (reference = export_next_blob(rest)).len) {
		before = span_of(value.at, (size_t)(reference.at - value.at));
		rest = span_of(reference.at + reference.len, value.len -
			       before.len - reference.len);
		if (jcs_find_string(reference, "$blob", &id) &&
		    is_new_file(files, id))
			rc = put_file(page, reference, name.len ? name :
				      member_before(before), err);
	}
	return rc;
}

static int put_part_files(struct page *page, struct span state,
			  struct told_files *files, struct err *err)
{
	struct jcs_iter iter;
	struct span parts;
	struct span part;
	struct span name;
	int rc = 0;

	if (!jcs_find(state, "parts", &parts))
		return 0;
	iter = jcs_iter_array(parts);
	while (rc == 0 && jcs_next(&iter, NULL, &part)) {
		struct span about;

		if (!jcs_find(part, "attachment", &about))
			about = part;
		if (!jcs_find_string(about, "file_name", &name))
			jcs_find_string(about, "name", &name);
		rc = put_files(page, part, name, files, err);
	}
	return rc;
}

static int put_asset_files(struct page *page, struct span state,
			   struct told_files *files, struct err *err)
{
	struct span assets = { NULL, 0 };
	struct jcs_iter iter;
	struct span reference;
	struct span id;
	int rc = 0;

	jcs_find(state, "assets", &assets);
	iter = jcs_iter_object(assets);
	while (rc == 0 && jcs_next(&iter, &id, &reference))
		rc = put_files(page, reference, part_asset_name(state, id),
			       files, err);
	return rc;
}

/* Those of parts and assets, and of what else the message holds. */
int page_put_files(struct page *page, struct span state, struct err *err)
{
	struct told_files files = { .n = 0 };
	const struct span no_name = { NULL, 0 };
	struct jcs_iter iter = jcs_iter_object(state);
	struct span name;
	struct span value;
	int rc = put_part_files(page, state, &files, err);

	if (rc == 0)
		rc = put_asset_files(page, state, &files, err);
	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (!span_equals(name, span_str("content")))
			rc = put_files(page, value, no_name, &files, err);
	}
	if (files.more) {
		buf_put_str(&page->out, "<p class=\"file\">and ");
		html_put_count(&page->out, files.more, "more file",
			       "more files");
		buf_put_str(&page->out, "</p>\n");
	}
	return rc;
}
