#include "cmd/action/mend/form/form_internal.h"
#include "cmd/action/mend/hand/strict.h"

static int check_change(const struct kind *kind,
			const struct form_change *change, struct err *err)
{
	struct buf first = BUF_INIT(BUF_NO_LIMIT);
	const struct kind_field *field;
	int rc;

	form_put_decoded(&first, form_first_part(change->name));
	rc = buf_end(&first, err);
	field = kind_field(kind, buf_span(&first));
	if (rc == 0 && field && (field->flags & KIND_FIXED))
		rc = err_set(err, ERR_INVALID, "'%s' of a %s is not for "
			     "editing; 'vvault add' can set it", field->name,
			     kind->name);
	if (rc == 0 && field && (field->flags & KIND_NEEDED) &&
	    !change->text.len)
		rc = err_set(err, ERR_INVALID, "a %s needs '%s'; 'vvault rm' "
			     "deletes it", kind->name, field->name);
	if (rc == 0)
		rc = strict_name(kind, buf_span(&first), err);
	buf_release(&first);
	return rc;
}

/* Is it there already, just so? */
static int says_what_stands(const struct kind *kind, const struct jval *state,
			    const struct form_change *change, bool *out,
			    struct err *err)
{
	const struct jval *before = form_find(state, change->name);
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct buf after = BUF_INIT(BUF_NO_LIMIT);
	struct buf stands = BUF_INIT(BUF_NO_LIMIT);
	int rc = form_put_text(&json, kind, before, change, err);

	if (rc == 0)
		rc = buf_end(&json, err);
	if (rc == 0)
		rc = form_canonical(buf_span(&json), &after, err);
	if (rc == 0 && before)
		rc = jdoc_to_jcs(before, &stands, err);
	else if (rc == 0)
		rc = buf_add_str(&stands, "null", err);
	*out = rc == 0 && span_equals(buf_span(&after), buf_span(&stands));
	buf_release(&json);
	buf_release(&after);
	buf_release(&stands);
	return rc;
}

int form_choose(const struct kind *kind, const struct jval *state,
		struct form_change *changes, size_t *n, struct err *err)
{
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < *n; i++) {
		bool stands = false;

		rc = check_change(kind, &changes[i], err);
		if (rc == 0)
			rc = says_what_stands(kind, state, &changes[i], &stands,
					      err);
		if (!stands)
			changes[kept++] = changes[i];
	}
	*n = kept;
	return rc;
}
