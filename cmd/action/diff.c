#include "cmd/cli/changes.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

int cmd_diff(struct session *session, int argc, char **argv)
{
	bool wants_status = false;
	const struct option_row rows[] = {
		{ "--exit-code", OPTION_FLAG, &wants_status },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct vault *vault = NULL;
	struct view *from = NULL;
	struct view *to = NULL;
	uint64_t count = 0;
	int rc;

	rc = options_parse(session, argc, argv, rows, 2, 2);
	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = view_open(vault, argv[1], &from, &session->err);
	if (rc >= 0)
		rc = view_open(vault, argv[2], &to, &session->err);
	if (rc >= 0) {
		out_pager_begin(session);
		rc = changes_print(session, from, to, &count);
	}
	view_free(from);
	view_free(to);
	vault_close(vault);
	if (rc < 0)
		return rc;
	return wants_status && count ? CMD_NO : 0;
}
