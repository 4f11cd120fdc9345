/*
 * Every action that writes is one that the log of operations knows: its
 * versions can be undone, or it says why not and what to do instead.
 */
#include "cmd/action/undo/operation.h"
#include "tests/tap.h"

int main(void)
{
	const struct action *const *action;

	for (action = action_table; *action; action++) {
		const struct operation_kind *kind =
			operation_kind_find((*action)->name);

		if ((*action)->flags & ACTION_WRITES)
			ok(kind != NULL, "%s: has a row in undo/operation_kind.c",
			   (*action)->name);
		else
			ok(!kind, "%s: writes nothing", (*action)->name);
		ok(!kind || !kind->why_not || kind->why_not[0],
		   "%s: a reason", (*action)->name);
	}
	return done_testing();
}
