#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/result.h"
#include "lib/os/file.h"
#include "refs/remote/remote.h"

/* A folder that is still to be made is no failure: a stick may be elsewhere. */
static void tell_missing(const struct action_call *call,
			 const struct remote_list *all)
{
	const char *name = action_text(call, "name");
	size_t i;

	for (i = 0; i < all->n; i++) {
		const char *url = buf_text(&all->at[i].url);

		if (!strcmp(all->at[i].name, name) && url[0] == '/' &&
		    !file_exists(url))
			host_note(call->host, "there is nothing at '%s' yet; "
				  "'git init --bare <path>' makes a "
				  "repository that a vault can be pushed to",
				  url);
	}
}

/* Behind a new address. */
static int look_there(const struct action_call *call, struct err *err)
{
	struct remote_list all = REMOTE_LIST_INIT;
	int rc = remote_list(call->vault, &all, err);

	if (rc == 0)
		tell_missing(call, &all);
	remote_list_release(&all);
	return rc;
}

static int add(struct action_call *call, struct err *err)
{
	int rc = remote_add(call->vault, action_text(call, "name"),
			    action_text(call, "url"), err);

	if (rc == 0)
		secrets_tell_earlier(call);
	return rc < 0 ? rc : look_there(call, err);
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
	int rc = remote_set_url(call->vault, action_text(call, "name"),
				action_text(call, "url"), err);

	return rc < 0 ? rc : look_there(call, err);
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
