/*
 * Sessions by the begin of their names, or of their titles.
 */
#ifndef VV_CMD_ACTION_READ_BEGINS_H
#define VV_CMD_ACTION_READ_BEGINS_H

#include "cmd/action/read/ref.h"
#include "lib/base/buf.h"
#include "refs/view/view.h"

/* One search for what begins with a word. */
struct begins {
	const char *word;
	struct buf entity;	/* of the first one */
	size_t n;		/* so many others, and that one */
	struct buf told;	/* them, in words; of titles the first few */
	bool is_title;		/* what begins with the word is the title */
	bool is_whole;		/* and found was one that is just the word */
};

#define BEGINS_INIT(word) \
	{ (word), BUF_INIT(ENTITY_MAX_BYTES), 0, BUF_INIT(600), false, false }
void begins_release(struct begins *begins);

/* Look through the lists of a view for sessions whose entity begins with the
 * word, which may stand without "session:", or without what it came from. */
MUST_USE int begins_look(struct begins *begins, struct view *view,
			 struct err *err);

/* Append the one that was found. ERR_NOT_FOUND; ERR_INVALID lists several. */
MUST_USE int begins_take(struct begins *begins, struct buf *out,
			 struct err *err);

/* All of that over all constructs that this device can read. */
MUST_USE int begins_seek(struct vault *vault, const char *word,
			 struct buf *out, struct err *err);

/* The same of a title, in one construct. */
MUST_USE int begins_titled(struct view *view, const char *title,
			   struct buf *out, struct err *err);

/*
 * ref_open(), and where nothing is named so the session whose title is the
 * word, or alone begins with it. For who looks: what deletes takes names.
 */
MUST_USE int begins_open(struct vault *vault, const char *word,
			 const char *entity, struct ref *out, struct err *err);

#endif
