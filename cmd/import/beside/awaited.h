/*
 * What a message only begins and a file beside its session has whole: a tool
 * gave more than the model was to see. The message is put as its session has
 * it, and once more, on top, with the whole text in its place: so the records
 * are the same in whatever order, and in however many runs, the files come.
 */
#ifndef VV_CMD_IMPORT_BESIDE_AWAITED_H
#define VV_CMD_IMPORT_BESIDE_AWAITED_H

#include "cmd/import/records/chat.h"

/* One per run; made at the first use. */
struct awaited;
void awaited_release(struct import_job *job);

/*
 * Keep what was put last (chat_put_message(), chat_put_session()) for a source
 * that is read later in this run, under a name: a session's key, '/' and the
 * name of a file of it; or a session's key alone.
 */
MUST_USE int awaited_note(struct chat *chat, struct span name,
			  struct err *err);
/* The same for each file that the record says was saved in such a folder:
 * ".../<folder>/<file>". */
MUST_USE int awaited_note_files(struct chat *chat, struct span session,
				const char *folder, struct err *err);

/* Is it the first time in this run that somebody looks for this in the vault? */
MUST_USE int awaited_look(struct import_job *job, struct span what,
			  bool *out_is_first, struct err *err);

/* What was noted last under a name, canonical, and its `at`; absent: nothing
 * was, and out_at stays. */
struct span awaited_get(const struct import_job *job, struct span name,
			char out_at[HLC_TEXT_MAX]);

/* A file that a message of a session names. */
struct awaited_file {
	const char *provider;
	struct span session;	/* its key; those of its agents begin so, with
				   ':' behind */
	struct span name;
	const char *folder;	/* "tool-results", as messages name it */
	struct span bytes;
	const char *media;	/* of what is no text */
};

/*
 * Put its text in the place of what messages of this run, else of the vault,
 * say of it; of what is no text, or too long for one, the bytes as `data` of
 * the part. *out_is_found false: no message names it.
 */
MUST_USE int awaited_put(struct import_job *job, struct import_source *source,
			 const struct awaited_file *file, bool *out_is_found,
			 struct err *err);

/* The source is such a file: about has its session and name (NUL behind it).
 * One that nothing names is told, and read again next time. */
MUST_USE int awaited_read(struct import_job *job,
			  struct import_source *source,
			  const struct awaited_file *about, struct err *err);

#endif
