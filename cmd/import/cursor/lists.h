/*
 * The lists in which Cursor names its chats, and whose project each is: in a
 * table of the database of all projects (3.x), in one value there (3.0), or in
 * the database of each project.
 */
#ifndef VV_CMD_IMPORT_CURSOR_LISTS_H
#define VV_CMD_IMPORT_CURSOR_LISTS_H

#include "cmd/import/cursor/cursor_internal.h"
#include "cmd/import/database/pairs.h"

#define CURSOR_VALUE_MAX ((size_t)256 << 20)	/* bytes: longer are told */

extern const struct database_pairs cursor_items;	/* settings and lists */
extern const struct database_pairs cursor_chats;	/* chats and bubbles */

/* A value of settings, as JSON, which borrows the bytes that are put in value;
 * *out NULL: there is none. What is broken, or too long, is told. */
MUST_USE int cursor_get_item(struct cursor_run *run, struct database *db,
			     const char *key, struct buf *value,
			     struct jdoc **out, struct err *err);

struct cursor_lists {
	struct cursor_run *run;
	struct database *db;	/* of all projects */
	struct arena arena;
	struct table chats;	/* id of a chat -> in listed */
	struct table parents;	/* id of a chat -> in listed: of its caller */
	struct table folders;	/* id of a project -> in listed */
	struct {
		struct cursor_listed *at;
		size_t n;
		size_t cap;
	} listed;
	bool has_projects;	/* the databases beside were looked at */
	bool has_parents;
	struct jdoc *entry;	/* of the chat at hand */
	struct jdoc *row;
};

struct cursor_listed {
	struct span key;	/* of a chat; or text: a folder, a caller */
	struct span entry;	/* JSON of its entry */
	struct span folder;
	bool is_seen;
};

void cursor_lists_begin(struct cursor_lists *lists, struct cursor_run *run,
			struct database *db);
void cursor_lists_release(struct cursor_lists *lists);

/* Read the lists in the database itself. */
MUST_USE int cursor_lists_read(struct cursor_lists *lists, struct err *err);

/* What is known of a chat; composer may be NULL. Borrowed until the next. */
MUST_USE int cursor_lists_find(struct cursor_lists *lists, struct span key,
			       const struct jval *composer,
			       struct cursor_header *out, struct err *err);

/* Its row in the table of chats, NULL where there is none. Borrowed until the
 * next; and that it is there after all. */
MUST_USE int cursor_lists_row(struct cursor_lists *lists, struct span key,
			      const struct jval **out, struct err *err);
void cursor_lists_see(struct cursor_lists *lists, struct span key);

/* How many chats are named of which nothing else is there. */
uint64_t cursor_lists_unseen(const struct cursor_lists *lists);

#endif
