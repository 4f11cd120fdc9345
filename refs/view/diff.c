#include "refs/view/view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/trust/scope.h"

/* An entity whose records or visibility differ. Text is copied. */
struct suspects {
	struct buf text;
	size_t *at;			/* offsets, each followed by a NUL */
	size_t n;
	size_t cap;
	struct table seen;
};

/* A diff at work. Sides: 0 is `from`, 1 is `to`. */
struct diff {
	struct view *views[2];
	struct snapshot snapshots[2];
	struct suspects suspects;
	const struct view_change_visitor *visitor;
};

static int suspect(struct suspects *suspects, struct span entity,
		   struct err *err)
{
	unsigned char key[16];
	bool is_new;
	int rc;

	blake2b_of(entity.at, entity.len, NULL, 0, key, sizeof(key));
	rc = table_include(&suspects->seen, key, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	rc = array_room(suspects, err);
	if (rc < 0)
		return rc;
	suspects->at[suspects->n++] = suspects->text.len;
	buf_put_span(&suspects->text, entity);
	buf_put_char(&suspects->text, '\0');
	return buf_end(&suspects->text, err);
}

/* Records in segments that only this side has. */
static int read_side(struct view *view, const struct tree_segments *segments,
		     struct items *items, struct err *err)
{
	static const struct span every_entity = { NULL, 0 };
	char blob_dir[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = 0;

	codec_dir_name(view->codec, "blob", blob_dir);
	for (i = 0; rc == 0 && i < segments->n; i++) {
		if (!strcmp(segments->at[i].place.dir, blob_dir))
			continue;
		rc = items_read(view, &segments->at[i], every_entity, items,
				err);
	}
	items_sort(items, false);
	return rc;
}

static int order_pair(const struct item *a, const struct item *b)
{
	int order = span_compare(a->fold.record.entity, b->fold.record.entity);

	if (order)
		return order;
	return memcmp(a->fold.id, b->fold.id, RECORD_ID_BYTES);
}

/* A compaction moves records; only those of one side make a difference. */
static int suspect_unpaired(struct diff *diff, const struct items *from,
			    const struct items *to, struct err *err)
{
	size_t i = 0;
	size_t j = 0;
	int rc = 0;

	while (rc == 0 && (i < from->n || j < to->n)) {
		const struct item *lonely;
		int order;

		if (i == from->n)
			order = 1;
		else if (j == to->n)
			order = -1;
		else
			order = order_pair(&from->at[i], &to->at[j]);
		lonely = order < 0 ? &from->at[i] : &to->at[j];
		i += order <= 0;
		j += order >= 0;
		if (order)
			rc = suspect(&diff->suspects,
				     lonely->fold.record.entity, err);
	}
	return rc;
}

static bool touches(const struct items *items, const char *kind)
{
	size_t i;

	for (i = 0; i < items->n; i++) {
		if (!strcmp(items->at[i].fold.record.kind->name, kind))
			return true;
	}
	return false;
}

struct membership {
	struct diff *diff;
	const struct snapshot *other;
};

static int suspect_if_alone(void *arg, struct span entity, struct err *err)
{
	struct membership *membership = arg;

	if (membership->other->has_capsule &&
	    snapshot_counts(membership->other, entity))
		return 0;
	return suspect(&membership->diff->suspects, entity, err);
}

static int suspect_construct(void *arg, const struct view_entity *entity,
			     struct err *err)
{
	struct diff *diff = arg;

	return suspect(&diff->suspects, entity->entity, err);
}

/* Another newest capsule changes the persona, and which memories count. */
static int suspect_snapshots(struct diff *diff, struct err *err)
{
	struct membership membership = { diff, NULL };
	struct view_visitor visitor = { suspect_construct, diff };
	size_t side;
	int rc = 0;

	for (side = 0; rc == 0 && side < 2; side++) {
		rc = snapshot_read(diff->views[side], &diff->snapshots[side],
				   err);
	}
	for (side = 0; rc == 0 && side < 2; side++) {
		membership.other = &diff->snapshots[!side];
		rc = snapshot_each(&diff->snapshots[side], suspect_if_alone,
				   &membership, err);
		if (rc == 0)
			rc = view_each_in(diff->views[side], "construct", NULL,
					  &visitor, err);
	}
	return rc;
}

struct side {
	struct buf state;
	bool is_there;
	const struct kind *kind;
};

static int take_state(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct side *side = arg;

	side->kind = entity->kind;
	if (!entity->state.at)
		return 0;
	side->is_there = true;
	return buf_add_span(&side->state, entity->state, err);
}

static int fold_side(struct diff *diff, size_t index, struct span entity,
		     struct side *out, struct err *err)
{
	struct view_visitor visitor = { take_state, out };
	int rc = view_one(diff->views[index], entity, &visitor, err);

	if (rc == 0 && out->is_there && diff->snapshots[index].has_capsule &&
	    !snapshot_counts(&diff->snapshots[index], entity))
		out->is_there = false;
	return rc;
}

static struct span side_span(const struct side *side)
{
	return span_of(side->is_there ? buf_text(&side->state) : NULL,
		       side->is_there ? side->state.len : 0);
}

static int compare_entity(struct diff *diff, struct span entity,
			  struct err *err)
{
	struct side from = { BUF_INIT(BUF_NO_LIMIT), false, NULL };
	struct side to = { BUF_INIT(BUF_NO_LIMIT), false, NULL };
	struct view_change change;
	int rc = fold_side(diff, 0, entity, &from, err);

	if (rc == 0)
		rc = fold_side(diff, 1, entity, &to, err);
	if (rc < 0)
		goto out;
	change.from = side_span(&from);
	change.to = side_span(&to);
	change.entity = entity;
	change.kind = to.kind ? to.kind : from.kind;
	if (change.kind && scope_has_kind(diff->views[0]->vault, change.kind) &&
	    (from.is_there || to.is_there) &&
	    (from.is_there != to.is_there ||
	     !span_equals(change.from, change.to)))
		rc = diff->visitor->change(diff->visitor->arg, &change, err);
out:
	buf_release(&from.state);
	buf_release(&to.state);
	return rc;
}

static int order_entities(const void *a, const void *b)
{
	const struct span *x = a;
	const struct span *y = b;
	const char *colon_x = memchr(x->at, ':', x->len);
	const char *colon_y = memchr(y->at, ':', y->len);
	int order = span_compare(span_of(x->at, (size_t)(colon_x - x->at)),
				 span_of(y->at, (size_t)(colon_y - y->at)));

	return order ? order : span_compare(*x, *y);
}

static int compare_all(struct diff *diff, struct err *err)
{
	const struct suspects *suspects = &diff->suspects;
	struct span *entities;
	size_t i;
	int rc = 0;

	entities = calloc(suspects->n + 1, sizeof(*entities));
	if (!entities)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < suspects->n; i++)
		entities[i] = span_str(buf_text(&suspects->text) +
				       suspects->at[i]);
	qsort(entities, suspects->n, sizeof(*entities), order_entities);
	for (i = 0; rc == 0 && i < suspects->n; i++)
		rc = compare_entity(diff, entities[i], err);
	free(entities);
	return rc;
}

static int find_suspects(struct diff *diff, struct err *err)
{
	struct tree_segments gone = TREE_SEGMENTS_INIT;
	struct tree_segments come = TREE_SEGMENTS_INIT;
	struct items from = ITEMS_INIT;
	struct items to = ITEMS_INIT;
	int rc = tree_diff(diff->views[0]->vault->store, &diff->views[0]->tree,
			   &diff->views[1]->tree, &gone, &come, err);

	if (rc == 0)
		rc = read_side(diff->views[0], &gone, &from, err);
	if (rc == 0)
		rc = read_side(diff->views[1], &come, &to, err);
	if (rc == 0)
		rc = suspect_unpaired(diff, &from, &to, err);
	if (rc == 0 && (touches(&from, "capsule") ||
			touches(&to, "capsule")))
		rc = suspect_snapshots(diff, err);
	tree_segments_release(&gone);
	tree_segments_release(&come);
	items_release(&from);
	items_release(&to);
	return rc;
}

int view_diff(struct view *from, struct view *to,
	      const struct view_change_visitor *visitor, struct err *err)
{
	struct diff diff = {
		.views = { from, to },
		.snapshots = { SNAPSHOT_INIT, SNAPSHOT_INIT },
		.visitor = visitor,
	};
	int rc;

	if (strcmp(from->ref_name, to->ref_name))
		return err_set(err, ERR_INVALID, "versions of two constructs "
			       "cannot be compared");
	rc = view_check_key(to, err);
	if (rc < 0)
		return rc;
	diff.suspects.text.max = BUF_NO_LIMIT;
	diff.suspects.seen = (struct table)TABLE_INIT(16, TABLE_NO_LIMIT);
	rc = find_suspects(&diff, err);
	if (rc == 0)
		rc = compare_all(&diff, err);
	snapshot_release(&diff.snapshots[0]);
	snapshot_release(&diff.snapshots[1]);
	buf_release(&diff.suspects.text);
	free(diff.suspects.at);
	table_release(&diff.suspects.seen);
	return rc;
}

static int note_there(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	(void)entity;
	(void)err;
	*(bool *)arg = true;
	return 0;
}

static int tell_if_new(struct view *from, struct view *to, struct span entity,
		       const struct view_visitor *visitor, struct err *err)
{
	bool is_there = false;
	const struct view_visitor before = { note_there, &is_there };
	int rc = view_one(from, entity, &before, err);

	return rc < 0 || is_there ? rc : view_one(to, entity, visitor, err);
}

/* Records of one entity come together. */
static int tell_new(struct view *from, struct view *to,
		    const struct kind *kind, const struct items *items,
		    const struct view_visitor *visitor, struct err *err)
{
	struct span last = { NULL, 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < items->n; i++) {
		const struct record *record = &items->at[i].fold.record;

		if (record->kind != kind ||
		    (last.at && span_equals(record->entity, last)))
			continue;
		last = record->entity;
		rc = tell_if_new(from, to, last, visitor, err);
	}
	return rc;
}

int view_came(struct view *from, struct view *to, const struct kind *kind,
	      const struct view_visitor *visitor, struct err *err)
{
	static const struct span every_entity = { NULL, 0 };
	struct tree_segments gone = TREE_SEGMENTS_INIT;
	struct tree_segments come = TREE_SEGMENTS_INIT;
	struct items items = ITEMS_INIT;
	char dir[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = view_check_key(to, err);

	if (rc == 0)
		rc = tree_diff(to->vault->store, &from->tree, &to->tree, &gone,
			       &come, err);
	codec_dir_name(to->codec, kind->home, dir);
	for (i = 0; rc == 0 && i < come.n; i++) {
		if (!strcmp(come.at[i].place.dir, dir))
			rc = items_read(to, &come.at[i], every_entity, &items,
					err);
	}
	items_sort(&items, false);
	if (rc == 0)
		rc = tell_new(from, to, kind, &items, visitor, err);
	items_release(&items);
	tree_segments_release(&gone);
	tree_segments_release(&come);
	return rc;
}
