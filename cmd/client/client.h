/*
 * Programs that start MCP servers: a row each says where its settings lie and
 * how a server is written there. A new one is a row in table.c.
 */
#ifndef VV_CMD_CLIENT_CLIENT_H
#define VV_CMD_CLIENT_CLIENT_H

#include "cmd/capture/find.h"
#include "lib/base/buf.h"
#include "lib/base/span.h"

enum client_shape {
	/* JSON: {<names>:{<server>:{"command":..,"args":[..]}}} */
	CLIENT_COMMAND,
	/* The same with {"command":[<program>,<word>...]} */
	CLIENT_WORDS,
	/* TOML: [<name>.<server>] with command and args */
	CLIENT_TABLE,
	/* TOML: [[<name>]] with name, transport, command and args */
	CLIENT_LIST
};

struct client {
	const char *name;		/* as --agent takes it; one that is an
					   agent too has its name */
	const char *title;		/* as people call it */
	enum client_shape shape;
	const struct agent_place *files;	/* ended by home NULL: each that
					   is there has settings of its own */
	const char *servers;		/* member that holds them */
	const char *before;		/* members of a server, before the */
	const char *after;		/* command and behind it, or NULL */
	const char *other;		/* how the file may be named, too */
	const char *sign;		/* below a home: that it is here, where
					   its folder for settings is not */
	bool is_loose;			/* JSON with comments */
};

/* Ended by a row whose name is NULL. */
extern const struct client client_table[];

/* NULL: none of that name. */
const struct client *client_find(const char *name);

/* Say that there is none of that name, and which one may be meant. */
MUST_USE int client_refuse(const char *name, struct err *err);

/*
 * Append the path of its settings there. *out_is_here: they are there, or what
 * they would be written beside. ERR_NOT_FOUND: no home.
 */
MUST_USE int client_path(const struct client *client,
			 const struct agent_place *place,
			 const struct agent_home *home, struct buf *out,
			 bool *out_is_here, struct err *err);

/* Ours among the servers of a client. */
struct client_entry {
	const struct client *client;
	const char *name;
	const char *program;		/* absolute */
	const char *vault;		/* absolute */
	const char *const *words;	/* all behind the program, ended by
					   NULL: "-C", the vault, "mcp" ... */
	const char *keys;		/* folder for VVAULT_KEYS, or NULL */
};

/*
 * Append text with our server in it, once; of one that is there already only
 * program and words are changed, or without it. ERR_INVALID: the text is no
 * such settings, with the place; ERR_EXISTS: another server has the name.
 */
MUST_USE int client_add(const struct client_entry *entry, struct span text,
			struct buf *out, struct err *err);
MUST_USE int client_remove(const struct client_entry *entry,
			   struct span text, struct buf *out,
			   struct err *err);

/* Does any of the client's servers there, of whatever name, serve a vault? */
bool client_is_any(const struct client_entry *entry, struct span text);

#endif
