/*
 * What programs put into the words of a person: contexts, reminders, what an
 * editor shows, commands and their output. Agents mark it with tags of their
 * own, and write it under the person's name; one table knows them all.
 */
#ifndef VV_CMD_IMPORT_RECORDS_INJECTED_H
#define VV_CMD_IMPORT_RECORDS_INJECTED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

enum injected_kind {
	INJECTED_NOT,		/* the person's words */
	INJECTED_CONTEXT,	/* what the program tells the model */
	INJECTED_COMMAND,	/* the person's again: the name of a command, */
	INJECTED_ARGUMENTS,	/* what they wrote behind it, */
	INJECTED_TYPED,		/* and what they gave a shell or a memory */
	INJECTED_OUTPUT		/* what a command or the shell answered */
};

struct injected_piece {
	enum injected_kind kind;
	struct span text;	/* with its tags, and blanks around them */
	struct span inner;	/* between the tags; text, where there are none */
};

struct injected {
	struct injected_piece *at;	/* all of the text, in its order */
	size_t n;
	size_t cap;
};

#define INJECTED_INIT { NULL, 0, 0 }

/*
 * Take a text that stands under a person's name apart. A tag counts where the
 * program writes it: at the begin, at the end, or on lines of its own outside
 * of any code; elsewhere somebody speaks of it. The pieces borrow the text.
 */
MUST_USE int injected_split(struct span text, struct injected *out,
			    struct err *err);
void injected_release(struct injected *pieces);

/* Did the person write this piece, or what is in it? A command that a model
 * calls has no slash before its name. */
bool injected_is_said(const struct injected_piece *piece);

/* Append what the person typed, as they typed it: "/init now"; a blank line
 * between two pieces. Nothing, when all of it is the program's. */
MUST_USE int injected_words(struct span text, struct buf *out,
			    struct err *err);

/* What stands between two pieces of what was typed: a command and what is
 * written behind it are one line. */
const char *injected_gap(const struct injected_piece *piece);

#endif
