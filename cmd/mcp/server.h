/*
 * One server: whom it speaks with, and what it may show and write.
 */
#ifndef VV_CMD_MCP_SERVER_H
#define VV_CMD_MCP_SERVER_H

#include "cmd/action/action.h"
#include "cmd/action/vault/scope.h"
#include "cmd/mcp/message.h"

#define CLIENT_NAME_MAX 41

/* Versions of the protocol before 2026-07-28 begin with a handshake; since
 * then each request says which one it is of. */
enum era {
	ERA_HANDSHAKE = 1,
	ERA_STATELESS = 2
};

struct server {
	struct action_call *call;	/* of the action `mcp` */
	struct scope_words scope;	/* what its options leave */
	struct span write;		/* ids of constructs; empty: none */
	bool has_begun;			/* after a handshake */
	char client[CLIENT_NAME_MAX];	/* "": it has not said */
};

/*
 * Answer a line: what goes out is appended to out, nothing for what wants no
 * answer. Errors are those that end the server.
 */
MUST_USE int server_answer(struct server *server, struct span line,
			   struct buf *out, struct err *err);

/* The answer to a line that was too long to be read. */
MUST_USE int server_refuse_long(struct buf *out, struct err *err);

/* Methods: what is wrong with the request becomes the reply's fault. */

/* --- era.c ---------------------------------------------------------------- */

/* Of which era a request is, and who sends it. The reply becomes a fault where
 * that cannot be told, or is none of these. */
void era_find(struct server *server, const struct request *request,
	      enum era *out, struct reply *reply);
MUST_USE int era_initialize(struct server *server, const struct request *request,
			    struct reply *reply, struct err *err);
MUST_USE int era_discover(struct server *server, const struct request *request,
			  struct reply *reply, struct err *err);
MUST_USE int era_ping(struct server *server, const struct request *request,
		      struct reply *reply, struct err *err);
/* What each result of that era has; is_lasting: of a list that stays as it is
 * as long as the server runs. */
void era_finish(enum era era, bool is_cacheable, bool is_lasting,
		struct reply *reply);

/* --- tools.c, resources.c, prompts.c --------------------------------------- */

MUST_USE int tools_list(struct server *server, const struct request *request,
			struct reply *reply, struct err *err);
MUST_USE int tools_call(struct server *server, const struct request *request,
			struct reply *reply, struct err *err);
MUST_USE int resources_list(struct server *server, const struct request *request,
			    struct reply *reply, struct err *err);
MUST_USE int resources_templates(struct server *server, const struct request *request,
				 struct reply *reply, struct err *err);
MUST_USE int resources_read(struct server *server, const struct request *request,
			    struct reply *reply, struct err *err);
MUST_USE int prompts_list(struct server *server, const struct request *request,
			  struct reply *reply, struct err *err);
MUST_USE int prompts_get(struct server *server, const struct request *request,
			 struct reply *reply, struct err *err);

#endif
