#include "cmd/action/history/blamed.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"

#define PERSONA "/persona"

struct blaming {
	struct view *view;
	struct blamed_list list;
	const struct blamed_visitor *visitor;
	bool is_found;
	const struct view_entity *entity;	/* that is read */
	/* Of a construct, while its capsule is read: digests of what stands in
	 * it, path and value, and of the paths that it has set itself. */
	bool is_below;
	struct table standing;
	struct table own;
};

static void digest_of(struct span path, struct span value,
		      unsigned char out[SHA256_BYTES])
{
	const char end = '\0';
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, path.at, path.len);
	sha256_add(&hash, &end, 1);
	if (value.len)
		sha256_add(&hash, value.at, value.len);
	sha256_finish(&hash, out);
}

static int digest_put(struct table *table, struct span path,
		      struct span value, struct err *err)
{
	unsigned char digest[SHA256_BYTES];

	digest_of(path, value, digest);
	return table_put(table, digest, 1, err);
}

/* Is it a field of the capsule that shows in the construct? */
static bool shows(const struct blaming *blaming, struct span path,
		  struct span value)
{
	const struct span any = { NULL, 0 };
	unsigned char digest[SHA256_BYTES];

	digest_of(path, any, digest);
	if (!span_begins(path, PERSONA) ||
	    table_get(&blaming->own, digest, NULL))
		return false;
	digest_of(path, value, digest);
	return table_get(&blaming->standing, digest, NULL);
}

/* Does the record say that of the field? */
static bool says(const struct record *record, struct span path,
		 struct span value)
{
	struct span at = record->data;
	char name[256];
	size_t len;

	while (path.len) {
		path = span_of(path.at + 1, path.len - 1);
		for (len = 0; len < path.len && path.at[len] != '/'; len++)
			;
		if (len >= sizeof(name))
			return false;
		memcpy(name, path.at, len);
		name[len] = '\0';
		if (jcs_type_of(at) != JCS_OBJECT || !jcs_find(at, name, &at))
			return false;
		path = span_of(path.at + len, path.len - len);
	}
	return value.at ? span_equals(at, value) :
	       jcs_type_of(at) == JCS_NULL;
}

/* Who has seen two that stood side by side has their comma in `prev`. */
static const struct fold_record *settled_by(const struct view_entity *entity,
					    struct span path, struct span value,
					    const struct fold_record *by)
{
	const struct fold_record *last = NULL;
	size_t i;

	for (i = 0; i < entity->records_n; i++) {
		const struct fold_record *one = &entity->records[i];
		struct span at = one->record.at;

		if (one != by && memchr(one->record.prev.at, ',',
					one->record.prev.len) &&
		    says(&one->record, path, value) &&
		    (!last || span_compare(at, last->record.at) > 0))
			last = one;
	}
	return last;
}

static int take_field(void *arg, struct span path, struct span value,
		      bool is_element, const struct fold_record *by,
		      struct err *err)
{
	struct blaming *blaming = arg;
	struct blamed_list *list = &blaming->list;
	int rc;

	if (blaming->is_below && !shows(blaming, path, value))
		return 0;
	rc = array_room(list, err);
	if (rc < 0)
		return rc;
	list->at[list->n++] = (struct blamed){
		.path = list->texts.len, .value = value,
		.element = list->texts.len + path.len + 1,
		.is_element = is_element, .by = by,
		.settled = is_element ? NULL :
			   settled_by(blaming->entity, path, value, by)
	};
	buf_put_span(&list->texts, path);
	buf_put_char(&list->texts, '\0');
	/* An element is of a set that the fold has made. */
	if (is_element)
		buf_put_span(&list->texts, value);
	return buf_end(&list->texts, err);
}

struct span blamed_value(const struct blamed_list *list,
			 const struct blamed *one)
{
	return one->is_element ? span_of(buf_text(&list->texts) + one->element,
					 one->value.len) : one->value;
}

static int take_leaf(void *arg, struct span path, struct span from,
		     struct span to, struct err *err)
{
	struct blaming *blaming = arg;

	(void)from;
	return digest_put(&blaming->standing, path, to, err);
}

/* What stands in the construct, and what of it is its own. */
static int note_standing(struct blaming *blaming, struct span state,
			 struct err *err)
{
	const struct span none = { NULL, 0 };
	const struct fold_diff_visitor leaves = { take_leaf, blaming };
	const struct blamed_list *list = &blaming->list;
	size_t i;
	int rc = fold_diff(none, state, &leaves, err);

	for (i = 0; rc == 0 && i < list->n; i++)
		rc = digest_put(&blaming->own,
				span_str(buf_text(&list->texts) +
					 list->at[i].path), none, err);
	blaming->is_below = true;
	return rc;
}

static int hand_over(struct blaming *blaming, struct err *err)
{
	return blaming->visitor->all(blaming->visitor->arg, &blaming->list,
				     err);
}

/* The construct's records are there as long as this runs. */
static int take_capsule(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct blaming *blaming = arg;
	const struct fold_blame_visitor visitor = { take_field, blaming };
	int rc;

	blaming->entity = entity;
	rc = fold_blame(entity->records, entity->records_n, &visitor, err);
	return rc < 0 ? rc : hand_over(blaming, err);
}

static int take_below(struct blaming *blaming, struct span state,
		      struct err *err)
{
	const struct view_visitor visitor = { take_capsule, blaming };
	struct buf capsule = BUF_INIT(BUF_NO_LIMIT);
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	bool is_there = false;
	int rc = view_newest_capsule(blaming->view, &capsule, &entity,
				     &is_there, err);

	if (rc == 0 && is_there && state.at)
		rc = note_standing(blaming, state, err);
	if (rc == 0)
		rc = is_there && state.at ?
		     view_one(blaming->view, buf_span(&entity), &visitor, err) :
		     hand_over(blaming, err);
	buf_release(&capsule);
	buf_release(&entity);
	return rc;
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct blaming *blaming = arg;
	const struct fold_blame_visitor visitor = { take_field, blaming };
	int rc;

	blaming->entity = entity;
	rc = fold_blame(entity->records, entity->records_n, &visitor, err);
	blaming->is_found = true;
	if (rc < 0)
		return rc;
	return strcmp(entity->kind->name, "construct") ?
	       hand_over(blaming, err) :
	       take_below(blaming, entity->state, err);
}

int blamed_read(struct view *view, struct span entity,
		const struct blamed_visitor *visitor, bool *out_is_found,
		struct err *err)
{
	struct blaming blaming = {
		.view = view,
		.list = { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT) },
		.visitor = visitor,
		.standing = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.own = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	const struct view_visitor one = { take_entity, &blaming };
	int rc = view_one(view, entity, &one, err);

	*out_is_found = blaming.is_found;
	free(blaming.list.at);
	buf_release(&blaming.list.texts);
	table_release(&blaming.standing);
	table_release(&blaming.own);
	return rc;
}
