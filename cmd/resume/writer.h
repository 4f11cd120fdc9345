/*
 * Writers: what a passage is in the files of one agent, so that the agent goes
 * on with it. A writer makes bytes and says where they belong; the frame
 * (cmd/action/resume) reads them back with the agent's own importer, compares,
 * and puts them in place, whole or not at all, over nothing that differs.
 */
#ifndef VV_CMD_RESUME_WRITER_H
#define VV_CMD_RESUME_WRITER_H

#include "cmd/resume/passage.h"
#include "lib/base/err.h"
#include "lib/time/wall.h"

/* Where it goes on, and as what. */
struct resume_target {
	/* The folder that holds its sessions, one of its places in
	 * cmd/capture/table.c: as its variable has it, else the first of them
	 * that exists, else the first. For Claude Code ~/.claude/projects, for
	 * Codex ~/.codex. It need not exist. */
	const char *home;
	const char *cwd;	/* the folder on this machine; absolute */
	const char *user_home;
	char id[37];		/* a UUID of its own, the same for the same
				   session, agent and version; where the agent
				   that wrote the session gets it back, its own
				   id (session_key) if that is free */
	int64_t now;		/* microseconds */
	const char *room;	/* where what is to lie in home lies until all
				   of it is there; NULL: in its place */
	const struct wall *wall;	/* the person's clock; NULL: UTC */
	/* A variable of the environment, or NULL. */
	const char *(*variable)(const char *name);
};

/* What is done with a file of a writer. */
enum resume_file_kind {
	RESUME_FILE,		/* new; the same bytes may be there */
	RESUME_ENTRY,		/* whole new bytes of a small list that the
				   agent keeps (its registry): the writer has
				   read it and added its entry, all else kept */
	RESUME_BEHIND		/* what comes behind all that is there, in a
				   log that the sessions of a folder share */
};

struct resume_file {
	enum resume_file_kind kind;
	struct buf path;	/* absolute */
	struct buf bytes;
	struct buf before;	/* of the other kinds: what was there; empty:
				   nothing */
	int64_t modified;	/* its time, microseconds; 0: now */
};

struct resume_out {
	struct { struct resume_file *at; size_t n, cap; } files;
	/* What goes on with it: a program and its arguments, each with its
	 * final zero; run in target->cwd. before: what must run first
	 * ("opencode import <file>"), or empty. */
	struct buf command;
	struct buf before;
	/* Sentences for the report: what became text, what the agent will do
	 * that a person should know. Each with its final zero. */
	struct buf notes;
};

#define RESUME_OUT_INIT (struct resume_out){ \
	.command = BUF_INIT(BUF_NO_LIMIT), .before = BUF_INIT(BUF_NO_LIMIT), \
	.notes = BUF_INIT(BUF_NO_LIMIT) }

/* What the files of an agent cannot hold. The frame makes a text of it before
 * the writer is called, or does not miss it when it reads back. */
#define RESUME_NO_CALLS 1u	/* calls and results become text */
#define RESUME_NO_FILES 2u	/* pictures and other files are named in text */
#define RESUME_NO_RESULT_FILES 4u	/* those of results alone */
#define RESUME_NO_ERRORS 8u	/* a result does not say that it is one */
#define RESUME_NO_ANSWER_FILES 16u	/* those of the model's turns alone */
#define RESUME_NO_CONTROLS 32u	/* characters that steer a terminal or mislead
				   the eye are escaped: people read it */

struct tool_names;

struct resume_writer {
	const char *name;	/* as the importer is called: "claude-code" */
	const char *title;	/* "Claude Code" */
	const char *importer;	/* that reads it back, if it is another */
	const struct tool_names *tools;	/* its own, or NULL */
	unsigned lacks;		/* RESUME_NO_... */
	bool wants_uuid;	/* one of another kind is not taken up by its
				   id */
	const char *id_prefix;	/* that its own ids have; NULL: none */
	bool goes_by_time;	/* its command goes on with the session whose
				   file, its first, changed last */
	/* Can it hold a file of this media type? NULL: any. One that it cannot
	 * hold is named in a text, and told whole where it is a short one. */
	bool (*holds)(struct span media);
	int (*write)(const struct passage *passage,
		     const struct resume_target *target,
		     struct resume_out *out, struct err *err);
	/* Is that session open in the agent right now? May be NULL: then a
	 * file that changed within the last minute counts as open. */
	bool (*is_open)(const struct resume_target *target);
};

/* Ended by NULL. */
extern const struct resume_writer *const resume_writers[];

/* Make its files and commands. ERR_DENIED, besides what the writer fails with: a
 * word of a command would be an option. */
MUST_USE int resume_write(const struct resume_writer *writer,
			  const struct passage *passage,
			  const struct resume_target *target,
			  struct resume_out *out, struct err *err);

/* Begin a file of that path; its bytes are the caller's to append. */
MUST_USE int resume_add(struct resume_out *out, enum resume_file_kind kind,
			const char *path, struct resume_file **file,
			struct err *err);
/* An option, as the writer has it; and any other word: one that a program would
 * take for an option fails the command. */
void resume_option(struct buf *command, const char *option);
void resume_arg(struct buf *command, const char *word);
void resume_note(struct resume_out *out, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void resume_out_release(struct resume_out *out);

/* A UUID in the form of version 4 (RFC 9562), which follows from the target's
 * id, a name and a number: the same for the same. */
void resume_uuid(const struct resume_target *target, const char *name,
		 size_t nth, char out[37]);

#endif
