/*
 * Who called an action: where its results, its words and its questions go. A
 * terminal, a server and a test are hosts alike; nothing below cmd/cli and
 * cmd/render knows which one it is.
 */
#ifndef VV_CMD_ACTION_HOST_H
#define VV_CMD_ACTION_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jcs_write.h"

struct problem;		/* a finding: refs/verify/verify.h */
struct problem_list;

/* What is done of total (0: unknown), in things of that name, and how many
 * bytes have moved for it (0: unknown); in bytes where started (microseconds)
 * is not 0, with the things made of them. */
struct host_progress {
	const char *what;
	uint64_t done;
	uint64_t total;
	uint64_t bytes;
	uint64_t things;
	int64_t started;
};

/*
 * Any of the functions may be NULL: then what it is for is passed over, and
 * every question is answered with no. What is handed over is borrowed for the
 * call.
 */
struct host {
	void *arg;

	/* One canonical JSON object of the result. */
	int (*object)(void *arg, struct span json, struct err *err);

	/*
	 * The same of an object with a long list of that name, which is not
	 * in it yet: each item follows, then the end. NULL, all three: such
	 * an object comes whole.
	 */
	int (*list)(void *arg, struct span json, const char *name,
		    struct err *err);
	int (*item)(void *arg, struct span json, struct err *err);
	int (*list_end)(void *arg, struct err *err);

	/* A piece of a result that is bytes: of an export, of a record. */
	int (*bytes)(void *arg, struct span bytes, struct err *err);

	/* What was emitted is to be seen now. ERR_IO: nobody reads it any more. */
	int (*flush)(void *arg, struct err *err);

	/* A sentence beside the result, as a person should read it. */
	void (*note)(void *arg, struct span sentence);

	/* What a remote or a hook says, as it comes: anybody's bytes. */
	void (*heard)(void *arg, struct span bytes);

	/* Something was found wrong, or mended. */
	void (*problem)(void *arg, const struct problem *problem);

	void (*progress)(void *arg, const struct host_progress *progress);
	void (*progress_end)(void *arg);

	/* Is there somebody to ask, and do they say yes? NULL: nobody. */
	bool (*confirm)(void *arg, struct span question);

	/* Which one of so many, from 1, does somebody choose who is asked so?
	 * 0: none. NULL: there is nobody. */
	size_t (*choose)(void *arg, struct span question, size_t n);

	/* Somebody edits the text, which is then what they made of it; name is
	 * that of a file of its kind. ERR_CANCELED: their editor failed. */
	int (*edit)(void *arg, const char *name, const char *instead,
		    struct buf *text, struct err *err);

	/* Put a text onto the clipboard; how: by what, in words. */
	int (*copy)(void *arg, struct span text, struct buf *out_how,
		    struct err *err);

	/* Fill user and secret for url; ERR_AUTH when there is none. Then: the
	 * credentials worked, or were refused. */
	int (*credentials)(void *arg, const char *url, const char *user,
			   struct buf *out_user, struct buf *out_secret,
			   struct err *err);
	void (*credentials_result)(void *arg, bool is_good);

	/* Append what a passphrase is read from: its first line counts. is_new:
	 * one is chosen, which a person types twice. */
	int (*passphrase)(void *arg, bool is_new, struct buf *out,
			  struct err *err);
};

/* Emit the object and reset the fields; their first failure, too, is told. */
MUST_USE int host_object(const struct host *host, struct jcs_fields *fields,
			 struct err *err);
/* Emit what is a canonical object already. */
MUST_USE int host_json(const struct host *host, struct span json,
		       struct err *err);

/* An object with one long list. Nothing of it is emitted before the first item
 * or the end, so that what fails at once leaves nothing. */
struct host_list {
	const struct host *host;
	const char *name;
	struct jcs_fields *fields;	/* the object's others, all set */
	bool is_open;
	struct buf items;		/* where the host wants all at once */
};

#define HOST_LIST(host, name, fields) \
	{ (host), (name), (fields), false, BUF_INIT(BUF_NO_LIMIT) }

MUST_USE int host_list_item(struct host_list *list, struct span json,
			    struct err *err);
/* Emit what is left of it, and reset the fields. */
MUST_USE int host_list_end(struct host_list *list, struct err *err);
/* Whatever has become of it. */
void host_list_release(struct host_list *list);

MUST_USE int host_bytes(const struct host *host, struct span bytes,
			struct err *err);
MUST_USE int host_flush(const struct host *host, struct err *err);
void host_note(const struct host *host, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void host_heard(const struct host *host, struct span bytes);
void host_problem(const struct host *host, const struct problem *problem);
void host_problems(const struct host *host,
		   const struct problem_list *problems);
void host_progress(const struct host *host,
		   const struct host_progress *progress);
void host_progress_end(const struct host *host);
/* False where there is nobody to ask. */
bool host_can_ask(const struct host *host);
bool host_confirm(const struct host *host, struct span question);
/* ERR_UNSUPPORTED where there is no clipboard. */
MUST_USE int host_copy(const struct host *host, struct span text,
		       struct buf *out_how, struct err *err);
/* ERR_INVALID where nobody can edit: it says what goes instead. */
MUST_USE int host_edit(const struct host *host, const char *name,
		       const char *instead, struct buf *text, struct err *err);

#endif
