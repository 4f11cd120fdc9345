#include "cmd/export/html/pages.h"

#include <stdlib.h>

#include "cmd/action/result.h"
#include "lib/time/timestamp.h"

static int newest_first(const void *a, const void *b)
{
	const struct index_row *x = a;
	const struct index_row *y = b;

	if (x->created != y->created)
		return x->created > y->created ? -1 : 1;
	return memcmp(x->name, y->name, NAME_BYTES);
}

static void put_nav(struct page *page, const char *here)
{
	static const char *const links[][2] = {
		{ "index.html", "Conversations" },
		{ "memories.html", "Memories" },
		{ "persona.html", "Persona" },
	};
	size_t i;

	buf_put_str(&page->out, "<header class=\"top\">\n<nav>");
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		buf_putf(&page->out, "<a href=\"%s\"%s>%s</a> ", links[i][0],
			 strcmp(links[i][0], here) ? "" :
			 " aria-current=\"page\"", links[i][1]);
	buf_put_str(&page->out, "</nav>\n<h1>");
	html_put_text(&page->out,
		      span_str(view_called(page->export->view)));
	buf_put_str(&page->out, "</h1>\n");
}

/* "March 2024" above the first of a month. */
static void put_month(struct buf *out, int64_t before, int64_t created,
		      bool is_first)
{
	static const char *const months[] = {
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November",
		"December"
	};
	struct date date = { 0, 0, 0 };
	struct date last = { 0, 0, 0 };

	if (created != UNDATED)
		date = timestamp_date(created);
	if (before != UNDATED)
		last = timestamp_date(before);
	if (!is_first && date.year == last.year && date.month == last.month)
		return;
	buf_put_str(out, is_first ? "" : "</ul>\n</section>\n");
	buf_put_str(out, "<section>\n<h2>");
	if (date.month)
		buf_putf(out, "%s %d", months[date.month - 1], date.year);
	else
		buf_put_str(out, "Without a date");
	buf_put_str(out, "</h2>\n<ul class=\"talks\">\n");
}

static int put_rows(struct pages *pages, struct page *page, struct err *err)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	if (pages->n)
		qsort(pages->at, pages->n, sizeof(*pages->at), newest_first);
	for (i = 0; rc == 0 && i < pages->n; i++) {
		put_month(&page->out, pages->at[i ? i - 1 : i].created,
			  pages->at[i].created, !i);
		rc = spill_read(pages->lines, &pages->at[i].line, &line, err);
		if (rc == 0)
			buf_put_span(&page->out, buf_span(&line));
		if (rc == 0)
			rc = page_flush(page, err);
	}
	buf_put_str(&page->out, pages->n ? "</ul>\n</section>\n" :
		    "<p>There are no conversations.</p>\n");
	buf_release(&line);
	return rc;
}

/* What is on no page, and how to get it. */
static void put_index_foot(struct pages *pages, struct page *page)
{
	const char *construct = view_title(pages->export->view);
	struct buf others = BUF_INIT(BUF_NO_LIMIT);
	struct buf *out = &page->out;

	portrait_put_others(&pages->portrait, &others);
	buf_put_str(out, "<footer>\n<p>Times are UTC.</p>\n");
	if (others.len)
		buf_putf(out, "<p>On no page: %s. <code class=\"way\">vvault "
			 "ls %s</code> lists all there is.</p>\n",
			 buf_text(&others), construct);
	if (pages->deleted) {
		buf_put_str(out, "<p>On no page: ");
		html_put_count(out, pages->deleted, "message", "messages");
		buf_putf(out, " of sessions that were deleted. <code class="
			 "\"way\">vvault ls %s message</code> lists them.</p>"
			 "\n", construct);
	}
	buf_put_str(out, "</footer>\n");
	buf_fail(out, others.failed);
	buf_release(&others);
}

int pages_put_index(struct pages *pages, struct page *page, struct err *err)
{
	struct buf *out = &page->out;
	int rc;

	page_begin(page, span_str(view_called(pages->export->view)), "index");
	put_nav(page, "index.html");
	buf_put_str(out, "<p class=\"facts\">");
	html_put_count(out, pages->n, "conversation", "conversations");
	buf_put_str(out, " · ");
	html_put_count(out, pages->messages, "message", "messages");
	buf_put_str(out, "</p>\n</header>\n<main>\n");
	rc = put_rows(pages, page, err);
	buf_put_str(out, "</main>\n");
	put_index_foot(pages, page);
	return rc;
}

static void put_memory(struct page *page, const struct remembered *memory)
{
	static const char *const told[] = { "content", "bucket", NULL };

	buf_put_str(&page->out, "<li>");
	html_put_prose(&page->out, buf_span(&memory->text));
	page_put_more(page, buf_span(&memory->state), told);
	buf_put_str(&page->out, "</li>\n");
}

int pages_put_memories(struct pages *pages, struct page *page,
		       struct err *err)
{
	const struct portrait *portrait = &pages->portrait;
	struct buf *out = &page->out;
	struct span before = { NULL, 0 };
	size_t i;
	int rc = 0;

	page_begin(page, span_str("Memories"), "memories");
	put_nav(page, "memories.html");
	buf_put_str(out, "<p class=\"facts\">");
	html_put_count(out, portrait->n, "memory", "memories");
	buf_put_str(out, "</p>\n</header>\n<main>\n");
	for (i = 0; rc == 0 && i < portrait->n; i++) {
		struct span bucket = buf_span(&portrait->at[i].bucket);

		if (!i || !span_equals(bucket, before)) {
			buf_put_str(out, i ? "</ul>\n<h2>" : "<h2>");
			html_put_words(out, bucket.len ? bucket :
				       span_str("other"), 100);
			buf_put_str(out, "</h2>\n<ul class=\"memories\">\n");
		}
		put_memory(page, &portrait->at[i]);
		before = bucket;
		rc = page_flush(page, err);
	}
	buf_put_str(out, portrait->n ? "</ul>\n</main>\n" : "</main>\n");
	return rc;
}

int pages_put_persona(struct pages *pages, struct page *page,
		      struct err *err)
{
	struct buf persona = BUF_INIT(BUF_NO_LIMIT);
	int rc = view_persona(pages->export->view, &persona, err);

	page_begin(page, span_str("Persona"), "persona");
	put_nav(page, "persona.html");
	buf_put_str(&page->out, "</header>\n<main>\n");
	if (persona.len > 2)
		page_put_value(page, buf_span(&persona), NULL);
	else
		buf_put_str(&page->out, "<p>No persona is told.</p>\n");
	if (rc == 0)
		rc = page_put_files(page, buf_span(&persona), err);
	buf_put_str(&page->out, "</main>\n");
	buf_release(&persona);
	return rc;
}
