#include "cmd/action/history/brought.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/forget/forget_list.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

#define CAPSULE "capsule"

void brought_list_release(struct brought_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		buf_release(&list->at[i].first);
	free(list->at);
	*list = (struct brought_list)BROUGHT_LIST_INIT;
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

static int take_source(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct brought *brought = arg;

	return brought->n++ ? 0 : put_source(entity, &brought->first, err);
}

static int take_forgotten(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct brought *brought = arg;

	(void)err;
	brought->went += forget_list_count(view_newest(entity)->record.data);
	return 0;
}

static int look_between(struct view *from, struct view *to,
			const struct version *version, struct brought *brought,
			struct err *err)
{
	const struct view_visitor source = { take_source, brought };
	const struct view_visitor forgotten = { take_forgotten, brought };
	int rc;

	if (codec_mode(to->codec) == CODEC_BLIND)
		return 0;
	if (version->change == CHANGE_FORGET)
		return view_came(from, to, kind_find(span_str("forget")),
				 &forgotten, err);
	rc = view_came(from, to, kind_find(span_str("source")), &source, err);
	return rc < 0 ? rc : view_came(from, to, kind_find(span_str(CAPSULE)),
				       &source, err);
}

static int find_between(struct vault *vault, const struct version *version,
			struct brought *brought, struct err *err)
{
	struct view *from = NULL;
	struct view *to = NULL;
	int rc = view_open_versions(vault, version->construct, version->parents,
				    version->parents_n, &from, err);

	if (rc == 0)
		rc = view_open_versions(vault, version->construct, &version->id,
					1, &to, err);
	if (rc == 0)
		rc = look_between(from, to, version, brought, err);
	view_free(from);
	view_free(to);
	return rc;
}

int brought_find(struct brought_list *list, struct vault *vault,
		 const struct version *version, const struct brought **out,
		 struct err *err)
{
	struct brought *brought;
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
	*out = brought = &list->at[list->n++];
	*brought = (struct brought){ .version = version->id,
				     .first = BUF_INIT(BUF_NO_LIMIT) };
	return find_between(vault, version, brought, err);
}
