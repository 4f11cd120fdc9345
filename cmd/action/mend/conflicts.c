#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mend/dispute.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/recall/sealed.h"
#include "refs/index/lists/constructs.h"
#include "refs/index/lists/lists.h"

struct listing {
	struct action_call *call;
	struct signers signers;		/* of the view that is looked through */
	struct jcs_fields fields;
	struct sealed sealed;
	size_t constructs;
	uint64_t told;
	struct err *err;
};

static int emit_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct listing *listing = arg;
	struct dispute_list disputes = DISPUTE_LIST_INIT;
	size_t i;
	int rc = dispute_list_of(entity, &disputes, err);

	for (i = 0; rc == 0 && i < disputes.n; i++) {
		rc = dispute_put(&listing->fields, entity, &disputes.at[i],
				 &listing->signers, err);
		if (rc < 0)
			break;
		handle_entity(listing->call, listing->signers.view,
			      entity->entity, NULL);
		rc = host_object(listing->call->host, &listing->fields, err);
		listing->told++;
	}
	dispute_list_release(&disputes);
	return rc;
}

static int list_view(struct listing *listing, struct view *view,
		     struct err *err)
{
	const struct view_visitor visitor = { emit_entity, listing };
	struct lists *lists = NULL;
	int rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);

	listing->signers = (struct signers)SIGNERS_INIT(view);
	if (rc == 0)
		rc = lists_each_disputed(lists, NULL, &visitor, err);
	signers_release(&listing->signers);
	lists_free(lists);
	return rc;
}

static int list_construct(void *arg, const struct construct_summary *summary,
			  struct err *unused)
{
	struct listing *listing = arg;
	struct view *view = NULL;
	int rc = 0;

	(void)unused;		/* the call's own */
	listing->constructs++;
	if (!summary->has_records)
		sealed_add(&listing->sealed, summary->ref_name);
	if (!summary->conflicts)
		return 0;
	rc = view_open_versions(listing->call->vault, summary->ref_name,
				summary->heads, summary->heads_n, &view,
				listing->err);
	if (rc == 0)
		rc = list_view(listing, view, listing->err);
	view_free(view);
	return rc;
}

static int tell_hurt(void *arg, const char *name, struct err *reason)
{
	struct listing *listing = arg;

	return action_pass_over(listing->call, name, reason, listing->err);
}

static int list_all(struct listing *listing, struct err *err)
{
	const struct construct_visitor visitor = { list_construct, tell_hurt,
						   listing };
	int rc = constructs_each(listing->call->vault, &visitor, err);

	if (rc == 0)
		sealed_tell(&listing->sealed, listing->call);
	listing->call->has_no_source = !listing->constructs;
	return rc;
}

static int list_named(struct listing *listing, const char *word,
		      struct err *err)
{
	struct view *view = NULL;
	int rc = ref_open_view(listing->call->vault, word, &view, err);

	if (rc == 0 && !strcmp(view->ref_name, VAULT_CONSTRUCT))
		rc = err_set(err, ERR_INVALID, "'%s' knows no conflicts: its "
			     "records count by who signed them", word);
	if (rc == 0)
		rc = list_view(listing, view, err);
	view_free(view);
	return rc;
}

static int conflicts_run(struct action_call *call, struct err *err)
{
	const char *word = action_text(call, "version");
	struct listing listing = {
		.call = call, .fields = JCS_FIELDS_INIT,
		.sealed = SEALED_INIT, .err = err,
	};
	int rc = word ? list_named(&listing, word, err) :
		 list_all(&listing, err);

	call->is_no = listing.told && action_flag(call, "exit-code");
	jcs_fields_release(&listing.fields);
	sealed_release(&listing.sealed);
	return rc;
}

static const struct action_param params[] = {
	{ "exit-code", ACTION_FLAG, 0, NULL, "exit with 1 if there are any" },
	VERSION_PARAM(0),
	ACTION_PARAMS_END
};

const struct action action_conflicts = {
	"conflicts", "what devices disagree about", params,
	ACTION_SHOWS | ACTION_LISTS, NULL, conflicts_run
};
