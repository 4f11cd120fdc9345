/*
 * A Claude.ai export while it is read: what its parts share.
 *
 * A message's content is the text of its blocks of type text, joined by an
 * empty line; its member `text` only where there is no such block. All other
 * blocks stand in parts as they are, in their order; then attachments as
 * {"type":"attachment","attachment":{..}} with their text as a blob, or, where
 * nothing else is said, as content, from "start" to "end" of it; and files as
 * {"type":"file","file":{..}}. What the blocks of text say beside their text is
 * native.blocks: [{"at": place among all blocks, "bytes": of content,
 * "rest":{..}}]; native.absent the names of members that it has not, of those
 * that an exporter writes. A block that could be taken for one of ours is
 * {"type":"block","block":..}.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_AI_RUN_H
#define VV_CMD_IMPORT_CLAUDE_AI_RUN_H

#include "cmd/import/claude_ai/claude_ai.h"
#include "cmd/import/claude_ai/tree.h"
#include "cmd/import/records/chat.h"
#include "cmd/import/records/take.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/time/hlc.h"

struct claude_ai_run {
	struct import_job *job;
	struct import_source *source;
	struct chat chat;
	struct table talks;	/* SHA-256 of the keys that were read */
	struct span original;	/* of a snapshot: the conversation's id */
	struct buf copy_of;
	/* Scratch of whoever runs. */
	struct buf content;
	struct buf parts;
	struct buf blocks;
	struct buf native;
	struct buf value;
	struct buf key;
	struct jcs_fields fields;
};

/* One conversation, or a snapshot of one; value is an object. offset: where
 * its text begins in the source, for the report. */
MUST_USE int claude_ai_talk(struct claude_ai_run *run,
			    const struct jdoc *doc, uint64_t offset,
			    struct err *err);

/* The record of one message of the conversation that was begun. */
MUST_USE int claude_ai_message(struct claude_ai_run *run,
			       const struct claude_ai_tree *tree, size_t at,
			       struct err *err);

/* Replay what the messages of a conversation did to its documents. */
MUST_USE int claude_ai_documents(struct claude_ai_run *run,
				 const struct claude_ai_tree *tree,
				 struct span conversation, struct err *err);

/* An item of projects.json, of memories.json, of users.json. */
MUST_USE int claude_ai_project(struct claude_ai_run *run,
			       const struct jval *project, struct err *err);
MUST_USE int claude_ai_memory(struct claude_ai_run *run,
			      const struct jval *memory, struct err *err);
MUST_USE int claude_ai_user(struct claude_ai_run *run,
			    const struct jval *user, struct err *err);

/* The list of the archives of an export: which of them are not beside it? */
MUST_USE int claude_ai_manifest(struct claude_ai_run *run,
				const struct jval *manifest, struct err *err);

/* A time; taken where the record's own text of it is the same. */
struct chat_time claude_ai_take_time(struct take *take, const char *name);
/* Take a member that names this key (absent: none), where entities spell it as
 * it stands. */
void claude_ai_take_key(struct claude_ai_run *run, struct take *take,
			const char *name, struct span key);

/* Into run->fields, what says who somebody is: without the e-mail addresses
 * and phone numbers, which are counted as redactions; their names end with
 * NULL. */
void claude_ai_keep_person(struct claude_ai_run *run, struct take *take,
			   const char *name);
extern const char *const claude_ai_secrets[];

/* Members that were not taken, each under its own name, for whoever knows that
 * it is none of ours. */
void claude_ai_keep(struct take *take, const char *const *names,
		    struct jcs_fields *fields);
/* What was not taken, apart from what has names of ours. */
void claude_ai_rest(const struct take *take, struct jcs_fields *fields);
/* Which of the members that an exporter writes the object has not. */
void claude_ai_absent(struct claude_ai_run *run, const struct take *take,
		      const char *const *written);
/* run->fields as an object, in run->native; absent when they are none. */
MUST_USE int claude_ai_native(struct claude_ai_run *run, struct span *out,
			      struct err *err);

/* `at` of a record of that time: out, or the unknown one. */
const char *claude_ai_at(const struct chat_time *time, char out[HLC_TEXT_MAX]);

#endif
