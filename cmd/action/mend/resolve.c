#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mend/resolving.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"

static int resolve_entity(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct resolving *resolving = arg;
	int rc = resolving_begin(resolving, entity, err);

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
	if (ref->entity.len || action_text(call, "take"))
		return 0;
	call->is_misused = true;
	return err_set(err, ERR_INVALID, "'%s' is a construct: name an entity "
		       "of it, as 'vvault conflicts %s' lists them, or --take "
		       "a device for all of it", word, view_title(ref->view));
}

static int resolve_one(struct action_call *call, struct view *view,
		       struct span entity, struct err *err)
{
	struct signers signers = SIGNERS_INIT(view);
	struct resolving resolving = RESOLVING_INIT(call, view, &signers);
	const struct view_visitor visitor = { resolve_entity, &resolving };
	int rc = view_one(view, entity, &visitor, err);

	if (rc == 0 && !resolving.is_there)
		rc = err_set(err, ERR_NOT_FOUND, "'%.*s' is not there any "
			     "more", (int)entity.len, entity.at);
	resolving_clear(&resolving);
	signers_release(&signers);
	return rc;
}

static int resolve_run(struct action_call *call, struct err *err)
{
	struct ref ref = REF_INIT;
	struct view *view = NULL;
	int rc = ref_open(call->vault, action_text(call, "what"), NULL, &ref,
			  err);

	if (rc == 0)
		rc = check_ref(&ref, call, err);
	if (rc == 0)
		rc = view_open_ref(call->vault, ref.view->ref_name, &view,
				   err);
	if (rc == 0)
		rc = ref.entity.len ?
		     resolve_one(call, view, buf_span(&ref.entity), err) :
		     resolve_all(call, view, err);
	view_free(view);
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
	{ "take", ACTION_TEXT, 0, "<number|device|record>",
	  "what conflicts shows at that number, or what that one says" },
	{ "value", ACTION_TEXT, 0, "<json|words>",
	  "this instead; null removes the field" },
	{ "edit", ACTION_FLAG, 0, NULL,
	  "make one of them in an editor, where each is marked" },
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<entity|construct|@n>",
	  "what conflicts lists, by its handle or name; with --take all of a "
	  "construct" },
	ACTION_PARAMS_END
};

const struct action action_resolve = {
	"resolve", "settle what devices disagree about", params, ACTION_WRITES,
	resolve_check, resolve_run
};
