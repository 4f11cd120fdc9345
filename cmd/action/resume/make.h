/*
 * A passage (cmd/resume/passage.h) made of a session as it is read.
 */
#ifndef VV_CMD_ACTION_RESUME_MAKE_H
#define VV_CMD_ACTION_RESUME_MAKE_H

#include "cmd/action/read/transcript.h"
#include "cmd/resume/writer.h"
#include "lib/base/arena.h"

#define MADE_FILE_MAX ((uint64_t)16 << 20)	/* bytes of one; of a larger
						   one the name is told */
#define MADE_NOTHING "[no result recorded]"

struct made_wish {
	/* For whom: its tools, and what it cannot hold. NULL: as it is. */
	const struct resume_writer *writer;
	bool is_native;		/* the writer's own session: nothing is told
				   in other words */
	uint64_t last;		/* so many prompts, and what follows each;
				   0: all */
	bool from_compaction;	/* from where room was made last */
	bool redacts;		/* secrets become markers */
	int64_t now;
};

/* What a passage borrows. */
struct made {
	struct passage passage;
	struct arena arena;
	struct { struct passage_turn *at; size_t n, cap; } turns;
	struct { struct passage_piece *at; size_t n, cap; } pieces;
	struct { struct passage_file *at; size_t n, cap; } files;
};

#define MADE_INIT { .arena = ARENA_INIT }
void made_release(struct made *made);

/*
 * Make the passage of the branch that the transcript tells, up to the message
 * that was named. Its view may be NULL: then files are known by their digests
 * alone. ERR_NOT_FOUND: nothing is said in it, or nothing was compacted.
 */
MUST_USE int made_of(const struct transcript *transcript,
		     const struct made_wish *wish, struct made *out,
		     struct err *err);

#endif
