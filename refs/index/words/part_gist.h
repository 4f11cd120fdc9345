/*
 * What a call of a tool is about, in a few words.
 */
#ifndef VV_REFS_INDEX_WORDS_PART_GIST_H
#define VV_REFS_INDEX_WORDS_PART_GIST_H

#include "lib/base/buf.h"

/*
 * Append what says most of what a tool was given (canonical): of an object, or
 * of the text of one, a member by its name; the words of a command; the names
 * of files that are changed; else its plain members.
 */
void part_gist(struct span input, struct buf *out);

#endif
