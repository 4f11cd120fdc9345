#include "cmd/export/lore.h"

#include <stdlib.h>

#include "cmd/export/kept.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

static int take_entry(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct lore_entry *entry = arg;

	entry->is_edited = export_is_edited(entity, NULL);
	return entity->state.at ? buf_add_span(&entry->state, entity->state,
					       err) : 0;
}

void lore_release(struct lore *lore)
{
	size_t i;

	for (i = 0; i < lore->n; i++) {
		buf_release(&lore->at[i].entity);
		buf_release(&lore->at[i].state);
	}
	free(lore->at);
}

/* The entries that a canonical array of entities names. */
int lore_read(struct view *view, struct span list, struct lore *lore,
		     struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(list);
	struct view_visitor visitor = { take_entry, NULL };
	struct lore_entry *entry;
	struct span value;
	void *at;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, NULL, &value)) {
		at = lore->at;
		rc = array_grow(&at, &lore->cap, lore->n, sizeof(*lore->at), err);
		lore->at = at;
		if (rc < 0)
			break;
		entry = &lore->at[lore->n++];
		memset(entry, 0, sizeof(*entry));
		entry->entity = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		entry->state = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		visitor.arg = entry;
		rc = jcs_string_decode(value, &entry->entity, err);
		if (rc >= 0)
			rc = view_one(view, buf_span(&entry->entity),
				      &visitor, err);
		lore->is_edited |= entry->is_edited || !entry->state.len;
	}
	return rc;
}

int lore_add_members(struct jcs_fields *fields, struct span object,
		       const char *but, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span inner;
	struct span value;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, &inner, &value)) {
		if (but && span_equals(inner, span_str(but)))
			continue;
		buf_reset(&name);
		rc = jcs_inner_decode(inner, &name, err);
		if (rc >= 0)
			rc = jcs_fields_add(fields, buf_span(&name), value,
					    err);
	}
	buf_release(&name);
	return rc;
}

/*
 * An entry in the source's own names, canonical. The words that call for it
 * are its tags, unless no set could stand for them.
 */
static int write_entry(const struct lore_entry *entry, struct buf *out,
		       struct err *err)
{
	struct span state = buf_span(&entry->state);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span native = { NULL, 0 };
	struct span tags = { "[]", 2 };
	struct span value;
	int rc;

	jcs_find(state, "native", &native);
	jcs_find(state, "tags", &tags);
	rc = lore_add_members(&fields, native, NULL, err);
	if (rc >= 0 && !jcs_find(native, "keys", &value) &&
	    !jcs_find(native, "key", &value))
		rc = jcs_fields_raw(&fields, jcs_find(native, "uid", &value) ?
				    "key" : "keys", tags, err);
	if (rc >= 0 && !jcs_find(native, "content", &value) &&
	    jcs_find(state, "content", &value))
		rc = jcs_fields_raw(&fields, "content", value, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

int lore_write(const struct lore *lore, struct buf *out,
			 struct err *err)
{
	size_t i;
	int rc;

	rc = buf_add_char(out, '[', err);
	for (i = 0; rc >= 0 && i < lore->n; i++) {
		if (!lore->at[i].state.len)
			continue;
		if (out->data[out->len - 1] != '[')
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = write_entry(&lore->at[i], out, err);
	}
	return rc < 0 ? rc : buf_add_char(out, ']', err);
}
