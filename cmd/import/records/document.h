/*
 * Documents that are written in a conversation and changed there: artifacts,
 * canvases, files that a tool wrote for whoever reads. What was done to them
 * is replayed in the order of the tree, so that each branch changes what
 * stood where it began. A version is a record of
 * memory:<provider>:artifact/<conversation>/<document>.
 */
#ifndef VV_CMD_IMPORT_RECORDS_DOCUMENT_H
#define VV_CMD_IMPORT_RECORDS_DOCUMENT_H

#include <stdbool.h>

#include "cmd/import/records/chat.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

/* The parent of a message that has none. */
#define DOCUMENT_ROOT SIZE_MAX

/* What is known of a document on the branch at hand; spans are borrowed from
 * the source. */
struct document {
	struct buf text;
	struct span title;
	struct span media;
	struct span language;
	size_t number;		/* from 1, on this branch; 0: was only seen */
};

struct document_visit;
struct document_undo;

/* One for each conversation, begun by chat_begin(). */
struct documents {
	struct chat *chat;
	struct span conversation;	/* its key */
	/* The rest is the state of the replay. */
	struct {
		struct document *at;
		size_t n;
		size_t cap;
	} versions;
	size_t bytes;			/* of their texts */
	struct table now;		/* hash of an id: its version here */
	struct {
		struct document_undo *at;
		size_t n;
		size_t cap;
	} undos;
	struct {
		struct document_visit *at;
		size_t n;
		size_t cap;
	} path;
	struct buf entity;
	struct buf value;
	struct buf data;
	struct jcs_fields fields;
};

#define DOCUMENTS_INIT(of, key) {					\
	.chat = (of), .conversation = (key),				\
	.now = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),		\
	.entity = BUF_INIT(BUF_NO_LIMIT), .value = BUF_INIT(BUF_NO_LIMIT), \
	.data = BUF_INIT(BUF_NO_LIMIT), .fields = JCS_FIELDS_INIT }
void documents_release(struct documents *documents);

/*
 * Call enter() for each of n messages, a parent before its children, with the
 * documents as they stand there. parents: the place of each one's parent, or
 * DOCUMENT_ROOT; those that go in a circle are entered somewhere in it.
 */
MUST_USE int documents_replay(struct documents *documents,
			      const size_t *parents, size_t n,
			      int (*enter)(void *arg, size_t message,
					   struct err *err),
			      void *arg, struct err *err);

/* The document as it stands on the branch, or NULL. Borrowed until the next
 * change. */
const struct document *documents_get(const struct documents *documents,
				     struct span id);

/* What becomes of one. Absent spans: as before. */
struct document_change {
	struct span id;		/* unique in the conversation */
	struct span text;	/* all of it; may be what documents_get() gave */
	struct span title;
	struct span media;
	struct span language;
	/* Where it was made. */
	struct span message;	/* its key */
	struct chat_time time;
	struct span native;	/* canonical object: what else is said of it */
};

/* A new version, and its record. What is over 64 MiB of all versions in one
 * conversation is left out, and told. */
MUST_USE int documents_put(struct documents *documents,
			   const struct document_change *change,
			   struct err *err);

/* A text that a document was seen to have before it was written in this
 * conversation: versions are made of it, and it is no record. */
MUST_USE int documents_know(struct documents *documents, struct span id,
			    struct span text, struct err *err);

/* Append the text with the first occurrence of `old` replaced; not found:
 * there is none, or it is empty, and nothing is appended. */
MUST_USE int document_replace(struct span text, struct span old,
			      struct span new, struct buf *out,
			      bool *out_is_found, struct err *err);

#endif
