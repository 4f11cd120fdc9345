#include "cmd/action/mend/hand/doomed.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/tree/segment_standing.h"

void doomed_release(struct doomed *doomed)
{
	size_t i;

	for (i = 0; i < doomed->n; i++) {
		free(doomed->at[i].entity);
		free(doomed->at[i].standing.ids);
	}
	free(doomed->at);
	*doomed = (struct doomed)DOOMED_INIT;
}

static int copy_standing(const struct standing *from, struct standing *out,
			 struct err *err)
{
	*out = *from;
	out->ids = calloc(from->n + 1, sizeof(*out->ids));
	if (!out->ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (from->n)
		memcpy(out->ids, from->ids, from->n * sizeof(*out->ids));
	return 0;
}

static int doom(struct doomed *doomed, struct span entity,
		const struct kind *kind, const struct standing *standing,
		struct err *err)
{
	struct doomed_one *one;
	int rc = array_room(doomed, err);

	if (rc < 0)
		return rc;
	one = &doomed->at[doomed->n];
	one->kind = kind;
	one->entity = strndup(entity.at, entity.len);
	rc = copy_standing(standing, &one->standing, err);
	if (rc == 0 && !one->entity)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0) {
		doomed->n++;
		return 0;
	}
	free(one->entity);
	free(one->standing.ids);
	return rc;
}

struct gathering_doom {
	struct doomed *doomed;
	const struct target *session;
};

/* From the records at hand, where they fit: a look for each would read the
 * home for each. */
static int standing_of(const struct view_entity *entity,
		       struct gathering_doom *gathering, struct standing *out,
		       struct err *err)
{
	struct segment_standing short_one;
	bool fits = false;
	struct standing found = { NULL, 0, HLC_INIT };
	int rc = segment_standing_of(entity->records, entity->records_n,
				     &short_one, &fits, err);

	if (rc < 0)
		return rc;
	if (!fits)
		return view_standing(gathering->session->ref.view,
				     entity->entity, out, err);
	found.ids = short_one.ids;
	found.n = short_one.heads_n;
	if (hlc_parse(span_of(short_one.newest, HLC_TEXT), &found.newest, NULL,
		      NULL) < 0)
		found.newest = (struct hlc)HLC_INIT;
	return copy_standing(&found, out, err);
}

static int doom_member(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct gathering_doom *gathering = arg;
	struct doomed *doomed = gathering->doomed;
	struct standing standing = { NULL, 0, HLC_INIT };
	int rc;

	if (!entity->state.at ||
	    span_equals(entity->entity, target_entity(gathering->session)))
		return 0;
	rc = standing_of(entity, gathering, &standing, err);
	if (rc == 0)
		rc = doom(doomed, entity->entity, entity->kind, &standing, err);
	doomed->messages += rc == 0 && !strcmp(entity->kind->name, "message");
	free(standing.ids);
	return rc;
}

static bool is_doomed(const struct doomed *doomed, struct span entity)
{
	size_t i;

	for (i = 0; i < doomed->n; i++) {
		if (span_equals(span_str(doomed->at[i].entity), entity))
			return true;
	}
	return false;
}

int doomed_add(struct doomed *doomed, const struct target *target,
	       struct err *err)
{
	struct gathering_doom gathering = { doomed, target };
	const struct view_visitor visitor = { doom_member, &gathering };
	struct span entity = target_entity(target);
	int rc = 0;

	if (is_doomed(doomed, entity))
		return 0;
	if (target->standing.n)
		rc = doom(doomed, entity, target->kind, &target->standing, err);
	if (rc == 0 && !strcmp(target->kind->name, "session"))
		rc = view_home(target->ref.view, entity, &visitor, err);
	return rc;
}
