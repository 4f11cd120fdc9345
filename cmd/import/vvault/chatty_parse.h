/*
 * Reading a markdown transcript in one of six dialects, line by line:
 *
 *   CHATTY_BOLD     **Speaker**: text
 *   CHATTY_SAID     Speaker said:                     (text on the next lines)
 *   CHATTY_NAME     Name: text
 *   CHATTY_CLOCK    10:00:07 AM EST - Speaker [ISO]: text
 *   CHATTY_STAMP    **10:00:07 AM EST - Speaker** [ISO]: text
 *   CHATTY_DAY      **10:00:07 AM EST - Speaker**: text
 *
 * A line of the last three is a message whoever speaks. The first three also
 * occur in prose, so there a speaker must be one: a name that programs give
 * the sides of a chat, the transcript's own name, or what is left when one
 * side is known; where nobody is known, the two who speak in turns from the
 * first line on. A transcript has one of these three at most.
 *
 * "## Month D, YYYY" (one to three #), or such a date alone between empty
 * lines, is the day of what follows. What stands in a fenced block is text.
 * Everything else continues the message, empty lines too; those at its ends
 * and a rule ("---") that closes it belong to nobody.
 */
#ifndef VV_CMD_IMPORT_VVAULT_CHATTY_PARSE_H
#define VV_CMD_IMPORT_VVAULT_CHATTY_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/records/chat.h"

#define CHATTY_MAX_BYTES ((size_t)16 << 20)

enum chatty_dialect {
	CHATTY_NONE,
	CHATTY_BOLD,
	CHATTY_SAID,
	CHATTY_NAME,
	CHATTY_CLOCK,
	CHATTY_STAMP,
	CHATTY_DAY,
	CHATTY_DIALECTS
};

/* "bold", "said" ... */
const char *chatty_dialect_word(enum chatty_dialect dialect);

/* A line that looks like the begin of a message. All spans borrow from it. */
struct chatty_head {
	enum chatty_dialect dialect;	/* CHATTY_NONE: it is none */
	struct span name;
	struct span clock;		/* "10:00:07 AM EST" */
	struct span iso;		/* between the brackets */
	struct span rest;		/* the text behind it */
};

/* line: without its newline. */
struct chatty_head chatty_head_of(struct span line);

/* Is it the heading of a day? needs_mark: only one with #. */
bool chatty_day_of(struct span line, bool needs_mark, int64_t *out_midnight,
		   unsigned *out_flags);

struct chatty_message {
	struct span name;
	struct span text;	/* of the source, lines end as they do there */
	struct chat_time time;
	enum chatty_dialect dialect;
	bool is_assistant;
};

struct chatty {
	struct span title;		/* of "# Title"; absent: none */
	struct span preface;		/* text before the first message */
	struct chatty_message *at;
	size_t n;
	size_t cap;
	size_t days;			/* headings of days */
	bool are_roles_guessed;		/* nobody was known by name */
};

/*
 * Parse a transcript; hint: its callsign if the file's name has it, or
 * absent. No messages is no error. ERR_LIMIT for more than CHATTY_MAX_BYTES,
 * ERR_NOMEM. The text must outlive it; release in any case.
 */
MUST_USE int chatty_parse(struct span text, struct span hint,
			  struct chatty *out, struct err *err);
void chatty_release(struct chatty *chatty);

/* Is it a transcript? Judged by its begin, which may be cut anywhere. */
bool chatty_sniff(struct span head);

/* Who is a user, or an assistant, by a name that programs give them? */
enum chatty_side { CHATTY_UNKNOWN, CHATTY_USER, CHATTY_ASSISTANT };
enum chatty_side chatty_side_of(struct span name, struct span title,
				struct span hint);

#endif
