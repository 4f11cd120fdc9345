#include "cmd/action/construct/unsay.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/table.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"

/* What no record of the entity has seen: ids, at most as many as there are
 * records. */
static int find_heads(const struct view_entity *entity,
		      unsigned char (*ids)[RECORD_ID_BYTES], size_t *out_n,
		      struct err *err)
{
	struct table seen = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	unsigned char (*prev)[RECORD_ID_BYTES];
	size_t n;
	size_t i;
	size_t j;
	int rc = 0;

	prev = calloc(RECORD_PREV_MAX, sizeof(*prev));
	if (!prev)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		rc = record_prev(&entity->records[i].record, prev,
				 RECORD_PREV_MAX, &n, err);
		for (j = 0; rc == 0 && j < n; j++)
			rc = table_include(&seen, prev[j], NULL, err);
	}
	*out_n = 0;
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		if (!table_get(&seen, entity->records[i].id, NULL))
			memcpy(ids[(*out_n)++], entity->records[i].id,
			       RECORD_ID_BYTES);
	}
	table_release(&seen);
	free(prev);
	return rc;
}

/* What is said of an entity, and one more record that it has seen, or NULL. */
struct saying {
	const char *verb;
	struct span data;
	const unsigned char *more;
};

/* Later than all that stands, which it has seen. */
static int add_behind(struct vault *vault, const struct view_entity *entity,
		      const struct saying *saying, struct writer *writer,
		      struct err *err)
{
	unsigned char (*ids)[RECORD_ID_BYTES] =
		calloc(entity->records_n + 1, sizeof(*ids));
	struct record_parts parts = { .entity = entity->entity,
				      .data = saying->data };
	struct hlc newest = HLC_INIT;
	char at[HLC_TEXT_MAX];
	char type[64];
	int rc;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	snprintf(type, sizeof(type), "%s:%s", entity->kind->name, saying->verb);
	rc = find_heads(entity, ids, &parts.prev_n, err);
	if (rc == 0 && saying->more)
		memcpy(ids[parts.prev_n++], saying->more, RECORD_ID_BYTES);
	if (rc == 0 && hlc_parse(view_newest(entity)->record.at, &newest, NULL,
				 NULL) == 0)
		rc = vault_observe(vault, &newest, false, err);
	if (rc == 0)
		rc = vault_now(vault, at, err);
	parts.type = type;
	parts.at = at;
	parts.prev = (const unsigned char (*)[RECORD_ID_BYTES])ids;
	if (rc == 0)
		rc = writer_add_parts(writer, &parts, NULL, NULL, err);
	free(ids);
	return rc;
}

int unsay_entity(struct vault *vault, const struct view_entity *entity,
		 const char *moved, struct writer *writer, struct err *err)
{
	struct saying saying = { .verb = "delete" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(4096);
	int rc;

	fields_str(&fields, "moved", moved);
	rc = jcs_fields_write(&fields, &data, err);
	saying.data = buf_span(&data);
	if (rc == 0)
		rc = add_behind(vault, entity, &saying, writer, err);
	jcs_fields_release(&fields);
	buf_release(&data);
	return rc;
}

int say_again(struct vault *vault, const struct view_entity *entity,
	      const unsigned char deleted[RECORD_ID_BYTES],
	      struct writer *writer, struct err *err)
{
	const struct saying saying = { "update", entity->state, deleted };

	return add_behind(vault, entity, &saying, writer, err);
}

/* --- from one state to another --- */

static bool find_member(struct span object, struct span name,
			struct span *out)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span other;

	while (jcs_next(&iter, &other, out)) {
		if (span_equals(other, name))
			return true;
	}
	*out = span_of(NULL, 0);
	return false;
}

/* A member, its name as it stands in canonical text. */
static void put_member(struct jcs_fields *fields, struct span inner,
		       struct span value)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	fields_fail(fields, jcs_inner_decode(inner, &name, NULL), NULL);
	fields_add(fields, buf_span(&name), value);
	buf_release(&name);
}

static int put_changes(struct span from, struct span to, unsigned deep,
		       struct buf *out, struct err *err);

static int put_change(struct jcs_fields *fields, struct span name,
		      struct span from, struct span to, unsigned deep,
		      struct err *err)
{
	struct buf inner = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (to.at && span_equals(from, to))
		return 0;
	if (jcs_type_of(from) == JCS_OBJECT && from.len > 2 &&
	    (!to.at || jcs_type_of(to) == JCS_OBJECT) && deep < JCS_DEPTH_MAX) {
		rc = put_changes(from, to.at ? to : span_str("{}"), deep + 1,
				 &inner, err);
		put_member(fields, name, buf_span(&inner));
	} else {
		put_member(fields, name, to.at ? to : span_str("null"));
	}
	buf_release(&inner);
	return rc;
}

/* The object that laid on `from` makes it `to`: null where a leaf goes. */
static int put_changes(struct span from, struct span to, unsigned deep,
		       struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(from);
	struct span name;
	struct span value;
	struct span other;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		(void)find_member(to, name, &other);
		rc = put_change(&fields, name, value, other, deep, err);
	}
	iter = jcs_iter_object(to);
	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (!find_member(from, name, &other))
			put_member(&fields, name, value);
	}
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

int unsay_records(struct vault *vault, const struct view_entity *entity,
		  const struct fold_record *rest, size_t n,
		  struct writer *writer, struct err *err)
{
	struct saying saying = { .verb = "update" };
	struct buf from = BUF_INIT(BUF_NO_LIMIT);
	struct buf to = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	bool is_live = false;
	int rc = fold_entity(entity->records, entity->records_n, &from,
			     &is_live, NULL, err);

	if (rc == 0 && is_live && n)
		rc = fold_entity(rest, n, &to, &is_live, NULL, err);
	if (rc == 0 && !to.len)
		buf_put_str(&to, "{}");
	if (rc == 0 && from.len)
		rc = put_changes(buf_span(&from), buf_span(&to), 0, &data,
				 err);
	saying.data = buf_span(&data);
	if (rc == 0 && data.len > 2)
		rc = add_behind(vault, entity, &saying, writer, err);
	buf_release(&from);
	buf_release(&to);
	buf_release(&data);
	return rc;
}
