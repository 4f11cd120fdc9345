#include "refs/view/view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"

static const struct span every_entity = { NULL, 0 };

int construct_layer(const struct snapshot *snapshot, struct span above,
		    struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf below = BUF_INIT(BUF_NO_LIMIT);
	struct span persona;
	int rc;

	if (snapshot && snapshot->has_capsule &&
	    jcs_find(buf_span(&snapshot->state), "persona", &persona))
		fields_raw(&fields, "persona", persona);
	rc = jcs_fields_write(&fields, &below, err);
	if (rc == 0)
		rc = fold_layer(buf_span(&below), above, out, err);
	jcs_fields_release(&fields);
	buf_release(&below);
	return rc;
}

int entity_state(const struct snapshot *snapshot,
		 const struct fold_records *records, struct buf *out,
		 bool *out_is_live, struct err *err)
{
	struct buf above = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (strcmp(records->at[0].record.kind->name, "construct"))
		return fold_entity(records->at, records->n, out, out_is_live,
				   records->conflicts, err);
	rc = fold_entity_above(records->at, records->n, &above, out_is_live,
			       records->conflicts, err);
	if (rc == 0 && *out_is_live)
		rc = construct_layer(snapshot, buf_span(&above), out, err);
	buf_release(&above);
	return rc;
}

int entity_emit(const struct snapshot *snapshot, const struct item *items,
		size_t n, const struct view_visitor *visitor, struct err *err)
{
	struct fold_conflicts conflicts = FOLD_CONFLICTS_INIT;
	struct fold_records folded = { NULL, n, &conflicts };
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	struct fold_record *records;
	struct view_entity entity;
	bool is_live = false;
	size_t i;
	int rc;

	records = calloc(n, sizeof(*records));
	if (!records) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < n; i++)
		records[i] = items[i].fold;
	folded.at = records;
	rc = entity_state(snapshot, &folded, &state, &is_live, err);
	if (rc < 0)
		goto out;
	entity.entity = records[0].record.entity;
	entity.kind = records[0].record.kind;
	entity.records = records;
	entity.records_n = n;
	entity.conflicts = fold_conflicts_gather(&conflicts);
	entity.disputed = &conflicts;
	entity.home = items[0].hash;
	entity.is_left_out = snapshot &&
			     !snapshot_counts(snapshot, entity.entity);
	entity.state = span_of(is_live ? buf_text(&state) : NULL, state.len);
	rc = visitor->entity(visitor->arg, &entity, err);
out:
	free(records);
	fold_conflicts_release(&conflicts);
	buf_release(&state);
	return rc;
}

/* One walk over a dir of the tree. */
struct walk {
	struct view *view;
	const struct snapshot *snapshot;
	const struct view_visitor *visitor;
	bool is_by_home;
	const uint64_t *parts;		/* bits; NULL: all of them */
};

static int emit_all(struct walk *walk, struct items *items, struct err *err)
{
	size_t first;
	size_t next;
	int rc = 0;

	items_sort(items, walk->is_by_home);
	for (first = 0; rc == 0 && first < items->n; first = next) {
		struct span entity = items->at[first].fold.record.entity;

		for (next = first + 1; next < items->n; next++) {
			if (!span_equals(entity,
					 items->at[next].fold.record.entity))
				break;
		}
		rc = entity_emit(walk->snapshot, &items->at[first],
				 next - first, walk->visitor, err);
	}
	return rc;
}

/* Take out of items those whose home lies in the child folder. */
static int items_split(struct items *items, const struct place *child,
		       struct items *out, struct err *err)
{
	size_t kept = 0;
	size_t i;
	int rc = 0;

	for (i = 0; i < items->n; i++) {
		if (rc == 0 && place_holds(child, child->dir,
					   items->at[i].hash))
			rc = items_add(out, &items->at[i], err);
		else
			items->at[kept++] = items->at[i];
	}
	items->n = kept;
	return rc;
}

/* Leave out what is in none of the parts, from the first one on. */
static void keep_parts(const struct walk *walk, struct items *items,
		       size_t first)
{
	size_t i;

	if (!walk->parts)
		return;
	for (i = first; i < items->n; i++) {
		if (parts_have(walk->parts, part_of(items->at[i].hash), 1))
			items->at[first++] = items->at[i];
	}
	items->n = first;
}

static bool walks_into(const struct walk *walk, const struct place *place)
{
	unsigned first;
	unsigned n;

	if (!walk->parts)
		return true;
	first = parts_of_place(place, &n);
	return parts_have(walk->parts, first, n);
}

/* Level by level: at most one path of the tree is in memory. inherited: what
 * shallower folders hold for homes in this one; its texts live above. */
static int walk_folder(struct walk *walk, const git_oid *tree,
		       const struct place *place, struct items *inherited,
		       struct err *err)
{
	struct tree_folder folder;
	struct items below;
	struct place child;
	size_t i;
	int rc;

	rc = tree_folder_read(walk->view->vault->store, tree, place, &folder,
			      err);
	if (rc < 0)
		return rc;
	for (i = 0; rc == 0 && i < folder.segments.n; i++) {
		size_t first = inherited->n;

		rc = items_read(walk->view, &folder.segments.at[i],
				every_entity, inherited, err);
		keep_parts(walk, inherited, first);
	}
	for (i = 0; rc == 0 && i < folder.children_n; i++) {
		below = (struct items)ITEMS_INIT;
		place_child(place, folder.children[i].name, &child);
		if (!walks_into(walk, &child))
			continue;
		rc = items_split(inherited, &child, &below, err);
		if (rc == 0)
			rc = walk_folder(walk, &folder.children[i].tree,
					 &child, &below, err);
		items_release(&below);
	}
	if (rc == 0)
		rc = emit_all(walk, inherited, err);
	tree_folder_release(&folder);
	return rc;
}

int view_check_key(const struct view *view, struct err *err)
{
	if (codec_mode(view->codec) != CODEC_BLIND)
		return 0;
	return err_set(err, ERR_NO_KEY, "'%s' is sealed, and this device holds "
		       "no key of it: an owner must add it as a member",
		       view->ref_name);
}

static int walk_dir(struct walk *walk, const char *dir, struct err *err)
{
	struct view *view = walk->view;
	struct items items = ITEMS_INIT;
	struct tree_folder root;
	char name[PLACE_NAME_LEN + 1];
	struct place place;
	size_t i;
	int rc = view_check_key(view, err);

	if (rc < 0)
		return rc;
	codec_dir_name(view->codec, dir, name);
	rc = tree_folder_read(view->vault->store, &view->tree, NULL, &root,
			      err);
	if (rc < 0)
		return rc;
	for (i = 0; rc == 0 && i < root.children_n; i++) {
		if (strcmp(root.children[i].name, name))
			continue;
		place_child(NULL, name, &place);
		rc = walk_folder(walk, &root.children[i].tree, &place, &items,
				 err);
	}
	items_release(&items);
	tree_folder_release(&root);
	return rc;
}

int view_each_in(struct view *view, const char *dir,
		 const struct snapshot *snapshot,
		 const struct view_visitor *visitor, struct err *err)
{
	struct walk walk = { view, snapshot, visitor, false, NULL };

	return walk_dir(&walk, dir, err);
}

int view_each_home(struct view *view, const char *dir,
		   const struct view_visitor *visitor, struct err *err)
{
	struct walk walk = { view, NULL, visitor, true, NULL };

	return walk_dir(&walk, dir, err);
}

/* Leaves out what the fold does not count, and other kinds. */
struct filter {
	bool all_capsules;
	const struct kind *kind;
	const struct view_visitor *visitor;
};

static int filter_entity(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	const struct filter *filter = arg;

	if (filter->kind && filter->kind != entity->kind)
		return 0;
	if (entity->is_left_out && !filter->all_capsules)
		return 0;
	return filter->visitor->entity(filter->visitor->arg, entity, err);
}

bool is_first_of_home(const struct kind *kind)
{
	const struct kind *other;

	for (other = kind_table; other != kind; other++) {
		if (!strcmp(other->home, kind->home))
			return false;
	}
	return true;
}

/* An acu lies with the message that it is of, or in a folder of its own. */
static bool may_live_in(const struct kind *kind, const char *dir)
{
	return !strcmp(kind->home, dir) ||
	       (kind->has_home && !strcmp(dir, "session"));
}

int view_each(struct view *view, const struct kind *kind, bool all_capsules,
	      const struct view_visitor *visitor, struct err *err)
{
	struct snapshot snapshot = SNAPSHOT_INIT;
	struct filter filter = { all_capsules, kind, visitor };
	struct view_visitor inner = { filter_entity, &filter };
	const struct kind *at;
	int rc = snapshot_read(view, &snapshot, err);

	if (rc < 0)
		goto out;
	for (at = kind_table; rc == 0 && at->name; at++) {
		if (!is_first_of_home(at))
			continue;
		if (kind && !may_live_in(kind, at->home))
			continue;
		rc = view_each_in(view, at->home, &snapshot, &inner, err);
	}
	if (rc == 0 && !kind)
		rc = lacks_all(view, err);
out:
	snapshot_release(&snapshot);
	return rc;
}

int view_each_part(struct view *view, const struct view_parts *parts,
		   const struct view_visitor *visitor, struct err *err)
{
	struct snapshot snapshot = SNAPSHOT_INIT;
	struct walk walk = { view, &snapshot, visitor, true, NULL };
	size_t i;
	int rc = 0;

	if (view_parts_any(parts, "memory") ||
	    view_parts_any(parts, "construct"))
		rc = snapshot_read(view, &snapshot, err);
	for (i = 0; rc == 0 && kind_table[i].name; i++) {
		if (!is_first_of_home(&kind_table[i]))
			continue;
		walk.parts = parts->at[i];
		if (parts_have(walk.parts, 0, VIEW_PARTS))
			rc = walk_dir(&walk, kind_table[i].home, err);
	}
	if (rc == 0)
		rc = view_parts_are_all(parts) ? lacks_all(view, err) :
		     lacks_tell(view, err);
	snapshot_release(&snapshot);
	return rc;
}

/* Where an entity lives: the hash of its home, and the folder of its kind. */
static int find_home(struct view *view, struct span entity,
		     unsigned char hash[PLACE_HASH_BYTES],
		     char dir[PLACE_NAME_LEN + 1], struct err *err)
{
	struct home home;
	int rc = entity_home(entity, &home, NULL, err);

	if (rc == 0)
		rc = view_check_key(view, err);
	if (rc < 0)
		return rc;
	codec_place_hash(view->codec, &home, hash);
	codec_dir_name(view->codec, home.dir, dir);
	return 0;
}

/* Leave out segments that cannot hold what the key stands for. */
static void keep_likely(struct view *view, uint64_t key,
			struct tree_segments *along)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < along->n; i++) {
		if (store_may_hold(view->vault->store, along->at[i].digest,
				   key))
			along->at[kept++] = along->at[i];
	}
	along->n = kept;
}

int view_along(struct view *view, struct span entity,
	       struct tree_segments *out, struct err *err)
{
	unsigned char hash[PLACE_HASH_BYTES];
	char dir[PLACE_NAME_LEN + 1];
	int rc = find_home(view, entity, hash, dir, err);

	if (rc == 0)
		rc = tree_along(view->vault->store, &view->tree, dir, hash,
				out, err);
	if (rc == 0)
		keep_likely(view, filter_key_entity(entity), out);
	return rc;
}

static int each_along(struct view *view, struct span entity,
		      struct items *items, struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	size_t i;
	int rc = view_along(view, entity, &along, err);

	for (i = 0; rc == 0 && i < along.n; i++)
		rc = items_read(view, &along.at[i], entity, items, err);
	tree_segments_release(&along);
	return rc;
}

/* Leave the records of other homes out. */
static void keep_home(struct items *items,
		      const unsigned char hash[PLACE_HASH_BYTES])
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < items->n; i++) {
		if (!memcmp(items->at[i].hash, hash, PLACE_HASH_BYTES))
			items->at[kept++] = items->at[i];
	}
	items->n = kept;
}

/* The records of all that share the home of an entity. */
static int each_at_home(struct view *view, struct span entity,
			struct items *items, struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	unsigned char hash[PLACE_HASH_BYTES];
	char dir[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = find_home(view, entity, hash, dir, err);

	if (rc == 0)
		rc = tree_along(view->vault->store, &view->tree, dir, hash,
				&along, err);
	if (rc == 0)
		keep_likely(view, filter_key_home(hash), &along);
	for (i = 0; rc == 0 && i < along.n; i++)
		rc = items_read(view, &along.at[i], every_entity, items, err);
	keep_home(items, hash);
	tree_segments_release(&along);
	return rc;
}

int view_one(struct view *view, struct span entity,
	     const struct view_visitor *visitor, struct err *err)
{
	struct snapshot snapshot = SNAPSHOT_INIT;
	struct items items = ITEMS_INIT;
	bool is_construct;
	int rc = each_along(view, entity, &items, err);

	if (rc < 0)
		goto out;
	items_sort(&items, false);
	if (!items.n)
		goto out;
	is_construct = span_begins(entity, "construct:");
	if (is_construct)
		rc = snapshot_read(view, &snapshot, err);
	if (rc == 0)
		rc = entity_emit(is_construct ? &snapshot : NULL, items.at,
				 items.n, visitor, err);
out:
	items_release(&items);
	snapshot_release(&snapshot);
	return rc;
}

int view_home(struct view *view, struct span entity,
	      const struct view_visitor *visitor, struct err *err)
{
	struct walk walk = { view, NULL, visitor, false, NULL };
	struct items items = ITEMS_INIT;
	const struct kind *kind;
	struct home home;
	int rc = entity_home(entity, &home, &kind, err);

	if (rc < 0 || !home.is_shared)
		return rc < 0 ? rc : view_one(view, entity, visitor, err);
	rc = each_at_home(view, entity, &items, err);
	if (rc == 0)
		rc = emit_all(&walk, &items, err);
	items_release(&items);
	return rc;
}

/* view_records: every segment once, doubles told apart by their ids. */
struct record_walk {
	struct view *view;
	const struct view_record_visitor *visitor;
	struct table seen;
	char blob_dir[PLACE_NAME_LEN + 1];
};

static int record_segment(void *arg, const struct tree_segment *segment,
			  struct err *err)
{
	struct record_walk *walk = arg;
	struct items items = ITEMS_INIT;
	bool is_new;
	size_t i;
	int rc;

	if (!strcmp(segment->place.dir, walk->blob_dir))
		return 0;
	rc = items_read(walk->view, segment, every_entity, &items, err);
	for (i = 0; rc == 0 && i < items.n; i++) {
		rc = table_include(&walk->seen, items.at[i].fold.id, &is_new,
				   err);
		if (rc == 0 && is_new)
			rc = walk->visitor->record(walk->visitor->arg,
						   &items.at[i].fold, err);
	}
	items_release(&items);
	return rc;
}

int view_records(struct view *view, const struct view_record_visitor *visitor,
		 struct err *err)
{
	struct record_walk walk = { .view = view, .visitor = visitor };
	struct tree_visitor tree = { record_segment, &walk };
	int rc = view_check_key(view, err);

	if (rc < 0)
		return rc;
	walk.seen = (struct table)TABLE_INIT(16, TABLE_NO_LIMIT);
	codec_dir_name(view->codec, "blob", walk.blob_dir);
	rc = tree_each(view->vault->store, &view->tree, &tree, err);
	table_release(&walk.seen);
	return rc < 0 ? rc : lacks_all(view, err);
}
