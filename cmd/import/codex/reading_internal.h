/*
 * A rollout on its way into records: what the rooms of its reading share.
 */
#ifndef VV_CMD_IMPORT_CODEX_READING_INTERNAL_H
#define VV_CMD_IMPORT_CODEX_READING_INTERNAL_H

#include "cmd/import/beside/prompts.h"
#include "cmd/import/codex/codex.h"

/* A line whose twin comes later. */
struct codex_waiting {
	struct buf text;
	uint32_t line;
	uint32_t next;		/* for the same one */
	uint32_t last;		/* of them, as the first one knows */
};

struct codex_reading {
	struct import_job *job;
	struct import_source *source;
	struct codex_skeleton *skeleton;
	struct lineage *lineage;
	struct chat chat;
	struct codex_draft draft;
	struct buf key;
	struct buf parent;
	struct buf before;	/* key of the message before the first one */
	struct buf model;	/* of the turn */
	struct buf turn;	/* its context, for its first message */
	struct buf title;
	struct buf meta;	/* native of the session */
	struct {
		struct codex_waiting *at;
		size_t n;
		size_t cap;
	} waiting;
	struct table waited;	/* for that line: the first in waiting */
	struct prompts prompts;	/* of history.jsonl */
	size_t line;		/* of the skeleton, to come */
	bool is_model_told;	/* by a message */
	bool has_usage;		/* in records, which events only repeat */
	bool is_wanted;
};

/* Tell of a line that becomes nothing. */
MUST_USE int codex_leave_out(struct codex_reading *reading,
			     const struct codex_record *record,
			     struct err *err);

/* Whose message a line's is, where that is not this session; else absent. */
struct span codex_home_of(const struct codex_reading *reading, uint32_t at);

/* Put the message that waits, if one does. */
MUST_USE int codex_put_draft(struct codex_reading *reading, struct err *err);
/* A line that is a message; one that is joined to its twin (text: its own). */
MUST_USE int codex_read_message(struct codex_reading *reading,
				const struct codex_record *record,
				struct err *err);
MUST_USE int codex_read_joined(struct codex_reading *reading,
			       const struct codex_record *record,
			       struct span text, struct err *err);
/* A line that tells of messages or of the session. */
MUST_USE int codex_read_prompt(struct codex_reading *reading,
			       const struct codex_record *record,
			       struct err *err);
/* Where a file ends, for the one that goes on from it; and what the first
 * message of one that goes on follows, into `before`. */
MUST_USE int codex_segment_note(struct codex_skeleton *skeleton,
				struct lineage *lineage, struct err *err);
MUST_USE int codex_segment_find(struct codex_reading *reading,
				struct err *err);
MUST_USE int codex_read_about(struct codex_reading *reading,
			      const struct codex_record *record,
			      struct err *err);

#endif
