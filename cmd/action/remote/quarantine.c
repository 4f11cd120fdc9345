#include <stdio.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "refs/remote/remote.h"

#define PREFIX_MIN 7

/* The construct's own name, where it can be read here. */
static void put_title(struct jcs_fields *fields, struct vault *vault,
		      const struct head *head)
{
	struct view *view = NULL;

	if (view_open_ref(vault, head->construct, &view, NULL) == 0)
		result_construct(fields, view);
	else
		fields_str(fields, "construct", head->construct);
	view_free(view);
}

static int quarantine_emit(struct action_call *call,
			   const struct quarantine_note *note, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_id(&fields, "version", &note->head.id);
	put_title(&fields, call->vault, &note->head);
	result_device(&fields, "device", note->head.device);
	result_device_name(&fields, call->vault, note->head.device);
	fields_str(&fields, "state", note->state);
	fields_str(&fields, "code", note->code);
	result_sentence(&fields, "message", call->vault, note->message);
	fields_str(&fields, "since", note->since);
	result_text(&fields, "remote", span_str(note->remote));
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* The one whose id begins so. */
static int quarantine_find(const struct quarantine_notes *all,
			   const char *prefix,
			   const struct quarantine_note **out, struct err *err)
{
	const struct quarantine_note *found = NULL;
	size_t len = strlen(prefix);
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	for (i = 0; len >= PREFIX_MIN && i < all->n; i++) {
		git_oid_tostr(hex, sizeof(hex), &all->at[i].head.id);
		if (strncmp(hex, prefix, len))
			continue;
		if (found && !git_oid_equal(&found->head.id,
					    &all->at[i].head.id))
			return err_set(err, ERR_INVALID, "several versions in "
				       "quarantine begin with '%s'", prefix);
		found = &all->at[i];
	}
	if (!found)
		return err_set(err, ERR_NOT_FOUND, "no version '%s' in "
			       "quarantine: 'vvault quarantine list' shows "
			       "what is", prefix);
	*out = found;
	return 0;
}

static int list(struct action_call *call, struct err *err)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	size_t i;
	int rc = remote_quarantine(call->vault, &all, err);

	for (i = 0; rc == 0 && i < all.n; i++) {
		handle_version(call, all.at[i].head.construct,
			       &all.at[i].head.id);
		rc = quarantine_emit(call, &all.at[i], err);
	}
	quarantine_notes_release(&all);
	return rc;
}

/* Tell of the one that is named, once it is dropped or not. */
static int tell_one(struct action_call *call, bool drops, struct err *err)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	const struct quarantine_note *note = NULL;
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	int rc = remote_quarantine(call->vault, &all, err);

	if (rc == 0)
		rc = ref_version_id(call->vault, action_text(call, "version"),
				    &id, err);
	if (rc == 0)
		rc = quarantine_find(&all, buf_text(&id), &note, err);
	if (rc == 0 && drops)
		rc = remote_quarantine_drop(call->vault, note, err);
	if (rc == 0)
		rc = quarantine_emit(call, note, err);
	quarantine_notes_release(&all);
	buf_release(&id);
	return rc;
}

static int show(struct action_call *call, struct err *err)
{
	return tell_one(call, false, err);
}

static int drop(struct action_call *call, struct err *err)
{
	return tell_one(call, true, err);
}

static const struct action_param one_params[] = {
	{ "version", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<version>", "the id of one that is listed, how it begins, or @<n>" },
	ACTION_PARAMS_END
};

const struct action action_quarantine_list = {
	"quarantine list", "list what is kept out of the vault", no_params,
	ACTION_LISTS, NULL, list
};

const struct action action_quarantine_show = {
	"quarantine show", "tell why a version is kept out", one_params, 0,
	NULL, show
};

const struct action action_quarantine_drop = {
	"quarantine drop", "throw away a version that is kept out",
	one_params, ACTION_WRITES, NULL, drop
};
