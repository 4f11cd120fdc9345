/*
 * What the parts of the importer share: its reading, the folder of files, and
 * objects that stand in two layers.
 */
#ifndef VV_CMD_IMPORT_OPENCODE_OPENCODE_INTERNAL_H
#define VV_CMD_IMPORT_OPENCODE_OPENCODE_INTERNAL_H

#include "cmd/import/opencode/opencode.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/take.h"

extern const struct import_home opencode_home;

enum import_place opencode_place(const struct import_input *input,
				 struct span place, const char **out_reason);
int opencode_beside(const struct import_input *input, struct span place,
		    struct beside *to, struct err *err);
/* storage/message/<session>/<message>.json? */
bool opencode_is_message(struct span place);
/* "opencode", "kilo": which program's it is, by where it lies. */
const char *opencode_program(const struct import_source *source);

/* A result that waits until its calls were put. */
struct opencode_result {
	const struct jval *part;	/* as it stands in the list */
};

struct opencode {
	struct import_job *job;
	struct import_source *source;
	const char *program;		/* first part of its ids */
	struct chat chat;
	struct span key;		/* of the session */
	struct buf last;		/* of the message before */
	int64_t index;

	/* The message at hand, and what of it is to be put next. */
	struct chat_message message;
	struct span id;			/* its own */
	struct blocks blocks;
	struct parts parts;
	struct buf segment;		/* key of what comes next */
	struct chat_time began;
	struct jcs_fields native;
	struct buf native_text;
	struct buf notes;		/* "[{...}": the rest of its parts */
	struct buf rows;		/* the same of their columns */
	struct {
		struct opencode_result *at;
		size_t n;
		size_t cap;
	} results;
	bool is_compaction;
	bool is_summary;
};

void opencode_init(struct opencode *reading, struct import_job *job,
		   struct import_source *source);
void opencode_release(struct opencode *reading);

/*
 * A row of a database holds what matters in `data`, as JSON, and has the rest
 * in columns beside it; what is exported has it in `info`, or is it itself.
 */
struct opencode_layers {
	struct take inner;
	struct take outer;	/* nothing, where there is one layer */
};
struct opencode_layers opencode_layers(const struct jval *value);
/* A text that is not empty, taken, by either name. */
struct span opencode_id(struct opencode_layers *layers, const char *inner,
			const char *outer);
/* "time":{"created":<ms>} or the column "time_created"; both are taken where
 * they say the same. */
struct chat_time opencode_time(struct opencode_layers *layers,
			       const char *inner, const char *outer);
/* Nulls of columns say nothing. */
void opencode_take_nulls(struct take *take);

/*
 * Put a session: value as a row or as it is exported; files: the same session
 * as it lies in files, or NULL. Messages and parts that only one has count.
 */
MUST_USE int opencode_put(struct opencode *reading, const struct jval *value,
			  const struct jval *files, struct err *err);

/* The parts of a message (opencode_part.c): one, in its turn; and what was
 * collected, once more at the end. */
MUST_USE int opencode_put_part(struct opencode *reading,
			       const struct jval *part, struct err *err);
MUST_USE int opencode_flush(struct opencode *reading, struct err *err);

/* The folder `storage` that belongs to a source, on disk or in an archive. */
struct opencode_store {
	struct import_job *job;
	struct import_source *source;
	struct buf top;		/* its path, with '/' behind it; "": none */
};
MUST_USE int opencode_store_find(struct opencode_store *store,
				 struct import_job *job,
				 struct import_source *source, bool is_database,
				 struct err *err);
void opencode_store_release(struct opencode_store *store);
/*
 * Append the session as it would be exported, from its files: info is its own
 * file, absent where it is not known. Nothing when there are no messages and
 * no info. What is broken is told.
 */
MUST_USE int opencode_compose(const struct opencode_store *store,
			      struct span id, struct span info,
			      struct buf *out, struct err *err);

#endif
