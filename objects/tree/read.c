#include "objects/tree/tree.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "objects/tree/tree_internal.h"

static const char tree_mode[] = "40000 ";
static const char blob_mode[] = "100644 ";

/* The shortest entry: mode, a name of one character, zero byte, id. */
#define ENTRY_BYTES_MIN (sizeof(tree_mode) + 1 + GIT_OID_RAWSZ)

void tree_node_release(struct tree_node *node)
{
	buf_release(&node->raw);
	free(node->at);
	node->at = NULL;
	node->n = 0;
}

int tree_name_compare(struct span a, bool a_is_tree, struct span b,
		      bool b_is_tree)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.at, b.at, shorter);
	unsigned char a_next, b_next;

	if (order)
		return order;
	a_next = a.len > shorter ? (unsigned char)a.at[shorter] :
				   (unsigned char)(a_is_tree ? '/' : 0);
	b_next = b.len > shorter ? (unsigned char)b.at[shorter] :
				   (unsigned char)(b_is_tree ? '/' : 0);
	return (a_next > b_next) - (a_next < b_next);
}

static int read_refuse(const struct place *place, const char *why,
		       struct err *err)
{
	char text[PLACE_TEXT_MAX];

	place_text(place, text);
	return err_set(err, ERR_UNTRUSTED, "tree '%s' %s", text, why);
}

/* Names come from outside: what is no plain text is not repeated. */
static int refuse_name(const struct place *place, struct span name,
		       const char *why, struct err *err)
{
	char text[PLACE_TEXT_MAX];
	char shown[CID_RAW_TEXT + 1];
	size_t i;

	for (i = 0; i < name.len && i < CID_RAW_TEXT; i++) {
		char c = name.at[i];

		shown[i] = c > ' ' && c < 0x7f ? c : '?';
	}
	shown[i] = '\0';
	place_text(place, text);
	return err_set(err, ERR_UNTRUSTED, "tree '%s' has an entry '%s' %s",
		       text, shown, why);
}

/* Take one entry apart at *pos: "<mode> <name>\0<id>". */
static int split_entry(struct span raw, size_t *pos,
		       const struct place *place, struct tree_entry *out,
		       struct err *err)
{
	struct span rest = span_of(raw.at + *pos, raw.len - *pos);
	const char *end;
	size_t mode_len;

	if (rest.len < ENTRY_BYTES_MIN)
		return read_refuse(place, "is cut short", err);
	out->is_tree = span_begins(rest, tree_mode);
	if (!out->is_tree && !span_begins(rest, blob_mode))
		return read_refuse(place, "has an entry of a mode other than "
				   "40000 and 100644", err);
	mode_len = strlen(out->is_tree ? tree_mode : blob_mode);
	rest = span_of(rest.at + mode_len, rest.len - mode_len);
	end = memchr(rest.at, 0, rest.len);
	if (!end || rest.len - (size_t)(end - rest.at) < 1 + GIT_OID_RAWSZ)
		return read_refuse(place, "is cut short", err);
	out->name = span_of(rest.at, (size_t)(end - rest.at));
	memcpy(out->id.id, end + 1, GIT_OID_RAWSZ);
	/* Our own code says "absent" with it. */
	if (git_oid_is_zero(&out->id))
		return read_refuse(place, "has an entry without an object",
				   err);
	*pos += mode_len + out->name.len + 1 + GIT_OID_RAWSZ;
	return 0;
}

static int check_entry(struct tree_entry *entry, const struct place *place,
		       const struct tree_entry *before, struct err *err)
{
	if (entry->is_tree) {
		memset(entry->digest, 0, sizeof(entry->digest));
		if (!place_may_hold_folder(place, entry->name))
			return refuse_name(place, entry->name,
					   "that is no folder of this place",
					   err);
	} else if (!place_may_hold_segments(place) ||
		   !cid_parse_raw(entry->name, entry->digest)) {
		return refuse_name(place, entry->name,
				   "that is no segment of this place", err);
	}
	if (before && tree_name_compare(before->name, before->is_tree,
					entry->name, entry->is_tree) >= 0)
		return refuse_name(place, entry->name,
				   "doubled or out of order", err);
	return 0;
}

int tree_node_parse(struct span raw, const struct place *place,
		    struct tree_node *out, struct err *err)
{
	size_t cap = 0;
	size_t pos = 0;
	int rc;

	if (!raw.len && place)
		return read_refuse(place, "is empty", err);
	while (pos < raw.len) {
		struct tree_entry *entry;

		if (out->n == TREE_ENTRIES_MAX)
			return read_refuse(place, "has too many entries", err);
		rc = array_room_in(out->at, out->n, cap, err);
		if (rc < 0)
			return rc;
		entry = &out->at[out->n];
		rc = split_entry(raw, &pos, place, entry, err);
		if (rc == 0)
			rc = check_entry(entry, place,
					 out->n ? entry - 1 : NULL, err);
		if (rc < 0)
			return rc;
		out->n++;
	}
	return 0;
}

int tree_node_read(struct store *store, const git_oid *id,
		   const struct place *place, struct tree_node *out,
		   struct err *err)
{
	char text[PLACE_TEXT_MAX];
	int rc = store_read(store, id, OBJECT_TREE, TREE_BYTES_MAX, &out->raw,
			    err);

	if (rc < 0) {
		place_text(place, text);
		err_prefix(err, "tree '%s'", text);
		return rc;
	}
	return tree_node_parse(buf_span(&out->raw), place, out, err);
}

void tree_entry_segment(const struct tree_entry *entry,
			const struct place *place, struct tree_segment *out)
{
	out->place = *place;
	memcpy(out->digest, entry->digest, SHA256_BYTES);
	out->blob = entry->id;
}

static int add_segments(const struct tree_node *node,
			const struct place *place, struct tree_segments *out,
			struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < node->n; i++) {
		struct tree_segment segment;

		if (node->at[i].is_tree)
			continue;
		tree_entry_segment(&node->at[i], place, &segment);
		rc = tree_segments_add(out, &segment, err);
	}
	return rc;
}

static bool find_folder(const struct tree_node *node, struct span name,
			git_oid *out)
{
	size_t i;

	for (i = 0; i < node->n; i++) {
		if (node->at[i].is_tree &&
		    span_equals(node->at[i].name, name)) {
			*out = node->at[i].id;
			return true;
		}
	}
	return false;
}

/* The component of a place at a level, counted as place_level() does. */
static struct span component(const struct place *place, unsigned level)
{
	if (level == 0)
		return span_str(place->dir);
	if (level <= place->digits_n)
		return span_of(place->digits + level - 1, 1);
	return span_str(place->home);
}

/* Read the folders from the root to target; of all of them, or only of the
 * last, append the segments. */
static int descend(struct store *store, const git_oid *tree,
		   const struct place *target, bool is_all,
		   struct tree_segments *out, struct err *err)
{
	unsigned deepest = place_level(target);
	const struct place *here = NULL;
	struct place place;
	git_oid id = *tree;
	unsigned level;
	bool is_found = true;
	int rc = 0;

	for (level = 0; rc == 0 && is_found && level <= deepest; level++) {
		struct tree_node node = TREE_NODE_INIT;

		rc = tree_node_read(store, &id, here, &node, err);
		if (rc == 0 && here && (is_all || level == deepest))
			rc = add_segments(&node, here, out, err);
		if (rc == 0 && level < deepest) {
			struct span name = component(target, level);

			is_found = find_folder(&node, name, &id);
			place_enter(here, name, &place);
			here = &place;
		}
		tree_node_release(&node);
	}
	return rc;
}

int tree_at(struct store *store, const git_oid *tree,
	    const struct place *place, struct tree_segments *out,
	    struct err *err)
{
	return descend(store, tree, place, false, out, err);
}

int tree_along(struct store *store, const git_oid *tree, const char *dir,
	       const unsigned char hash[PLACE_HASH_BYTES],
	       struct tree_segments *out, struct err *err)
{
	struct place home;

	place_of_hash(dir, hash, TREE_DIGITS, true, &home);
	return descend(store, tree, &home, true, out, err);
}

static void add_child(struct tree_folder *folder,
		      const struct tree_entry *entry)
{
	struct tree_child *child = &folder->children[folder->children_n++];

	memcpy(child->name, entry->name.at, entry->name.len);
	child->name[entry->name.len] = '\0';
	child->tree = entry->id;
}

int tree_folder_read(struct store *store, const git_oid *tree,
		     const struct place *place, struct tree_folder *out,
		     struct err *err)
{
	struct tree_folder folder = { .segments = TREE_SEGMENTS_INIT };
	struct tree_node node = TREE_NODE_INIT;
	size_t i;
	int rc = tree_node_read(store, tree, place, &node, err);

	if (rc < 0)
		goto out;
	if (place)
		folder.place = *place;
	folder.children = calloc(node.n ? node.n : 1,
				 sizeof(*folder.children));
	if (!folder.children) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < node.n; i++) {
		if (node.at[i].is_tree)
			add_child(&folder, &node.at[i]);
	}
	if (place)
		rc = add_segments(&node, place, &folder.segments, err);
	if (rc < 0)
		tree_folder_release(&folder);
	else
		*out = folder;
out:
	tree_node_release(&node);
	return rc;
}

void tree_folder_release(struct tree_folder *folder)
{
	tree_segments_release(&folder->segments);
	free(folder->children);
	folder->children = NULL;
	folder->children_n = 0;
}
