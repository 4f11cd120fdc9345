/*
 * Captures of one vault, one after the other, whoever asks for them: a person,
 * hooks of agents by the dozen, a watch. All lies in the vault's local folder,
 * and is reached without opening the vault.
 */
#ifndef VV_CMD_CAPTURE_QUEUE_H
#define VV_CMD_CAPTURE_QUEUE_H

#include <stdbool.h>

#include "cmd/capture/agent.h"
#include "lib/base/buf.h"
#include "lib/os/lock.h"

/* Below "<vault>/vvault/". */
#define CAPTURE_FOLDER "capture"
#define CAPTURE_LOCK CAPTURE_FOLDER "/lock"
#define CAPTURE_BEHIND_LOCK CAPTURE_FOLDER "/behind-lock"
#define CAPTURE_WATCH_LOCK CAPTURE_FOLDER "/watch-lock"

/* Append the path of that folder, which is made where it is missing. */
MUST_USE int capture_folder(const char *vault_path, struct buf *out,
			    struct err *err);

/* Take the lock of who captures, of who does it behind hooks, or of who
 * watches. ERR_LOCKED after timeout_ms. */
MUST_USE int capture_lock(const char *vault_path, const char *name,
			  int timeout_ms, struct lock *lock, struct err *err);

/* Does somebody have that lock? Asking takes it for a moment. */
bool capture_is_locked(const char *vault_path, const char *name);

/*
 * Hints: an agent has written something. A hint is a file of that agent's name
 * in the folder, written to each time (IN_CLOSE_WRITE), and says nothing else.
 * Whoever captures takes a hint before looking, so that none is lost. agent
 * NULL: of all.
 */
MUST_USE int capture_hint(const char *vault_path, const struct agent *agent,
			  struct err *err);
/* Was there one of this agent (NULL: one of all)? It is gone then. */
bool capture_hint_take(const char *vault_path, const struct agent *agent);
/* Is there any? */
bool capture_is_hinted(const char *vault_path);

#endif
