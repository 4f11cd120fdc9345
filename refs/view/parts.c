#include "refs/view/parts.h"

#include <string.h>

#include "refs/view/forgotten.h"
#include "refs/view/view_internal.h"

/* With more to look into, all is folded as fast. */
#define SHALLOW_MAX 1024

static const struct span every_entity = { NULL, 0 };

unsigned part_of(const unsigned char hash[PLACE_HASH_BYTES])
{
	return (unsigned)hash[0] << 4 | (unsigned)hash[1] >> 4;
}

unsigned parts_of_place(const struct place *place, unsigned *out_n)
{
	static const char digits[] = "0123456789abcdef";
	unsigned first = 0;
	unsigned i;

	for (i = 0; i < TREE_DIGITS; i++) {
		first <<= 4;
		if (i < place->digits_n)
			first |= (unsigned)(strchr(digits, place->digits[i]) -
					    digits);
	}
	*out_n = 1u << 4 * (TREE_DIGITS - place->digits_n);
	return first;
}

bool parts_have(const uint64_t *bits, unsigned first, unsigned n)
{
	unsigned i;

	for (i = first; i < first + n; i++) {
		if (!(i % 64) && !bits[i / 64])
			i += 63;
		else if (bits[i / 64] >> i % 64 & 1)
			return true;
	}
	return false;
}

static void mark(uint64_t *bits, unsigned first, unsigned n)
{
	unsigned i;

	for (i = first; i < first + n; i++)
		bits[i / 64] |= UINT64_C(1) << i % 64;
}

void view_parts_all(struct view_parts *parts)
{
	memset(parts, 0xff, sizeof(*parts));
}

bool view_parts_are_all(const struct view_parts *parts)
{
	struct view_parts all;

	view_parts_all(&all);
	return !memcmp(parts, &all, sizeof(all));
}

bool view_parts_has(const struct view_parts *parts, unsigned folder,
		    unsigned part)
{
	return parts_have(parts->at[folder], part, 1);
}

void view_parts_add(struct view_parts *parts, unsigned folder, unsigned part)
{
	mark(parts->at[folder], part, 1);
}

/* The first kind of a home. */
static unsigned folder_of(const char *home)
{
	unsigned i;

	for (i = 0; strcmp(kind_table[i].home, home); i++)
		;
	return i;
}

bool view_parts_any(const struct view_parts *parts, const char *folder)
{
	return parts_have(parts->at[folder_of(folder)], 0, VIEW_PARTS);
}

void view_part_of(const struct view_entity *entity, unsigned *out_folder,
		  unsigned *out_part)
{
	bool is_shared = entity->kind->has_home &&
			 memchr(entity->entity.at, '/', entity->entity.len);

	*out_folder = folder_of(is_shared ? "session" : entity->kind->home);
	*out_part = part_of(entity->home);
}

/* One comparison of two trees. */
struct comparing {
	struct view *view;
	struct view_parts *parts;
	char names[VIEW_FOLDERS][PLACE_NAME_LEN + 1];	/* of folders */
	struct table gone;	/* ids of records, with folder and part */
};

/* The bits of a segment's folder; NULL: it holds no records. */
static uint64_t *bits_of(struct comparing *comparing,
			 const struct tree_segment *segment)
{
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		if (!strcmp(comparing->names[i], segment->place.dir))
			return comparing->parts->at[i];
	}
	return NULL;
}

static void mark_place(uint64_t *bits, const struct place *place)
{
	unsigned n;
	unsigned first = parts_of_place(place, &n);

	mark(bits, first, n);
}

/* A record that went from one segment to another is no change. */
static int compare_record(struct comparing *comparing, const struct item *item,
			  uint64_t *bits, bool is_gone, struct err *err)
{
	size_t folder = (size_t)(bits - comparing->parts->at[0]) /
			(VIEW_PARTS / 64);
	unsigned part = part_of(item->hash);

	if (is_gone)
		return table_put(&comparing->gone, item->fold.id,
				 folder * VIEW_PARTS + part, err);
	if (!table_remove(&comparing->gone, item->fold.id))
		mark(bits, part, 1);
	return 0;
}

static int compare_segment(struct comparing *comparing,
			   const struct tree_segment *segment, bool is_gone,
			   struct err *err)
{
	uint64_t *bits = bits_of(comparing, segment);
	struct items items = ITEMS_INIT;
	size_t i;
	int rc = 0;

	if (!bits)
		return 0;
	if (segment->place.digits_n == TREE_DIGITS) {
		mark_place(bits, &segment->place);
		return 0;
	}
	/* What cannot be read may have spoken of anything that lies there. */
	if (items_try(comparing->view, segment, every_entity, &items,
		      NULL) < 0)
		mark_place(bits, &segment->place);
	for (i = 0; rc == 0 && i < items.n; i++)
		rc = compare_record(comparing, &items.at[i], bits, is_gone,
				    err);
	items_release(&items);
	return rc;
}

static int compare_segments(struct comparing *comparing,
			    const struct tree_segments *segments,
			    bool is_gone, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < segments->n; i++)
		rc = compare_segment(comparing, &segments->at[i], is_gone,
				     err);
	return rc;
}

static void mark_gone(struct comparing *comparing)
{
	size_t i;

	for (i = 0; i < comparing->gone.count; i++) {
		uint64_t value = table_value_at(&comparing->gone, i);

		mark(comparing->parts->at[value / VIEW_PARTS],
		     (unsigned)(value % VIEW_PARTS), 1);
	}
}

/* Another newest capsule has other memories, and another persona below that of
 * the construct; what is forgotten can be anywhere. */
static void mark_wide(struct view_parts *parts)
{
	if (view_parts_any(parts, "forget"))
		view_parts_all(parts);
	if (view_parts_any(parts, "capsule")) {
		mark(parts->at[folder_of("memory")], 0, VIEW_PARTS);
		mark(parts->at[folder_of("construct")], 0, VIEW_PARTS);
	}
}

static size_t count_shallow(const struct tree_segments *segments)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < segments->n; i++)
		count += segments->at[i].place.digits_n < TREE_DIGITS;
	return count;
}

static int compare(struct comparing *comparing,
		   const struct tree_segments *gone,
		   const struct tree_segments *fresh, struct err *err)
{
	int rc;
	size_t i;

	if (count_shallow(gone) + count_shallow(fresh) > SHALLOW_MAX) {
		view_parts_all(comparing->parts);
		return 0;
	}
	for (i = 0; kind_table[i].name; i++)
		codec_dir_name(comparing->view->codec, kind_table[i].home,
			       comparing->names[i]);
	rc = compare_segments(comparing, gone, true, err);
	if (rc == 0)
		rc = compare_segments(comparing, fresh, false, err);
	mark_gone(comparing);
	mark_wide(comparing->parts);
	return rc;
}

int view_parts_changed(struct view *view, const git_oid *from,
		       struct view_parts *out, struct err *err)
{
	struct comparing comparing = {
		.view = view, .parts = out,
		.gone = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
	};
	struct tree_segments gone = TREE_SEGMENTS_INIT;
	struct tree_segments fresh = TREE_SEGMENTS_INIT;
	struct err reason = ERR_INIT;
	int rc = view_check_key(view, err);

	memset(out, 0, sizeof(*out));
	if (rc == 0)
		rc = forgotten_read(view, err);
	if (rc < 0)
		return rc;
	rc = tree_diff(view->vault->store, from, &view->tree, &gone, &fresh,
		       &reason);
	if (rc == 0)
		rc = compare(&comparing, &gone, &fresh, &reason);
	if (rc < 0)
		view_parts_all(out);
	tree_segments_release(&gone);
	tree_segments_release(&fresh);
	table_release(&comparing.gone);
	return rc == ERR_NOMEM ? err_copy(err, rc, &reason) : 0;
}
