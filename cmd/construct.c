#include <string.h>

#include "cmd/options.h"
#include "cmd/out.h"
#include "cmd/result.h"
#include "refs/count.h"

static int print_json(struct session *session, const struct view *view,
		      const struct construct_counts *counts)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	rc = result_view(&fields, view, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "versions",
					(int64_t)counts->versions, err);
	if (rc >= 0 && counts->has_records)
		rc = jcs_fields_integer(&fields, "records",
					(int64_t)counts->records, err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "records", err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "devices",
					(int64_t)counts->devices, err);
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

static void print_person(struct session *session, const struct view *view,
			 const struct construct_counts *counts)
{
	char root[65];

	out_digest(view->root, root);
	out_colored(session, OUT_CYAN, span_str(view_title(view)));
	out_printf("  ");
	print_count(counts->versions, "version");
	if (counts->has_records)
		print_count(counts->records, "record");
	print_count(counts->devices, "device");
	print_count(view->heads_n, "head");
	out_printf("root %.12s\n", root);
}

static int list(struct session *session, struct vault *vault)
{
	struct construct_counts counts;
	struct name_list names;
	struct view *view;
	size_t i;
	int rc;

	rc = view_constructs(vault, &names, &session->err);
	for (i = 0; rc >= 0 && i < names.n; i++) {
		if (!strcmp(names.at[i], VAULT_CONSTRUCT))
			continue;
		rc = view_open_ref(vault, names.at[i], &view, &session->err);
		if (rc < 0)
			break;
		rc = construct_count(view, &counts, &session->err);
		if (rc >= 0 && session->is_json)
			rc = print_json(session, view, &counts);
		else if (rc >= 0)
			print_person(session, view, &counts);
		view_free(view);
	}
	name_list_release(&names);
	return rc;
}

int cmd_construct(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
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
		rc = list(session, vault);
	vault_close(vault);
	return rc;
}
