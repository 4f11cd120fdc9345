/*
 * Other constructs that have the same entity, as after a split, or a message
 * that repeats one: what is forgotten is forgotten in one construct.
 */
#include "cmd/action/forget/going.h"

#include <string.h>

#include "refs/forget/copies.h"

static int find_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	bool *is_found = arg;

	(void)err;
	*is_found |= entity->state.at != NULL;
	return 0;
}

struct elsewhere {
	struct view *view;
	const struct going_one *one;
	bool is_found;
};

static int find_going(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct elsewhere *elsewhere = arg;

	(void)err;
	elsewhere->is_found |= entity->state.at != NULL &&
			       going_has(elsewhere->one, entity->entity);
	return 0;
}

static int find_copy(void *arg, struct span entity, struct err *err)
{
	struct elsewhere *elsewhere = arg;
	const struct view_visitor visitor = { find_entity,
					      &elsewhere->is_found };

	return view_one(elsewhere->view, entity, &visitor, err);
}

/* A few are asked for one by one, which costs nothing that grows; for many the
 * whole construct is read once. */
static int look_for_names(struct elsewhere *elsewhere, struct err *err)
{
	const struct going_one *one = elsewhere->one;
	const struct view_visitor each = { find_going, elsewhere };
	size_t i;
	int rc = 0;

	if (one->entities.count > one->names.n)
		return view_each(elsewhere->view, NULL, true, &each, err);
	for (i = 0; rc == 0 && i < one->names.n; i++)
		rc = find_copy(elsewhere, one->names.at[i], err);
	return rc;
}

static int look_for(struct elsewhere *elsewhere, const struct going_one *one,
		    struct err *err)
{
	const struct copies_visitor copies = { find_copy, elsewhere };
	int rc;

	elsewhere->one = one;
	rc = look_for_names(elsewhere, err);
	return rc < 0 || elsewhere->is_found ? rc :
	       copies_find(elsewhere->view, one->messages.at, one->messages.n,
			   &copies, err);
}

/* What cannot be read here shows nothing here. */
static int look_in(struct going *going, const char *ref_name, struct err *err)
{
	struct elsewhere elsewhere = { NULL, NULL, false };
	struct err reason = ERR_INIT;
	size_t i;
	int rc = view_open_ref(going->call->vault, ref_name, &elsewhere.view,
			       &reason);

	for (i = 0; rc == 0 && i < going->n; i++)
		rc = look_for(&elsewhere, going->at[i], &reason);
	if (rc == 0 && elsewhere.is_found)
		buf_putf(&going->elsewhere, "%s'%s'",
			 going->elsewhere.len ? ", " : "",
			 elsewhere.view->construct);
	view_free(elsewhere.view);
	return rc == ERR_NO_KEY ? 0 : rc < 0 ? err_copy(err, rc, &reason) :
	       buf_end(&going->elsewhere, err);
}

static bool is_going(const struct going *going, const char *ref_name)
{
	size_t i;

	for (i = 0; i < going->n; i++)
		if (!strcmp(going->at[i]->view->ref_name, ref_name))
			return true;
	return false;
}

int going_add_elsewhere(struct going *going, struct err *err)
{
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs_proper(going->call->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++)
		if (!is_going(going, names.at[i]))
			rc = look_in(going, names.at[i], err);
	name_list_release(&names);
	return rc;
}
