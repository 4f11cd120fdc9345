/*
 * Reading activity: what its parts share.
 *
 * The export knows no conversations, only prompts with their answers. So each
 * of them is a session of its own, of one or two messages, which says in
 * `native.inferred` what of it was made up. Its id is the second in which it
 * was asked, and the hash of what was asked: the same from both forms, and
 * whatever is asked later.
 */
#ifndef VV_CMD_IMPORT_GEMINI_TAKEOUT_INTERNAL_H
#define VV_CMD_IMPORT_GEMINI_TAKEOUT_INTERNAL_H

#include "cmd/import/beside/file_pool.h"
#include "cmd/import/input/bundle.h"
#include "cmd/import/records/part.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

#define TAKEOUT_PRODUCT "Gemini Apps"	/* in English */
#define TAKEOUT_PROMPT_KEY "prompt"
#define TAKEOUT_FILES_MAX 64	/* attached to one prompt */

struct takeout_run {
	struct import_job *job;
	struct import_source *source;
	struct bundle *files;		/* of the export; NULL: a bare file */
	struct file_pool *pool;		/* of all its archives */
	bool has_missing;		/* files that are in none of them */
	bool has_activity;		/* or prompts: the source */
	struct span folder;		/* in it, of the file that is read */
	struct chat chat;
	struct parts parts;
	struct table seen;		/* how often, in this file */
	struct table known;		/* sessions, of all files */
	struct table used;		/* attached files, by name */
	struct buf key;
	struct buf native;
	struct buf title;		/* scratch of an activity */
	struct buf html;
	struct buf value;
	struct jcs_fields fields;
	uint64_t others;		/* activities of other products */
	uint64_t sessions;
	uint64_t unzoned;		/* times without a known zone */
};

/* One activity, of either form. All borrowed. */
struct takeout_activity {
	struct span title;		/* verb and prompt */
	struct span html;		/* answer; absent: none */
	struct chat_time time;
	struct span time_text;		/* where that is unknown */
	const struct jval *record;	/* JSON: all of it */
	struct span link;		/* HTML: where the title leads */
	struct span files[TAKEOUT_FILES_MAX];	/* names */
	size_t files_n;
	bool is_translated;		/* its words are not English */
};

/* Is this the name of the product, in any language? And does what a file
 * begins with say so of an activity? */
bool takeout_is_product(struct span name);
bool takeout_mentions_product(struct span head);

/* Bytes of the white space that text begins with, no-break ones too. */
size_t takeout_space(struct span text);

/* What its first words say that it is. */
enum takeout_kind {
	TAKEOUT_PROMPT,		/* "Prompted ..." */
	TAKEOUT_NOTE,		/* "Created ...", "Gave feedback: ..." */
	TAKEOUT_UNKNOWN		/* in another language */
};

/* Split a title; the prompt is the title where there is no verb that is known,
 * or, in another language than English, that ends with a colon. */
enum takeout_kind takeout_verb(struct span title, bool is_translated,
			       struct span *out_verb, struct span *out_prompt);

MUST_USE int takeout_put(struct takeout_run *run,
			 const struct takeout_activity *activity,
			 struct err *err);

/* Put the bytes of a file that was attached to the prompt, where the export
 * has them. */
MUST_USE int takeout_put_file(struct takeout_run *run, struct span name,
			      const struct chat_time *time, struct err *err);

/* Another product's: left out, its name told. */
MUST_USE int takeout_other(struct takeout_run *run, struct span product,
			   struct err *err);

/* A file of one form; bad activities cost themselves alone. */
MUST_USE int takeout_json(struct takeout_run *run, struct feed feed,
			  struct err *err);
MUST_USE int takeout_html(struct takeout_run *run, struct span html,
			  struct err *err);

#endif
