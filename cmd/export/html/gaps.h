/*
 * What of a text in Markdown is told by no piece that md4c hands over: marks,
 * and here and there words, which a reader would never see.
 */
#ifndef VV_CMD_EXPORT_HTML_GAPS_H
#define VV_CMD_EXPORT_HTML_GAPS_H

#include <stdbool.h>

#include "lib/base/buf.h"

#define GAPS_EXCUSED 8

struct gaps {
	struct span text;
	const char *seen;	/* it is told up to here */
	struct buf links;	/* lines that define links */
	/* What was told as the target or title of a link, or the language of
	 * code, since the last piece of text. */
	struct span excused[GAPS_EXCUSED];	/* at NULL: the next copy */
	size_t excused_n;
	struct buf copies;	/* of those that are not of the text */
	bool has_words;		/* that are told nowhere */
};

#define GAPS_INIT(of) { .text = (of), .seen = (of).at, \
			.links = BUF_INIT(BUF_NO_LIMIT), \
			.copies = BUF_INIT(BUF_NO_LIMIT) }

/* A piece of the text was told; one that is not of the text is passed over. */
void gaps_told(struct gaps *gaps, struct span piece);

/* An attribute is told, wherever it stands. */
void gaps_excuse(struct gaps *gaps, struct span attribute);

/* The text is at its end: links and has_words are whole. */
void gaps_end(struct gaps *gaps);
void gaps_release(struct gaps *gaps);

#endif
