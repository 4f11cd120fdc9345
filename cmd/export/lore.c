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

static int read_entry(struct view *view, struct span name,
		      struct lore_entry *entry, struct err *err)
{
	const struct view_visitor visitor = { take_entry, entry };
	int rc = jcs_string_decode(name, &entry->entity, err);

	if (rc == 0)
		rc = view_one(view, buf_span(&entry->entity), &visitor, err);
	return rc;
}

int lore_read(struct view *view, struct span list, struct lore *lore,
	      struct err *err)
{
	const struct lore_entry none = {
		BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), false
	};
	struct jcs_iter iter = jcs_iter_array(list);
	struct lore_entry *entry;
	struct span name;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &name)) {
		rc = array_room(lore, err);
		if (rc < 0)
			break;
		entry = &lore->at[lore->n++];
		*entry = none;
		rc = read_entry(view, name, entry, err);
		lore->is_edited |= entry->is_edited || !entry->state.len;
	}
	return rc;
}

void lore_add_members(struct jcs_fields *fields, struct span object,
		      const char *but)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span inner;
	struct span value;

	while (jcs_next(&iter, &inner, &value)) {
		if (but && span_equals(inner, span_str(but)))
			continue;
		buf_reset(&name);
		fields_fail(fields, jcs_inner_decode(inner, &name, NULL),
			    NULL);
		fields_add(fields, buf_span(&name), value);
	}
	buf_release(&name);
}

/*
 * An entry in the source's own names. The words that call for it are its
 * tags, unless no set could stand for them.
 */
static void write_entry(const struct lore_entry *entry, struct buf *out)
{
	struct span state = buf_span(&entry->state);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span native = { NULL, 0 };
	struct span tags = { "[]", 2 };
	struct span value;

	jcs_find(state, "native", &native);
	jcs_find(state, "tags", &tags);
	lore_add_members(&fields, native, NULL);
	if (!jcs_find(native, "keys", &value) &&
	    !jcs_find(native, "key", &value))
		fields_raw(&fields, jcs_find(native, "uid", &value) ? "key" :
			   "keys", tags);
	if (!jcs_find(native, "content", &value) &&
	    jcs_find(state, "content", &value))
		fields_raw(&fields, "content", value);
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	jcs_fields_release(&fields);
}

void lore_write(const struct lore *lore, struct buf *out)
{
	const char *before = "";
	size_t i;

	buf_put_char(out, '[');
	for (i = 0; i < lore->n; i++) {
		if (!lore->at[i].state.len)
			continue;
		buf_put_str(out, before);
		write_entry(&lore->at[i], out);
		before = ",";
	}
	buf_put_char(out, ']');
}
