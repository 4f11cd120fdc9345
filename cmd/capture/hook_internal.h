/*
 * The shapes of settings that our hook can stand in.
 */
#ifndef VV_CMD_CAPTURE_HOOK_INTERNAL_H
#define VV_CMD_CAPTURE_HOOK_INTERNAL_H

#include "cmd/capture/hook.h"
#include "lib/json/jdoc.h"

/* Is this command ours, whichever the program? That is one word, and all that
 * stands behind it is ours. */
bool hook_is_ours(const struct hook_call *call, struct span command);

/* A word as a shell takes it, and whether some text is one; and what stands
 * behind the program: " -C <vault> capture --hook <agent>". */
void hook_put_word(const char *word, struct buf *out);
bool hook_is_word(struct span text);
void hook_put_end(const struct hook_call *call, struct buf *out);

/* JSON: groups, lists and commands. */
MUST_USE int hook_json_add(const struct hook_call *call, struct span text,
			   struct buf *out, struct err *err);
MUST_USE int hook_json_remove(const struct hook_call *call, struct span text,
			      struct buf *out, struct err *err);

/* TOML: notify, and tables. */
MUST_USE int hook_notify_add(const struct hook_call *call, struct span text,
			     struct buf *out, struct err *err);
MUST_USE int hook_notify_remove(const struct hook_call *call,
				struct span text, struct buf *out,
				struct err *err);
MUST_USE int hook_tables_add(const struct hook_call *call, struct span text,
			     struct buf *out, struct err *err);
MUST_USE int hook_tables_remove(const struct hook_call *call,
				struct span text, struct buf *out,
				struct err *err);

/* Files of ours alone: scripts and plugins. */
MUST_USE int hook_file_add(const struct hook_call *call, struct span text,
			   struct buf *out, struct err *err);
MUST_USE int hook_file_remove(const struct hook_call *call, struct span text,
			      struct buf *out, struct err *err);

#endif
