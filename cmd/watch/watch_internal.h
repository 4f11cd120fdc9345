/*
 * A watch: agents and folders that change, whose turn it is, and the work that
 * is done then, in a child process, so that this one stays small, holds
 * nothing of the vault and lives on whatever becomes of it.
 */
#ifndef VV_CMD_WATCH_WATCH_INTERNAL_H
#define VV_CMD_WATCH_WATCH_INTERNAL_H

#include <sys/stat.h>
#include <sys/types.h>

#include "cmd/action/action.h"
#include "cmd/capture/agent.h"
#include "cmd/stay/worker.h"
#include "cmd/watch/turn.h"
#include "lib/json/jcs_write.h"
#include "lib/os/lock.h"
#include "lib/os/notify.h"

#define SUBJECTS_MAX 60
/* The first owner of watches that is none of them: of hints of hooks. */
#define OWNER_HINTS 63
#define TELL_ONCE 256

/* One that fails is told once, and when it works again. */
struct trouble {
	int told;		/* its kind, enum err_code; 0: nothing */
	int64_t busy_since;	/* others are at it; -1: nobody */
};

/* What is brought in together: what an agent writes, or the capsules of a
 * folder. */
struct subject {
	const struct agent *agent;	/* NULL: of a folder */
	char *folder;			/* absolute */
	const char *name;		/* for people */
	bool is_watched;		/* else hooks alone ask for it */
	struct turn turn;
	struct trouble trouble;
	int64_t look_at;		/* when to look what is there ... */
	int64_t rested;			/* not before this */
	bool is_scanned;		/* of its changes nobody is told */
	bool is_looked_at;		/* at least once */
	uint64_t files;			/* sums of what was there */
	uint64_t folders;
};

struct pushing {
	const char *remote;		/* NULL: nowhere */
	int64_t every_ms;
	int64_t next;
	struct trouble trouble;
	/* One of its own: a remote may not answer, and what agents write is to
	 * come in meanwhile. */
	struct worker worker;
	bool is_busy;
	int64_t until;			/* then it is given up */
};

struct watch {
	struct action_call *call;
	struct buf vault_path;		/* absolute */
	dev_t vault_device;
	ino_t vault_number;
	int64_t scan_ms;
	struct lock lock;
	struct notify *notify;		/* NULL: there is none to be had */
	bool is_limited;		/* and this was told */
	struct subject subjects[SUBJECTS_MAX];
	size_t n;
	struct pushing pushing;
	struct worker worker;
	struct subject *working;	/* on this; NULL: on nothing of them */
	int64_t began;
	bool is_busy;
	int64_t rested;			/* until then no event is taken */
	int64_t full_at;		/* when all is looked at anew */
	struct clocks clocks;		/* when it was looked last */
	uint64_t told[TELL_ONCE];	/* the last sentences, by hash */
	size_t told_n;
};

/* --- options.c: what is asked for ------------------------------------------ */

MUST_USE int options_check(const struct action_call *call, struct err *err);
/* The subjects among it. ERR_NOT_FOUND: no such folder. */
MUST_USE int options_read(struct watch *watch, struct err *err);
void options_release(struct watch *watch);

/* --- pulse.c: time, and the vault ---------------------------------------- */

/* Milliseconds that go on while the machine sleeps. */
int64_t pulse_now(void);

/* Has the machine slept since the last call, or was its clock set? */
bool pulse_jumped(struct watch *watch);

/* Remember which folder the vault is; is it there, and the same? */
MUST_USE int pulse_vault_begin(struct watch *watch, struct err *err);
MUST_USE int pulse_vault(const struct watch *watch, struct err *err);

/* --- look.c: what is there, and what of it changed ------------------------- */

MUST_USE int look_begin(struct watch *watch, struct err *err);
/* Look at all that are due, and tell their turns what changed. */
MUST_USE int look(struct watch *watch, struct err *err);
/* All of them are to be looked at and read, whatever was told. */
void look_at_all(struct watch *watch);
/* Take what the system tells. */
void look_take(struct watch *watch);
/* When the next one is due. */
int64_t look_due(const struct watch *watch);

/* --- work.c: what is done ------------------------------------------------- */

/* Is there a vault to which this device may write, and the remote? */
MUST_USE int work_check(struct watch *watch, struct err *err);
/* Begin what is due, unless something goes on; end what takes too long. */
MUST_USE int work_begin(struct watch *watch, struct err *err);
int64_t work_due(const struct watch *watch);
/* Take what comes of it. */
MUST_USE int work_take(struct watch *watch, struct err *err);
/* Give it this long to end. */
void work_end(struct watch *watch, int64_t grace_ms);

/* --- tell.c: what is said ------------------------------------------------- */

/* An event, with its time: the fields are reset. */
MUST_USE int tell(struct watch *watch, const char *event,
		  struct jcs_fields *fields, struct err *err);
/* Of one with a sentence, which is told no second time soon. */
MUST_USE int tell_once(struct watch *watch, const char *event,
		       const char *what, struct span sentence,
		       struct err *err);
/* It failed, and is tried again in so long; or it works. */
MUST_USE int tell_failure(struct watch *watch, struct trouble *trouble,
			  const char *what, const struct err *why,
			  int64_t again_ms, struct err *err);
MUST_USE int tell_success(struct watch *watch, struct trouble *trouble,
			  const char *what, struct err *err);

/* --- service.c ------------------------------------------------------------ */

MUST_USE int service_install(struct action_call *call, struct err *err);
MUST_USE int service_uninstall(struct action_call *call, struct err *err);

/* --- capsules.c ----------------------------------------------------------- */

/* Each folder below, and each file that is a capsule by its name; what cannot
 * be listed is not there. */
struct capsules_calls {
	void *arg;
	int (*folder)(void *arg, const char *path, struct err *err);
	int (*file)(void *arg, const char *path, const struct stat *info,
		    struct err *err);
};
MUST_USE int capsules_each(const char *folder,
			   const struct capsules_calls *calls,
			   struct err *err);

/* May a file of that name be one? */
bool capsules_may_be(const char *name);

#endif
