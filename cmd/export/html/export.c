#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/action/result.h"
#include "cmd/export/html/pages.h"
#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

/* One file as a host: what is written goes to its end. */
struct page_file_host {
	int fd;
	struct buf path;
	struct host host;
	struct export export;
};

static int write_bytes(void *arg, struct span bytes, struct err *err)
{
	struct page_file_host *file = arg;

	return file_write_fd(file->fd, buf_text(&file->path), bytes, err);
}

static int file_begin(struct page_file_host *file, const struct pages *pages,
		      const char *name, struct err *err)
{
	int rc;

	*file = (struct page_file_host){
		.fd = -1, .path = PATH_BUF_INIT,
		.host = { .arg = file, .bytes = write_bytes },
		.export = *pages->export,
	};
	file->export.host = &file->host;
	rc = path_join(&file->path, buf_text(&pages->folder.path), name,
		       err);
	if (rc < 0)
		return rc;
	file->fd = open(buf_text(&file->path), O_WRONLY | O_CREAT | O_EXCL |
			O_CLOEXEC, 0600);
	return file->fd >= 0 ? 0 : err_errno(err, "cannot make '%s'",
					     buf_text(&file->path));
}

static int file_end(struct page_file_host *file, int rc, struct err *err)
{
	if (file->fd >= 0 && close(file->fd) && rc == 0)
		rc = err_errno(err, "cannot write '%s'",
			       buf_text(&file->path));
	buf_release(&file->path);
	return rc;
}

/* "2026-11-21-0123456789abcdef.html": of an entity's id only its hash. */
static void put_file_name(struct buf *out, const struct index_row *row)
{
	char date[TIMESTAMP_DATE_TEXT_MAX];
	char name[HEX_TEXT(NAME_BYTES) + 1];

	timestamp_date_text(row->created, date);
	hex_text(row->name, NAME_BYTES, name);
	if (row->created != UNDATED)
		buf_putf(out, "%s-", date);
	buf_putf(out, "%s.html", name);
}

static int64_t created_of(struct span state)
{
	struct span text;
	int64_t micros;

	if (!jcs_find_string(state, "created", &text) ||
	    timestamp_parse(text, &micros, NULL, NULL) < 0)
		return UNDATED;
	return micros;
}

/* Its line in the index. */
static int keep_line(struct pages *pages, const struct talk_home *home,
		     struct index_row *row, struct err *err)
{
	struct page page = PAGE_INIT(pages->export);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf *out = &page.out;
	int rc = talk_home_title(pages->export->view, home, &text, err);

	buf_put_str(out, "<li><a dir=\"auto\" href=\"" TALKS "/");
	put_file_name(out, row);
	buf_put_str(out, "\">");
	html_put_words(out, buf_span(&text), 160);
	buf_put_str(out, "</a>\n<p class=\"facts\">");
	if (page_text(&page, buf_span(&home->state), "created", &text).len) {
		page_put_time(&page, buf_span(&text));
		buf_put_str(out, " · ");
	}
	page_put_session_facts(&page, home);
	buf_put_str(out, "</p></li>\n");
	if (rc == 0)
		rc = buf_end(out, err);
	if (rc == 0)
		rc = spill_add(pages->lines, buf_span(out), &row->line, err);
	page_release(&page);
	buf_release(&text);
	return rc;
}

static int write_session(struct pages *pages, struct talk_home *home,
			 const struct index_row *row, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct page_file_host file;
	struct page page;
	int rc;

	buf_put_str(&name, TALKS "/");
	put_file_name(&name, row);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = file_begin(&file, pages, buf_text(&name), err);
	if (rc < 0)
		goto out;
	page = (struct page)PAGE_INIT(&file.export);
	rc = page_put_session(&page, home, "../index.html", err);
	page_release(&page);
	rc = file_end(&file, rc, err);
out:
	buf_release(&name);
	return rc;
}

static int add_session(void *arg, struct talk_home *home, struct err *err)
{
	struct pages *pages = arg;
	unsigned char digest[SHA256_BYTES];
	struct index_row *row;
	int rc;

	if (home->is_deleted) {
		pages->deleted += said_count(&home->said);
		return 0;
	}
	rc = array_room(pages, err);
	if (rc < 0)
		return rc;
	row = &pages->at[pages->n++];
	sha256_of(home->entity.data, home->entity.len, digest);
	memcpy(row->name, digest, NAME_BYTES);
	row->created = created_of(buf_span(&home->state));
	pages->messages += said_count(&home->said);
	rc = keep_line(pages, home, row, err);
	if (rc == 0)
		rc = write_session(pages, home, row, err);
	return rc;
}

static int write_page(struct pages *pages, const char *name,
		      int (*put)(struct pages *pages, struct page *page,
				 struct err *err), struct err *err)
{
	struct page_file_host file;
	struct page page;
	int rc = file_begin(&file, pages, name, err);

	if (rc == 0) {
		page = (struct page)PAGE_INIT(&file.export);
		rc = put(pages, &page, err);
		page_end(&page);
		if (rc == 0)
			rc = page_close(&page, err);
		page_release(&page);
	}
	return file_end(&file, rc, err);
}

static int write_pages(struct pages *pages, struct err *err)
{
	const struct talk_home_visitor visitor = { add_session, pages };
	struct view *view = pages->export->view;
	struct buf talks = PATH_BUF_INIT;
	int rc = spill_new(pages->export->temp_folder, &pages->lines, err);

	if (rc == 0)
		rc = path_join(&talks, buf_text(&pages->folder.path), TALKS,
			       err);
	if (rc == 0)
		rc = dir_make(buf_text(&talks), 0700, err);
	if (rc == 0)
		rc = portrait_read(view, &pages->portrait, err);
	if (rc == 0)
		rc = talk_homes_each(view, &visitor, err);
	if (rc == 0)
		rc = write_page(pages, "persona.html", pages_put_persona, err);
	if (rc == 0)
		rc = write_page(pages, "memories.html", pages_put_memories, err);
	if (rc == 0)
		rc = write_page(pages, "index.html", pages_put_index, err);
	buf_release(&talks);
	return rc;
}

static int tell_pages(const struct pages *pages, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_construct(&fields, pages->export->view);
	result_outside(&fields, "folder", pages->export->folder);
	fields_integer(&fields, "memories", (int64_t)pages->portrait.n);
	fields_integer(&fields, "messages", (int64_t)pages->messages);
	fields_integer(&fields, "sessions", (int64_t)pages->n);
	rc = host_object(pages->export->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static void pages_release(struct pages *pages)
{
	portrait_release(&pages->portrait);
	spill_free(pages->lines);
	export_folder_release(&pages->folder);
	free(pages->at);
}

int export_html(const struct export *export, struct err *err)
{
	struct pages pages = {
		.export = export, .folder = EXPORT_FOLDER_INIT,
	};
	int rc = export_folder_begin(&pages.folder, export->folder, err);

	if (rc == 0)
		rc = export_folder_end(&pages.folder, write_pages(&pages, err),
				       err);
	if (rc == 0)
		rc = tell_pages(&pages, err);
	pages_release(&pages);
	return rc;
}
