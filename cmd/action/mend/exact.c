#include "cmd/action/mend/exact.h"

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"

static bool find(struct span object, struct span name, struct span *out)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span at;

	while (jcs_next(&iter, &at, out)) {
		if (span_equals(at, name))
			return true;
	}
	return false;
}

static int put_member(struct jcs_fields *fields, struct span name,
		      struct span value, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_inner_decode(name, &text, err);

	fields_add(fields, buf_span(&text), value);
	buf_release(&text);
	return rc;
}

static int put_members(struct jcs_fields *fields, struct span value,
		       struct span other, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(value);
	struct span name;
	struct span mine;
	struct span theirs;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, &name, &mine)) {
		struct buf inner = BUF_INIT(BUF_NO_LIMIT);

		if (!find(other, name, &theirs))
			theirs = span_of("null", 4);
		rc = exact_value(mine, theirs, &inner, err);
		if (rc == 0)
			rc = put_member(fields, name, buf_span(&inner), err);
		buf_release(&inner);
	}
	iter = jcs_iter_object(other);
	while (rc == 0 && jcs_next(&iter, &name, &theirs)) {
		if (!find(value, name, &mine))
			rc = put_member(fields, name, span_of("null", 4),
					err);
	}
	return rc;
}

/* As deep as JSON may be: JCS_DEPTH_MAX. */
int exact_value(struct span value, struct span other, struct buf *out,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (jcs_type_of(value) != JCS_OBJECT ||
	    jcs_type_of(other) != JCS_OBJECT)
		return buf_add_span(out, value, err);
	rc = put_members(&fields, value, other, err);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}
