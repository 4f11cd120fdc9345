/*
 * The files of a ChatGPT export, by their names.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_FILES_H
#define VV_CMD_IMPORT_CHATGPT_FILES_H

#include "cmd/import/beside/file_pool.h"
#include "cmd/import/input/bundle.h"
#include "lib/base/err.h"

struct chatgpt_run;

enum chatgpt_file_kind {
	CHATGPT_CONVERSATIONS,	/* conversations.json, or a shard of it */
	CHATGPT_ACCOUNT,	/* holds the owner's e-mail or phone number */
	CHATGPT_PAGE,		/* the conversations again, as a web page */
	CHATGPT_FEEDBACK,
	CHATGPT_SHARED,
	CHATGPT_MANIFEST,
	CHATGPT_NAMES,		/* of files that messages show */
	CHATGPT_SHOWN,		/* a file that a message may show */
	CHATGPT_SYSTEM,		/* made by a computer that packed it */
	CHATGPT_OTHER
};

enum chatgpt_file_kind chatgpt_file_kind(const struct bundle_file *file);

/*
 * The first file of conversations, when the bundle is one export: they all
 * lie in one folder, and all other files beside or below them; a folder on
 * disk (unlike an archive) may hold much else, so there the other files have
 * to be those of an export. Else NULL.
 */
const struct bundle_file *chatgpt_files_first(const struct bundle *bundle);

/* Is the bundle a part of an export that has no conversations, but files that
 * the messages of another part show, and nothing else? */
bool chatgpt_files_are_part(const struct bundle *bundle);

/* Take in the names that the source has for files. */
MUST_USE int chatgpt_files_call(struct file_pool *pool,
				struct import_source *source, struct err *err);

/*
 * Say of all files of the source that gave no record why. Those that messages
 * may show are told by the second alone, of a source that awaits them.
 */
MUST_USE int chatgpt_files_leave_out(struct chatgpt_run *run, struct err *err);
/* Has the source files that no message has shown so far? */
bool chatgpt_files_await(struct chatgpt_run *run);
MUST_USE int chatgpt_files_left(struct chatgpt_run *run, struct err *err);

#endif
