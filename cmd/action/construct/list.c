#include "cmd/action/actions.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/result.h"
#include "refs/index/lists/constructs.h"

struct listing {
	struct action_call *call;
	struct err *err;
	struct jcs_fields fields;
	uint64_t hidden;	/* that were merged into others */
};

/* What it is called, and where it went: into NULL where it did not. */
static int put_names(struct listing *listing,
		     const struct construct_summary *summary,
		     const char *into, uint64_t since)
{
	struct jcs_fields *fields = &listing->fields;
	const char *shown = NULL;
	int rc = 0;

	if (summary->says.called[0])
		rc = names_shown(listing->call->vault, summary->construct,
				 &shown, listing->err);
	if (shown)
		fields_str(fields, "called", shown);
	if (!into)
		return rc;
	fields_str(fields, "merged_into", into);
	fields_integer(fields, "since_merge", (int64_t)since);
	return rc;
}

static int find_merged(const struct listing *listing,
		       const struct construct_summary *summary,
		       const char **into, uint64_t *since)
{
	*into = NULL;
	*since = 0;
	return summary->says.merged[0] ?
		names_merged(listing->call->vault, summary->ref_name, into,
			     since, listing->err) : 0;
}

static int construct_emit(void *arg, const struct construct_summary *summary,
			  struct err *err)
{
	struct listing *listing = arg;
	struct jcs_fields *fields = &listing->fields;
	const char *into;
	uint64_t since;
	int rc = find_merged(listing, summary, &into, &since);

	(void)err;		/* the call's own */
	if (rc < 0)
		return rc;
	if (into && !since && !action_flag(listing->call, "all")) {
		listing->hidden++;
		return 0;
	}
	fields_str(fields, "construct", *summary->construct ?
		   summary->construct : summary->ref_name);
	result_ids(fields, "heads", summary->heads, summary->heads_n);
	result_digest(fields, "root", summary->root);
	fields_integer(fields, "versions", (int64_t)summary->versions);
	if (summary->has_records) {
		fields_integer(fields, "records", (int64_t)summary->records);
	} else {
		fields_null(fields, "records");
		fields_bool(fields, "blind", true);
	}
	fields_integer(fields, "devices", (int64_t)summary->devices);
	rc = put_names(listing, summary, into, since);
	if (rc < 0)
		return rc;
	handle_construct(listing->call, summary->ref_name);
	return host_object(listing->call->host, fields, listing->err);
}

static int tell_hurt(void *arg, const char *name, struct err *reason)
{
	struct listing *listing = arg;

	return action_pass_over(listing->call, name, reason, listing->err);
}

static int list(struct action_call *call, struct err *err)
{
	struct listing listing = { call, err, JCS_FIELDS_INIT, 0 };
	const struct construct_visitor visitor = {
		construct_emit, tell_hurt, &listing
	};
	int rc = constructs_each(call->vault, &visitor, err);

	/* Nobody asks where some were told. */
	call->has_no_source = true;
	if (rc == 0 && listing.hidden)
		host_note(call->host, "%llu that %s merged into others %s not "
			  "shown: --all shows %s",
			  (unsigned long long)listing.hidden,
			  listing.hidden == 1 ? "was" : "were",
			  listing.hidden == 1 ? "is" : "are",
			  listing.hidden == 1 ? "it" : "them");
	jcs_fields_release(&listing.fields);
	return rc;
}

static const struct action_param params[] = {
	{ "all", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL,
	  "those too that were merged into others" },
	ACTION_PARAMS_END
};

const struct action action_construct_list = {
	"construct list", "list the constructs", params,
	ACTION_SHOWS | ACTION_LISTS, NULL, list
};
