#include "cmd/action/actions.h"
#include "cmd/action/auto_gc.h"
#include "cmd/action/result.h"
#include "refs/remote/remote.h"
#include "refs/upkeep/gc.h"

static void put_census(struct jcs_fields *fields, const char *name,
		       const struct store_census *census)
{
	struct jcs_fields counts = JCS_FIELDS_INIT;

	fields_integer(&counts, "loose", (int64_t)census->loose);
	fields_integer(&counts, "packs", (int64_t)census->packs);
	fields_integer(&counts, "bytes", (int64_t)census->bytes);
	fields_object(fields, name, &counts);
	jcs_fields_release(&counts);
}

static void put_compacted(struct jcs_fields *fields,
			  const struct gc_report *report)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_fields one = JCS_FIELDS_INIT;
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < report->compacted_n; i++) {
		if (i)
			buf_put_char(&list, ',');
		fields_str(&one, "construct", report->compacted[i].construct);
		result_id(&one, "version", &report->compacted[i].version);
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_reset(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "compacted", &list);
	jcs_fields_release(&one);
	buf_release(&list);
}

/* Where nothing was done there is nothing before and after. */
static int gc_emit(const struct host *host, const struct gc_report *report,
		   struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_bool(&fields, "done", report->has_run);
	put_compacted(&fields, report);
	if (report->has_run) {
		put_census(&fields, "before", &report->objects.before);
		put_census(&fields, "after", &report->objects.after);
	}
	rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int gc_run(struct action_call *call, struct err *err)
{
	struct host host = *call->host;
	struct gc_options options = { .may_sign = true,
				      .is_brief = action_flag(call, "auto"),
				      .progress = gc_progress, .arg = &host };
	struct gc_report report = { .has_run = false };
	int rc = 0;

	if (!options.is_brief || vault_gc_is_due(call->vault))
		rc = vault_gc(call->vault, &options, &report, err);
	if (rc == 0 && !options.is_brief)
		rc = remote_quarantine_clean(call->vault, err);
	host_progress_end(call->host);
	if (rc == 0)
		rc = gc_emit(call->host, &report, err);
	gc_report_release(&report);
	return rc;
}

static const struct action_param params[] = {
	{ "auto", ACTION_FLAG, 0, NULL,
	  "only if much has gathered, and only for a second or two" },
	ACTION_PARAMS_END
};

const struct action action_gc = {
	"gc", "bring together what small writes have scattered", params,
	ACTION_WRITES, NULL, gc_run
};
