#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "refs/remote/remote.h"

static int print_list(struct session *session, struct vault *vault)
{
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc;

	rc = remote_list(vault, &list, &session->err);
	for (i = 0; rc >= 0 && i < list.n; i++) {
		struct jcs_fields fields = JCS_FIELDS_INIT;

		if (!session->is_json) {
			out_printf("%s\t", list.at[i].name);
			out_text(buf_span(&list.at[i].url));
			out_printf("\n");
			continue;
		}
		rc = jcs_fields_text(&fields, "name",
				     span_str(list.at[i].name), &session->err);
		if (rc >= 0)
			rc = jcs_fields_text(&fields, "url",
					     buf_span(&list.at[i].url),
					     &session->err);
		if (rc >= 0)
			rc = out_json(session, &fields);
		jcs_fields_release(&fields);
	}
	remote_list_release(&list);
	return rc;
}

int cmd_remote(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct vault *vault = NULL;
	int words;
	int rc;

	words = options_parse(session, argc, argv, rows, 1, 3);
	if (words < 0)
		return words;
	rc = session_open(session, &vault);
	if (rc < 0)
		return rc;
	if (words == 1 && !strcmp(argv[1], "list")) {
		rc = print_list(session, vault);
	} else if (words == 3 && !strcmp(argv[1], "add")) {
		rc = remote_add(vault, argv[2], argv[3], &session->err);
	} else if (words == 2 && !strcmp(argv[1], "remove")) {
		rc = remote_remove(vault, argv[2], &session->err);
	} else {
		rc = options_refuse(session, argv[1]);
	}
	vault_close(vault);
	return rc;
}
