/*
 * Memories as records: what importers of memory stores share.
 */
#ifndef VV_CMD_IMPORT_RECORDS_MEMORY_H
#define VV_CMD_IMPORT_RECORDS_MEMORY_H

#include "cmd/import/records/chat.h"
#include "cmd/import/records/take.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

/*
 * One memory after the other of a source: memory_begin(), what it has,
 * memory_put(). What has no call here goes into `fields` and `native` as
 * rest.h does it.
 */
struct memory {
	struct import_job *job;
	struct import_source *source;
	const char *type;		/* of its record */
	const char *provider;		/* "mcp": first part of its entity; or
					   NULL: that is the folder */
	const char *construct;		/* NULL: source->construct */
	struct jcs_fields fields;
	struct jcs_fields native;
	struct chat_time time;		/* becomes `at` */
	struct buf entity;
	struct buf links;
	struct buf value;		/* scratch */
};

#define MEMORY_INIT(job, source, provider) \
	{ (job), (source), "memory:create", (provider), NULL, \
	  JCS_FIELDS_INIT, JCS_FIELDS_INIT, CHAT_TIME_NONE, \
	  BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
	  BUF_INIT(BUF_NO_LIMIT) }

void memory_release(struct memory *memory);

/* Begin the one of entity "memory:<provider>:<folder><key>"; folder is
 * "entity/" or "", or "capsule:" without a provider. The key is written by chat_put_key(). What fails from then
 * on is told by memory_put(). */
void memory_begin(struct memory *memory, const char *folder, struct span key);

/* `type`, `source` and `content`; type may be NULL, content absent. */
void memory_says(struct memory *memory, const char *type,
		 struct span content);

/* Of a relation: `from`, `relation_type` and `to` from these three texts (the
 * second may be absent), and all of them as `content`. */
void memory_relates(struct memory *memory, const struct span parts[3]);

/* `created` and `updated`; `at` is the later one's. */
void memory_times(struct memory *memory, const struct chat_time *created,
		  const struct chat_time *updated);

/* A link of this relation to the memory of that folder and key. */
void memory_link(struct memory *memory, const char *relation,
		 const char *folder, struct span key);

/* A list of texts, or null, is taken and becomes `tags`. */
void memory_tags(struct memory *memory, struct take *take,
		 const struct jval *tags);

MUST_USE int memory_put(struct memory *memory, struct err *err);

/* Hex of the SHA-256 of texts, told apart from each other: a key where the
 * source has none. Appended to text that is built (buf_end()). */
void memory_hash_key(const struct span *texts, size_t n, struct buf *out);

#endif
