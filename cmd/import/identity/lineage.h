/*
 * Agents copy the begin of a session into the next one: when they resume it,
 * fork it, or hand a part of it to another agent. Whose is a thing that
 * stands in several sessions? The one's that has it in the vault already;
 * else it is decided by what the sources say, never by their order.
 */
#ifndef VV_CMD_IMPORT_IDENTITY_LINEAGE_H
#define VV_CMD_IMPORT_IDENTITY_LINEAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/import.h"

#define LINEAGE_NONE UINT32_MAX
#define LINEAGE_ID_BYTES 16

/* A key for tables: the bytes of a UUID, a hash of any other text. */
void lineage_id(struct span text, unsigned char out[LINEAGE_ID_BYTES]);

/* One per run and provider; made at the first use. */
struct lineage;

MUST_USE int lineage_get(struct import_job *job, const char *provider,
			 struct lineage **out, struct err *err);
void lineage_release(struct import_job *job);

/* The number of a session, by its key; last: time of its last line, of which
 * the latest counts. */
MUST_USE int lineage_session(struct lineage *lineage, struct span key,
			     int64_t last, uint32_t *out, struct err *err);

/* What a source says of a thing (a message, a turn) of a session. */
struct lineage_claim {
	uint32_t session;
	int64_t micros;		/* when it happened */
	bool is_own;		/* the source is this session's own */
	bool is_forked;		/* and says that it copied the thing */
	struct span part_of;	/* key of the message that it is a part of;
				   absent: it is none */
	uint64_t words;		/* a hash of what is said there; 0: unknown */
};

MUST_USE int lineage_add(struct lineage *lineage, struct span id,
			 const struct lineage_claim *claim, struct err *err);

/* Is the session known, from a source or the vault? */
bool lineage_has(const struct lineage *lineage, struct span key);

/*
 * Look once at what the vault's construct holds of the provider. id_of: the
 * id of a thing in the key of its message; absent where that tells nothing of
 * its session.
 */
MUST_USE int lineage_look(struct lineage *lineage, struct import_job *job,
			  const char *construct,
			  struct span (*id_of)(struct span key),
			  struct err *err);

/*
 * A session may stand in several files, one after the other: note that one
 * which began then ends with the thing of this key; what the latest one that
 * began before that time ends with, absent: none did. Borrowed as keys are.
 */
MUST_USE int lineage_end(struct lineage *lineage, uint32_t session,
			 int64_t began, struct span key, struct err *err);
struct span lineage_end_before(const struct lineage *lineage,
			       uint32_t session, int64_t began);

/*
 * Look once at what a session of the vault's construct was put together of:
 * its messages' native.lines claim their uuids as parts of these.
 */
MUST_USE int lineage_look_parts(struct lineage *lineage,
				struct import_job *job, const char *construct,
				uint32_t session, struct err *err);

struct lineage_owner {
	uint32_t session;	/* LINEAGE_NONE: nobody has it */
	bool is_own;		/* a source of that session has it */
	bool is_known;		/* the vault does */
	struct span part_of;	/* as it was claimed, borrowed */
	uint64_t words;		/* that it says there: in the vault, else in
				   its own source; 0: unknown */
};

/*
 * Whose it is, of all claims: its own session's before another's, one that
 * did not fork, the earliest; then the session that ended first, then by key.
 * A session that has it in the vault keeps it.
 */
struct lineage_owner lineage_owner(const struct lineage *lineage,
				   struct span id, uint32_t asking);

/* Does the vault have the owner's session, whose words were not asked for so
 * far? True once. And what it says in a thing. */
bool lineage_is_to_learn(struct lineage *lineage,
			 const struct lineage_owner *owner);
void lineage_learn(struct lineage *lineage, struct span id, uint32_t session,
		   uint64_t words);

/* Is there a source of its own, or is it in the vault? */
bool lineage_is_spoken_for(const struct lineage *lineage, uint32_t session);

/* How many sessions it knows, and the key of one; borrowed until the lineage
 * is released. */
uint32_t lineage_count(const struct lineage *lineage);
struct span lineage_key(const struct lineage *lineage, uint32_t session);

#endif
