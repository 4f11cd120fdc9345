#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/auto_gc.h"
#include "cmd/action/construct/carry.h"
#include "cmd/action/construct/revive.h"
#include "cmd/action/construct/statement.h"
#include "cmd/action/result.h"
#include "refs/index/lists/merged.h"

struct merge {
	struct action_call *call;
	struct view *from;
	struct view *into;
	struct construct_says says;	/* the one that is merged */
	bool into_says;			/* that it was, and was not */
	struct carry carry;
	uint64_t told;			/* records, for progress */
};

/* One that was merged itself would only pass on what it gets. */
static int check_into(struct merge *merge, struct err *err)
{
	struct construct_says says = { .merged_records = 0 };
	const struct view *view = merge->into;
	const char *into = NULL;
	uint64_t since = 0;
	int rc = construct_says(merge->into, &says, err);

	if (rc == 0 && says.merged[0])
		rc = names_merged(view->vault, view->ref_name, &into, &since,
				  err);
	if (rc == 0 && into && !since)
		rc = err_set(err, ERR_INVALID, "'%s' was merged into '%s' "
			     "itself", view->construct, into);
	merge->into_says = says.merged[0] &&
			   (!into || !strcmp(into, merge->from->construct));
	return rc;
}

static int check(struct merge *merge, struct err *err)
{
	int rc;

	if (!strcmp(merge->from->construct, merge->into->construct))
		return err_set(err, ERR_INVALID, "a construct cannot be merged "
			       "into itself");
	rc = check_into(merge, err);
	if (rc == 0)
		rc = construct_says(merge->from, &merge->says, err);
	return rc;
}

static int carry_over(void *arg, const struct fold_record *record, struct err *err)
{
	struct merge *merge = arg;

	/* Where it went is said of the old one alone, each time. */
	if (merged_is_all_said(&record->record)) {
		merge->carry.seen++;
		return 0;
	}
	if (!(++merge->told % 4096)) {
		const struct host_progress progress = {
			.what = "merging", .done = merge->told,
		};

		host_progress(merge->call->host, &progress);
	}
	return carry_record(&merge->carry, &record->record, err);
}

/* Where it went, and how much it held then: what comes to it later is told
 * apart by that. Said once, as long as nothing has come. */
static int say_merged(struct merge *merge, struct writer *writer,
		      bool *out_is_said, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(4096);
	int rc = 0;

	*out_is_said = strcmp(merge->says.merged, merge->into->construct) ||
		       merge->carry.seen > merge->says.merged_records;
	if (!*out_is_said)
		return 0;
	fields_str(&inner, "into", merge->into->construct);
	fields_integer(&inner, "records", (int64_t)merge->carry.seen + 1);
	fields_object(&fields, "merged", &inner);
	rc = jcs_fields_write(&fields, &data, err);
	if (rc == 0)
		rc = construct_state(merge->from, writer, buf_span(&data),
				     err);
	jcs_fields_release(&fields);
	jcs_fields_release(&inner);
	buf_release(&data);
	return rc;
}

/* What the other one says of that, and is not so, would be a ring. */
static int unsay_merged(struct merge *merge, struct writer *writer,
			struct err *err)
{
	return merge->into_says ?
		construct_state(merge->into, writer,
				span_str("{\"merged\":null}"), err) : 0;
}

static int tell_merged(struct merge *merge, const struct write_result *result,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "construct", merge->into->construct);
	fields_str(&fields, "from", merge->from->construct);
	result_id(&fields, "version", result->has_version ? &result->version :
		  NULL);
	result_records(&fields, merge->carry.seen - merge->carry.new,
		       merge->carry.new);
	rc = host_object(merge->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* The records are there before it is said that they are. */
static int write_both(struct merge *merge, struct commit commits[2],
		      struct err *err)
{
	const struct view_record_visitor visitor = { carry_over, merge };
	bool is_said = false;
	int rc;

	merge->carry.from = merge->from;
	merge->carry.into = commits[0].writer;
	rc = view_records(merge->from, &visitor, err);
	if (rc == 0)
		rc = revive_split(merge->from, merge->into, commits[0].writer,
				  err);
	if (rc == 0)
		rc = unsay_merged(merge, commits[0].writer, err);
	if (rc == 0)
		rc = say_merged(merge, commits[1].writer, &is_said, err);
	if (rc == 0)
		rc = writers_commit(commits, is_said ? 2 : 1, err);
	return rc;
}

static int merge_all(struct merge *merge, struct err *err)
{
	struct commit commits[2] = {
		{ .subject = "construct: merge" },
		{ .subject = "construct: merged into another" },
	};
	struct vault *vault = merge->call->vault;
	int rc = writer_new(vault, merge->into->construct, 0,
			    &commits[0].writer, err);

	if (rc == 0)
		rc = writer_new(vault, merge->from->construct, 0,
				&commits[1].writer, err);
	if (rc == 0)
		rc = write_both(merge, commits, err);
	if (rc == 0)
		rc = tell_merged(merge, &commits[0].result, err);
	if (rc == 0)
		rc = construct_written(merge->call, merge->into->construct,
				       &commits[0].result, err);
	if (rc == 0)
		rc = construct_written(merge->call, merge->from->construct,
				       &commits[1].result, err);
	writer_free(commits[1].writer);
	writer_free(commits[0].writer);
	return rc;
}

static int merge_run(struct action_call *call, struct err *err)
{
	struct merge merge = {
		.call = call, .carry = CARRY_INIT(NULL, NULL),
	};
	int rc = construct_open(call, action_text(call, "from"), &merge.from,
				err);

	if (rc == 0)
		rc = construct_open(call, action_text(call, "into"),
				    &merge.into, err);
	if (rc == 0)
		rc = check(&merge, err);
	if (rc == 0)
		rc = merge_all(&merge, err);
	if (rc == 0)
		auto_gc(call, call->vault, true);
	carry_release(&merge.carry);
	view_free(merge.from);
	view_free(merge.into);
	return rc;
}

static const struct action_param params[] = {
	{ "from", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<from>",
	  "all of this construct" },
	{ "into", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<into>",
	  "goes into this one as well" },
	ACTION_PARAMS_END
};

const struct action action_construct_merge = {
	"construct merge", "bring all of one construct into another", params,
	ACTION_WRITES, NULL, merge_run
};
