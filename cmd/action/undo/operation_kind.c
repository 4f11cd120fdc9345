#include <string.h>

#include "cmd/action/undo/operation.h"

#define KEYS "keys lie outside of the vault; see 'vvault help key'"
#define CAME "it only brought what others wrote: 'vvault revert <version>' " \
	     "takes a version back, 'vvault reject <version>' keeps it out"
#define ADMITTED "who is a member is signed for good; 'vvault member remove " \
		 "<member>' shuts it out"
#define REMOVED "who was removed never returns: a device that was removed by " \
		"mistake takes a new key, and is admitted as another one"

static const struct operation_kind table[] = {
	{ "init", "a vault that is not wanted is a folder to delete", 0 },
	{ "clone", "a vault that is not wanted is a folder to delete", 0 },
	{ "recover", ADMITTED, 0 },
	{ "import", NULL, 0 },
	{ "capture", NULL, 0 },
	{ "resume", "it wrote for an agent and not into the vault: delete the "
	  "file that it named", OPERATION_PASSED },
	{ "add", NULL, 0 },
	{ "acu extract", NULL, 0 },
	{ "acu derive", NULL, 0 },
	{ "resolve", NULL, 0 },
	{ "remember", NULL, 0 },
	{ "edit", NULL, 0 },
	{ "rm", NULL, 0 },
	{ "forget", "what was forgotten is gone for good, for everybody", 0 },
	{ "tag", NULL, 0 },
	{ "note", NULL, 0 },
	{ "construct rename", NULL, 0 },
	{ "construct merge", NULL, 0 },
	{ "construct split", NULL, 0 },
	{ "revert", NULL, 0 },
	{ "undo", NULL, 0 },
	{ "verify", "what was mended stays mended", OPERATION_PASSED },
	{ "gc", "it changed nothing that the vault says",
	  OPERATION_ALWAYS | OPERATION_PASSED },
	{ "renew", "the history that it replaced is gone",
	  OPERATION_ALWAYS | OPERATION_PASSED },
	{ "remote add", NULL, 0 },
	{ "remote remove", NULL, 0 },
	{ "remote rename", NULL, 0 },
	{ "remote set-url", NULL, 0 },
	{ "fetch", CAME, OPERATION_PASSED },
	{ "pull", CAME, 0 },
	{ "push", "what was sent is out: undo what wrote it, and push that",
	  OPERATION_PASSED },
	{ "quarantine drop", "the next fetch brings it again, if a remote "
	  "still has it", OPERATION_ALWAYS | OPERATION_PASSED },
	{ "reject", "'vvault reject --undo <version>' takes the word back",
	  OPERATION_ALWAYS },
	{ "member add", ADMITTED, 0 },
	{ "member remove", REMOVED, 0 },
	{ "member role", "'vvault member role' gives it another one", 0 },
	{ "member rename", "'vvault member rename' gives it another name", 0 },
	{ "mcp admit", ADMITTED, OPERATION_PASSED },
	{ "key restore", KEYS, 0 },
	{ "key protect", KEYS, 0 },
	{ "key rotate", "a key that was made stays; 'vvault key rotate' makes "
	  "another", 0 },
	{ "config set", "'vvault config set' gives it another value",
	  OPERATION_ALWAYS },
	{ "config unset", "'vvault config set' gives it a value",
	  OPERATION_ALWAYS },
	{ "hooks approve", "'vvault hooks revoke' takes an approval back",
	  OPERATION_ALWAYS },
	{ "hooks revoke", "'vvault hooks approve' gives it again", OPERATION_ALWAYS },
	{ NULL, NULL, 0 },
};

const struct operation_kind *operation_kind_find(const char *action)
{
	const struct operation_kind *kind;

	for (kind = table; kind->action; kind++) {
		if (!strcmp(kind->action, action))
			return kind;
	}
	return NULL;
}
