/*
 * Tree objects from outside. The first byte chooses the folder that the rest
 * is said to be; what is accepted must be exactly what we would write.
 */
#include <stdint.h>
#include <stdlib.h>

#include "objects/tree/tree_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* SHA-256("session:x"), its first 16 bytes: 9cc6... */
static const struct place folders[] = {
	{ "memory", 0, "", "" },
	{ "memory", 3, "9cc", "" },
	{ "session", 0, "", "" },
	{ "session", 2, "9c", "" },
	{ "session", 3, "9cc", "" },
	{ "session", 3, "9cc", "ttdmiond3h3rnwpakjrb34v5he" },
	{ "abcdefghijklmnopqrstuvwxya", 3, "9cc", "" },
};

#define FOLDERS (sizeof(folders) / sizeof(*folders))

static void check(struct span raw, const struct place *place,
		  const struct tree_node *node)
{
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < node->n; i++) {
		const struct tree_entry *entry = &node->at[i];
		char path[SEGMENT_PATH_MAX];
		struct tree_segment segment;
		struct place child;

		if (tree_bytes_add(&again, entry->name, entry->is_tree,
				   &entry->id, NULL) < 0)
			abort();
		if (entry->is_tree) {
			place_enter(place, entry->name, &child);
			place_text(&child, path);
			continue;
		}
		tree_entry_segment(entry, place, &segment);
		segment_path(&segment, path);
	}
	if (!span_equals(buf_span(&again), raw))
		abort();
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tree_node node = TREE_NODE_INIT;
	struct err err = ERR_INIT;
	const struct place *place;
	struct span raw;

	if (!len)
		return 0;
	place = data[0] % (FOLDERS + 1) ?
		&folders[data[0] % (FOLDERS + 1) - 1] : NULL;
	raw = span_of(data + 1, len - 1);
	if (tree_node_parse(raw, place, &node, &err) == 0)
		check(raw, place, &node);
	else if (err.code != ERR_UNTRUSTED)
		abort();
	tree_node_release(&node);
	return 0;
}
