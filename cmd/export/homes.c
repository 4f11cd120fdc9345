#include "cmd/export/homes.h"

#include "lib/json/jcs_scan.h"

void talk_home_reset(struct talk_home *home)
{
	said_reset(&home->said);
	buf_reset(&home->entity);
	buf_reset(&home->state);
	home->others = 0;
	home->is_deleted = false;
}

void talk_home_release(struct talk_home *home)
{
	said_release(&home->said);
	buf_release(&home->entity);
	buf_release(&home->state);
}

struct homes_walk {
	struct view *view;
	struct talk_home *home;		/* at hand */
	const struct talk_home_visitor *visitor;
};

/* The messages and the record of a session, in any order. */
static int take_of_home(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct homes_walk *walk = arg;
	struct talk_home *home = walk->home;
	const char *kind = entity->kind->name;

	if (!strcmp(kind, "message"))
		return entity->state.at ? said_add(&home->said, walk->view,
						   entity, err) : 0;
	if (!span_equals(entity->entity, buf_span(&home->entity))) {
		home->others += entity->state.at != NULL;
		return 0;
	}
	home->is_deleted = !entity->state.at;
	return home->is_deleted ? 0 : buf_add_span(&home->state,
						   entity->state, err);
}

static int end_home(struct homes_walk *walk, struct err *err)
{
	struct talk_home *home = walk->home;
	int rc = 0;

	if (home->state.len || home->said.n)
		rc = walk->visitor->home(walk->visitor->arg, home, err);
	talk_home_reset(home);
	return rc;
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct homes_walk *walk = arg;
	struct buf *name = &walk->home->entity;
	struct span key = export_conversation_of(entity->entity);
	int rc = 0;

	if (!span_equals(key, export_conversation_of(buf_span(name))))
		rc = end_home(walk, err);
	if (rc == 0 && !name->len) {
		buf_put_str(name, "session:");
		buf_put_span(name, key);
		rc = buf_end(name, err);
	}
	return rc < 0 ? rc : take_of_home(arg, entity, err);
}

int talk_home_read(struct view *view, struct span session,
		   struct talk_home *out, struct err *err)
{
	struct homes_walk walk = { view, out, NULL };
	const struct view_visitor visitor = { take_of_home, &walk };
	int rc = buf_add_span(&out->entity, session, err);

	return rc < 0 ? rc : view_home(view, session, &visitor, err);
}

int talk_homes_each(struct view *view, const struct talk_home_visitor *visitor,
		    struct err *err)
{
	struct talk_home home = TALK_HOME_INIT;
	struct homes_walk walk = { view, &home, visitor };
	const struct view_visitor entities = { take_entity, &walk };
	int rc = view_each_home(view, "session", &entities, err);

	if (rc == 0)
		rc = end_home(&walk, err);
	talk_home_release(&home);
	return rc;
}

/* The first that a person says; NULL: nobody says anything. */
static const struct said *first_question(const struct talk_home *home)
{
	const struct said *first = NULL;
	const struct said *said;
	struct span role;
	size_t i;

	for (i = 0; i < home->said.n; i++) {
		said = &home->said.at[i];
		if (said_is_shown(said) &&
		    jcs_find(buf_span(&said->state), "role", &role) &&
		    jcs_is_text(role, "user") &&
		    (!first || said->index < first->index))
			first = said;
	}
	return first;
}

int talk_home_title(struct view *view, const struct talk_home *home,
		    struct buf *out, struct err *err)
{
	const struct said *first;
	int rc = talk_text(view, buf_span(&home->state), "title", out, err);

	if (rc < 0 || out->len)
		return rc;
	first = first_question(home);
	if (first)
		rc = talk_text(view, buf_span(&first->state), "content", out,
			       err);
	return rc < 0 || out->len ? rc :
	       buf_add_span(out, buf_span(&home->entity), err);
}
