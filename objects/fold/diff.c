#include "objects/fold/fold.h"
#include "objects/fold/leaf.h"

/* Tell the visitor of one field. */
static int field_tell(const struct fold_diff_visitor *visitor, struct span key,
		      struct span from, struct span to, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = fold_key_pointer(key, &path, err);

	if (rc == 0)
		rc = visitor->field(visitor->arg, buf_span(&path), from, to,
				    err);
	buf_release(&path);
	return rc;
}

int fold_diff(struct span from, struct span to,
	      const struct fold_diff_visitor *visitor, struct err *err)
{
	const struct span absent = { NULL, 0 };
	struct fold_leaves old = FOLD_LEAVES_INIT;
	struct fold_leaves new = FOLD_LEAVES_INIT;
	size_t i = 0;
	size_t j = 0;
	int rc;

	rc = fold_leaves_add(&old, from, NULL, 0, err);
	if (rc == 0)
		rc = fold_leaves_add(&new, to, NULL, 0, err);
	if (rc < 0)
		goto out;
	fold_leaves_sort(&old);
	fold_leaves_sort(&new);
	while (rc == 0 && (i < old.n || j < new.n)) {
		const struct fold_leaf *a = i < old.n ? &old.at[i] : NULL;
		const struct fold_leaf *b = j < new.n ? &new.at[j] : NULL;
		int order = !a ? 1 : !b ? -1 : span_compare(a->key, b->key);

		i += order <= 0;
		j += order >= 0;
		if (order < 0)
			rc = field_tell(visitor, a->key, a->value, absent, err);
		else if (order > 0)
			rc = field_tell(visitor, b->key, absent, b->value, err);
		else if (!span_equals(a->value, b->value))
			rc = field_tell(visitor, a->key, a->value, b->value,
					err);
	}
out:
	fold_leaves_release(&old);
	fold_leaves_release(&new);
	return rc;
}

/*
 * Write what is left of the leaves of both, sorted by key, owner 1 above
 * owner 0. A leaf that begins others comes right before them, so one look
 * back decides for those below and one look ahead for those above.
 */
static int layer_write(const struct fold_leaves *leaves, struct buf *out,
		       struct err *err)
{
	struct fold_writer writer;
	struct span cover = { NULL, 0 };	/* last leaf of `above` */
	size_t i;

	fold_writer_begin(&writer, out);
	for (i = 0; i < leaves->n; i++) {
		const struct fold_leaf *leaf = &leaves->at[i];
		size_t next;

		if (leaf->owner) {
			cover = leaf->key;
			if (jcs_type_of(leaf->value) != JCS_NULL)
				fold_writer_leaf(&writer, leaf->key,
						 leaf->value);
			continue;
		}
		/* Leaves of one object never begin each other. */
		next = i + 1;
		if (next < leaves->n &&
		    fold_key_begins(leaves->at[next].key, leaf->key))
			continue;
		if (cover.at && fold_key_begins(leaf->key, cover))
			continue;
		fold_writer_leaf(&writer, leaf->key, leaf->value);
	}
	return fold_writer_end(&writer, err);
}

int fold_layer(struct span below, struct span above, struct buf *out,
	       struct err *err)
{
	struct fold_leaves leaves = FOLD_LEAVES_INIT;
	int rc;

	rc = fold_leaves_add(&leaves, below, NULL, 0, err);
	if (rc == 0)
		rc = fold_leaves_add(&leaves, above, NULL, 1, err);
	if (rc == 0) {
		fold_leaves_sort(&leaves);
		rc = layer_write(&leaves, out, err);
	}
	fold_leaves_release(&leaves);
	return rc;
}
