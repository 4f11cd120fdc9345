#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/result.h"
#include "refs/index/lists/constructs.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/settle.h"
#include "refs/view/forks.h"

struct listing {
	struct action_call *call;
	struct err *err;
	struct jcs_fields fields;
	uint64_t hidden;	/* that were merged into others */
	bool with_health;
	struct quarantine_notes notes;	/* where that is told */
};

/* What is not as it should be: fields in dispute, forks, and what is kept out. */
static int put_health(struct listing *listing,
		      const struct construct_summary *summary)
{
	struct jcs_fields *fields = &listing->fields;
	struct vault *vault = listing->call->vault;
	struct head_list heads = HEAD_LIST_INIT;
	uint64_t quarantined = 0;
	uint64_t forks = 0;
	size_t i;
	int rc = heads_settled(vault, summary->ref_name, &heads, NULL,
			       listing->err);

	if (rc == 0)
		rc = vault_forks(vault, &heads, &forks, listing->err);
	for (i = 0; i < listing->notes.n; i++)
		quarantined += !strcmp(listing->notes.at[i].head.construct,
				       summary->ref_name);
	fields_integer(fields, "conflicts", (int64_t)summary->conflicts);
	fields_integer(fields, "forks", (int64_t)forks);
	fields_integer(fields, "quarantined", (int64_t)quarantined);
	head_list_release(&heads);
	return rc;
}

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
	if (rc == 0 && listing->with_health)
		rc = put_health(listing, summary);
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
	struct listing listing = {
		.call = call, .err = err, .fields = JCS_FIELDS_INIT,
		.with_health = action_flag(call, "health"),
		.notes = QUARANTINE_NOTES_INIT,
	};
	const struct construct_visitor visitor = {
		construct_emit, tell_hurt, &listing
	};
	int rc = 0;

	if (listing.with_health)
		rc = quarantine_notes_load(call->vault, &listing.notes, err);
	if (rc == 0)
		rc = constructs_each(call->vault, &visitor, err);
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
	quarantine_notes_release(&listing.notes);
	return rc;
}

static const struct action_param params[] = {
	{ "all", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL,
	  "those too that were merged into others" },
	{ "health", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "with conflicts, forks, and versions that are kept out" },
	ACTION_PARAMS_END
};

const struct action action_construct_list = {
	"construct list", "list the constructs", params,
	ACTION_SHOWS | ACTION_LISTS, NULL, list
};
