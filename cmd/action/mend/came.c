#include "cmd/action/mend/came.h"

#include <string.h>

#include "cmd/action/mend/dispute.h"
#include "cmd/action/mend/moves.h"
#include "refs/index/lists/constructs.h"
#include "refs/index/lists/lists.h"
#include "refs/view/parts.h"

#define TOLD_MAX 10		/* one by one */

struct coming {
	struct action_call *call;
	struct moves moves;
	struct view *had;		/* what there was; NULL: nothing */
	struct view *now;
	uint64_t n;
};

struct known {
	const struct dispute *dispute;
	bool is_known;
};

static bool has_record(const struct dispute *dispute,
		       const unsigned char id[RECORD_ID_BYTES])
{
	size_t i;

	for (i = 0; i < dispute->n; i++) {
		if (!memcmp(dispute->at[i].record->id, id, RECORD_ID_BYTES))
			return true;
	}
	return false;
}

static bool covers(const struct dispute *before, const struct dispute *now)
{
	size_t i;

	for (i = 0; i < now->n; i++) {
		if (!has_record(before, now->at[i].record->id))
			return false;
	}
	return span_equals(before->field, now->field);
}

static int look_back(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct known *known = arg;
	struct dispute_list disputes = DISPUTE_LIST_INIT;
	size_t i;
	int rc = dispute_list_of(entity, &disputes, err);

	for (i = 0; rc == 0 && i < disputes.n; i++)
		known->is_known |= covers(&disputes.at[i], known->dispute);
	dispute_list_release(&disputes);
	return rc;
}

static int emit(struct coming *coming, const struct view_entity *entity,
		const struct dispute *dispute, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (coming->n++ >= TOLD_MAX)
		return 0;
	fields_bool(&fields, "conflict", true);
	dispute_put_what(&fields, coming->now, entity, dispute);
	rc = host_object(coming->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct coming *coming = arg;
	struct dispute_list disputes = DISPUTE_LIST_INIT;
	size_t i;
	int rc = dispute_list_of(entity, &disputes, err);

	for (i = 0; rc == 0 && i < disputes.n; i++) {
		struct known known = { &disputes.at[i], false };
		const struct view_visitor visitor = { look_back, &known };

		if (coming->had)
			rc = view_one(coming->had, entity->entity, &visitor,
				      err);
		if (rc == 0 && !known.is_known)
			rc = emit(coming, entity, &disputes.at[i], err);
	}
	dispute_list_release(&disputes);
	return rc;
}

static int look_at(struct coming *coming, struct err *err)
{
	const struct view_visitor visitor = { take_entity, coming };
	struct view_parts changed;
	struct lists *lists = NULL;
	int rc = lists_open(coming->now, LISTS_KEEP_FROM, &lists, err);

	view_parts_all(&changed);
	if (rc == 0 && coming->had)
		rc = view_parts_changed(coming->now, &coming->had->tree,
					&changed, err);
	if (rc == 0)
		rc = lists_each_disputed(lists, &changed, &visitor, err);
	lists_free(lists);
	return rc;
}

/* What fails is told by whoever reads it. */
static int take_construct(void *arg, const struct construct_summary *summary,
			  struct err *err)
{
	struct coming *coming = arg;
	struct err reason = ERR_INIT;
	int rc;

	if (!summary->conflicts ||
	    !moves_has(&coming->moves, summary->ref_name))
		return 0;
	rc = moves_before(&coming->moves, coming->call->vault,
			  summary->ref_name, &coming->had, &reason);
	if (rc == 0)
		rc = view_open_versions(coming->call->vault, summary->ref_name,
					summary->heads, summary->heads_n,
					&coming->now, &reason);
	if (rc == 0)
		rc = look_at(coming, &reason);
	view_free(coming->had);
	view_free(coming->now);
	coming->had = coming->now = NULL;
	return rc == ERR_NOMEM ? err_copy(err, rc, &reason) : 0;
}

static int pass_hurt(void *arg, const char *name, struct err *reason)
{
	(void)arg;
	(void)name;
	err_clear(reason);
	return 0;
}

static int emit_total(const struct coming *coming, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (!coming->n)
		return 0;
	fields_integer(&fields, "conflicts", (int64_t)coming->n);
	rc = host_object(coming->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int came_tell(struct action_call *call, const struct sync_report *report,
	      struct err *err)
{
	struct coming coming = { .call = call, .moves = MOVES_INIT };
	const struct construct_visitor visitor = { take_construct, pass_hurt,
						   &coming };
	int rc = moves_make(&coming.moves, call->vault, report, err);

	if (rc == 0 && coming.moves.n) {
		rc = constructs_each(call->vault, &visitor, err);
		if (rc == 0)
			rc = emit_total(&coming, err);
	}
	moves_release(&coming.moves);
	return rc;
}
