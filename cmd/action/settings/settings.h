/*
 * Another program's settings on their way to a new text: shown first, asked
 * about, replaced at once or not at all, and given back as they were.
 */
#ifndef VV_CMD_ACTION_SETTINGS_SETTINGS_H
#define VV_CMD_ACTION_SETTINGS_SETTINGS_H

#include <sys/types.h>

#include "cmd/action/action.h"
#include "lib/base/buf.h"
#include "lib/os/path.h"

#define SETTINGS_MAX ((size_t)64 << 20)	/* bytes */

/* What lies where the copy of a file would. Ours has nothing of ours in it. */
enum settings_copy { SETTINGS_COPY_NONE, SETTINGS_COPY_OURS,
		     SETTINGS_COPY_OTHER };

struct settings {
	struct buf copy_path;	/* the text before anything of ours was in it */
	struct buf copy_text;
	enum settings_copy copy_is;
	bool copy_stays;	/* though nothing of ours is left in the file:
				   it may be somebody else's */
	struct buf path;	/* settled when it has been read */
	struct buf before;
	struct buf after;	/* the caller's to fill */
	bool was_there;
	bool goes;		/* nothing of the file is left */
	mode_t mode;		/* of a file that is not there yet */
};

#define SETTINGS_INIT(mode) \
	{ PATH_BUF_INIT, BUF_INIT(SETTINGS_MAX), SETTINGS_COPY_NONE, \
	  false, PATH_BUF_INIT, BUF_INIT(SETTINGS_MAX), \
	  BUF_INIT(BUF_NO_LIMIT), false, false, (mode) }

void settings_release(struct settings *settings);

/* Append the whole path of the call's vault, by which others are to call this
 * program, whose path is known then. ERR_NOT_FOUND: no vault. */
MUST_USE int settings_vault(const struct action_call *call, struct buf *out,
			    struct err *err);

/*
 * Read what is there, if anything. Who keeps settings elsewhere has a link to
 * them: that is followed, not replaced. ERR_DENIED: nobody may write to it;
 * ERR_NOT_FOUND: the link leads nowhere.
 */
MUST_USE int settings_read(struct settings *settings, struct err *err);

bool settings_is_changed(const struct settings *settings);

/* Append the lines that change: see line_changes.h. */
MUST_USE int settings_changes(const struct settings *settings,
			      struct buf *out, struct err *err);

/* Show them, and ask where there is somebody to ask; else it is agreed. */
bool settings_is_agreed(const struct action_call *call,
			const struct settings *settings,
			const struct buf *changes);

/* Put in what is ours, or take it out of it. */
struct settings_piece {
	int (*add)(const void *arg, struct span text, struct buf *out,
		   struct err *err);
	int (*remove)(const void *arg, struct span text, struct buf *out,
		      struct err *err);
	/* Is any of ours in it, servers and hooks, of whatever name and vault? */
	bool (*is_any)(const void *arg, struct span text);
	const void *arg;
};

/* Fill after: with the piece, or without. In that case it is what stood there
 * before the first of ours came, byte for byte, where all else is as it was
 * then; and a file that was not there goes. ERR_EXISTS: the place of the copy
 * is taken by what may be somebody else's. */
MUST_USE int settings_change(struct settings *settings,
			     const struct settings_piece *piece,
			     bool is_install, struct err *err);

/*
 * Write after in place of the file, with the mode that it has; keep the copy,
 * or let it go when the last of ours does. ERR_CHANGED: somebody else has written
 * to it since it was read.
 */
MUST_USE int settings_write(const struct settings *settings,
			    const struct settings_piece *piece,
			    bool is_install, struct err *err);

/* Note a copy that stays. */
void settings_tell_copy(const struct action_call *call,
			const struct settings *settings);

#endif
