/*
 * A character card or a lorebook that was read, and the records that it
 * becomes: the construct's name and persona, and a memory for each entry of
 * its lorebook. A pure function of the card, so that two devices make the
 * same records of one file.
 */
#ifndef VV_CMD_IMPORT_ROLEPLAY_CARD_INTERNAL_H
#define VV_CMD_IMPORT_ROLEPLAY_CARD_INTERNAL_H

#include "cmd/import/records/chat.h"
#include "lib/time/hlc.h"

#define CARD_MAX_BYTES ((size_t)64 << 20)	/* of its JSON */

enum card_kind {
	CARD_V1,
	CARD_V2,
	CARD_V3,
	CARD_BOOK		/* a lorebook by itself: world info, a module */
};

/* Everything borrows from the bytes that were parsed. */
struct card {
	struct jdoc *doc;
	struct span json;
	enum card_kind kind;
	const struct jval *root;
	const struct jval *data;	/* its fields; of V1 the root */
	const struct jval *book;	/* lorebook, or NULL */
	const char *entries;		/* its member that lists them */
	struct span name;		/* absent: it has none */
	char at[HLC_TEXT_MAX];		/* of all its records */
	bool has_time;
};

/*
 * Parse; bytes must outlive it. ERR_INVALID or ERR_LIMIT with the byte;
 * ERR_UNSUPPORTED for JSON that is neither; ERR_NOMEM. Release in any case.
 */
MUST_USE int card_parse(struct span bytes, struct card *out, struct err *err);
void card_release(struct card *card);

/* By the begin of the JSON alone. */
bool card_json_sniff(struct span head);

/* What goes with a card, as canonical JSON; absent where there is none. */
struct card_extras {
	struct span source;	/* reference of its JSON's exact bytes */
	struct span image;	/* of the whole PNG that it came in */
	struct span assets;	/* {"<name>":reference,...} of a charx */
};

/* Put all its records. */
MUST_USE int card_put(struct import_job *job, struct import_source *source,
		      const struct card *card,
		      const struct card_extras *extras, struct err *err);

/*
 * Put a memory for each entry of its lorebook; appends their entities to
 * `list`, a canonical array.
 */
MUST_USE int card_put_entries(struct import_job *job,
			      struct import_source *source,
			      const struct card *card, struct buf *list,
			      struct err *err);

/* Append to an entity that is built (buf_end()) what tells its book from
 * others of a construct. */
void card_put_book_key(const struct card *card, struct buf *out);

#endif
