#include <string.h>

#include "refs/trust/reject.h"
#include "refs/view/view.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"

static int print(struct session *session, const char *construct,
		 const git_oid *id, bool is_undone)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	char hex[GIT_OID_HEXSZ + 1];
	int rc;

	id_hex(id, hex);
	if (!session->is_json) {
		out_printf("%s  %s\n", is_undone ? "no longer rejected" :
						   "rejected", hex);
		return 0;
	}
	rc = construct ? jcs_fields_text(&fields, "construct",
					 span_str(construct), err) :
			 jcs_fields_null(&fields, "construct", err);
	if (rc >= 0)
		rc = old_result_id(&fields, "version", id, err);
	if (rc >= 0)
		rc = jcs_fields_bool(&fields, "rejected", !is_undone, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static int reject(struct session *session, struct vault *vault,
		  const char *version)
{
	struct err *err = &session->err;
	struct view *view = NULL;
	int rc = view_open(vault, version, &view, err);

	if (rc >= 0 && view->heads_n != 1)
		rc = err_set(err, ERR_INVALID, "'%s' is the union of several "
			     "versions: name one, by its id or as "
			     "<construct>/<device>", version);
	if (rc >= 0)
		rc = version_reject(vault, view->ref_name, &view->heads[0],
				    err);
	if (rc >= 0)
		rc = print(session, view_title(view), &view->heads[0], false);
	view_free(view);
	return rc;
}

static int undo(struct session *session, struct vault *vault,
		const char *text)
{
	git_oid id;
	int rc = 0;

	if (strlen(text) != GIT_OID_HEXSZ || git_oid_fromstr(&id, text) < 0)
		rc = err_set(&session->err, ERR_INVALID,
			     "the whole id of a version is needed here");
	if (rc >= 0)
		rc = version_unreject(vault, &id, &session->err);
	return rc < 0 ? rc : print(session, NULL, &id, true);
}

int cmd_reject(struct session *session, int argc, char **argv)
{
	bool is_undo = false;
	const struct option_row rows[] = {
		{ "--undo", OPTION_FLAG, &is_undo },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct vault *vault = NULL;
	int rc = options_parse(session, argc, argv, rows, 1, 1);

	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = is_undo ? undo(session, vault, argv[1])
			     : reject(session, vault, argv[1]);
	vault_close(vault);
	return rc;
}
