#include "cmd/context/brief_internal.h"

#include "lib/json/jcs_scan.h"

static void put_optional(struct jcs_fields *fields, const char *name,
			 struct span text)
{
	if (text.len)
		fields_text(fields, name, text);
	else
		fields_null(fields, name);
}

static void put_brief_item(struct buf *list, const struct brief_item *item)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(item->json);
	struct span name;
	struct span value;

	while (jcs_next(&iter, &name, &value))
		fields_add(&fields, name, value);
	put_optional(&fields, "ref", item->ref);
	put_optional(&fields, "head", item->head);
	fields_text(&fields, "text", brief_shown(item));
	fields_integer(&fields, "cut",
		       (int64_t)(item->text.len - item->shown));
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
}

static void put_section(struct buf *list, const struct brief_section *section)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf items = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&items, '[');
	for (i = 0; i < section->items.n; i++) {
		if (section->items.at[i].is_in)
			put_brief_item(&items, &section->items.at[i]);
	}
	buf_put_char(&items, ']');
	fields_str(&fields, "name", section->name);
	fields_str(&fields, "title", section->title);
	fields_integer(&fields, "tokens", (int64_t)section->tokens);
	fields_buf(&fields, "items", &items);
	fields_integer(&fields, "left_out", (int64_t)brief_left_out(section));
	fields_integer(&fields, "same", (int64_t)section->same);
	put_optional(&fields, "more", section->more);
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
	buf_release(&items);
}

int brief_put(const struct brief *brief, struct span text,
	     struct jcs_fields *fields, struct err *err)
{
	struct buf sections = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&sections, '[');
	for (i = 0; i < brief->n; i++) {
		if (brief->sections[i].items.n || brief->sections[i].beyond)
			put_section(&sections, &brief->sections[i]);
	}
	buf_put_char(&sections, ']');
	fields_integer(fields, "budget", (int64_t)brief->budget);
	fields_integer(fields, "tokens", (int64_t)brief->tokens);
	fields_buf(fields, "sections", &sections);
	fields_text(fields, "page", text);
	buf_release(&sections);
	return fields_end(fields, err);
}
