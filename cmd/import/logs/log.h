/*
 * Logs of agents: a file is a session, its lines are the messages and what is
 * told of it as a whole. A log is read twice: first what there is and who
 * follows whom (links.h), then each message is put. A format says what its
 * lines are.
 */
#ifndef VV_CMD_IMPORT_LOGS_LOG_H
#define VV_CMD_IMPORT_LOGS_LOG_H

#include "cmd/import/records/blocks.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/links.h"
#include "cmd/import/records/part.h"
#include "cmd/import/records/take.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

struct log;

/* What a line is among the others. */
struct log_turn {
	bool is_message;	/* else it tells of the session, and the format
				   has kept all of it */
	enum link_kind kind;
	struct span key;	/* its id. Absent: made of what it says and of
				   all that stands before it, so that copies of
				   a log have the same ones */
	struct span says;	/* what such a key is made of; absent: all of
				   the line */
	bool is_aside;		/* such a key counts for no other one */
	bool is_more;		/* of the message before, if nothing stands
				   between */
	struct span parent;	/* absent: whatever stands before it, */
	bool is_first;		/* or nothing */
	struct span after;	/* or a message of another file of the
				   session, by its key */
	bool is_copy;		/* of a message of such a file: left out */
	struct chat_time time;
};

struct log_format {
	const char *provider;
	/* Before the log is loaded: what lies beside it. May be NULL. */
	MUST_USE int (*begin)(struct log *log, struct err *err);
	/* First: what is the line? May learn of the session. */
	void (*look)(struct log *log, const struct jval *line,
		     struct log_turn *turn);
	/* When all lines were looked at. May be NULL. */
	MUST_USE int (*looked)(struct log *log, struct err *err);
	/*
	 * Then, of a message: what it says into log->parts, the rest of inner
	 * objects into log->native; the rest of the line itself is kept. Its
	 * key, parent, index and time stand in the message, whose speaker is
	 * unknown ("system", "meta"). For a line that is_more the message is
	 * as it was left.
	 */
	void (*say)(struct log *log, struct take *line,
		    struct chat_message *message);
	/* When no line of a message is to come any more. May be NULL. */
	void (*said)(struct log *log, struct chat_message *message);
};

struct log_line {
	struct span key;	/* absent: it is no message */
	struct span after;
	struct chat_time time;
	bool is_double;		/* it stands before */
	bool is_more;
};

/* A log that is read. What fails in a format's functions is told at the end. */
struct log {
	const struct log_format *format;
	struct import_job *job;
	struct import_source *source;
	void *own;			/* what the format remembers */
	const char *provider;		/* the format's, unless it changes it */
	struct chat_session session;	/* as far as it is known; see log_learn() */
	struct jcs_fields about;	/* its native */
	struct parts parts;		/* of the message at hand */
	struct jcs_fields native;	/* of the line at hand */
	struct chat chat;
	struct arena arena;
	struct err err;			/* of what failed first */
	bool has_no_session;		/* its messages go with another file's */

	struct link_talk links;		/* of the messages */
	struct {
		struct log_line *at;
		size_t n;
		size_t cap;
	} lines;			/* that are objects */
	struct table keys;		/* SHA-256 of a key -> begin of that of
					   the line that has it */
	unsigned char before[SHA256_BYTES];	/* of all that was said */
	bool is_open;		/* the message at hand may go on */
	struct chat_message open;
	struct jcs_fields rest;	/* of its first line */
	struct buf more;	/* and of the others: "[{..},{..}" */
	size_t line;			/* the next one to be put */
	size_t message;
	struct buf text;
};

/* Read the source as a log of that format; own is handed to its functions. */
MUST_USE int log_read(struct import_job *job, struct import_source *source,
		      const struct log_format *format, void *own,
		      struct err *err);

/*
 * The key of a line that names none, of what it says and of all that stands
 * before it: before is that, zero at first, and goes on unless is_aside.
 */
#define LOG_MADE_MAX 33
void log_make_key(unsigned char before[SHA256_BYTES], struct span says,
		  bool is_aside, char out[LOG_MADE_MAX]);

/* Keep a text of the session for as long as the log is read, unless it is
 * empty: the last one stays, or the first that is told. */
void log_learn(struct log *log, struct span *what, struct span text);
void log_learn_once(struct log *log, struct span *what, struct span text);

/* Blocks for the message at hand. */
struct blocks log_blocks(struct log *log, bool is_prompt);

/* Is the message at hand the first of a line, or one that goes on? */
bool log_is_more(const struct log *log);

/* Something went wrong, as a text that the person reads in its place. */
void log_error(struct log *log, struct span text);

/* Take a member that names the message before it, where it says no more. */
void log_take_parent(struct take *line, const char *name,
		     const struct chat_message *message);

#endif
