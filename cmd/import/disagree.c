#include "cmd/import/disagree.h"

#include "refs/index/lists/lists.h"

static int count_entity(void *arg, const struct view_entity *entity,
			struct err *err)
{
	uint64_t *count = arg;

	(void)err;
	*count += entity->conflicts;
	return 0;
}

int import_disagreements(struct vault *vault,
			 const struct import_result *result, uint64_t *out,
			 struct err *err)
{
	const struct view_visitor visitor = { count_entity, out };
	char ref_name[CONSTRUCT_NAME_MAX];
	struct lists *lists = NULL;
	struct view *view = NULL;
	int rc;

	*out = 0;
	if (!result->write.has_version || !result->write.records_beside)
		return 0;
	rc = vault_ref_name(vault, result->construct, ref_name, err);
	if (rc == 0)
		rc = view_open_ref(vault, ref_name, &view, err);
	if (rc == 0)
		rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);
	if (rc == 0)
		rc = lists_each_disputed(lists, NULL, &visitor, err);
	lists_free(lists);
	view_free(view);
	return rc;
}
