#include "cmd/action/imported.h"

#include "cmd/action/auto_gc.h"
#include "cmd/action/hook.h"
#include "cmd/action/know/last_import.h"
#include "refs/trust/whole.h"

static int call_hooks(struct action_call *call,
		      const struct import_results *results, struct err *err)
{
	static const char *const names[] = { "post-commit", "post-import" };
	const struct import_result *result;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 2 * results->n; i++) {
		result = &results->at[i / 2];
		if (result->write.has_version)
			rc = hook_after_write(call, names[i % 2],
					      result->construct,
					      &result->write, err);
	}
	return rc;
}

int imported(struct action_call *call, const struct import_results *results,
	     const struct imported_from *from, struct err *err)
{
	int rc = call_hooks(call, results, err);

	if (rc < 0)
		return rc;
	last_import_note(call, results, from);
	auto_gc(call, call->vault, true);
	/* While it is known that all of it is there. */
	(void)!whole_renew(call->vault, NULL);
	return 0;
}
