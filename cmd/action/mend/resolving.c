#include "cmd/action/mend/resolving.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/action/result.h"

#define TYPE_MAX 64

void resolving_clear(struct resolving *resolving)
{
	size_t i;

	for (i = 0; resolving->choices && i < resolving->disputes.n; i++)
		buf_release(&resolving->choices[i].value);
	free(resolving->choices);
	resolving->choices = NULL;
	dispute_list_release(&resolving->disputes);
	buf_release(&resolving->data);
	resolving->made = 0;
	resolving->deletes = false;
}

int resolving_begin(struct resolving *resolving,
		    const struct view_entity *entity, struct err *err)
{
	size_t i;
	int rc = dispute_list_of(entity, &resolving->disputes, err);

	resolving->is_there = true;
	resolving->settling.entity = entity;
	if (rc < 0 || !resolving->disputes.n)
		return rc;
	resolving->choices = calloc(resolving->disputes.n,
				    sizeof(*resolving->choices));
	if (!resolving->choices)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < resolving->disputes.n; i++)
		resolving->choices[i] = (struct choice)CHOICE_INIT(
			&resolving->disputes.at[i]);
	return 0;
}

static int add_record(struct resolving *resolving, struct entry *entry,
		      struct err *err)
{
	int rc;

	free(entry->prev.ids);
	entry->prev.ids = NULL;
	rc = view_standing(resolving->view, span_str(entry->entity),
			   &entry->prev, err);
	if (rc == 0)
		rc = vault_observe(entry->vault, &entry->prev.newest, false,
				   err);
	return rc < 0 ? rc : entry_add(entry, buf_span(&resolving->data),
				       err);
}

int resolving_queue(struct resolving *resolving, struct entry *entry,
		    struct err *err)
{
	const struct view_entity *of = resolving->settling.entity;
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	char type[TYPE_MAX];
	int rc = resolving->deletes ?
		 buf_add_str(&resolving->data, "{}", err) :
		 choices_compose(of, resolving->choices,
				 resolving->disputes.n, &resolving->data, err);

	if (rc == 0)
		rc = buf_add_span(&entity, of->entity, err);
	snprintf(type, sizeof(type), "%s:%s", of->kind->name,
		 resolving->deletes ? "delete" : "update");
	entry->kind = of->kind;
	entry->type = type;
	entry->entity = buf_text(&entity);
	if (rc == 0)
		rc = add_record(resolving, entry, err);
	entry->type = entry->entity = NULL;
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
	struct write_result result = { .has_version = false };
	struct entry entry = {
		.vault = resolving->call->vault,
		.construct = view_title(resolving->view),
	};
	struct buf subject = BUF_INIT(256);
	int rc = entry_open(&entry, err);

	if (rc == 0)
		rc = resolving_queue(resolving, &entry, err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "resolve: %zu field%s of a %s",
				resolving->made,
				resolving->made == 1 ? "" : "s",
				entry.kind->name);
	if (rc == 0)
		rc = entry_commit(&entry, resolving->call, buf_text(&subject),
				  &result, err);
	if (rc == 0)
		rc = emit(resolving, &entry, &result, err);
	buf_release(&subject);
	entry_release(&entry);
	return rc;
}
