/*
 * The records that an agent becomes: its name and persona, a memory per
 * block, a session with its messages.
 */
#ifndef VV_CMD_IMPORT_LETTA_AGENT_H
#define VV_CMD_IMPORT_LETTA_AGENT_H

#include "cmd/import/letta/doc.h"
#include "cmd/import/records/chat.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/time/hlc.h"

#define LETTA_PROVIDER "letta"
#define LETTA_KEY_BYTES 16
#define LETTA_KEY_MAX (LETTA_KEY_BYTES * 2 + 24)

/* An agent on its way into a construct. */
struct letta_agent {
	struct import_job *job;
	struct import_source *source;
	const struct letta *letta;
	const struct jval *value;
	const char *construct;
	struct span key;		/* its name, unique in the file */
	struct span bytes;		/* the file's, without secrets */
	struct chat_time saved;		/* when the file was made */
	char at[HLC_TEXT_MAX];		/* the same, of what can change */
};

extern const struct namesakes letta_agents;

/* home: the name that the agent's becomes, then that of its construct: agents
 * of one name that were not begun in the same moment are two. */
MUST_USE int letta_agent_home(struct import_job *job,
			      struct import_source *source,
			      const struct jval *agent,
			      char home[CONSTRUCT_NAME_MAX], struct err *err);

/* Put all its records. */
MUST_USE int letta_put_agent(struct letta_agent *agent, struct err *err);

/*
 * Visit the blocks of an agent in order, with the entity of each; block_ids
 * that the file has no block for come as NULL, without an entity.
 */
struct letta_block_visitor {
	int (*block)(void *arg, const struct jval *block, struct span label,
		     struct span entity, struct err *err);
	void *arg;
};
MUST_USE int letta_each_block(const struct letta *letta,
			      const struct jval *agent, struct span key,
			      const struct letta_block_visitor *visitor,
			      struct err *err);

/* The key of an agent: its name; the second of a name "<name> 2". names:
 * TABLE_INIT(SHA256_BYTES, ...), of one file. Replaces out. */
MUST_USE int letta_agent_key(struct table *names, const struct jval *agent,
			     struct buf *out, struct err *err);

/* Put a memory per block; their entities go to list, a canonical array. */
MUST_USE int letta_put_blocks(const struct letta_agent *agent,
			      struct buf *list, struct err *err);

/* Put the messages and their session. */
MUST_USE int letta_put_talk(const struct letta_agent *agent, struct err *err);

/*
 * What a message says, in the form that all messages have. Spans borrow from
 * the bufs, which are replaced.
 */
struct letta_said {
	struct buf content;
	struct buf parts;		/* a canonical array */
	struct buf native;
	struct jcs_fields fields;
	bool has_text;
	bool has_answer;		/* of a send_message call */
	bool has_calls;
	bool has_thoughts;
};

#define LETTA_SAID_INIT { \
	.content = BUF_INIT(BUF_NO_LIMIT), .parts = BUF_INIT(BUF_NO_LIMIT), \
	.native = BUF_INIT(BUF_NO_LIMIT), .fields = JCS_FIELDS_INIT, \
}
void letta_said_release(struct letta_said *said);

/* Fill role, name, created, content, parts, visibility, model, native. */
MUST_USE int letta_say(const struct jval *message, struct letta_said *said,
		       struct chat_message *out, struct err *err);

#endif
