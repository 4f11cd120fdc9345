#include "cmd/export/members.h"

void export_put_string(struct buf *out, struct span text)
{
	buf_fail(out, jdoc_add_text(out, text, NULL));
}

static void begin_member(struct export_members *members, struct span name)
{
	buf_put_char(members->out, members->has_some ? ',' : '{');
	members->has_some = true;
	export_put_string(members->out, name);
	buf_put_char(members->out, ':');
}

static void copy_member(struct export_members *members,
			const struct jval *member)
{
	begin_member(members, member->key);
	buf_put_span(members->out, member->raw);
}

static bool was_written(const struct export_members *members,
			struct span name)
{
	size_t i;

	for (i = 0; i < members->names_n; i++) {
		if (span_equals(name, span_str(members->names[i])))
			return true;
	}
	return false;
}

void export_member(struct export_members *members, const char *name)
{
	const size_t most = sizeof(members->names) / sizeof(members->names[0]);

	if (members->names_n < most)
		members->names[members->names_n++] = name;
	begin_member(members, span_str(name));
}

void export_member_text(struct export_members *members, const char *name,
			struct span text)
{
	export_member(members, name);
	export_put_string(members->out, text);
}

void export_member_raw(struct export_members *members, const char *name,
		       const struct jval *value)
{
	export_member(members, name);
	buf_put_span(members->out, value->raw);
}

void export_member_either(struct export_members *members, const char *name,
			  const struct jval *own, struct span text)
{
	if (own)
		export_member_raw(members, name, own);
	else if (text.at)
		export_member_text(members, name, text);
}

bool export_is_absent(const struct jval *list, const char *name)
{
	const struct jval *item = jval_is(list, JVAL_ARRAY) ?
				  jval_first(list) : NULL;

	while (item && !jval_is_text(item, name))
		item = item->next;
	return item != NULL;
}

bool export_says(const struct jval *object, const char *name)
{
	const struct jval *value = jval_get(object, name);

	return value && !jval_is(value, JVAL_NULL);
}

void export_member_all(struct export_members *members,
		       const struct jval *object)
{
	const struct jval *child = jval_is(object, JVAL_OBJECT) ?
				   jval_first(object) : NULL;

	for (; child; child = child->next) {
		if (!was_written(members, child->key))
			copy_member(members, child);
	}
}

static bool is_named(struct span name, const char *const *names)
{
	for (; *names; names++) {
		if (span_equals(name, span_str(*names)))
			return true;
	}
	return false;
}

void export_member_rest(struct export_members *members,
			const struct jval *object, const char *const *known)
{
	const struct jval *rest = jval_get(object, "rest");
	const struct jval *child;

	for (child = jval_first(object); child; child = child->next) {
		if (child != rest && !is_named(child->key, known))
			copy_member(members, child);
	}
	if (!jval_is(rest, JVAL_OBJECT))
		return;
	for (child = jval_first(rest); child; child = child->next) {
		/* These are names of ours, these the source's own. */
		if (!is_named(child->key, known) ||
		    span_equals(child->key, span_str("blocks")) ||
		    span_equals(child->key, span_str("absent")))
			copy_member(members, child);
	}
}

void export_members_end(struct export_members *members)
{
	buf_put_str(members->out, members->has_some ? "}" : "{}");
}
