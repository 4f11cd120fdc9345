/*
 * Folders that the system watches for us: a file in them was written to, or
 * something came into them. By inotify(7).
 */
#ifndef VV_LIB_OS_NOTIFY_H
#define VV_LIB_OS_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"

/* Who watches is a number below this, and its bit in what is told. */
#define NOTIFY_OWNERS 64

struct notify;

/* ERR_LIMIT: the system gives no more. */
MUST_USE int notify_open(struct notify **out, struct err *err);
void notify_free(struct notify *notify);

/* Is the system told of all that happens there? Not of what other machines do,
 * or Windows beside it. */
bool notify_hears_all(const char *path);

/* Readable when there is something to take. */
int notify_fd(const struct notify *notify);

/*
 * Watch these folders for that owner, and no others any more: begin, add each,
 * end. What is added is watched from then on; has_files: for what is written
 * there, else for folders alone. ERR_LIMIT: the system watches no more;
 * ERR_NOT_FOUND.
 */
void notify_begin(struct notify *notify, unsigned owner);
MUST_USE int notify_add(struct notify *notify, const char *path,
			unsigned owner, bool has_files, struct err *err);
void notify_end(struct notify *notify, unsigned owner);

/* owners: a bit for each. */
struct notify_calls {
	void *arg;
	/* This name came, or was written to if it is a file; a folder: went,
	 * too. Borrowed. */
	void (*changed)(void *arg, uint64_t owners, const char *name,
			bool is_folder);
	/* Nothing is told any more of some folder of theirs: it went, or too
	 * much happened at once. */
	void (*lost)(void *arg, uint64_t owners);
};

/* Tell what has come, without waiting; a part of it, where much has. */
void notify_take(struct notify *notify, const struct notify_calls *calls);

#endif
