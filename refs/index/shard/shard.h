/*
 * A shard: what the records of a stated set of segments say, so that words
 * are found without reading them. It never changes, and is true of those
 * segments for ever.
 *
 * The body is columns of numbers in this machine's form, one for each thing
 * that is looked at apart from others; a search opens the pages that it needs.
 */
#ifndef VV_REFS_INDEX_SHARD_H
#define VV_REFS_INDEX_SHARD_H

#include "objects/tree/tree.h"
#include "refs/index/shard/pages.h"
#include "refs/index/words/words.h"
#include "refs/view/view.h"

#define SHARD_SEGMENTS_MAX 2048

/* Traits of a row beside those of spoken.h. */
#define SHARD_HIDDEN 32u	/* seen by those alone who ask for all */
#define SHARD_SILENT 64u	/* says nothing, or is deleted */
#define SHARD_CAPSULES 128u	/* counts if its capsule does */

/* What a row is in short, for all that is looked at of every row that a search
 * finds: does it ask; has it other traits than those of spoken.h, which are to
 * be looked up; and about how long is it. */
#define SHARD_GIST_ASKS 64u
#define SHARD_GIST_OTHER 128u
#define SHARD_GIST_LENGTHS 63u	/* the bits of its length */
uint8_t shard_gist(uint32_t tokens, uint8_t traits);
/* So many tokens are in it, or more: up to 512 an eighth at most. */
uint32_t shard_gist_tokens(uint8_t gist);

/* What stands in the columns where a number of shard_big is meant. */
#define SHARD_BIG_TOKENS ((UINT32_C(1) << 24) - 1)
#define SHARD_BIG_INDEX INT16_MIN

/* How long a row is and its traits, which are looked at together. */
static inline uint32_t shard_tokens_put(uint32_t tokens, uint8_t traits)
{
	return (tokens < SHARD_BIG_TOKENS ? tokens : SHARD_BIG_TOKENS) << 8 |
	       traits;
}

static inline uint32_t shard_tokens_of(uint32_t column)
{
	return column >> 8;
}

static inline uint8_t shard_traits_of(uint32_t column)
{
	return (uint8_t)column;
}

/* Numbers that are too large for their columns; sorted by row. */
struct shard_big {
	int64_t index;
	uint32_t row, tokens;
};

/* Terms stand by the hash of their stem. Their texts lie in one heap, stem and
 * form behind one another. */
struct shard_term {
	uint64_t hash;
	uint32_t text;
	uint32_t postings, postings_len;
	uint16_t stem_len, form_len;
};

struct shard_text {
	uint32_t at, len;
};

/* Who said it, and how: numbers of texts. */
struct shard_who {
	uint16_t name, role, model, provider, kind;
	uint16_t project;	/* of a session */
};

/* What of a session is seen by all; rows UINT16_MAX: more than fits here. */
struct shard_sum {
	uint32_t tokens;
	uint16_t rows;
	uint16_t longest;	/* tokens of a row */
};

/* How much there is that counts, where nothing stands twice. */
struct shard_total {
	uint64_t rows, tokens, sessions;
};

/* The columns: where each is in the body, and what it is of. */
enum shard_part {
	SHARD_DIGESTS,		/* of segments */
	SHARD_SEGMENTS,		/* struct tree_segment */
	/* Of rows; those of a session stand together, in their order. */
	SHARD_GISTS,		/* uint8_t */
	SHARD_TOKENS,		/* uint32_t: of shard_tokens_of() */
	SHARD_WHOS,		/* uint16_t: the number of a shard_who */
	SHARD_MICROS,		/* int64_t */
	SHARD_INDEXES,		/* int16_t: place in the session */
	SHARD_TIES,		/* uint32_t */
	SHARD_IN_SEGMENTS,	/* uint16_t */
	SHARD_LINES,		/* uint32_t: where it begins in its segment */
	SHARD_BIGS,		/* struct shard_big */
	/* Of sessions, sorted by the hash of their entity. */
	SHARD_SESSIONS,		/* uint64_t */
	SHARD_FIRSTS,		/* uint32_t: the first row; one more at the end */
	SHARD_SUMS,		/* struct shard_sum */
	/* Of entities, a hash for each row, sorted. */
	SHARD_ENTITIES,		/* uint64_t */
	SHARD_ENTITY_ROWS,	/* uint32_t */
	SHARD_OF_CAPSULES,	/* uint32_t: rows */
	/* What stands twice: in it, or in it and in shards that stood when it
	 * was made. */
	SHARD_KNOWN,		/* names of those, PAGES_NAME_BYTES each */
	SHARD_ENTITIES_AGAIN,	/* uint64_t */
	SHARD_SESSIONS_AGAIN,	/* uint64_t */
	SHARD_ALL_WHOS,		/* struct shard_who */
	SHARD_TEXTS,		/* struct shard_text, of the heap below */
	SHARD_TEXT_HEAP,
	SHARD_TERMS,
	SHARD_TERM_HEAP,
	SHARD_POSTINGS,
	SHARD_PARTS
};

/* The begin of the body. */
struct shard_head {
	uint64_t mark;		/* SHARD_MARK, also of the order of bytes */
	struct shard_total seen;	/* by all ... */
	struct shard_total all;		/* ... and by who asks for all */
	struct {
		uint64_t at, n;
	} parts[SHARD_PARTS];
};
#define SHARD_MARK UINT64_C(0x0102030405060007)

struct shard {
	struct pages *pages;
	struct buf path;	/* empty: in memory alone */
	const struct shard_head *head;
	uint8_t *places;	/* of each segment: in how many the view has it */
	size_t in_view;		/* segments that it has */
};

/* What one is made of: segments, at most SHARD_SEGMENTS_MAX of them, that all
 * can be read; others: the shards that it may stand beside; done of total: of
 * the segments in all shards that are made now, for vault_calls.progress (0:
 * it is not told). */
struct shard_sources {
	struct view *view;
	struct words *words;
	const struct tree_segment *segments;
	size_t n;
	const struct shard *others;
	size_t others_n;
	size_t done, total;
	int64_t until_ms;	/* then it ends with what was read by then;
				   0: all is */
};

/* Make one of the first *out_n segments; body is empty before. */
MUST_USE int shard_build(const struct shard_sources *sources,
			 struct buf *body, size_t *out_n, struct err *err);

/* Take pages as a shard's. ERR_CORRUPT; the pages are the shard's all the
 * same. */
MUST_USE int shard_init(struct shard *shard, struct pages *pages,
			struct err *err);
void shard_release(struct shard *shard);

size_t shard_count(const struct shard *shard, enum shard_part part);

/* Elements of a column, borrowed. ERR_CORRUPT: not so many, or a page does
 * not open. */
MUST_USE int shard_part(const struct shard *shard, enum shard_part part,
			uint64_t first, uint64_t n, const void **out,
			struct err *err);

/* Is a column of both the same? */
MUST_USE int shard_is_same_part(const struct shard *a, const struct shard *b,
				enum shard_part part, bool *out_is_same,
				struct err *err);

/* The first element that is not less, of a column that begins with hashes in
 * their order. */
MUST_USE int shard_lower_bound(const struct shard *shard, enum shard_part part,
			       uint64_t hash, size_t *out, struct err *err);

/* Whom walks tell of each hash. */
struct shard_visitor {
	int (*hash)(void *arg, uint64_t hash, struct err *err);
	void *arg;
};
/* Hashes of that column that stand in both. */
MUST_USE int shard_common(const struct shard *a, const struct shard *b,
			  enum shard_part part,
			  const struct shard_visitor *visitor,
			  struct err *err);
/* Did one of them stand when the other was made? */
MUST_USE int shard_knows(const struct shard *a, const struct shard *b,
			 bool *out, struct err *err);

/* The word of a number, from 0, borrowed; none behind the last. */
MUST_USE int shard_word(const struct shard *shard, size_t number,
			struct word *out, bool *out_is_there, struct err *err);
MUST_USE int shard_term_text(const struct shard *shard,
			     const struct shard_term *term,
			     struct word *out, struct err *err);

#endif
