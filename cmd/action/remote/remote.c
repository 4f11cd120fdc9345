#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "refs/remote/remote.h"

static int add(struct action_call *call, struct err *err)
{
	return remote_add(call->vault, action_text(call, "name"),
			  action_text(call, "url"), err);
}

static int list(struct action_call *call, struct err *err)
{
	struct remote_list all = REMOTE_LIST_INIT;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;
	int rc = remote_list(call->vault, &all, err);

	for (i = 0; rc == 0 && i < all.n; i++) {
		fields_str(&fields, "name", all.at[i].name);
		result_outside(&fields, "url", buf_text(&all.at[i].url));
		rc = host_object(call->host, &fields, err);
	}
	jcs_fields_release(&fields);
	remote_list_release(&all);
	return rc;
}

static int drop(struct action_call *call, struct err *err)
{
	return remote_remove(call->vault, action_text(call, "name"), err);
}

static int rename_run(struct action_call *call, struct err *err)
{
	return remote_rename(call->vault, action_text(call, "name"),
			     action_text(call, "new"), err);
}

static int set_url_run(struct action_call *call, struct err *err)
{
	return remote_set_url(call->vault, action_text(call, "name"),
			      action_text(call, "url"), err);
}

#define NAME_PARAM \
	{ "name", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<name>", \
	  "what it is called here" }

static const struct action_param add_params[] = {
	NAME_PARAM,
	{ "url", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<url>",
	  "a path, or an address with file, git, https or ssh" },
	ACTION_PARAMS_END
};

static const struct action_param rename_params[] = {
	NAME_PARAM,
	{ "new", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<new>",
	  "what it is called from now on" },
	ACTION_PARAMS_END
};

static const struct action_param drop_params[] = {
	NAME_PARAM, ACTION_PARAMS_END
};

const struct action action_remote_add = {
	"remote add", "name another repository of this vault", add_params,
	ACTION_WRITES, NULL, add
};

const struct action action_remote_list = {
	"remote list", "list the remotes", no_params, 0, NULL, list
};

const struct action action_remote_rename = {
	"remote rename", "call a remote otherwise", rename_params,
	ACTION_WRITES, NULL, rename_run
};

const struct action action_remote_set_url = {
	"remote set-url", "give a remote another address", add_params,
	ACTION_WRITES, NULL, set_url_run
};

const struct action action_remote_remove = {
	"remote remove", "forget a remote", drop_params, ACTION_WRITES, NULL,
	drop
};
