#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mend/resolving.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"

static int find_disputes(struct resolving *resolving,
			 const struct view_entity *entity, struct err *err)
{
	size_t i;
	int rc = dispute_list_of(entity, &resolving->disputes, err);

	if (rc < 0 || !resolving->disputes.n)
		return rc;
	resolving->choices = calloc(resolving->disputes.n,
				    sizeof(*resolving->choices));
	if (!resolving->choices)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < resolving->disputes.n; i++)
		resolving->choices[i] = (struct choice)CHOICE_INIT(
			&resolving->disputes.at[i]);
	return 0;
}

static int resolve_entity(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct resolving *resolving = arg;
	int rc;

	resolving->is_there = true;
	resolving->settling.entity = entity;
	rc = find_disputes(resolving, entity, err);
	if (rc == 0 && !resolving->disputes.n) {
		host_note(resolving->call->host, "'%.*s' has no conflict",
			  (int)entity->entity.len, entity->entity.at);
		resolving->call->is_no = true;
		return 0;
	}
	if (rc == 0)
		rc = resolving_choose(resolving, err);
	if (rc == 0 && !resolving->made) {
		host_note(resolving->call->host, "nothing was settled");
		resolving->call->is_no = true;
	}
	return rc == 0 && resolving->made ? resolving_write(resolving, err) : rc;
}

static int check_ref(const struct ref *ref, struct action_call *call,
		     struct err *err)
{
	const char *word = action_text(call, "what");

	if (!strcmp(ref->view->ref_name, VAULT_CONSTRUCT))
		return err_set(err, ERR_DENIED, "who is a member, and which "
			       "keys there are, is never in conflict: it "
			       "counts by who signed it");
	if (ref->entity.len)
		return 0;
	call->is_misused = true;
	return err_set(err, ERR_INVALID, "'%s' is a construct: name an entity "
		       "of it, as 'vvault conflicts %s' lists them", word,
		       view_title(ref->view));
}

static void resolving_release(struct resolving *resolving,
			      struct signers *signers)
{
	size_t i;

	for (i = 0; resolving->choices && i < resolving->disputes.n; i++)
		buf_release(&resolving->choices[i].value);
	free(resolving->choices);
	dispute_list_release(&resolving->disputes);
	buf_release(&resolving->data);
	signers_release(signers);
	view_free(resolving->view);
}

static int resolve_run(struct action_call *call, struct err *err)
{
	struct ref ref = REF_INIT;
	struct signers signers = SIGNERS_INIT(NULL);
	struct resolving resolving = {
		.call = call, .disputes = DISPUTE_LIST_INIT,
		.settling = { call, NULL, &signers },
		.data = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct view_visitor visitor = { resolve_entity, &resolving };
	int rc = ref_open(call->vault, action_text(call, "what"), NULL, &ref,
			  err);

	if (rc == 0)
		rc = check_ref(&ref, call, err);
	if (rc == 0)
		rc = view_open_ref(call->vault, ref.view->ref_name,
				   &resolving.view, err);
	signers.view = resolving.view;
	if (rc == 0)
		rc = view_one(resolving.view, buf_span(&ref.entity), &visitor,
			      err);
	if (rc == 0 && !resolving.is_there)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is not there any more",
			     buf_text(&ref.entity));
	resolving_release(&resolving, &signers);
	ref_release(&ref);
	return rc;
}

static int resolve_check(const struct action_call *call, struct err *err)
{
	int ways = (action_text(call, "take") != NULL) +
		   (action_text(call, "value") != NULL) +
		   action_flag(call, "edit");

	return ways < 2 ? 0 :
	       err_set(err, ERR_INVALID, "one of --take, --value and --edit");
}

static const struct action_param params[] = {
	{ "field", ACTION_TEXT, 0, "<field>",
	  "this field only, as conflicts lists it" },
	{ "take", ACTION_TEXT, 0, "<record|device>",
	  "what that record, or that device, says" },
	{ "value", ACTION_TEXT, 0, "<json|words>",
	  "this instead; null removes the field" },
	{ "edit", ACTION_FLAG, 0, NULL,
	  "make one of them in an editor, where each is marked" },
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<entity|record|@n>", "what conflicts lists, by its handle or name" },
	ACTION_PARAMS_END
};

const struct action action_resolve = {
	"resolve", "settle what devices disagree about", params, ACTION_WRITES,
	resolve_check, resolve_run
};
