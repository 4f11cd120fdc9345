/*
 * Text from outside as HTML: nothing of it is ever markup.
 */
#ifndef VV_CMD_EXPORT_HTML_TEXT_H
#define VV_CMD_EXPORT_HTML_TEXT_H

#include <stdbool.h>

#include "lib/base/buf.h"

/*
 * Append text as it may stand between tags and in quoted attributes. What
 * could mislead the eye is escaped as text_escape() has it; marks of direction
 * stay, for a block of text keeps them to itself.
 */
void html_put_text(struct buf *out, struct span text);

/* Append Markdown as blocks of HTML. No word of it is lost: raw HTML is text,
 * pictures are links, and links that are not for a browser are spelled out.
 * What is too long for that is put as it stands. */
void html_put_prose(struct buf *out, struct span text);

/* Append text as it stands, in lines. */
void html_put_plain(struct buf *out, struct span text);

/* Append what a program wrote, in its columns. */
void html_put_output(struct buf *out, struct span text);

/* "4 messages", "1 message": with the number in groups of three. */
void html_put_count(struct buf *out, uint64_t n, const char *one,
		    const char *many);

/* "12 bytes", "3.4 MB". */
void html_put_size(struct buf *out, uint64_t bytes);

/* Append the first words of a text, in one line, of at most max bytes. */
void html_put_words(struct buf *out, struct span text, size_t max);

#endif
