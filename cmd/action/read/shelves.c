#include "cmd/action/read/shelves.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/open.h"
#include "cmd/action/read/ref.h"
#include "lib/base/array.h"
#include "refs/index/lists/constructs.h"

static void shelf_close(struct shelf *shelf)
{
	lists_free(shelf->lists);
	stored_free(shelf->stored);
	view_free(shelf->view);
	shelf->lists = NULL;
	shelf->stored = NULL;
	shelf->view = NULL;
}

static int is_wanted(const struct shelves *shelves, struct shelf *shelf,
		     bool *out, struct err *err)
{
	*out = shelves->wants(shelves->arg, &shelf->next);
	return *out && shelf->stored ?
	       stored_since(shelf->stored, shelf->next.entity, out, err) : 0;
}

/* On to the next one that is asked for. */
static int advance(const struct shelves *shelves, struct shelf *shelf,
		   struct err *err)
{
	bool is_one = false;
	int rc = 0;

	while (rc == 0 && !is_one && !shelf->is_end) {
		rc = lists_next(shelf->lists, &shelf->next, &shelf->is_end,
				err);
		if (rc == 0 && !shelf->is_end)
			rc = is_wanted(shelves, shelf, &is_one, err);
	}
	shelf->updated = shelf->next.updated;
	if (rc < 0 || shelf->is_end)
		shelf_close(shelf);
	return rc;
}

static int open_lists(const struct shelves *shelves, struct shelf *shelf,
		      struct err *err)
{
	struct view *then = NULL;
	int rc = 0;

	if (shelves->stored_before) {
		rc = view_before(shelf->view, shelves->stored_before, &then,
				 err);
		view_free(shelf->view);
		shelf->view = then;
	}
	if (rc == 0 && shelves->stored_since)
		rc = stored_new(shelf->view, shelves->stored_since,
				&shelf->stored, err);
	if (rc == 0)
		rc = lists_open(shelf->view, LISTS_KEEP_FROM, &shelf->lists,
				err);
	return rc < 0 ? rc : advance(shelves, shelf, err);
}

static int add_shelf(struct shelves *shelves, const struct shelf *shelf,
		     struct err *err)
{
	int rc = array_room(shelves, err);

	if (rc == 0)
		shelves->at[shelves->n++] = *shelf;
	return rc;
}

int shelves_add(struct shelves *shelves, const char *version, struct err *err)
{
	struct shelf shelf = { .is_end = false };
	int rc = ref_open_view(shelves->call->vault, version, &shelf.view,
			       err);

	if (rc == 0)
		rc = open_lists(shelves, &shelf, err);
	if (rc == 0)
		rc = add_shelf(shelves, &shelf, err);
	if (rc < 0)
		shelf_close(&shelf);
	return rc;
}

static int add_construct(void *arg, const struct construct_summary *summary,
			 struct err *err)
{
	struct shelves *shelves = arg;
	struct shelf shelf = { .updated = summary->last };
	bool is_merged = false;
	int rc = 0;

	(void)err;		/* the call's own */
	if (!summary->has_records)
		sealed_add(&shelves->sealed, summary->ref_name);
	if (!summary->has_records || !summary->has_talks)
		return 0;
	/* All that it has is shown where it went. */
	if (summary->says.merged[0])
		rc = names_is_merged(shelves->call->vault, summary->ref_name,
				     &is_merged, shelves->err);
	if (rc < 0 || is_merged)
		return rc;
	memcpy(shelf.ref_name, summary->ref_name, sizeof(shelf.ref_name));
	return add_shelf(shelves, &shelf, shelves->err);
}

static int tell_hurt(void *arg, const char *name, struct err *reason)
{
	struct shelves *shelves = arg;

	return action_pass_over(shelves->call, name, reason, shelves->err);
}

int shelves_add_all(struct shelves *shelves, struct err *err)
{
	const struct construct_visitor visitor = {
		add_construct, tell_hurt, shelves
	};
	int rc;

	shelves->err = err;
	shelves->sealed = (struct sealed)SEALED_INIT;
	rc = constructs_each(shelves->call->vault, &visitor, err);
	if (rc == 0)
		sealed_tell(&shelves->sealed, shelves->call);
	sealed_release(&shelves->sealed);
	return rc;
}

static int open_shelf(struct shelves *shelves, struct shelf *shelf,
		      struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = view_open_ref(shelves->call->vault, shelf->ref_name,
			       &shelf->view, &reason);

	if (rc == 0)
		rc = open_lists(shelves, shelf, &reason);
	if (rc == 0)
		return 0;
	shelf_close(shelf);
	shelf->is_end = true;
	return action_pass_over(shelves->call, shelf->ref_name, &reason, err);
}

/* The first of several. */
static struct shelf *newest(struct shelves *shelves)
{
	struct shelf *best = NULL;
	size_t i;

	for (i = 0; i < shelves->n; i++) {
		struct shelf *shelf = &shelves->at[i];

		if (!shelf->is_end &&
		    (!best || shelf->updated > best->updated))
			best = shelf;
	}
	return best;
}

int shelves_next(struct shelves *shelves, const struct shelf **out,
		 struct err *err)
{
	struct shelf *shelf = shelves->told;
	int rc = shelf ? advance(shelves, shelf, err) : 0;

	while (rc == 0 && (shelf = newest(shelves)) && !shelf->lists)
		rc = open_shelf(shelves, shelf, err);
	shelves->told = rc < 0 ? NULL : shelf;
	*out = shelves->told;
	return rc;
}

void shelves_release(struct shelves *shelves)
{
	size_t i;

	for (i = 0; i < shelves->n; i++)
		shelf_close(&shelves->at[i]);
	free(shelves->at);
}
