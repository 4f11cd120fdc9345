#include "cmd/action/mend/resolving.h"

#include <stdio.h>

#include "cmd/action/entry.h"
#include "cmd/action/result.h"

#define TYPE_MAX 64

/*
 * It has seen what was chosen among: all that stood in this view, and nothing
 * that was written meanwhile, which stays in conflict with it.
 */
static int queue(struct resolving *resolving, struct entry *entry,
		 struct err *err)
{
	int rc = view_standing(resolving->view, span_str(entry->entity),
			       &entry->prev, err);

	if (rc == 0)
		rc = vault_observe(entry->vault, &entry->prev.newest, false,
				   err);
	return rc < 0 ? rc : entry_add(entry, buf_span(&resolving->data),
				       err);
}

static int write_record(struct resolving *resolving, struct span name,
			struct entry *entry, struct write_result *result,
			struct err *err)
{
	const char *kind = resolving->settling.entity->kind->name;
	struct buf subject = BUF_INIT(256);
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	char type[TYPE_MAX];
	int rc = buf_add_span(&entity, name, err);

	snprintf(type, sizeof(type), "%s:%s", kind,
		 resolving->deletes ? "delete" : "update");
	entry->type = type;
	entry->entity = buf_text(&entity);
	if (rc == 0)
		rc = entry_open(entry, err);
	if (rc == 0)
		rc = queue(resolving, entry, err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "resolve: %zu field%s of a %s",
				resolving->made,
				resolving->made == 1 ? "" : "s", kind);
	if (rc == 0)
		rc = entry_commit(entry, resolving->call, buf_text(&subject),
				  result, err);
	buf_release(&subject);
	buf_release(&entity);
	return rc;
}

static int put_settled(const struct resolving *resolving,
		       struct jcs_fields *fields, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	buf_put_char(&list, '[');
	for (i = 0; rc == 0 && i < resolving->disputes.n; i++) {
		const struct choice *choice = &resolving->choices[i];
		struct jcs_fields one = JCS_FIELDS_INIT;

		if (!choice->is_made)
			continue;
		fields_text(&one, "field", choice->dispute->field);
		if (choice->deletes || !choice->dispute->field.len)
			fields_bool(&one, "deletes", choice->deletes);
		else
			fields_raw(&one, "value", buf_span(&choice->value));
		if (list.len > 1)
			buf_put_char(&list, ',');
		rc = jcs_fields_write(&one, &list, err);
		jcs_fields_release(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "fields", &list);
	buf_release(&list);
	return rc;
}

static int emit(const struct resolving *resolving, const struct entry *entry,
		const struct write_result *result, struct err *err)
{
	const struct view_entity *entity = resolving->settling.entity;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t left = resolving->deletes ? 0 :
		      resolving->disputes.n - resolving->made;
	int rc = put_settled(resolving, &fields, err);

	entry_put(entry, result, &fields);
	fields_text(&fields, "entity", entity->entity);
	fields_str(&fields, "kind", entity->kind->name);
	fields_integer(&fields, "left", (int64_t)left);
	if (rc == 0)
		rc = host_object(resolving->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int resolving_write(struct resolving *resolving, struct err *err)
{
	const struct view_entity *entity = resolving->settling.entity;
	struct write_result result = { .has_version = false };
	struct entry entry = {
		.vault = resolving->call->vault, .kind = entity->kind,
		.construct = view_title(resolving->view),
	};
	int rc = resolving->deletes ?
		 buf_add_str(&resolving->data, "{}", err) :
		 choices_compose(entity, resolving->choices,
				 resolving->disputes.n, &resolving->data, err);

	if (rc == 0)
		rc = write_record(resolving, entity->entity, &entry, &result,
				  err);
	if (rc == 0)
		rc = emit(resolving, &entry, &result, err);
	entry_release(&entry);
	return rc;
}
