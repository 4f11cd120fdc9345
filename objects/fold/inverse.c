#include "objects/fold/inverse.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/fold/leaf.h"

/* Owners of leaves; the later records come behind. */
enum { BEFORE, AFTER, NOW, WITHOUT, LATER };

/* One path, and what each state says of it; absent where it says nothing. */
struct field {
	struct span key;
	struct span value[LATER];
	size_t by;		/* the last of the later records that sets it */
	bool is_due;		/* of a blob's name another part is set back */
};

struct field_list {
	struct field *at;
	size_t n;
	size_t cap;
};

/* What is set back, in the order of keys, none beginning another. */
struct setting {
	struct span key;
	struct span value;
};

struct inversion {
	const struct fold_inverse *inverse;
	const struct fold_inverse_visitor *visitor;
	struct fold_leaves leaves;
	struct field_list fields;
	struct {
		struct setting *at;
		size_t n;
		size_t cap;
	} settings;
	struct buf *sets;	/* texts of sets that were made anew */
	size_t sets_n;
	size_t sets_cap;
};

static bool same(struct span a, struct span b)
{
	return !a.at == !b.at && span_equals(a, b);
}

static bool is_set(const struct inversion *inversion, struct span key)
{
	const char *const *name = inversion->inverse->sets;

	for (; name && *name; name++) {
		if (key.len == strlen(*name) + 1 &&
		    !memcmp(key.at, *name, key.len))
			return true;
	}
	return false;
}

static int collect(struct inversion *inversion, struct err *err)
{
	const struct fold_inverse *inverse = inversion->inverse;
	struct fold_leaves *leaves = &inversion->leaves;
	const char *const *sets = inverse->sets;
	size_t i;
	int rc = fold_leaves_add(leaves, inverse->before, sets, BEFORE, err);

	if (rc == 0)
		rc = fold_leaves_add(leaves, inverse->after, sets, AFTER, err);
	if (rc == 0)
		rc = fold_leaves_add(leaves, inverse->now, sets, NOW, err);
	if (rc == 0)
		rc = fold_leaves_add(leaves, inverse->without, sets, WITHOUT,
				     err);
	for (i = 0; rc == 0 && i < inverse->later_n; i++)
		rc = fold_leaves_add(leaves, inverse->later[i], sets,
				     (uint32_t)(LATER + i), err);
	if (rc == 0)
		fold_leaves_sort(leaves);
	return rc;
}

static int group(struct inversion *inversion, struct err *err)
{
	const struct fold_inverse *inverse = inversion->inverse;
	struct field_list *fields = &inversion->fields;
	struct field *field = NULL;
	size_t i;
	int rc;

	for (i = 0; i < inversion->leaves.n; i++) {
		const struct fold_leaf *leaf = &inversion->leaves.at[i];

		if (!field || !span_equals(field->key, leaf->key)) {
			rc = array_room(fields, err);
			if (rc < 0)
				return rc;
			field = &fields->at[fields->n++];
			memset(field, 0, sizeof(*field));
			field->key = leaf->key;
			field->by = inverse->later_n;
		}
		if (leaf->owner < LATER) {
			field->value[leaf->owner] = leaf->value;
			continue;
		}
		field->by = leaf->owner - LATER;
	}
	return 0;
}

/*
 * The reference to a blob is one value of several members: none of them comes
 * back without the others.
 */
static void bind_blobs(struct field_list *fields)
{
	static const char name[] = "$blob";
	size_t i;
	size_t j;

	for (i = 0; i < fields->n; i++) {
		struct span key = fields->at[i].key;
		bool is_due = false;

		if (key.len < sizeof(name) || !fields->at[i].value[WITHOUT].at ||
		    memcmp(key.at + key.len - sizeof(name), name,
			   sizeof(name)) != 0)
			continue;
		key.len -= sizeof(name);
		for (j = i; j < fields->n &&
		     fold_key_begins(fields->at[j].key, key); j++)
			is_due |= !same(fields->at[j].value[BEFORE],
					fields->at[j].value[AFTER]);
		while (is_due && j-- > i)
			fields->at[j].is_due =
				fields->at[j].value[WITHOUT].at != NULL;
	}
}

/* A null says nothing where a path above or below it gets a value. */
static int set_back(struct inversion *inversion, struct span key,
		    struct span value, struct err *err)
{
	bool is_null = !value.at;
	struct setting *last;
	int rc;

	if (inversion->settings.n) {
		last = &inversion->settings.at[inversion->settings.n - 1];
		if (fold_key_begins(key, last->key)) {
			if (is_null)
				return 0;
			inversion->settings.n--;
		}
	}
	rc = array_room(&inversion->settings, err);
	if (rc < 0)
		return rc;
	last = &inversion->settings.at[inversion->settings.n++];
	last->key = key;
	last->value = is_null ? span_str("null") : value;
	return 0;
}

static bool has_item(struct span set, struct span item)
{
	struct jcs_iter iter = jcs_iter_array(set);
	struct span at;

	while (jcs_next(&iter, NULL, &at)) {
		if (span_equals(at, item))
			return true;
	}
	return false;
}

static void put_item(struct buf *out, struct span item)
{
	if (out->len > 1)
		buf_put_char(out, ',');
	buf_put_span(out, item);
}

/* What the change added goes, what it took comes back, the rest stays. */
static void put_set(struct buf *out, const struct field *field)
{
	struct span before = field->value[WITHOUT];
	struct span after = field->value[AFTER];
	struct span now = field->value[NOW];
	struct jcs_iter iter = jcs_iter_array(now);
	struct span item;

	buf_put_char(out, '[');
	while (jcs_next(&iter, NULL, &item)) {
		if (!has_item(after, item) || has_item(before, item))
			put_item(out, item);
	}
	iter = jcs_iter_array(before);
	while (jcs_next(&iter, NULL, &item)) {
		if (!has_item(after, item) && !has_item(now, item))
			put_item(out, item);
	}
	buf_put_char(out, ']');
}

static int set_back_set(struct inversion *inversion, const struct field *field,
			struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	int rc = array_room_in(inversion->sets, inversion->sets_n,
			       inversion->sets_cap, err);

	if (rc < 0)
		return rc;
	put_set(&text, field);
	rc = buf_end(&text, err);
	inversion->sets[inversion->sets_n++] = text;
	value = buf_span(&text);
	if (rc < 0 || same(value, field->value[NOW]))
		return rc;
	if (value.len == 2 && !field->value[WITHOUT].at)
		value = span_of(NULL, 0);
	return set_back(inversion, field->key, value, err);
}

static int tell_left(struct inversion *inversion, const struct field *field,
		     struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = fold_key_pointer(field->key, &path, err);

	if (rc == 0)
		rc = inversion->visitor->left(inversion->visitor->arg,
					      buf_span(&path), field->by, err);
	buf_release(&path);
	return rc;
}

static int invert_field(struct inversion *inversion,
			const struct field *field, struct err *err)
{
	struct span before = field->value[BEFORE];
	struct span after = field->value[AFTER];
	struct span now = field->value[NOW];

	if (same(before, after) && !field->is_due)
		return 0;
	if (same(now, before) && !field->is_due)
		return 0;
	if (is_set(inversion, field->key))
		return set_back_set(inversion, field, err);
	if (!same(now, after))
		return tell_left(inversion, field, err);
	if (same(now, field->value[WITHOUT]) && !field->is_due)
		return 0;
	return set_back(inversion, field->key, field->value[WITHOUT], err);
}

static int write_out(const struct inversion *inversion, struct buf *out,
		     struct err *err)
{
	struct fold_writer writer;
	size_t i;

	fold_writer_begin(&writer, out);
	for (i = 0; i < inversion->settings.n; i++)
		fold_writer_leaf(&writer, inversion->settings.at[i].key,
				 inversion->settings.at[i].value);
	return fold_writer_end(&writer, err);
}

int fold_invert(const struct fold_inverse *inverse,
		const struct fold_inverse_visitor *visitor, struct buf *out,
		struct err *err)
{
	struct inversion inversion = {
		.inverse = inverse, .visitor = visitor,
		.leaves = FOLD_LEAVES_INIT,
	};
	size_t i;
	int rc = collect(&inversion, err);

	if (rc == 0)
		rc = group(&inversion, err);
	if (rc == 0)
		bind_blobs(&inversion.fields);
	for (i = 0; rc == 0 && i < inversion.fields.n; i++)
		rc = invert_field(&inversion, &inversion.fields.at[i], err);
	if (rc == 0)
		rc = write_out(&inversion, out, err);
	for (i = 0; i < inversion.sets_n; i++)
		buf_release(&inversion.sets[i]);
	free(inversion.sets);
	free(inversion.settings.at);
	free(inversion.fields.at);
	fold_leaves_release(&inversion.leaves);
	return rc;
}
