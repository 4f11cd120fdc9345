#include "cmd/action/forget/going.h"

#include <string.h>

#include "cmd/action/construct/statement.h"
#include "cmd/action/mend/hand/target.h"

struct naming {
	struct going_one *one;
	const struct target *target;
};

static int add_named(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct naming *naming = arg;
	const struct ref *ref = &naming->target->ref;
	const struct fold_record *record = NULL;
	bool is_it = span_equals(entity->entity, buf_span(&ref->entity));
	int rc;

	if (is_it && ref->is_record)
		record = ref_record(ref, entity);
	if (is_it && ref->is_record && !record)
		return 0;
	rc = record ? going_add_record(naming->one, entity, record, err) :
		      going_add(naming->one, entity, GOING_NAMED, NULL, err);
	return rc < 0 || !is_it ? rc : going_say(naming->one, entity, err);
}

int going_add_word(struct going *going, const char *word, struct err *err)
{
	struct target target = TARGET_INIT;
	struct naming naming = { NULL, &target };
	const struct view_visitor visitor = { add_named, &naming };
	int rc = target_open(going->call, word, &target, err);

	if (rc == 0 && target.is_whole)
		rc = err_set(err, ERR_INVALID, "'%s' is a construct: name what "
			     "of it is to be forgotten", word);
	if (rc == 0)
		rc = going_of(going, target.ref.view->ref_name, &naming.one,
			      err);
	if (rc == 0 && !strcmp(target.kind->name, "session") &&
	    !target.ref.is_record)
		rc = view_home(naming.one->view, target_entity(&target),
			       &visitor, err);
	else if (rc == 0)
		rc = view_one(naming.one->view, target_entity(&target),
			      &visitor, err);
	target_release(&target);
	return rc;
}

/* Each that is meant: the one that was named, or all that can be read. */
int going_each_construct(struct going *going,
			 int (*each)(void *arg, struct going_one *one,
				     struct err *err),
			 void *arg, struct err *err)
{
	const char *word = action_text(going->call, "construct");
	struct name_list names = { NULL, 0 };
	struct going_one *one;
	struct view *view = NULL;
	size_t i;
	int rc;

	if (word) {
		rc = construct_open(going->call, word, &view, err);
		if (rc == 0)
			rc = going_of(going, view->ref_name, &one, err);
		view_free(view);
		return rc < 0 ? rc : each(arg, one, err);
	}
	rc = view_constructs_proper(going->call->vault, &names, err);
	for (i = 0; rc == 0 && i < names.n; i++) {
		rc = going_of(going, names.at[i], &one, err);
		if (rc == 0)
			rc = each(arg, one, err);
	}
	name_list_release(&names);
	return rc;
}
