#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/action/result.h"
#include "refs/view/count.h"

static const char *title_of(const struct construct_summary *summary)
{
	return *summary->construct ? summary->construct : summary->ref_name;
}

static int print_json(struct session *session,
		      const struct construct_summary *summary)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	rc = jcs_fields_text(&fields, "construct", span_str(title_of(summary)),
			     err);
	if (rc >= 0)
		rc = result_ids(&fields, "heads", summary->heads,
				summary->heads_n, err);
	if (rc >= 0)
		rc = result_digest(&fields, "root", summary->root, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "versions",
					(int64_t)summary->versions, err);
	if (rc >= 0 && summary->has_records)
		rc = jcs_fields_integer(&fields, "records",
					(int64_t)summary->records, err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "records", err);
	if (rc >= 0 && !summary->has_records)
		rc = jcs_fields_bool(&fields, "blind", true, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "devices",
					(int64_t)summary->devices, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static void print_count(uint64_t n, const char *word)
{
	out_printf("%llu %s%s, ", (unsigned long long)n, word,
		   n == 1 ? "" : "s");
}

static void print_person(struct session *session,
			 const struct construct_summary *summary)
{
	char root[65];

	out_digest(summary->root, root);
	out_colored(session, OUT_CYAN, span_str(title_of(summary)));
	out_printf("  ");
	print_count(summary->versions, "version");
	if (summary->has_records)
		print_count(summary->records, "record");
	else
		out_printf("blind (sealed, and no key of it here), ");
	print_count(summary->devices, "device");
	print_count(summary->heads_n, "head");
	out_printf("root %.12s\n", root);
}

static int print(void *arg, const struct construct_summary *summary,
		 struct err *err)
{
	struct session *session = arg;

	(void)err;		/* the session's own */
	if (session->is_json)
		return print_json(session, summary);
	print_person(session, summary);
	return 0;
}

static int tell_hurt(void *arg, const char *name, struct err *reason)
{
	enum err_code code = (enum err_code)reason->code;

	return session_pass_over(arg, name, reason) ? 0 : code;
}

int cmd_construct(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	const struct construct_visitor visitor = { print, tell_hurt,
						   session };
	struct vault *vault = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 1);
	if (rc < 0)
		return rc;
	if (strcmp(argv[1], "list")) {
		(void)err_set(&session->err, ERR_INVALID,
			      "unknown word '%s'", argv[1]);
		return CMD_USAGE;
	}
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = constructs_each(vault, &visitor, &session->err);
	vault_close(vault);
	return rc;
}
