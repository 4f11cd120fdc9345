#include "cmd/action/mend/hand/strict.h"

#include <string.h>

#include "lib/base/nearest.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

#define ALL_THE_SAME "--as-is takes it all the same"

int strict_name(const struct kind *kind, struct span name, struct err *err)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	const char *near = kind_field(kind, name) ? NULL :
			   kind_field_near(kind, name);
	int rc = 0;

	if (!near)
		return 0;
	rc = text_escape(&safe, name, 0, err);
	if (rc == 0)
		rc = err_set(err, ERR_INVALID, "'%s' is no field of a %s; is "
			     "'%s' meant?", buf_text(&safe), kind->name, near);
	buf_release(&safe);
	return rc;
}

/* Is it there, or what stands in for it? */
static bool has_needed(const struct kind *kind, const char *name,
		       struct span data)
{
	const struct kind_field *field;
	struct span value;

	if (jcs_find(data, name, &value) && jcs_type_of(value) != JCS_NULL)
		return true;
	for (field = kind->fields; field->name; field++) {
		if ((field->flags & KIND_STANDS_IN) &&
		    jcs_find(data, field->name, &value))
			return true;
	}
	return false;
}

static int check_needed(const struct kind *kind, struct span data,
			struct err *err)
{
	const struct kind_field *field;

	for (field = kind->fields; field->name; field++) {
		if ((field->flags & KIND_NEEDED) &&
		    !has_needed(kind, field->name, data))
			return err_set(err, ERR_INVALID, "a new %s needs '%s'; "
				       ALL_THE_SAME, kind->name, field->name);
	}
	return 0;
}

int strict_data(const struct kind *kind, const char *type, struct span data,
		struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(data);
	struct err reason = ERR_INIT;
	struct span name;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, &name, NULL))
		rc = strict_name(kind, name, &reason);
	if (rc == ERR_INVALID)
		return err_set(err, ERR_INVALID, "%s " ALL_THE_SAME,
			       reason.text);
	if (rc == 0 && !strcmp(type + strlen(kind->name), ":create"))
		return check_needed(kind, data, err);
	return err_copy(err, rc, &reason);
}

struct looking {
	struct nearest nearest;
	const struct kind *kind;
	char found[ENTITY_MAX_BYTES + 1];
};

static int look_at(void *arg, const struct view_entity *entity,
		   struct err *err)
{
	struct looking *looking = arg;

	(void)err;
	if (entity->kind != looking->kind)
		return 0;
	nearest_try(&looking->nearest, entity->entity);
	if (looking->nearest.found.at == entity->entity.at) {
		memcpy(looking->found, entity->entity.at, entity->entity.len);
		looking->found[entity->entity.len] = '\0';
		looking->nearest.found = span_str(looking->found);
	}
	return 0;
}

/* What lives with others is looked for among them. */
static int look(struct vault *vault, const char *construct, const char *entity,
		struct looking *looking, struct err *err)
{
	const struct view_visitor visitor = { look_at, looking };
	char ref_name[CONSTRUCT_NAME_MAX];
	struct view *view = NULL;
	struct home home;
	int rc = entity_home(span_str(entity), &home, &looking->kind, err);

	if (rc == 0)
		rc = vault_ref_name(vault, construct, ref_name, err);
	if (rc == 0)
		rc = view_open_ref(vault, ref_name, &view, err);
	if (rc == 0)
		rc = home.is_shared && strncmp(entity, "session:", 8) ?
		     view_home(view, span_str(entity), &visitor, err) :
		     view_each(view, looking->kind, false, &visitor, err);
	view_free(view);
	return rc;
}

int strict_no_entity(struct vault *vault, const char *construct,
		     const char *entity, struct err *err)
{
	struct looking looking = { .nearest = NEAREST_INIT(entity) };
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	struct err quiet = ERR_INIT;

	if (look(vault, construct, entity, &looking, &quiet) < 0)
		looking.found[0] = '\0';
	if (text_escape(&safe, span_str(looking.found), 0, err) == 0)
		(void)err_set(err, ERR_NOT_FOUND, looking.found[0] ?
			      "'%s' has no '%s'; is '%s' meant?" :
			      "'%s' has no '%s'%s", construct, entity,
			      buf_text(&safe));
	buf_release(&safe);
	return ERR_NOT_FOUND;
}
