#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"
#include "cmd/cli/result_old.h"
#include "refs/remote/remote.h"
#include "refs/upkeep/gc.h"

static void show(void *arg, const char *what, uint64_t done, uint64_t total)
{
	progress_show(arg, what, done, total);
}

static int add_census(struct jcs_fields *fields, const char *name,
		      const struct store_census *census, struct err *err)
{
	struct jcs_fields counts = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_fields_integer(&counts, "loose", (int64_t)census->loose,
				    err);

	if (rc >= 0)
		rc = jcs_fields_integer(&counts, "packs",
					(int64_t)census->packs, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&counts, "bytes",
					(int64_t)census->bytes, err);
	if (rc >= 0)
		rc = jcs_fields_write(&counts, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&text), err);
	jcs_fields_release(&counts);
	buf_release(&text);
	return rc;
}

static int add_one(struct buf *list, const struct gc_construct *made,
		   struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = jcs_fields_text(&fields, "construct",
				 span_str(made->construct), err);

	if (rc >= 0)
		rc = old_result_id(&fields, "version", &made->version, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, list, err);
	jcs_fields_release(&fields);
	return rc;
}

static int add_compacted(struct jcs_fields *fields,
			 const struct gc_report *report, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = buf_add_char(&list, '[', err);

	for (i = 0; rc >= 0 && i < report->compacted_n; i++) {
		if (i)
			rc = buf_add_char(&list, ',', err);
		if (rc >= 0)
			rc = add_one(&list, &report->compacted[i], err);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "compacted", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

/* Where nothing was done there is nothing before and after. */
static int print_json(struct session *session, const struct gc_report *report)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc = jcs_fields_bool(&fields, "done", report->has_run, err);

	if (rc >= 0)
		rc = add_compacted(&fields, report, err);
	if (rc >= 0 && report->has_run)
		rc = add_census(&fields, "before", &report->objects.before,
				err);
	if (rc >= 0 && report->has_run)
		rc = add_census(&fields, "after", &report->objects.after, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static void print_person(const struct gc_report *report)
{
	const struct store_census *before = &report->objects.before;
	const struct store_census *after = &report->objects.after;
	size_t i;

	if (!report->has_run) {
		out_printf("nothing to do\n");
		return;
	}
	for (i = 0; i < report->compacted_n; i++) {
		char id[GIT_OID_HEXSZ + 1];

		id_hex(&report->compacted[i].version, id);
		out_printf("compacted '%s': version %.*s\n",
			   report->compacted[i].construct, ID_SHORT, id);
	}
	out_printf("loose objects: %llu, now %llu\n",
		   (unsigned long long)before->loose,
		   (unsigned long long)after->loose);
	out_printf("packs: %llu, now %llu\n",
		   (unsigned long long)before->packs,
		   (unsigned long long)after->packs);
	out_printf("bytes: %llu, now %llu\n",
		   (unsigned long long)before->bytes,
		   (unsigned long long)after->bytes);
}

int cmd_gc(struct session *session, int argc, char **argv)
{
	struct gc_options options = { .may_sign = true, .progress = show,
				      .arg = session };
	const struct option_row rows[] = {
		{ "--auto", OPTION_FLAG, &options.is_brief },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct gc_report report = { .has_run = false };
	struct vault *vault = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 0);
	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0 && (!options.is_brief || vault_gc_is_due(vault)))
		rc = vault_gc(vault, &options, &report, &session->err);
	if (rc >= 0 && !options.is_brief)
		rc = remote_quarantine_clean(vault, &session->err);
	progress_end(session);
	if (rc >= 0 && session->is_json)
		rc = print_json(session, &report);
	else if (rc >= 0)
		print_person(&report);
	gc_report_release(&report);
	vault_close(vault);
	return rc;
}
