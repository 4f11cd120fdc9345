/*
 * Chats of AnythingLLM, from its exports and from its database.
 */
#ifndef VV_CMD_IMPORT_APPS_ANYTHINGLLM_H
#define VV_CMD_IMPORT_APPS_ANYTHINGLLM_H

#include "cmd/import/apps/app.h"

/* Add the two turns of a row, a question and its answer, to the conversation
 * at hand. */
MUST_USE int anythingllm_add(struct flat *flat, const struct jval *row,
			     struct err *err);

/* Rows by the conversation that they belong to. */
struct anythingllm_groups {
	struct {
		struct anythingllm_row {
			const struct jval *value;
			uint64_t group;
		} *at;
		size_t n;
		size_t cap;
	} rows;
	struct table known;	/* SHA-256 of what a group is called */
};

#define ANYTHINGLLM_GROUPS_INIT \
	{ { NULL, 0, 0 }, TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT) }
void anythingllm_groups_release(struct anythingllm_groups *groups);

/* Sort the objects of a list into groups, in their order; name() gives what
 * that of a row is called: two texts. What is no object is told. */
MUST_USE int anythingllm_group(struct flat *flat, const struct jval *list,
			       void (*name)(const struct jval *row,
					    struct span out[2]),
			       struct anythingllm_groups *out,
			       struct err *err);

/* Visit each group: its rows. */
MUST_USE int anythingllm_each(struct flat *flat,
			      const struct anythingllm_groups *groups,
			      int (*visit)(struct flat *flat,
					   const struct anythingllm_row *rows,
					   size_t n, struct err *err),
			      struct err *err);

/* importer.read of its database: workspaces with their threads and chats.
 * Tables of accounts, keys and settings are never looked into. */
MUST_USE int anythingllm_read_store(struct import_job *job,
				    struct import_source *source,
				    struct err *err);

#endif
