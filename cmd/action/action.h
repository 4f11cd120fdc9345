/*
 * Actions: what the program can do, apart from how it is shown. An action is
 * a name, its parameters as a table, and a function from a vault and values
 * to a stream of canonical JSON objects through its host. The command line,
 * its help, its completion and any other front are made from the same tables.
 */
#ifndef VV_CMD_ACTION_ACTION_H
#define VV_CMD_ACTION_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/action/host.h"
#include "lib/base/err.h"
#include "refs/trust/open.h"

enum action_type {
	ACTION_FLAG,		/* there or not */
	ACTION_TEXT,
	ACTION_COUNT		/* a decimal number */
};

/* Where a parameter stands on a command line, and how often. */
#define ACTION_OPERAND 1u	/* by its place, among operands in order */
#define ACTION_REQUIRED 2u
#define ACTION_REPEATED 4u	/* the last operand only: one or more */

struct action_param {
	const char *name;	/* "since"; one letter: "-n" */
	enum action_type type;
	unsigned flags;
	const char *value;	/* as usage writes it: "<date>"; NULL: a flag */
	const char *help;	/* one line, lower case, no full stop */
};

/* What an action needs and does. */
#define ACTION_READS 1u		/* changes nothing that others see */
#define ACTION_WRITES 2u
#define ACTION_NO_VAULT 4u	/* call->vault is NULL */
#define ACTION_BROKEN 8u	/* opened by vault_open_broken() */

struct action_value {
	bool is_set;
	uint64_t count;
	const char *const *texts;	/* one, or as many as were given */
	size_t n;
};

struct action;

/* One call. The action borrows all of it but the two results. */
struct action_call {
	const struct action *action;
	const struct action_value *values;	/* in the order of params */
	struct vault *vault;
	const char *keys_folder;
	const struct host *host;
	bool is_no;		/* out: a clean "no", no failure */
	bool has_lost;		/* out: something was not to be had, and told */
};

struct action {
	const char *name;	/* "log", "remote add" */
	const char *summary;
	const struct action_param *params;	/* ended by a NULL name */
	unsigned flags;
	int (*run)(struct action_call *call, struct err *err);
};

/* The value of a parameter by its name, which must be one of the action's:
 * false, NULL, or the default where it was not given. */
bool action_flag(const struct action_call *call, const char *name);
const char *action_text(const struct action_call *call, const char *name);
uint64_t action_count(const struct action_call *call, const char *name,
		      uint64_t otherwise);
const struct action_value *action_value(const struct action_call *call,
					const char *name);

#endif
