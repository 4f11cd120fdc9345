#include "refs/index/lists/lists_internal.h"

#include <string.h>

static void add_disputed(const struct lists_part *part,
			 struct view_parts *out)
{
	if (part->conflicts && part->folder < VIEW_FOLDERS &&
	    part->part < VIEW_PARTS)
		view_parts_add(out, part->folder, part->part);
}

static int find_disputed(struct lists *lists, struct view_parts *out,
			 struct err *err)
{
	uint64_t i;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	if (lists->file.pages && !lists->parts)
		rc = lists_open_parts(lists, err);
	for (i = 0; rc == 0 && lists->file.pages &&
	     i < lists->file.head->parts_n; i++) {
		const struct lists_part *part = &lists->parts[i];

		if (!lists_is_dirty(lists, part->folder, part->part))
			add_disputed(part, out);
	}
	for (i = 0; rc == 0 && i < lists->folded.parts.n; i++)
		add_disputed(&lists->folded.parts.at[i], out);
	return rc;
}

static int pass_disputed(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	const struct view_visitor *visitor = arg;

	if (!entity->conflicts || !entity->state.at || entity->is_left_out)
		return 0;
	return visitor->entity(visitor->arg, entity, err);
}

static void keep_among(struct view_parts *parts, const struct view_parts *among)
{
	size_t i;
	size_t j;

	for (i = 0; i < VIEW_FOLDERS; i++) {
		for (j = 0; j < VIEW_PARTS / 64; j++)
			parts->at[i][j] &= among->at[i][j];
	}
}

int lists_each_disputed(struct lists *lists, const struct view_parts *among,
			const struct view_visitor *visitor, struct err *err)
{
	struct view_visitor passing = { pass_disputed, (void *)visitor };
	struct view_parts parts;
	int rc;

	if (!lists_totals(lists)->conflicts)
		return 0;
	rc = find_disputed(lists, &parts, err);
	if (rc == ERR_CORRUPT && lists->file.pages) {
		rc = lists_load_anew(lists, err);
		if (rc == 0)
			rc = find_disputed(lists, &parts, err);
	}
	if (rc == 0 && among)
		keep_among(&parts, among);
	return rc < 0 ? rc : view_each_part(lists->view, &parts, &passing,
					    err);
}
