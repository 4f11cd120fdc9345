/*
 * What commands print: results on stdout, talk on stderr.
 */
#ifndef VV_CMD_CLI_SAY_H
#define VV_CMD_CLI_SAY_H

#include "cmd/cli/cmd.h"
#include "lib/base/buf.h"
#include "lib/base/span.h"
#include "refs/verify/verify.h"

enum say_color {
	SAY_PLAIN, SAY_RED, SAY_GREEN, SAY_YELLOW, SAY_CYAN, SAY_BOLD, SAY_DIM
};

/* printf to stdout for our own words and numbers; what else got into them is
 * escaped, but for line ends and tabs. */
void say_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Does a person read stdout: on a terminal, or through our pager? */
bool say_is_for_people(void);
/* The pager says so, once it has taken stdout. */
void say_set_for_people(void);

/* Text from outside, escaped: it is one line at most. */
void say_text(struct span text);
void say_colored(enum say_color color, struct span text);
/* The handle of what is shown next ("@3"), by which commands take it, or 0:
 * it has none. Then: print it, as the first column of its line. */
void say_set_handle(size_t number);
void say_handle(void);
#define SAY_HANDLE_MAX 32
/* Write that column to out instead, and return its length. */
size_t say_handle_text(char out[SAY_HANDLE_MAX]);
/* For the terminal itself: a sequence that begins with ESC, as it is. */
void say_code(const char *sequence);
/* Are there colors? */
void say_set_color(bool is_color);
bool say_has_color(void);

/* Many lines, which stay lines: escaped when a person reads them, else the
 * bytes as they are. */
void say_bytes(struct span bytes);

/* A JSON string's text (canonical, with quotes), decoded and as say_text;
 * any other JSON value as it stands. */
void say_value(struct span value);

/* A sentence on stderr, with "vvault: " before it. */
void say_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* From now on no such sentence is said, for nobody wants talk (-q). */
void say_set_quiet(void);
bool say_is_quiet(void);

/* What was found wrong, or mended: a sentence that is always said. */
void say_problem(const struct problem *problem);

/* The session's error, as words or (--json) as JSON, on stderr. */
void say_error(const struct session *session);

/* Send stdout through the user's pager if it is a terminal; it opens where a
 * line begins so (NULL: at the first), if it is less(1). Never fails: no
 * pager, plain output. say_pager_end() waits for it. */
void say_pager_begin(const struct session *session, const char *mark);
void say_pager_end(void);

/* Show a text in the user's pager, and wait for its end. ERR_INVALID: the
 * user wants none. */
MUST_USE int say_in_pager(struct span text, struct err *err);

/* Before others write to stdout or stderr. */
void say_flush(void);

/* Flush. ERR_IO: nobody reads it. */
MUST_USE int say_sent(struct err *err);

/* Flush; ERR_IO, with the reason, when anything of stdout could not be
 * written. A pipe that its reader closed is no failure. */
MUST_USE int say_finish(struct session *session);

#endif
