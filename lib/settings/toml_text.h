/*
 * As much of TOML (toml.io, 1.0) as it takes to put a statement or a table
 * into a program's settings and to take it out again: where statements,
 * strings, arrays and tables begin and end. What is no such text is refused.
 */
#ifndef VV_LIB_SETTINGS_TOML_TEXT_H
#define VV_LIB_SETTINGS_TOML_TEXT_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/* A text, on the way through its tables; begin with TOML_TEXT(span). */
struct toml_text {
	struct span text;
	size_t at;
	size_t line;		/* from 1 */
	bool has_begun;
};

#define TOML_TEXT(span) { (span), 0, 1, false }

#define TOML_NAMES_MAX 4

/* key = value; value.at is NULL for one that is not there. */
struct toml_statement {
	struct span value;
	size_t line;
	size_t begin;		/* of its line ... */
	size_t end;		/* ... and of the next */
};

struct toml_table {
	struct span key;	/* as it stands; empty: what is before all */
	bool is_listed;		/* [[one of several]] */
	size_t line;
	size_t begin;		/* of the line of its head ... */
	size_t end;		/* ... and behind that of its last statement */
	struct toml_statement found[TOML_NAMES_MAX];	/* by the names */
};

/*
 * The next table, and its statements of these names (ended by NULL), or of a
 * key below one. What stands before the first head is the first table.
 * *out_is_there: false behind the last one. ERR_INVALID with the line, also
 * for a name that stands twice.
 */
MUST_USE int toml_text_next(struct toml_text *toml, const char *const *names,
			    struct toml_table *out, bool *out_is_there,
			    struct err *err);

/* Look through all of it. ERR_INVALID with the line: bytes that are no UTF-8,
 * a table that stands twice, or no such text at all. */
MUST_USE int toml_text_check(struct span text, struct err *err);

/* Is that this key, "a.b"? However its parts are quoted. */
bool toml_text_is_key(struct span key, const char *name);
bool toml_text_is_below(struct span key, const char *name);	/* "a.b.c" */

bool toml_text_is_empty_list(struct span value);

/* How long the string is that a value begins with; 0: none does. */
size_t toml_text_string(struct span value);

/* Append what a text in one line says: as JSON has it, or between ''. It is all
 * of the value. ERR_INVALID: it is none. */
MUST_USE int toml_text_read(struct span value, struct buf *out);

/* Append the text without the lines of a statement that is there. */
void toml_text_drop(struct span text, const struct toml_statement *statement,
		    struct buf *out);

/* Append the text with a table behind all others, whose lines end in '\n', or
 * without one. What was put in leaves nothing. */
void toml_text_append(struct span text, struct span table, struct buf *out);
/* Take a table that is there out of a text. */
void toml_text_cut(struct buf *from, const struct toml_table *table);

#endif
