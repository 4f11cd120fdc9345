#include "cmd/acu/acu.h"

#include "cmd/action/actions.h"
#include "cmd/action/hook.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"

static int check_extract(const struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "extractor");

	return !name || acu_extractor_find(name) ? 0 :
	       err_set(err, ERR_INVALID, "unknown extractor '%s'", name);
}

static int acu_tell(struct action_call *call, const char *construct,
		    const struct write_result *write, struct err *err)
{
	return write->has_version ?
	       hook_after_write(call, "post-commit", construct, write, err) :
	       0;
}

static int extract(struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "extractor");
	struct acu_job job = {
		.vault = call->vault, .host = call->host,
		.construct = action_text(call, "construct"),
		.is_dry = action_flag(call, "dry-run"),
		.extractor = name ? acu_extractor_find(name) :
			     acu_extractor_table[0],
		.takes_all = action_flag(call, "all"),
	};
	struct write_result write;
	struct view *view = NULL;
	int rc = 0;

	/* A handle says in which construct. */
	if (is_handle(job.construct))
		rc = ref_open_view(call->vault, job.construct, &view, err);
	if (view)
		job.construct = view->construct;
	if (rc == 0)
		rc = acu_extract(&job, &write, err);
	if (rc == 0)
		rc = acu_tell(call, job.construct, &write, err);
	view_free(view);
	return rc;
}

static int derive(struct action_call *call, struct err *err)
{
	const struct action_value *parents = action_value(call, "parent");
	const struct acu_job job = {
		.vault = call->vault, .host = call->host,
		.construct = action_text(call, "construct"),
		.is_dry = action_flag(call, "dry-run"),
		.data = action_text(call, "data"),
		.input = call->settings.input,
	};
	struct write_result write;
	int rc = acu_derive(&job, parents->texts, parents->n, &write, err);

	return rc < 0 ? rc : acu_tell(call, job.construct, &write, err);
}

static const struct action_param extract_params[] = {
	{ "extractor", ACTION_TEXT, 0,
	  "vvault-1|vivim-generator|vivim-processor",
	  "which algorithm finds them" },
	{ "all", ACTION_FLAG, 0, NULL, "hidden messages and all roles too" },
	{ "dry-run", ACTION_FLAG, 0, NULL, "write nothing" },
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "the construct's name" },
	ACTION_PARAMS_END
};

const struct action action_acu_extract = {
	"acu extract", "find the pieces of knowledge in messages",
	extract_params, ACTION_WRITES, check_extract, extract
};

static const struct action_param derive_params[] = {
	{ "data", ACTION_TEXT, 0, "<json|->", "what it says" },
	{ "dry-run", ACTION_FLAG, 0, NULL, "write nothing" },
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "the construct's name" },
	{ "parent", ACTION_TEXT,
	  ACTION_OPERAND | ACTION_REQUIRED | ACTION_REPEATED,
	  "<acu entity|record>", "what it is derived from" },
	ACTION_PARAMS_END
};

const struct action action_acu_derive = {
	"acu derive", "derive a piece of knowledge from others",
	derive_params, ACTION_WRITES, NULL, derive
};
