#include "cmd/export/members.h"

#include "cmd/export/plain.h"

int export_member(struct export_members *members, struct span name,
		  struct err *err)
{
	int rc;

	rc = buf_add_str(members->out, members->has_some ? "," : "{", err);
	members->has_some = true;
	if (rc >= 0)
		rc = export_string(name, members->out, err);
	return rc < 0 ? rc : buf_add_char(members->out, ':', err);
}

int export_member_text(struct export_members *members, const char *name,
		       struct span text, struct err *err)
{
	int rc;

	rc = export_member(members, span_str(name), err);
	return rc < 0 ? rc : export_string(text, members->out, err);
}

int export_member_raw(struct export_members *members, const char *name,
		      const struct jval *value, struct err *err)
{
	int rc;

	rc = export_member(members, span_str(name), err);
	return rc < 0 ? rc : buf_add_span(members->out, value->raw, err);
}

static bool is_named(struct span name, const char *const *names)
{
	for (; *names; names++) {
		if (span_equals(name, span_str(*names)))
			return true;
	}
	return false;
}

int export_member_rest(struct export_members *members,
		       const struct jval *object, const char *const *known,
		       struct err *err)
{
	const struct jval *child = jval_first(object);
	const struct jval *rest = jval_get(object, "rest");
	int rc = 0;

	for (; rc >= 0 && child; child = child->next) {
		if (child == rest || is_named(child->key, known))
			continue;
		rc = export_member(members, child->key, err);
		if (rc >= 0)
			rc = buf_add_span(members->out, child->raw, err);
	}
	if (rc < 0 || !jval_is(rest, JVAL_OBJECT))
		return rc;
	for (child = jval_first(rest); rc >= 0 && child; child = child->next) {
		/* "blocks" is our name, this one is the source's own. */
		if (is_named(child->key, known) &&
		    !span_equals(child->key, span_str("blocks")))
			continue;
		rc = export_member(members, child->key, err);
		if (rc >= 0)
			rc = buf_add_span(members->out, child->raw, err);
	}
	return rc;
}

int export_member_either(struct export_members *members, const char *name,
			 const struct jval *own, struct span text,
			 struct err *err)
{
	if (own)
		return export_member_raw(members, name, own, err);
	return text.at ? export_member_text(members, name, text, err) : 0;
}

int export_members_end(struct export_members *members, struct err *err)
{
	return buf_add_str(members->out, members->has_some ? "}" : "{}", err);
}
