#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/action/mend/choice.h"
#include "cmd/action/mend/exact.h"
#include "lib/id/cid.h"

#define CLOCK "2026-01-01T00:00:00.000000Z-0000-00000000"

/* --- fields to an object --- */

static size_t token_end(struct span pointer, size_t at)
{
	while (at < pointer.len && pointer.at[at] != '/')
		at++;
	return at;
}

/* "a~1b" as the name that it is. */
static int put_name(struct span token, struct buf *out, struct err *err)
{
	size_t i;

	for (i = 0; i < token.len; i++) {
		char byte = token.at[i];

		if (byte == '~' && i + 1 < token.len)
			byte = token.at[++i] == '1' ? '/' : '~';
		buf_put_char(out, byte);
	}
	return buf_end(out, err);
}

/* Nothing of the other values, or of what stands, is to stand below it. */
static int put_value(const struct choice *choice, struct span state,
		     struct buf *out, struct err *err)
{
	const struct dispute *dispute = choice->dispute;
	struct buf before = BUF_INIT(BUF_NO_LIMIT);
	struct span other = { NULL, 0 };
	bool is_there = false;
	size_t i;
	int rc = buf_add_span(out, buf_span(&choice->value), err);

	for (i = 0; rc == 0 && i <= dispute->n; i++) {
		if (i < dispute->n)
			other = dispute->at[i].value;
		else
			rc = fold_value_at(state, dispute->field, &other,
					   &is_there, err);
		if (rc < 0 || !other.at || (i == dispute->n && !is_there))
			continue;
		buf_reset(&before);
		rc = buf_add_span(&before, buf_span(out), err);
		buf_reset(out);
		if (rc == 0)
			rc = exact_value(buf_span(&before), other, out, err);
	}
	buf_release(&before);
	return rc;
}

static bool is_set(const struct choice *choice)
{
	return choice->is_made && choice->dispute->field.len;
}

/*
 * The object of what these choices set below the first `at` bytes of their
 * pointers, which they share. They come sorted, so that those with one name
 * there stand together; none is above another.
 */
static int put_object(const struct choice *choices, size_t n, size_t at,
		      struct span state, struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t first;
	size_t next;
	int rc = 0;

	for (first = 0; rc == 0 && first < n; first = next) {
		struct span pointer = choices[first].dispute->field;
		size_t end = token_end(pointer, at + 1);
		struct buf name = BUF_INIT(BUF_NO_LIMIT);
		struct buf value = BUF_INIT(BUF_NO_LIMIT);

		for (next = first + 1; next < n; next++) {
			struct span other = choices[next].dispute->field;

			if (token_end(other, at + 1) != end ||
			    memcmp(pointer.at, other.at, end) != 0)
				break;
		}
		rc = put_name(span_of(pointer.at + at + 1, end - at - 1),
			      &name, err);
		if (rc == 0 && end == pointer.len)
			rc = put_value(&choices[first], state, &value, err);
		else if (rc == 0)
			rc = put_object(choices + first, next - first, end,
					state, &value, err);
		fields_add(&fields, buf_span(&name), buf_span(&value));
		buf_release(&name);
		buf_release(&value);
	}
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

/* Of those that are made. */
static int put_chosen(const struct choice *choices, size_t n,
		      struct span state, struct buf *out, struct err *err)
{
	struct choice *made = calloc(n, sizeof(*made));
	size_t kept = 0;
	size_t i;
	int rc;

	if (!made)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++) {
		if (is_set(&choices[i]))
			made[kept++] = choices[i];
	}
	rc = put_object(made, kept, 0, state, out, err);
	free(made);
	return rc;
}

/* --- what was deleted meanwhile --- */

static bool is_disputed(const struct dispute *dispute,
			const struct fold_record *record)
{
	size_t i;

	for (i = 0; i < dispute->n; i++) {
		if (dispute->at[i].record == record)
			return !dispute->at[i].value.at;
	}
	return false;
}

/* What it would be if nobody had deleted it. */
static int put_kept(const struct view_entity *entity,
		    const struct dispute *dispute, struct buf *out,
		    struct err *err)
{
	struct fold_record *records = calloc(entity->records_n,
					     sizeof(*records));
	bool is_live = false;
	size_t n = 0;
	size_t i;
	int rc;

	if (!records)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < entity->records_n; i++) {
		if (!is_disputed(dispute, &entity->records[i]))
			records[n++] = entity->records[i];
	}
	rc = fold_entity(records, n, out, &is_live, NULL, err);
	if (rc == 0 && !is_live)
		rc = buf_add_str(out, "{}", err);
	free(records);
	return rc;
}

/* What is chosen stands on it, nulls and all, as a later record would. */
static int lay_over(const struct view_entity *entity, struct span kept,
		    struct span chosen, struct buf *out, struct err *err)
{
	struct fold_record records[2] = { { .id = { 1 } }, { .id = { 2 } } };
	char prev[CID_TEXT_MAX + sizeof("[\"\"]")];
	char id[CID_TEXT_MAX];
	bool is_live;
	size_t i;

	cid_text(CID_JSON, records[0].id, id);
	snprintf(prev, sizeof(prev), "[\"%s\"]", id);
	for (i = 0; i < 2; i++) {
		struct record *record = &records[i].record;

		record->kind = entity->kind;
		record->entity = entity->entity;
		record->verb = span_str("update");
		record->at = span_str(CLOCK);
		record->prev = span_str(i ? prev : "[]");
		record->data = i ? chosen : kept;
	}
	return fold_entity_above(records, 2, out, &is_live, NULL, err);
}

/* What is in dispute still, stays so: whoever settles one field says nothing
 * of the others. */
static int put_undecided(const struct choice *choices, size_t n,
			 struct span kept, struct buf *out, struct err *err)
{
	struct buf nulls = BUF_INIT(BUF_NO_LIMIT);
	struct choice *left = calloc(n, sizeof(*left));
	size_t count = 0;
	size_t i;
	int rc = left ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	for (i = 0; rc == 0 && i < n; i++) {
		if (choices[i].is_made || !choices[i].dispute->field.len)
			continue;
		left[count] = choices[i];
		left[count].value = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		rc = buf_add_str(&left[count++].value, "null", err);
	}
	if (rc == 0)
		rc = put_object(left, count, 0, kept, &nulls, err);
	if (rc == 0)
		rc = fold_layer(kept, buf_span(&nulls), out, err);
	for (i = 0; i < count; i++)
		buf_release(&left[i].value);
	free(left);
	buf_release(&nulls);
	return rc;
}

int choices_compose(const struct view_entity *entity,
		    const struct choice *choices, size_t n, struct buf *out,
		    struct err *err)
{
	struct buf chosen = BUF_INIT(BUF_NO_LIMIT);
	struct buf kept = BUF_INIT(BUF_NO_LIMIT);
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	/* The entity as such comes before its fields. */
	bool is_kept = !choices[0].dispute->field.len && choices[0].is_made;
	int rc = put_chosen(choices, n, entity->state,
			    is_kept ? &chosen : out, err);

	if (rc < 0 || !is_kept)
		goto out;
	rc = put_kept(entity, choices[0].dispute, &kept, err);
	if (rc == 0)
		rc = put_undecided(choices, n, buf_span(&kept), &rest, err);
	if (rc == 0)
		rc = lay_over(entity, buf_span(&rest), buf_span(&chosen), out,
			      err);
out:
	buf_release(&chosen);
	buf_release(&kept);
	buf_release(&rest);
	return rc;
}
