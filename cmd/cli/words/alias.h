/*
 * Commands that a person made of others: alias.<name> = recall --code
 */
#ifndef VV_CMD_CLI_WORDS_ALIAS_H
#define VV_CMD_CLI_WORDS_ALIAS_H

#include "cmd/cli/cmd.h"
#include "lib/base/buf.h"

/* The words that an alias stands for. */
struct alias {
	struct buf text;
	char **argv;
	int argc;
};

#define ALIAS_INIT { BUF_INIT(BUF_NO_LIMIT), NULL, 0 }
void alias_release(struct alias *alias);

/*
 * If the first word is an alias, make the words that are meant: those of what
 * it stands for, then the others; borrowed from argv. argc is 0 if it is none.
 * CMD_USAGE with session->err set: it leads back to itself, or to nothing.
 */
MUST_USE int alias_expand(struct session *session, int argc, char **argv,
			  struct alias *out);

#endif
