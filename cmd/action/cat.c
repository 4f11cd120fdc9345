#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "refs/view/find.h"

int cmd_cat(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct vault *vault = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 1);
	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = vault_find(vault, span_str(argv[1]), &bytes,
				&session->err);
	if (rc >= 0)
		out_bytes(buf_span(&bytes));
	buf_release(&bytes);
	vault_close(vault);
	return rc;
}
