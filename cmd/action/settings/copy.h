/*
 * The copy of another program's settings, as they were before anything of ours
 * was in them; and what else may lie where it would.
 */
#ifndef VV_CMD_ACTION_SETTINGS_COPY_H
#define VV_CMD_ACTION_SETTINGS_COPY_H

#include "cmd/action/settings/settings.h"

/* Fill what the settings, which have been read, say of their copy. A link of
 * that name is none that was made here, nor is what holds any of ours. */
MUST_USE int settings_read_copy(struct settings *settings,
				const struct settings_piece *piece,
				struct err *err);

/* May the first of ours come in? A copy that says the same as the settings was
 * made when that broke off; ERR_EXISTS: something else has its name. */
MUST_USE int settings_check_copy(const struct settings *settings,
				 struct err *err);

/* after is without the piece: where all else is as it was when the copy was
 * made, it is the copy, byte for byte; a file that was not there goes; and
 * what stood in it empty is there again. */
MUST_USE int settings_give_back(struct settings *settings,
				const struct settings_piece *piece,
				struct err *err);

#endif
