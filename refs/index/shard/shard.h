/*
 * A shard: what the records of a stated set of segments say, so that words
 * are found without reading them. It never changes, and is true of those
 * segments for ever.
 */
#ifndef VV_REFS_INDEX_SHARD_SHARD_H
#define VV_REFS_INDEX_SHARD_SHARD_H

#include "objects/tree/tree.h"
#include "refs/index/shard/pages.h"
#include "refs/index/words/words.h"
#include "refs/view/view.h"

#define SHARD_SEGMENTS_MAX 512
#define SHARD_NO_PLACE UINT32_MAX

/* Flags of a row beside those of spoken.h. */
#define SHARD_HIDDEN 256u	/* seen by those alone who ask for all */
#define SHARD_SILENT 512u	/* says nothing, or is deleted */
#define SHARD_CAPSULES 1024u	/* counts if its capsule does */

/* What a search looks at of each row; rows of a session stand together, in
 * their order. */
struct shard_row {
	uint32_t session;	/* in the shard */
	uint32_t segment;
	uint32_t tokens;
	uint16_t flags;
	uint16_t name;		/* of texts */
};

/* What it looks at of few. */
struct shard_more {
	uint64_t tie;
	int64_t micros;
	int64_t index;
	uint32_t line;		/* where it begins in its segment */
	uint16_t role, model, provider, kind;	/* of texts */
	uint16_t project;	/* of a session, too */
	uint16_t zero;
};

struct shard_session {
	uint64_t hash;
	uint32_t first, n;	/* rows */
};

/* Texts of terms lie in one heap, stem and form behind one another. */
struct shard_term {
	uint64_t text;
	uint64_t postings;
	uint32_t postings_len;
	uint16_t stem_len, form_len;
};

struct shard_text {
	uint32_t at, len;
};

/* Where all that is in the body; its begin. */
struct shard_head {
	uint64_t mark;		/* SHARD_MARK, also of the order of bytes */
	uint64_t segments_n, rows_n, sessions_n, terms_n, texts_n;
	uint64_t segments, rows, more, entities, sessions, terms, texts;
	uint64_t heap, heap_len, postings, postings_len;
};
#define SHARD_MARK UINT64_C(0x0102030405060002)

struct shard {
	struct pages *pages;
	struct buf path;	/* empty: in memory alone */
	const struct shard_head *head;
	const unsigned char *segments;	/* digests, SHA256_BYTES each */
	uint32_t *places;	/* of each in the view; SHARD_NO_PLACE */
	size_t in_view;
};

/* Make one of segments, at most SHARD_SEGMENTS_MAX of them, that all can be
 * read. body is empty before. */
MUST_USE int shard_build(struct view *view, struct words *words,
			 const struct tree_segment *segments, size_t n,
			 struct buf *body, struct err *err);

/* Take pages as a shard's. ERR_CORRUPT; the pages are the shard's all the
 * same. */
MUST_USE int shard_init(struct shard *shard, struct pages *pages,
			struct err *err);
void shard_release(struct shard *shard);

/* Its parts, borrowed; each ERR_CORRUPT where a page does not open. */
MUST_USE int shard_part(const struct shard *shard, uint64_t at, uint64_t n,
			size_t size, const void **out, struct err *err);
/* The word of a number, from 0, borrowed; none behind the last. */
MUST_USE int shard_word(const struct shard *shard, size_t number,
			struct word *out, bool *out_is_there, struct err *err);
MUST_USE int shard_term_text(const struct shard *shard,
			     const struct shard_term *term,
			     struct word *out, struct err *err);

#endif
