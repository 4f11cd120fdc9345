/*
 * Files that the messages of a ChatGPT export show: images, audio, uploads.
 * They are wished for while the conversations are read, and loaded when these
 * are done: a bundle reads one file at a time. They may lie in another part of
 * the export, which comes in the same run, or in a later one.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_ASSET_H
#define VV_CMD_IMPORT_CHATGPT_ASSET_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/beside/file_pool.h"
#include "cmd/import/records/chat.h"
#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "lib/json/jdoc.h"

#define CHATGPT_ASSET_MAX ((size_t)512 << 20)	/* larger ones are left out */

struct chatgpt_run;

/* A message shows a file. The texts lie in words, each ended by NUL. */
struct chatgpt_wish {
	size_t file;		/* of the pool */
	size_t entity;
	size_t id;
	size_t name;		/* "": nobody says it */
	size_t construct;
	struct chat_time created;
};

struct chatgpt_assets {
	struct file_pool *pool;
	struct chatgpt_wish *at;
	size_t n;
	size_t cap;
	struct buf words;
	struct table missing;		/* ids of files that did not come */
};

#define CHATGPT_ASSETS_INIT { NULL, NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT), \
			      TABLE_INIT(32, TABLE_NO_LIMIT) }
void chatgpt_assets_release(struct chatgpt_assets *assets);

/* Wish for all files that a message (an object) of this entity names. */
MUST_USE int chatgpt_assets_find(struct chatgpt_run *run,
				 const struct jval *message,
				 struct span key, struct err *err);

/* Load them: a record for each message and file. */
MUST_USE int chatgpt_assets_put(struct chatgpt_run *run, struct err *err);

/*
 * Wish for those files of the run's source that nobody has shown so far, where
 * messages of the vault show them; chatgpt_assets_put() puts them there.
 */
MUST_USE int chatgpt_assets_await(struct chatgpt_run *run, struct err *err);

#endif
