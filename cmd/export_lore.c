#include "cmd/export_lore.h"

#include <stdlib.h>

#include "cmd/export_kept.h"
#include "lib/array.h"
#include "lib/jcs_scan.h"

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

/* Do two canonical arrays hold the same words, in any order? */
static bool same_words(struct span a, struct span b)
{
	struct jcs_iter left = jcs_iter_array(a);
	struct jcs_iter right = jcs_iter_array(b);
	struct span word;
	struct span other;
	size_t n = 0;
	bool is_there;

	while (jcs_next(&left, NULL, &word)) {
		struct jcs_iter again = right;

		n++;
		is_there = false;
		while (!is_there && jcs_next(&again, NULL, &other))
			is_there = span_equals(word, other);
		if (!is_there)
			return false;
	}
	while (jcs_next(&right, NULL, &other))
		n--;
	return !n;
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

/* An entry in the source's own names, canonical. */
static int write_entry(const struct lore_entry *entry, struct buf *out,
		       struct err *err)
{
	struct span state = buf_span(&entry->state);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const char *keys = "keys";
	struct span native = { NULL, 0 };
	struct span own = { NULL, 0 };
	struct span tags = { "[]", 2 };
	struct span value;
	int rc = 0;

	jcs_find(state, "native", &native);
	jcs_find(state, "tags", &tags);
	if (!jcs_find(native, "keys", &own) && jcs_find(native, "key", &own))
		keys = "key";
	/* The source's order, unless other words call for it now. */
	if (jcs_type_of(own) == JCS_ARRAY && !same_words(own, tags))
		own = tags;
	rc = lore_add_members(&fields, native, keys, err);
	if (rc >= 0 && own.len)
		rc = jcs_fields_raw(&fields, keys, own, err);
	if (rc >= 0 && jcs_find(state, "content", &value))
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
