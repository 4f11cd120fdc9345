#include "objects/repack/repack_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

#define PROGRESS_EVERY 256

void repack_progress(struct repack *repack)
{
	const struct repack_options *options = repack->options;

	/* Each item is read, then written. */
	repack->done++;
	if (options->progress && repack->done % PROGRESS_EVERY == 0)
		options->progress(options->arg, repack->done, 2 * repack->n);
}

struct repack_item *repack_find(const struct repack *repack, const git_oid *id)
{
	uint64_t position;

	if (!table_get(&repack->by_id, id->id, &position))
		return NULL;
	return &repack->items[position];
}

/* Its content, checked against its id; the head counts there, too. */
static int read_loose(struct repack *repack, const git_oid *id,
		      unsigned *out_type, struct span *out, struct err *err)
{
	struct buf file = BUF_INIT(2 * REPACK_OBJECT_MAX);
	struct loose_head head;
	int rc = loose_load(store_objects_path(repack->store), id, &file, err);

	repack->file_len = file.len;
	if (rc == 0)
		rc = loose_content(buf_span(&file), repack->inflater,
				   &repack->content, &head, out, err);
	if (rc < 0)
		err_prefix(err, "loose object '%s'", oid_hex(id).text);
	else if (!object_is_true(id, head.type, *out))
		rc = err_set(err, ERR_CORRUPT, "loose object '%s' is damaged",
			     oid_hex(id).text);
	else
		*out_type = head.type;
	buf_release(&file);
	return rc;
}

int repack_content(struct repack *repack, const struct repack_item *item,
		   struct span *out, struct err *err)
{
	unsigned type;
	int rc;

	if (item->content) {
		*out = span_of(item->content, item->len);
		return 0;
	}
	if (!item->file)
		return read_loose(repack, &item->id, &type, out, err);
	rc = pack_file_read(item->file, item->position, repack->inflater,
			    &type, &repack->content, err);
	*out = buf_span(&repack->content);
	return rc;
}

/* Remember the content where that saves reading it again. */
static void remember(struct repack *repack, struct repack_item *item,
		     struct span content)
{
	bool is_packed_blob = item->file && item->type > OBJECT_TREE;

	if (is_packed_blob ||
	    repack->cached + content.len > REPACK_CACHE_BYTES)
		return;
	item->content = malloc(content.len ? content.len : 1);
	if (!item->content)
		return;
	if (content.len)
		memcpy(item->content, content.at, content.len);
	repack->cached += content.len;
}

/* Take the content as an item, unless it is one already. */
static int take_item(struct repack *repack, struct repack_item *item,
		     struct span content, struct err *err)
{
	bool is_new;
	int rc = table_add(&repack->by_id, item->id.id, repack->n, &is_new,
			   err);

	if (rc == 0 && is_new)
		rc = array_room_in(repack->items, repack->n, repack->cap, err);
	if (rc < 0 || !is_new)
		return rc;
	item->base = PACK_NO_BASE;
	item->len = (uint32_t)content.len;
	remember(repack, item, content);
	repack->items[repack->n++] = *item;
	return 0;
}

/* Doubles are read all the same: their file will go. */
static int load_pack(struct repack *repack, const struct pack_file *file,
		     struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < file->n; i++) {
		struct repack_item item = { .file = file,
					    .position = (uint32_t)i };
		unsigned type;

		item.id = file->objects[i].id;
		rc = pack_file_read(file, i, repack->inflater, &type,
				    &repack->content, err);
		if (rc < 0)
			break;
		item.type = (uint8_t)type;
		rc = take_item(repack, &item, buf_span(&repack->content), err);
		repack_progress(repack);
	}
	return rc;
}

/* A delta of the pack stays one if its base is taken from there as well. */
static void keep_deltas(struct repack *repack)
{
	size_t i;

	for (i = 0; i < repack->n; i++) {
		struct repack_item *item = &repack->items[i];
		const struct pack_object *object, *base;
		const struct repack_item *found;

		if (!item->file)
			continue;
		object = &item->file->objects[item->position];
		if (object->base == PACK_NO_BASE)
			continue;
		base = &item->file->objects[object->base];
		found = repack_find(repack, &base->id);
		if (found && found->file == item->file)
			item->base = (uint32_t)(found - repack->items);
	}
}

static int load_loose(struct repack *repack, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < repack->loose_n; i++) {
		struct repack_item item = { .id = repack->loose[i] };
		struct span content;
		unsigned type;

		rc = read_loose(repack, &item.id, &type, &content, err);
		if (rc < 0)
			break;
		repack->loose_bytes += repack->file_len;
		item.type = (uint8_t)type;
		rc = take_item(repack, &item, content, err);
		repack_progress(repack);
	}
	return rc;
}

int repack_load(struct repack *repack, struct err *err)
{
	size_t i;
	int rc = 0;

	repack->files = calloc(repack->packs.n + 1, sizeof(*repack->files));
	if (!repack->files)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < repack->packs.n; i++) {
		rc = pack_file_open(&repack->files[i], repack->packs.at[i].stem,
				    err);
		if (rc == 0)
			rc = load_pack(repack, &repack->files[i], err);
	}
	if (rc == 0)
		keep_deltas(repack);
	return rc < 0 ? rc : load_loose(repack, err);
}
