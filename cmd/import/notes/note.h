/*
 * A file of prose as a record: a note, a memory or a rule that somebody wrote
 * down. Its path is its identity, what it says is the content; so an edited
 * file is a new version of the same memory.
 */
#ifndef VV_CMD_IMPORT_NOTES_NOTE_H
#define VV_CMD_IMPORT_NOTES_NOTE_H

#include "cmd/import/records/chat.h"
#include "lib/base/table.h"
#include "refs/view/view.h"

struct markdown_link;

#define NOTE_MAX_BYTES ((size_t)64 << 20)

/* What a file is by its name. */
enum note_kind {
	NOTE_TEXT,		/* Markdown or plain text */
	NOTE_ATTACHED,		/* a picture, a recording, a document */
	NOTE_HIDDEN,		/* below a name that begins with a dot, or what
				   a system leaves in folders */
	NOTE_OTHER
};
enum note_kind note_kind_of(const char *name);

/* Where notes link to. */
struct note_target {
	struct span path;	/* of a note; or absent */
	struct span blob;	/* canonical, of an attachment; or absent */
	struct span name;	/* of that attachment */
};

struct notes {
	struct import_job *job;
	struct import_source *source;
	const char *provider;
	struct span root;	/* what the folder is called: the first part of
				   each identity; absent: the path is all */
	struct span mark;	/* behind each identity: what tells a folder
				   from others of that name; or absent */
	struct span folder;	/* native: where that lies; or absent */
	/*
	 * Find what a link of the note at `from` leads to; a target that is
	 * left empty leads nowhere. NULL: a relative path leads where it says.
	 */
	int (*find)(void *arg, struct span from,
		    const struct markdown_link *link,
		    struct note_target *out, struct err *err);
	void *arg;
	bool is_apart;		/* others of their folder are not here */

	/* The rest is the state of it. */
	struct view *view;		/* what stands of the construct */
	bool has_looked;
	struct buf entity;
	struct buf text;
	struct buf links;
	struct buf files;
	struct buf data;
	struct table seen;		/* links of the note at hand */
	struct jcs_fields fields;
	struct jcs_fields native;
};

#define NOTES_INIT(of_job, of_source, of_provider) {			\
	.job = (of_job), .source = (of_source), .provider = (of_provider), \
	.entity = BUF_INIT(BUF_NO_LIMIT), .text = BUF_INIT(BUF_NO_LIMIT), \
	.links = BUF_INIT(BUF_NO_LIMIT), .files = BUF_INIT(BUF_NO_LIMIT), \
	.data = BUF_INIT(BUF_NO_LIMIT),					\
	.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),		\
	.fields = JCS_FIELDS_INIT, .native = JCS_FIELDS_INIT }
void notes_release(struct notes *notes);

struct note {
	struct span path;	/* below the root */
	struct span text;	/* all bytes of the file */
	int64_t changed;	/* as the file system says; CHAT_TIME_UNKNOWN */
	const char *type;	/* of the memory, "preference"; or NULL */
	const char *bucket;	/* or NULL */
};

/*
 * Put its record: content, title, path, tags, times and links, the front
 * matter as it stands. `at` is what the front matter says of its change, else
 * the time of the file; of a file that was only touched it is that of what
 * stands. What is no UTF-8, or empty, is told and left out.
 */
MUST_USE int notes_put(struct notes *notes, const struct note *note,
		       struct err *err);

/* When the file was changed, by the file system; unknown for one in an archive
 * or a pipe. */
int64_t note_changed(const struct import_input *input);

/* Append "memory:<provider>:<root>/<path><mark>"; a long one ends in its hash
 * and the mark. */
void notes_put_entity(const struct notes *notes, struct span path,
		      struct buf *out);

/*
 * Replace out with the path that a relative one means, said in the file at
 * `from`: without "." and "..", and %xx as the bytes they are. False: it
 * leads beyond the top.
 */
bool note_path_from(struct span from, struct span relative, struct buf *out);

#endif
