/*
 * A log of Copilot CLI. Each event becomes one message, what is not said by
 * anybody with the visibility `meta`, so that the chain of events is whole. A
 * log holds several chains: that of the session, and one of each agent that it
 * has let work, whose words are a session of their own.
 */
#ifndef VV_CMD_IMPORT_COPILOT_COPILOT_CLI_INTERNAL_H
#define VV_CMD_IMPORT_COPILOT_COPILOT_CLI_INTERNAL_H

#include "cmd/import/records/links.h"
#include "cmd/import/records/part.h"
#include "lib/base/arena.h"
#include "lib/base/table.h"

#define COPILOT_CLI_PROVIDER "copilot-cli"
#define COPILOT_CLI_KEY_MAX 40

/* One of them, and what is told of it as a whole. */
struct copilot_cli_chain {
	struct span agent;		/* its id; "": the session itself */
	struct chat chat;
	struct buf key;
	struct buf model;
	struct buf title;
	struct buf thought;		/* told last */
	struct chat_time created;
	struct chat_time updated;
	int64_t index;
};

struct copilot_cli_reading {
	struct import_job *job;
	struct import_source *source;
	struct arena arena;
	struct parts parts;
	struct {
		struct copilot_cli_chain *at;	/* the first: the session */
		size_t n;
		size_t cap;
	} chains;
	struct table agents;		/* hash of an id -> in chains */
	struct link_talk events;	/* of all chains */
	size_t event;			/* the next one to be put */
	struct table assets;		/* hash of an id -> in refs */
	struct {
		struct span *at;	/* references to bytes */
		size_t n;
		size_t cap;
	} refs;
	struct buf cwd;
};

/* The event's id, or the hash of all that it says. */
struct span copilot_cli_key(const struct jval *event,
			    char room[COPILOT_CLI_KEY_MAX]);

/* The id of the agent that an event is of; "": the session's own. */
struct span copilot_cli_agent(const struct jval *event);

/* What it is among the others. */
enum link_kind copilot_cli_kind(const struct jval *event);

/* Put an event of a chain; parent: the key of the one that it follows, or
 * absent. */
MUST_USE int copilot_cli_put(struct copilot_cli_reading *reading,
			     struct copilot_cli_chain *chain,
			     const struct jval *event, struct span parent,
			     struct err *err);

/* A part of what a person attached, or a tool gave back beside its text. */
void copilot_cli_attachment(struct copilot_cli_reading *reading,
			    struct chat *chat, const struct jval *attached);
/* The bytes of an event that others refer to, as a part. */
void copilot_cli_asset(struct copilot_cli_reading *reading, struct chat *chat,
		       struct take *data);

extern const struct import_home copilot_cli_home;

/* The name of the session that lies beside its log, appended. */
void copilot_cli_name(const struct import_source *source, struct buf *out);
enum import_place copilot_cli_place(const struct import_input *input,
				    struct span place,
				    const char **out_reason);
MUST_USE int copilot_cli_beside(const struct import_input *input,
				struct span place, struct beside *to,
				struct err *err);

#endif
