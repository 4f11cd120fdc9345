#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/construct/statement.h"
#include "cmd/action/result.h"

static int write_name(struct view *view, const char *name,
		      struct write_result *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(4096);
	struct writer *writer = NULL;
	int rc = writer_new(view->vault, view->construct, 0, &writer, err);

	/* The id is what it is called unless something else is said. */
	if (!strcmp(name, view->construct))
		fields_null(&fields, "called");
	else
		fields_str(&fields, "called", name);
	if (rc == 0)
		rc = jcs_fields_write(&fields, &data, err);
	if (rc == 0)
		rc = construct_state(view, writer, buf_span(&data), err);
	if (rc == 0)
		rc = writer_commit(writer, "construct: rename", out, err);
	writer_free(writer);
	jcs_fields_release(&fields);
	buf_release(&data);
	return rc;
}

static int tell_renamed(struct action_call *call, const struct view *view,
		const char *was, const struct write_result *result,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "construct", view->construct);
	fields_str(&fields, "called", action_text(call, "new"));
	fields_str(&fields, "was", was);
	result_id(&fields, "version", result->has_version ? &result->version :
		  NULL);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int rename_run(struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "new");
	struct write_result result = { .has_version = false };
	char was[CONSTRUCT_NAME_MAX];
	const char *shown = NULL;
	struct view *view = NULL;
	const char *id;
	int rc = construct_open(call, action_text(call, "construct"), &view,
				err);

	if (rc == 0)
		rc = construct_shown(view, &shown, err);
	if (rc == 0)
		rc = construct_name_is_free(call->vault, name, view->construct,
					    err);
	if (rc < 0)
		goto out;
	memcpy(was, *shown ? shown : view->construct, sizeof(was));
	if (strcmp(was, name))
		rc = write_name(view, name, &result, err);
	if (rc == 0)
		rc = tell_renamed(call, view, was, &result, err);
	if (rc == 0)
		rc = construct_written(call, view->construct, &result, err);
	/* So that it is known whom it meant first. */
	if (rc == 0)
		rc = names_find(call->vault, name, &id, err);
out:
	view_free(view);
	return rc;
}

static const struct action_param params[] = {
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "which one, by its id or by what it is called" },
	{ "new", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<new>",
	  "what it is called from now on; its id: as at first" },
	ACTION_PARAMS_END
};

const struct action action_construct_rename = {
	"construct rename", "call a construct otherwise", params,
	ACTION_WRITES, NULL, rename_run
};
