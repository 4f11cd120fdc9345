#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/changes.h"
#include "cmd/action/history/range.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"

#define KINDS_MAX 24

/* How many entities of each kind came, went and changed. */
struct tally {
	uint64_t at[3][KINDS_MAX];
	uint64_t all;
};

static const char *const tally_words[] = { "added", "removed", "changed" };

static int count_change(void *arg, const struct view_change *change,
			struct err *err)
{
	struct tally *tally = arg;
	size_t how = !change->from.at ? 0 : !change->to.at ? 1 : 2;
	size_t kind = (size_t)(change->kind - kind_table);

	(void)err;
	tally->all++;
	if (kind < KINDS_MAX)
		tally->at[how][kind]++;
	return 0;
}

static void put_tally(const struct tally *tally, struct jcs_fields *fields)
{
	struct jcs_fields stat = JCS_FIELDS_INIT;
	struct jcs_fields one = JCS_FIELDS_INIT;
	size_t how;
	size_t i;

	for (i = 0; i < KINDS_MAX && kind_table[i].name; i++) {
		for (how = 0; how < 3; how++)
			fields_integer(&one, tally_words[how],
				       (int64_t)tally->at[how][i]);
		if (tally->at[0][i] + tally->at[1][i] + tally->at[2][i])
			fields_object(&stat, kind_table[i].name, &one);
		jcs_fields_reset(&one);
	}
	fields_object(fields, "stat", &stat);
	jcs_fields_release(&one);
	jcs_fields_release(&stat);
}

static int emit_stat(struct action_call *call, const struct range *sides,
		     struct jcs_fields *fields, uint64_t *out_count,
		     struct err *err)
{
	struct tally tally = { .all = 0 };
	const struct view_change_visitor visitor = { count_change, &tally };
	int rc = view_diff(sides->from, sides->to, &visitor, err);

	*out_count = tally.all;
	put_tally(&tally, fields);
	return rc < 0 ? rc : host_object(call->host, fields, err);
}

static int emit_changes(struct action_call *call, const struct range *sides,
			struct jcs_fields *fields, uint64_t *out_count,
			struct err *err)
{
	struct host_list list = HOST_LIST(call->host, "changes", fields);
	const struct changes_of of = {
		sides->from, sides->to, action_flag(call, "brief"), call
	};
	int rc = changes_emit(&list, &of, out_count, err);

	if (rc == 0)
		rc = host_list_end(&list, err);
	host_list_release(&list);
	return rc;
}

/* A union of several heads has no id, and nothing has none. */
static int diff_emit(struct action_call *call, const struct range *sides,
		     uint64_t *out_count, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct view *from = sides->from;
	const struct view *to = sides->to;
	int rc;

	result_id(&fields, "from", from->heads_n == 1 ? from->heads : NULL);
	result_id(&fields, "to", to->heads_n == 1 ? to->heads : NULL);
	rc = action_flag(call, "stat") ?
	     emit_stat(call, sides, &fields, out_count, err) :
	     emit_changes(call, sides, &fields, out_count, err);
	jcs_fields_release(&fields);
	return rc;
}

/* What one version changed. Whoever names it by its id means that one, though
 * it may change no record. */
static int open_alone(struct vault *vault, const char *word,
		      struct range *sides, struct err *err)
{
	int rc = ref_open_view(vault, word, &sides->to, err);

	return rc < 0 ? rc :
	       range_before(sides->to, sides->to->is_newest ||
			    strpbrk(word, "/{"), &sides->from, err);
}

static int open_sides(struct action_call *call, struct range *sides,
		      struct err *err)
{
	struct vault *vault = call->vault;
	const char *from = action_text(call, "from");
	const char *to = action_text(call, "to");
	int rc;

	if (!to)
		return is_range(from) ? range_open(vault, from, sides, err) :
		       open_alone(vault, from, sides, err);
	rc = ref_open_view(vault, from, &sides->from, err);
	return rc < 0 ? rc : ref_open_view(vault, to, &sides->to, err);
}

static int diff_run(struct action_call *call, struct err *err)
{
	struct range sides = RANGE_INIT;
	uint64_t count = 0;
	int rc = open_sides(call, &sides, err);

	/* Nothing is numbered: the last list stays. */
	if (action_flag(call, "stat"))
		call->settings.handles = NULL;
	if (rc == 0)
		rc = diff_emit(call, &sides, &count, err);
	call->is_no = action_flag(call, "exit-code") && count;
	range_release(&sides);
	return rc;
}

static const struct action_param params[] = {
	{ "exit-code", ACTION_FLAG, 0, NULL, "say no where they differ" },
	{ "stat", ACTION_FLAG, 0, NULL,
	  "count what was added, removed and changed, by kind" },
	BRIEF_PARAM,
	{ "from", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<version|a..b>", "the one before; alone, what it changed itself" },
	{ "to", ACTION_TEXT, ACTION_OPERAND, "<version>", "the one after" },
	ACTION_PARAMS_END
};

const struct action action_diff = {
	"diff", "what changed between two versions", params,
	ACTION_SHOWS | ACTION_LISTS, NULL, diff_run
};
