/*
 * The lines of a transcript, and who of those that seem to speak there does.
 */
#ifndef VV_CMD_IMPORT_VVAULT_CHATTY_LINES_H
#define VV_CMD_IMPORT_VVAULT_CHATTY_LINES_H

#include "cmd/import/vvault/chatty_parse.h"

struct chatty_line {
	uint32_t begin;
	uint32_t len;		/* without the newline */
	bool is_fenced;		/* inside a fenced block: opaque */
};

struct chatty_lines {
	struct span text;
	struct chatty_line *at;
	size_t n;
	size_t cap;
};

/* ERR_LIMIT for more than CHATTY_MAX_BYTES; release in any case. */
MUST_USE int chatty_lines_split(struct chatty_lines *lines, struct span text,
				struct err *err);
void chatty_lines_release(struct chatty_lines *lines);

struct span chatty_line_at(const struct chatty_lines *lines, size_t at);
bool chatty_line_is_empty(const struct chatty_lines *lines, size_t at);

#define CHATTY_SPEAKERS_MAX 64	/* more names than that are no speakers */

struct chatty_speaker {
	struct span name;
	enum chatty_dialect dialect;	/* CHATTY_CLOCK for all with a clock */
	enum chatty_side side;
	size_t count;
	bool is_chosen;
};

struct chatty_cast {
	struct chatty_speaker at[CHATTY_SPEAKERS_MAX];
	size_t n;
	size_t clocks;			/* lines with a clock */
	enum chatty_dialect dialect;	/* of the lines without; or none */
	bool is_guessed;
};

/* Find out who speaks. */
void chatty_cast_choose(struct chatty_cast *cast,
			const struct chatty_lines *lines, struct span title,
			struct span hint);

/* Is that line the begin of a message? Then who is it? */
const struct chatty_speaker *
chatty_cast_find(const struct chatty_cast *cast,
		 const struct chatty_head *head);

#endif
