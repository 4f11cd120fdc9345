/*
 * The pages of a construct on their way into a folder.
 */
#ifndef VV_CMD_EXPORT_HTML_PAGES_H
#define VV_CMD_EXPORT_HTML_PAGES_H

#include "cmd/export/folder.h"
#include "cmd/export/html/page.h"
#include "cmd/export/portrait.h"
#include "lib/os/spill.h"

#define TALKS "conversations"	/* the folder of their pages */
#define NAME_BYTES 8		/* of the hash that names a page */
#define UNDATED INT64_MIN

/* A line of the index; what it says waits on disk. */
struct index_row {
	int64_t created;
	unsigned char name[NAME_BYTES];
	struct spill_piece line;
};

/* An export on its way. */
struct pages {
	const struct export *export;
	struct export_folder folder;
	struct spill *lines;
	struct index_row *at;
	size_t n;
	size_t cap;
	uint64_t messages;
	uint64_t deleted;		/* messages of deleted sessions */
	struct portrait portrait;
};

/* Fill the page that lists the sessions, newest first; those of memories and
 * of the persona. */
MUST_USE int pages_put_index(struct pages *pages, struct page *page,
			     struct err *err);
MUST_USE int pages_put_memories(struct pages *pages, struct page *page,
				struct err *err);
MUST_USE int pages_put_persona(struct pages *pages, struct page *page,
			       struct err *err);

#endif
