/*
 * Actions: what the program can do, apart from how it is shown. An action is
 * a name, its parameters as a table, and a function from a vault and values
 * to a stream of canonical JSON objects through its host. The command line,
 * its help, its completion and any other front are made from the same tables.
 *
 * A new action is five steps: write it in the room of cmd/action that it is of,
 * and name it in actions.h and table.c; say how it looks in cmd/render/table.c;
 * give it a row in cmd/cli/table.c, with its page, examples and test, if its
 * command is new; if it writes, say in undo/operation_kind.c what takes it back;
 * give it a case in tests/unit/cmd/action/test_actions.c.
 */
#ifndef VV_CMD_ACTION_ACTION_H
#define VV_CMD_ACTION_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/action/host.h"
#include "lib/base/err.h"
#include "lib/time/wall.h"

enum action_type {
	ACTION_FLAG,		/* there or not */
	ACTION_TEXT,
	ACTION_COUNT		/* a decimal number */
};

/* Where a parameter stands on a command line, and how often. */
#define ACTION_OPERAND 1u	/* by its place, among operands in order */
#define ACTION_REQUIRED 2u
#define ACTION_REPEATED 4u	/* one or more: of operands the last, and one
				   option of an action */
#define ACTION_UNLISTED 8u	/* too particular for the usage line */
/* Whoever reads the result always wants it: a program, or a person. */
#define ACTION_FOR_PROGRAMS 16u
#define ACTION_FOR_PEOPLE 32u
/* What this program, or an agent, says to it: in no help, and not completed. */
#define ACTION_INTERNAL (64u | ACTION_UNLISTED)

#define ACTION_PARAMS_MAX 24

struct action_param {
	const char *name;	/* "since"; one letter: "-n" */
	enum action_type type;
	unsigned flags;
	const char *value;	/* as usage writes it: "<date>"; NULL: a flag */
	const char *help;	/* one line, lower case, no full stop */
};

static inline bool action_is_internal(const struct action_param *param)
{
	return (param->flags & ACTION_INTERNAL) == ACTION_INTERNAL;
}

/* What an action needs and does. */
#define ACTION_WRITES 1u	/* a vault, a key, a remote, a new folder */
/* It shows what the vault holds: damage is left out and told, and is then
 * its "no". */
#define ACTION_SHOWS 2u
#define ACTION_NO_VAULT 4u	/* call->vault is NULL */
#define ACTION_OPENS 8u		/* too, for it opens the vault its own way */
#define ACTION_BARE 16u		/* needs neither keys nor the object store */
#define ACTION_LISTS 32u	/* what it shows has handles: read/handles.h */

struct action_value {
	bool is_set;
	uint64_t count;
	const char *const *texts;	/* one, or as many as were given */
	size_t n;
};

struct handles;
struct scope_words;

/* What the caller's surroundings say. All that is a pointer may be NULL. */
struct action_settings {
	const char *ssh_program;	/* else "ssh" */
	const char *config_file;	/* a person's settings: see config/ */
	const char *temp_folder;	/* else "/tmp" */
	const char *device_name;	/* what to call a new device; "": nothing */
	const char *ca_file;		/* PEM, for https; else the system's */
	bool no_auto_gc;
	struct wall wall;		/* all zero: UTC */
	const char *const *hook_env;	/* "NAME=value", what hooks inherit */
	const char *running_hooks;	/* below which this runs: " a b" */
	int input;			/* a file, which "-" reads; -1: none */
	bool is_input_typed;		/* by somebody, at a terminal */
	struct handles *handles;	/* what is listed gets one; read/handles.h */
	/* A variable of the environment: where agents keep their sessions */
	const char *(*variable)(const char *name);
	const char *program;		/* this one's path; NULL: unknown */
	const struct scope_words *scope;	/* all that is there; NULL: all */
	const char *signer;	/* keys folder of who signs what is written, in
				   the device's place; NULL: the device */
};

struct action;
struct device_key;
struct operation;
struct vault;

/* One call. The action borrows all of it but the results. */
struct action_call {
	const struct action *action;
	const struct action_value *values;	/* in the order of params */
	const char *vault_path;		/* NULL: there is none */
	const char *keys_folder;
	struct device_key *device;	/* that lies sealed there, and was asked
					   for: key/ask.h; else NULL */
	const struct host *host;
	struct action_settings settings;
	struct vault *vault;	/* open while the action runs */
	struct operation *operation;	/* what it did; undo/operation.h */
	unsigned hooks_told;	/* a bit for each of hook_names */

	bool is_no;		/* out: a clean "no", no failure */
	bool is_partial;	/* out: done, but for what could not be read */
	bool has_no_source;	/* out: there is nothing to look through yet */
	bool has_lost;		/* out: something was not to be had, and told */
	int64_t opened;		/* out: when the vault was open, or 0 */
	size_t objects_read;	/* out: from the vault, and their bytes */
	size_t bytes_read;
	bool is_misused;	/* out: it failed for what the values are */
};

struct action {
	const char *name;	/* "log", "remote add" */
	const char *summary;
	const struct action_param *params;	/* ended by a NULL name */
	unsigned flags;
	/* Are the values ones that it takes? Looked at before anything else;
	 * required ones may be missing. May be NULL. */
	int (*check)(const struct action_call *call, struct err *err);
	int (*run)(struct action_call *call, struct err *err);
};

/* Ended by NULL. */
extern const struct action *const action_table[];
const struct action *action_find(const char *name);

/*
 * Set the value of a parameter among values (ACTION_PARAMS_MAX of them, all
 * zero at first): n texts, one but for one that is repeated, none for a flag.
 * texts are borrowed. ERR_INVALID: no parameter of that name, not that many,
 * not a number.
 */
MUST_USE int action_give(const struct action *action,
			 struct action_value *values, const char *name,
			 const char *const *texts, size_t n, struct err *err);

/*
 * Check the values, open the vault as the action wants it, run, close. The
 * object store is started already (store_init_library()), but for one that is
 * ACTION_BARE. Whatever is found wrong on the way is told to the host.
 */
MUST_USE int action_run(struct action_call *call, struct err *err);

/* The value of a parameter by its name, which must be one of the action's:
 * false, NULL, or the default where it was not given. */
bool action_flag(const struct action_call *call, const char *name);
const char *action_text(const struct action_call *call, const char *name);
uint64_t action_count(const struct action_call *call, const char *name,
		      uint64_t otherwise);
const struct action_value *action_value(const struct action_call *call,
					const char *name);

#endif
