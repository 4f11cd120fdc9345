#include "cmd/action/read/alternatives.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

void transcript_release(struct transcript *transcript)
{
	buf_release(&transcript->entity);
	buf_release(&transcript->state);
	said_release(&transcript->said);
	branches_release(&transcript->branches);
	free(transcript->speaks);
	free(transcript->path.at);
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct transcript *transcript = arg;

	if (!entity->state.at)
		return 0;
	if (!strcmp(entity->kind->name, "session")) {
		buf_reset(&transcript->state);
		return buf_add_span(&transcript->state, entity->state, err);
	}
	if (strcmp(entity->kind->name, "message"))
		return 0;
	return said_add(&transcript->said, transcript->view, entity, err);
}

static int by_index(const void *a, const void *b)
{
	const struct said *x = a;
	const struct said *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return span_compare(buf_span(&x->entity), buf_span(&y->entity));
}

static bool is_same_member(const struct said *x, const struct said *y,
			   const char *name)
{
	struct span a;
	struct span b;

	return jcs_find(buf_span(&x->state), name, &a) &&
	       jcs_find(buf_span(&y->state), name, &b) && span_equals(a, b);
}

/* Is all of it said by one, in one place: ways to begin, of a chat that did
 * not go on? */
static bool is_one_turn(const struct said_list *list)
{
	size_t i;

	for (i = 1; i < list->n; i++) {
		if (!is_same_member(&list->at[0], &list->at[i], "index") ||
		    !is_same_member(&list->at[0], &list->at[i], "role"))
			return false;
	}
	return true;
}

/* Not all sources say what follows what; then their order does. */
static int hang_in_order(struct said_list *list, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < list->n; i++) {
		if (list->at[i].parent.len)
			return 0;
	}
	if (is_one_turn(list))
		return 0;
	if (list->n)
		qsort(list->at, list->n, sizeof(*list->at), by_index);
	for (i = 1; rc == 0 && i < list->n; i++)
		rc = buf_add_span(&list->at[i].parent,
				  buf_span(&list->at[i - 1].entity), err);
	return rc;
}

static size_t find_named(const struct transcript *transcript,
			 struct span entity)
{
	size_t i;

	for (i = 0; i < transcript->said.n; i++) {
		if (span_equals(buf_span(&transcript->said.at[i].entity),
				entity))
			return i;
	}
	return BRANCHES_NONE;
}

static int choose(struct transcript *transcript, size_t named, uint64_t branch,
		  struct err *err)
{
	const struct branch_node *at = transcript->branches.at;
	size_t root = transcript->said.n;
	size_t i;
	size_t here;
	int rc = alternatives_mark(transcript, err);

	for (i = 0; rc == 0 && i < root; i++)
		transcript->ends += transcript->speaks[i] &&
				    !alternatives_below(transcript, i);
	if (rc == 0 && branch)
		rc = alternatives_take(transcript, named == BRANCHES_NONE ? root :
				 at[named].parent, branch, err);
	for (here = at[root].chosen; rc == 0 && here != BRANCHES_NONE;
	     here = at[here].chosen) {
		rc = array_room(&transcript->path, err);
		if (rc < 0)
			break;
		transcript->path.at[transcript->path.n++] = here;
		/* Its own alternative is read from where it was named. */
		if (here == named || (named != BRANCHES_NONE && branch &&
				      at[here].parent == at[named].parent))
			transcript->named = transcript->path.n;
	}
	return rc;
}

/* "session:P:C" of a session or of its message. */
static int put_session(struct transcript *transcript, struct span entity,
		       struct err *err)
{
	const struct kind *kind;
	struct home home;
	int rc = entity_home(entity, &home, &kind, err);

	if (rc < 0)
		return rc;
	if (strcmp(kind->name, "session") && strcmp(kind->name, "message"))
		return err_set(err, ERR_INVALID, "'%.*s' is neither a session "
			       "nor a message: 'vvault show' shows it",
			       (int)entity.len, entity.at);
	buf_putf(&transcript->entity, "session:%.*s", (int)home.key.len,
		 home.key.at);
	return buf_end(&transcript->entity, err);
}

static int build(struct transcript *transcript, struct span entity,
		 uint64_t branch, struct err *err)
{
	bool is_message = span_begins(entity, "message:");
	struct buf active = BUF_INIT(BUF_NO_LIMIT);
	int rc = hang_in_order(&transcript->said, err);

	if (rc == 0 && is_message)
		rc = buf_add_span(&active, entity, err);
	else if (rc == 0)
		rc = talk_text(transcript->view,
			       buf_span(&transcript->state), "active",
			       &active, err);
	if (rc == 0)
		rc = branches_build(&transcript->said, &active,
				    &transcript->branches, err);
	if (rc == 0)
		rc = choose(transcript, is_message ?
			    find_named(transcript, entity) : BRANCHES_NONE,
			    branch, err);
	buf_release(&active);
	return rc;
}

int transcript_read(struct view *view, struct span entity, uint64_t branch,
		    struct transcript *out, struct err *err)
{
	const struct view_visitor visitor = { take_entity, out };
	int rc = put_session(out, entity, err);

	out->view = view;
	if (rc == 0)
		rc = view_home(view, buf_span(&out->entity), &visitor, err);
	if (rc == 0 && !out->state.len && !out->said.n)
		rc = err_set(err, ERR_NOT_FOUND, "no session '%s' in '%s'",
			     buf_text(&out->entity), view->ref_name);
	if (rc == 0 && !out->state.len)
		rc = buf_add_str(&out->state, "{}", err);
	return rc < 0 ? rc : build(out, entity, branch, err);
}

int transcript_hang(struct transcript *transcript, struct err *err)
{
	return build(transcript, buf_span(&transcript->entity), 0, err);
}
