#include "cmd/action/sync.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"
#include "cmd/cli/result_old.h"
#include "refs/verify/verify.h"

static int add_problems(struct jcs_fields *fields,
			const struct problem_list *problems, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	rc = buf_add_char(&list, '[', err);
	for (i = 0; rc >= 0 && i < problems->n; i++) {
		if (i)
			rc = buf_add_char(&list, ',', err);
		if (rc >= 0)
			rc = old_result_problem(&list, &problems->at[i], err);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "problems", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

static int add_sets(struct jcs_fields *fields,
		    const struct verify_report *report, struct err *err)
{
	struct jcs_fields sets = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < report->sets_n; i++)
		rc = old_result_digest(&sets, report->sets[i].construct,
				   report->sets[i].digest, err);
	if (rc >= 0)
		rc = jcs_fields_write(&sets, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "sets", buf_span(&text), err);
	jcs_fields_release(&sets);
	buf_release(&text);
	return rc;
}

static int print_json(struct session *session,
		      const struct verify_report *report, bool is_full)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	rc = jcs_fields_bool(&fields, "ok", !report->problems.n, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "versions",
					(int64_t)report->counts.versions, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "segments",
					(int64_t)report->counts.segments, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "records",
					(int64_t)report->counts.records, err);
	if (rc >= 0)
		rc = add_problems(&fields, &report->problems, err);
	if (rc >= 0 && is_full)
		rc = add_sets(&fields, report, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static void print_person(struct session *session,
			 const struct verify_report *report)
{
	char hex[65];
	size_t i;

	(void)session;
	for (i = 0; i < report->problems.n; i++) {
		const struct problem *problem = &report->problems.at[i];

		out_colored(OUT_RED, span_str(problem->code));
		out_printf("  ");
		out_text(span_str(problem->object));
		out_printf("  ");
		out_text(span_str(problem->message));
		out_printf("\n");
	}
	for (i = 0; i < report->sets_n; i++) {
		out_digest(report->sets[i].digest, hex);
		out_printf("set of '%s': %s\n", report->sets[i].construct,
			   hex);
	}
	out_printf("%s: %llu versions, %llu segments, %llu records\n",
		   report->problems.n ? "problems found" : "all is well",
		   (unsigned long long)report->counts.versions,
		   (unsigned long long)report->counts.segments,
		   (unsigned long long)report->counts.records);
}

static int verify(struct session *session, struct vault *vault,
		  struct verify_options *options)
{
	struct verify_report report = { .problems = PROBLEM_LIST_INIT };
	int rc;

	options->device = vault->has_device ? &vault->device : NULL;
	rc = vault_verify(vault, options, &report, &session->err);
	progress_end(session);
	if (rc >= 0 && session->is_json)
		rc = print_json(session, &report, options->is_full);
	else if (rc >= 0)
		print_person(session, &report);
	if (rc >= 0 && report.problems.n)
		rc = CMD_NO;
	verify_report_release(&report);
	return rc;
}

int cmd_verify(struct session *session, int argc, char **argv)
{
	struct verify_options options = { .progress_arg = session };
	bool is_repair = false;
	const struct option_row rows[] = {
		{ "--full", OPTION_FLAG, &options.is_full },
		{ "--repair", OPTION_FLAG, &is_repair },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct vault *vault = NULL;
	struct err why = ERR_INIT;
	int words;
	int rc;

	rc = words = options_parse(session, argc, argv, rows, 0, 1);
	if (rc >= 0 && words && !is_repair) {
		(void)err_set(&session->err, ERR_INVALID, "a remote is named "
			      "for --repair only: '%s'", argv[1]);
		return CMD_USAGE;
	}
	if (rc < 0)
		return rc;
	if (session->is_progress)
		options.progress = progress_verify;
	rc = session_open_broken(session, &vault, &why);
	if (rc >= 0 && why.code)
		out_note("%s", why.text);
	if (rc >= 0 && is_repair) {
		options.is_full = true;
		rc = sync_repair(session, vault, words ? argv[1] : NULL);
	}
	if (rc >= 0)
		rc = verify(session, vault, &options);
	vault_close(vault);
	return rc;
}
