#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

int cmd_version(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 0);
	if (rc < 0)
		return rc;
	if (!session->is_json) {
		out_printf("vvault version %s\n", VVAULT_VERSION);
		return 0;
	}
	rc = jcs_fields_text(&fields, "version", span_str(VVAULT_VERSION),
			     &session->err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}
