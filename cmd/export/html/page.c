#include "cmd/export/html/page.h"

#include "lib/time/timestamp.h"

#define FLUSH_BYTES ((size_t)64 << 10)

static const char policy[] =
	"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
	"base-uri 'none'; form-action 'none'";

void page_begin(struct page *page, struct span title, const char *class)
{
	struct buf *out = &page->out;
	size_t i;

	buf_put_str(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		    "<meta charset=\"utf-8\" />\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"");
	html_put_text(out, span_str(policy));
	buf_put_str(out, "\" />\n<meta name=\"viewport\" "
		    "content=\"width=device-width, initial-scale=1\" />\n"
		    "<meta name=\"color-scheme\" content=\"light dark\" />\n"
		    "<meta name=\"referrer\" content=\"no-referrer\" />\n"
		    "<meta name=\"generator\" content=\"vvault "
		    VVAULT_VERSION "\" />\n<title>");
	html_put_words(out, title, 200);
	buf_put_str(out, "</title>\n<style>\n");
	for (i = 0; page_style[i]; i++)
		buf_putf(out, "%s\n", page_style[i]);
	buf_putf(out, "</style>\n</head>\n<body class=\"%s\">\n", class);
}

void page_end(struct page *page)
{
	buf_put_str(&page->out, "</body>\n</html>\n");
}

int page_close(struct page *page, struct err *err)
{
	return export_bytes(page->export, &page->out, err);
}

int page_flush(struct page *page, struct err *err)
{
	return page->out.failed || page->out.len > FLUSH_BYTES ?
	       page_close(page, err) : 0;
}

void page_release(struct page *page)
{
	buf_release(&page->out);
}

void page_put_time(struct page *page, struct span when)
{
	struct buf *out = &page->out;
	int64_t micros;

	if (!when.len)
		return;
	if (when.len != TIMESTAMP_TEXT ||
	    timestamp_parse(when, &micros, NULL, NULL) < 0) {
		html_put_text(out, when);
		return;
	}
	/* 2026-11-21T01:20 */
	buf_put_str(out, "<time datetime=\"");
	buf_put_span(out, when);
	buf_put_str(out, "\">");
	buf_put(out, when.at, 10);
	buf_put_char(out, ' ');
	buf_put(out, when.at + 11, 5);
	buf_put_str(out, "</time>");
}
