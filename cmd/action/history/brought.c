#include "cmd/action/history/brought.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"

#define CAPSULE "capsule"

/* A look at the sources of both sides. */
struct look {
	struct table before;	/* digests of their entities */
	struct brought *brought;
};

void brought_list_release(struct brought_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		buf_release(&list->at[i].first);
	free(list->at);
	*list = (struct brought_list)BROUGHT_LIST_INIT;
}

static int take_before(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct look *look = arg;
	unsigned char digest[SHA256_BYTES];

	sha256_of(entity->entity.at, entity->entity.len, digest);
	return table_put(&look->before, digest, 1, err);
}

/* Of a capsule, which is its own source, the size stands with its bytes. */
static int put_source(const struct view_entity *entity, struct buf *out,
		      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	bool is_capsule = !strcmp(entity->kind->name, CAPSULE);
	struct span state = entity->state;
	struct span value;
	int rc;

	fields_text(&fields, "entity", entity->entity);
	if (is_capsule)
		fields_str(&fields, "format", CAPSULE);
	else if (state.at && jcs_find(state, "format", &value))
		fields_raw(&fields, "format", value);
	else
		fields_null(&fields, "format");
	if (is_capsule && (!state.at || !jcs_find(state, "source", &state)))
		state = span_str("{}");
	if (state.at && jcs_find(state, "size", &value) &&
	    jcs_type_of(value) == JCS_NUMBER)
		fields_raw(&fields, "size", value);
	else
		fields_null(&fields, "size");
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static int take_after(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct look *look = arg;
	unsigned char digest[SHA256_BYTES];

	sha256_of(entity->entity.at, entity->entity.len, digest);
	if (table_get(&look->before, digest, NULL) || look->brought->n++)
		return 0;
	return put_source(entity, &look->brought->first, err);
}

static int look_at(const struct view *view, const git_oid *versions, size_t n,
		   const struct view_visitor *visitor, struct err *err)
{
	static const char *const kinds[] = { "source", CAPSULE };
	struct view *side = NULL;
	size_t i;
	int rc = view_open_versions(view->vault, view->ref_name, versions, n,
				    &side, err);

	for (i = 0; rc == 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		rc = view_each(side, kind_find(span_str(kinds[i])), true,
			       visitor, err);
	view_free(side);
	return rc;
}

int brought_find(struct brought_list *list, const struct view *view,
		 const struct version *version, const struct brought **out,
		 struct err *err)
{
	struct look look = { TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), NULL };
	const struct view_visitor before = { take_before, &look };
	const struct view_visitor after = { take_after, &look };
	size_t i;
	int rc;

	for (i = 0; i < list->n; i++) {
		*out = &list->at[i];
		if (git_oid_equal(&list->at[i].version, &version->id))
			return 0;
	}
	rc = array_room(list, err);
	if (rc < 0)
		return rc;
	*out = look.brought = &list->at[list->n++];
	*look.brought = (struct brought){ .version = version->id,
					  .first = BUF_INIT(BUF_NO_LIMIT) };
	rc = look_at(view, version->parents, version->parents_n, &before, err);
	if (rc == 0)
		rc = look_at(view, &version->id, 1, &after, err);
	table_release(&look.before);
	return rc;
}
