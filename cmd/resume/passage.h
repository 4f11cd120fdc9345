/*
 * A passage: one branch of a session as another agent's files can hold it.
 * What belongs together stands together, whatever the source did: each call
 * of a tool has its result; injected context of the old machine, thoughts and
 * orphans are out, and counted. Writers see nothing else of a vault.
 */
#ifndef VV_CMD_RESUME_PASSAGE_H
#define VV_CMD_RESUME_PASSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"
#include "lib/id/hash.h"

enum piece_kind { PIECE_TEXT, PIECE_CALL, PIECE_FILE };

/* All spans are borrowed of the passage. Text is valid UTF-8. */
struct passage_file {
	struct span name;	/* may be empty */
	struct span media;	/* "image/png"; never empty */
	struct span bytes;	/* empty where the vault has them not: then it
				   is named in a text and counted */
	struct span path;	/* where it was placed on this machine; may be
				   empty */
	unsigned char digest[SHA256_BYTES];	/* of the bytes, known where
						   they are missing, too */
};

struct passage_call {
	struct span id;		/* [A-Za-z0-9_-], unique in the passage */
	struct span name;	/* [A-Za-z0-9_-]: as the target calls it, where
				   it has that tool (tool_names.h), else as its
				   own agent did */
	struct span input;	/* a canonical JSON object */
	struct span result;	/* text; "[no result recorded]" */
	bool is_error;
	const struct passage_file *files;	/* that the result has */
	size_t files_n;
	int64_t ended;		/* when the result came, as created */
	struct span entity;	/* the message that the result stands in; that
				   of the turn, where none was recorded */
};

struct passage_piece {
	enum piece_kind kind;
	struct span text;		/* of PIECE_TEXT; not empty */
	struct passage_call call;
	struct passage_file file;
};

enum passage_role { PASSAGE_USER, PASSAGE_MODEL };

struct passage_turn {
	enum passage_role role;
	struct span entity;	/* message:P:C/N of the vault */
	int64_t created;	/* microseconds since 1970; never 0, and never
				   before that of the turn before */
	struct span model;	/* of a model's turn; may be empty */
	bool is_summary;	/* stands for all that was said before it: the
				   agent had made room (compaction) */
	const struct passage_piece *pieces;	/* at least one; calls only in
						   a model's turn */
	size_t n;
};

/* What was left out, or became something else, for the report. */
struct passage_counts {
	size_t turns, calls, files;	/* that are in it */
	size_t thoughts, injected, hidden;
	size_t orphan_results, missing_results;
	size_t files_missing;
	size_t renamed;		/* calls that are told by the target's names */
	size_t flattened;	/* calls or files that became text, for the
				   target has none */
	size_t before;		/* turns that were cut off (--last) */
	size_t branches;	/* others of the session, not in it */
	size_t secrets;		/* markers put in place of secrets */
};

struct passage {
	struct span session;	/* session:P:C */
	struct span provider;	/* P: "claude-code" */
	struct span title;	/* may be empty */
	struct span cwd;	/* as the source had it; may be empty */
	struct span model;	/* the last that answered; may be empty */
	int64_t created;	/* of the first and the last turn */
	int64_t updated;
	const struct passage_turn *turns;	/* begins with the user's */
	size_t n;
	struct passage_counts counts;
};

#endif
