/*
 * What commands print: results on stdout, talk on stderr.
 */
#ifndef VV_CMD_CLI_OUT_H
#define VV_CMD_CLI_OUT_H

#include "cmd/cli/cmd.h"
#include "lib/base/buf.h"
#include "lib/base/span.h"
#include "lib/json/jcs_write.h"
#include "refs/verify/verify.h"

enum out_color {
	OUT_PLAIN, OUT_RED, OUT_GREEN, OUT_YELLOW, OUT_CYAN, OUT_BOLD, OUT_DIM
};

/* One line of --json output: the object, then a newline. */
MUST_USE int out_json(struct session *session, struct jcs_fields *fields);

/* printf to stdout for our own words and numbers; when a person reads it, what
 * else got into them is escaped, but for line ends and tabs. */
void out_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Does a person read stdout: on a terminal, or through our pager? */
bool out_is_for_people(void);
/* The pager says so, once it has taken stdout. */
void out_set_for_people(void);

/* Text from outside: escaped when a person reads it, else as it is. */
void out_text(struct span text);
void out_colored(enum out_color color, struct span text);
/* Are there colors? */
void out_set_color(bool is_color);

/* The same for many lines, which stay lines. */
void out_bytes(struct span bytes);

/* A JSON string's text (canonical, with quotes), decoded and as out_text;
 * any other JSON value as it stands. */
void out_value(struct span value);

/* A sentence on stderr, with "vvault: " before it. */
void out_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* What was found wrong, or mended: such a sentence for each. */
void out_problem(const struct problem *problem);
void out_problems(const struct problem_list *problems);

/* The session's error, as words or (--json) as JSON, on stderr. */
void out_error(const struct session *session);

void out_digest(const unsigned char digest[32], char out[65]);

/* "2026-11-21T01:20:00Z" from seconds. */
void out_time(int64_t seconds, char out[32]);

/* Send stdout through the user's pager if it is a terminal. Never fails: no
 * pager, plain output. out_pager_end() waits for it. */
void out_pager_begin(const struct session *session);
void out_pager_end(void);

/* Before another program writes to stdout or stderr. */
void out_flush(void);

/* Flush; ERR_IO, with the reason, when anything of stdout could not be
 * written. A pipe that its reader closed is no failure. */
MUST_USE int out_finish(struct session *session);

#endif
