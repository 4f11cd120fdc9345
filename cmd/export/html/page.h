/*
 * A page on its way out: its frame, and the pieces that pages share.
 */
#ifndef VV_CMD_EXPORT_HTML_PAGE_H
#define VV_CMD_EXPORT_HTML_PAGE_H

#include "cmd/export/branches.h"
#include "cmd/export/homes.h"
#include "cmd/export/html/text.h"

/* Pictures stand in the page itself: each up to so many bytes, and all of one
 * page. Larger ones are named. */
#define PAGE_PICTURE_MAX ((uint64_t)1 << 20)
#define PAGE_PICTURES_MAX ((uint64_t)24 << 20)

/* Text of a file that can be read in the page. */
#define PAGE_TEXT_MAX ((uint64_t)64 << 10)

struct page {
	const struct export *export;
	struct buf out;
	uint64_t messages;	/* that are written */
	uint64_t empty;		/* that had nothing to be shown */
	uint64_t natives;	/* of those written: not all of it */
	uint64_t pictures;	/* bytes */
	size_t nth;		/* the next message among its alternatives */
	size_t of;
};

#define PAGE_INIT(from) { (from), BUF_INIT(BUF_NO_LIMIT), 0, 0, 0, 0, 0, 0 }

/* Up to the end of <head>, and <body> opened; what there is on the page. */
void page_begin(struct page *page, struct span title, const char *class);
void page_end(struct page *page);

/* Write what has been built if it is much, or all of it. */
MUST_USE int page_flush(struct page *page, struct err *err);
MUST_USE int page_close(struct page *page, struct err *err);
void page_release(struct page *page);

/* A point in time of our own form as <time>; other text as it stands. */
void page_put_time(struct page *page, struct span when);

/* A canonical value to read: members by their names, text in its lines.
 * told: members of it that are left out, ended by NULL, or NULL. */
void page_put_value(struct page *page, struct span value,
		    const char *const *told);
/* Has the object members besides? */
bool page_has_more(struct span object, const char *const *told);
/* What there is besides, folded; nothing if that is all. */
void page_put_more(struct page *page, struct span object,
		   const char *const *told);

/* The text of a member of that object, decoded; nothing for one that is none.
 * html_put_text() and the like want it decoded. */
struct span page_text(struct page *page, struct span object, const char *name,
		      struct buf *out);

/* The files that a state names, each once, but not its content: a picture, a
 * text that unfolds, or a line that says how to get it. */
MUST_USE int page_put_files(struct page *page, struct span state,
			    struct err *err);

/* A message, folded unless it is one of those that are shown. */
MUST_USE int page_put_message(struct page *page, const struct said *said,
			      struct err *err);

/* All messages of a conversation, in their branches. */
MUST_USE int page_put_talk(struct page *page, struct said_list *list,
			   const struct buf *active, struct err *err);

/* "ChatGPT · gpt-4 · 2026-11-21 01:20": what a list says of it. */
void page_put_session_facts(struct page *page,
			    const struct talk_home *home);

/* The whole page of a session. index: its link to the others, or NULL. */
MUST_USE int page_put_session(struct page *page, struct talk_home *home,
			      const char *index, struct err *err);

extern const char *const page_style[];	/* lines of CSS, ended by NULL */

#endif
