#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "refs/trust/reject.h"

static int reject_emit(const struct host *host, const char *construct,
		       const git_oid *id, bool is_rejected, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_text(&fields, "construct", span_str(construct));
	result_id(&fields, "version", id);
	fields_bool(&fields, "rejected", is_rejected);
	rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int reject(struct action_call *call, const char *version,
		  struct err *err)
{
	struct ref ref = REF_INIT;
	struct view *view = NULL;
	int rc = ref_open(call->vault, version, NULL, &ref, err);

	/* What is in a version is not the version that somebody means. */
	if (rc == 0 && ref.entity.len)
		rc = err_set(err, ERR_INVALID, "'%s' is '%s', and a version "
			     "is wanted", version, buf_text(&ref.entity));
	view = ref.view;
	if (rc == 0 && view->heads_n != 1)
		rc = err_set(err, ERR_INVALID, "'%s' is the union of several "
			     "versions: name one, by its id or as "
			     "<construct>/<device>", version);
	if (rc == 0)
		rc = version_reject(call->vault, view->ref_name,
				    &view->heads[0], err);
	if (rc == 0)
		rc = reject_emit(call->host, view_title(view), &view->heads[0],
				 true, err);
	ref_release(&ref);
	return rc;
}

static int undo(struct action_call *call, const char *text, struct err *err)
{
	git_oid id;
	int rc;

	if (strlen(text) != GIT_OID_HEXSZ || git_oid_fromstr(&id, text) < 0)
		return err_set(err, ERR_INVALID,
			       "the whole id of a version is needed here");
	rc = version_unreject(call->vault, &id, err);
	return rc < 0 ? rc : reject_emit(call->host, NULL, &id, false, err);
}

static int reject_run(struct action_call *call, struct err *err)
{
	const char *version = action_text(call, "version");

	return action_flag(call, "undo") ? undo(call, version, err) :
	       reject(call, version, err);
}

static const struct action_param params[] = {
	{ "undo", ACTION_FLAG, 0, NULL, "let it in again when it comes" },
	VERSION_PARAM(ACTION_REQUIRED),
	ACTION_PARAMS_END
};

const struct action action_reject = {
	"reject", "take a version, and what stands on it, out of this vault",
	params, ACTION_WRITES, NULL, reject_run
};
