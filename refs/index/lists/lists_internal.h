/*
 * What the files of lists share: rows and parts in memory and in files.
 */
#ifndef VV_REFS_INDEX_LISTS_LISTS_INTERNAL_H
#define VV_REFS_INDEX_LISTS_LISTS_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "refs/index/lists/lists.h"
#include "refs/index/shard/pages.h"
#include "refs/index/words/count.h"
#include "refs/view/parts.h"
#include "refs/view/stored.h"

/* Of kind_table: the first kind that lives with sessions. */
#define SESSION_FOLDER 0

/* What one part of a folder has of a kind. */
struct lists_part {
	uint8_t folder, kind;
	uint16_t part;
	uint32_t entities, conflicts, records;
	int64_t first, last;		/* of sessions */
};

/* A session; its texts stand behind one another, in this order. */
enum lists_text {
	LISTS_ENTITY, LISTS_TITLE, LISTS_FIRST, LISTS_PROVIDER, LISTS_MODELS,
	LISTS_PROJECT, LISTS_ROLES, LISTS_TEXTS
};

struct lists_row {
	int64_t created, updated;
	uint64_t texts, said, more;	/* where they begin: a byte, the nth */
	uint32_t messages, branches;
	uint32_t more_n;
	uint16_t lens[LISTS_TEXTS];
	uint16_t part;
	uint32_t unused;
};

/* What was folded, of some parts of a view. */
struct lists_folded {
	struct {
		struct lists_part *at;
		size_t n;
		size_t cap;
	} parts;
	struct {
		struct lists_row *at;	/* the newest first */
		size_t n;
		size_t cap;
	} rows;
	struct {
		struct lists_said *at;
		size_t n;
		size_t cap;
	} said;
	struct {
		struct lists_more *at;
		size_t n;
		size_t cap;
	} more;
	struct buf texts;
	uint64_t records;		/* that were read for it */
};

/* All of it folded, whatever was known. */
MUST_USE int lists_open_anew(struct view *view, struct lists **out,
			     struct err *err);
/* Does a file say some of it? */
bool lists_has_file(const struct lists *lists);

#define LISTS_FOLDED_INIT \
	{ { NULL, 0, 0 }, { NULL, 0, 0 }, { NULL, 0, 0 }, { NULL, 0, 0 }, \
	  BUF_INIT(BUF_NO_LIMIT), 0 }

/* stored: of messages, and of sessions without any, only what it did not hold;
 * NULL: all. */
MUST_USE int lists_fold(struct view *view, const struct view_parts *parts,
			struct stored *stored, struct lists_folded *out,
			struct err *err);
void lists_folded_release(struct lists_folded *folded);

/* What lists ask of a message, borrowed from its state. */
enum lists_member {
	LISTS_CONTENT, LISTS_COPY_OF, LISTS_CREATED, LISTS_INDEX, LISTS_MODEL,
	LISTS_NATIVE, LISTS_PARENT, LISTS_PARTS, LISTS_ROLE, LISTS_VISIBILITY,
	LISTS_MEMBERS
};
void lists_read(struct span state, struct span read[LISTS_MEMBERS]);
/* Count it; its time, role and model are the caller's. */
void lists_tally(const struct word_counter *counter, const struct span *read,
		 struct lists_said *said, struct lists_more *more);

/* Which of sorted lines the name is, which is put among them; is_new: the later
 * ones are one further on now. LISTS_UNNAMED: none, or there is no room. */
MUST_USE int lists_add_line(struct buf *lines, struct span name, uint8_t *out,
			    bool *is_new, struct err *err);

/* A message among the others: entities by their hashes, 0 for none. */
struct lists_answer {
	uint64_t self, parent;
	bool is_visible;
	bool goes_on;		/* to one that is visible */
};

struct lists_answers {
	struct lists_answer *at;
	size_t n;
	size_t cap;
};

/* How often it ends with something visible. Where it begins anew, it goes on
 * from where it ended. */
uint32_t lists_branches(struct lists_answers *answers);

/* Which comes first? texts: where each row's are. */
int lists_order(const struct lists_row *a, const char *texts_a,
		const struct lists_row *b, const char *texts_b);

/* The begin of a file's body. */
struct lists_head {
	uint64_t mark;		/* LISTS_MARK, also of the order of bytes */
	int64_t made;
	unsigned char root[SHA256_BYTES];
	unsigned char tree[GIT_OID_RAWSZ];
	uint32_t kinds;		/* that were known */
	struct lists_totals totals;
	uint64_t persona, persona_len, parts, parts_n, rows, rows_n, texts,
		texts_len, said, said_n, more, more_n;
};
#define LISTS_MARK UINT64_C(0x0102030405060003)

struct lists_file {
	struct pages *pages;		/* NULL: there is none */
	struct buf path;
	const struct lists_head *head;
};

#define LISTS_FILE_INIT { NULL, BUF_INIT(BUF_NO_LIMIT), NULL }

/* Open the file that says it of the view's root, else the newest. None, and 0,
 * where there is none; what does not open is deleted. An error: there may be
 * none of this view. */
MUST_USE int lists_file_find(struct view *view, struct lists_file *out,
			     struct err *err);
void lists_file_release(struct lists_file *file);

/* Its pieces; each ERR_CORRUPT where a page does not open. */
MUST_USE int lists_file_piece(const struct lists_file *file, uint64_t at,
			      uint64_t n, size_t size, const void **out,
			      struct err *err);

/* Write one and delete those that are too many. body begins with the room of
 * the head, of which all is set but what is said of the view. */
MUST_USE int lists_file_write(struct view *view, struct lists_head *head,
			      struct buf *body, struct err *err);

/* Delete all that there are. */
void lists_files_drop(struct view *view);

struct lists {
	struct view *view;
	uint64_t keep_from;
	bool may_keep;
	struct lists_file file;		/* what was known before ... */
	const struct lists_part *parts;	/* ... of it, once they are asked for */
	struct view_parts dirty;	/* but for these parts ... */
	struct lists_folded folded;	/* ... which were folded */
	struct lists_totals totals;
	struct buf persona;
	size_t file_at, folded_at;	/* the rows that come next */
	uint64_t told;			/* rows, so far ... */
	struct lists_row last;		/* ... the last one of them, ... */
	bool is_last_fresh;		/* ... which was folded */
};

/* Is what the file says of the part passed over, as it was folded? */
bool lists_is_dirty(const struct lists *lists, unsigned folder, unsigned part);
/* Set parts to those of the file. */
MUST_USE int lists_open_parts(struct lists *lists, struct err *err);
/* Again, without what was known: a page of it does not open. */
MUST_USE int lists_load_anew(struct lists *lists, struct err *err);

#endif
