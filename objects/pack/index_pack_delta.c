#include "objects/pack/index_pack_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "objects/pack/delta.h"
#include "objects/pack/libgit2.h"

/* An object on the way from a whole one to the delta at hand. */
struct link {
	uint32_t entry;
	uint32_t child;		/* the next to be made, by offset */
	size_t ref;		/* and by id, a position in pack->refs */
	struct buf content;
};

/*
 * Deltas form trees below whole objects. Each tree is walked depth first with
 * the contents of one branch at hand, so each object is made once.
 */
struct branch {
	struct index_pack *pack;
	struct link *links;	/* INDEX_PACK_DEPTH_MAX + 1 */
	size_t n;
	uint64_t bytes;		/* of their contents */
	struct buf raw;		/* as in the pack */
	struct buf delta;
	struct deflater *deflater;	/* for bases that it lacked, or NULL */
};

static int read_at(const struct index_pack *pack, uint64_t offset, size_t len,
		   struct buf *out, struct err *err)
{
	int rc;

	buf_reset(out);
	rc = buf_reserve(out, len, err);
	if (rc == 0)
		rc = file_read_at(pack->file.fd, pack->options.folder->path,
				  offset, out->data, len, err);
	if (rc == 0)
		out->len = len;
	return rc;
}

/* What stands there, inflated: an object, or a delta. */
static int read_entry(struct branch *branch, uint32_t at, struct buf *out,
		      struct err *err)
{
	struct index_pack *pack = branch->pack;
	const struct index_entry *entry = &pack->entries[at];
	uint64_t begin = entry->offset + entry->head_len;
	uint64_t end = at + 1 < pack->sent_n ? pack->entries[at + 1].offset :
					       pack->sent_end;
	int rc = read_at(pack, begin, (size_t)(end - begin), &branch->raw,
			 err);

	out->max = entry->size + 1;
	if (rc == 0)
		rc = inflater_run(pack->inflater, buf_span(&branch->raw), out,
				  err);
	return rc;
}

static int ref_order(const void *a, const void *b)
{
	const struct ref_delta *left = a, *right = b;

	return git_oid_cmp(&left->base, &right->base);
}

/* The first delta whose base has this id, or where it would be. */
static size_t ref_find(const struct index_pack *pack, const git_oid *id)
{
	size_t low = 0, high = pack->refs_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (git_oid_cmp(&pack->refs[middle].base, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_made(const struct index_entry *entry)
{
	return entry->type < PACK_OFFSET_DELTA;
}

/* The next delta of the last link, taken off its lists; NO_ENTRY: none. */
static uint32_t next_child(struct branch *branch)
{
	struct index_pack *pack = branch->pack;
	struct link *last = &branch->links[branch->n - 1];
	const git_oid *id = &pack->entries[last->entry].id;
	uint32_t child = last->child;

	if (child != NO_ENTRY) {
		last->child = pack->entries[child].next;
		return child;
	}
	while (last->ref < pack->refs_n &&
	       git_oid_equal(&pack->refs[last->ref].base, id)) {
		child = pack->refs[last->ref++].entry;
		/* One of two equal objects has had them already. */
		if (!is_made(&pack->entries[child]))
			return child;
	}
	return NO_ENTRY;
}

static bool has_children(const struct index_pack *pack, uint32_t at)
{
	const struct index_entry *entry = &pack->entries[at];
	size_t ref;

	if (entry->child != NO_ENTRY)
		return true;
	ref = ref_find(pack, &entry->id);
	return ref < pack->refs_n &&
	       git_oid_equal(&pack->refs[ref].base, &entry->id);
}

static void link_add(struct branch *branch, uint32_t at, struct buf content)
{
	struct link *last = &branch->links[branch->n++];

	last->entry = at;
	last->child = branch->pack->entries[at].child;
	last->ref = ref_find(branch->pack, &branch->pack->entries[at].id);
	last->content = content;
	branch->bytes += content.len;
}

static void link_drop(struct branch *branch)
{
	struct link *last = &branch->links[--branch->n];

	branch->bytes -= last->content.len;
	buf_release(&last->content);
}

static int check_branch(struct branch *branch, size_t len, struct err *err)
{
	const char *from = branch->pack->options.from;

	if (branch->n > INDEX_PACK_DEPTH_MAX)
		return err_set(err, ERR_LIMIT, "'%s' sends a chain of more "
			       "than %d deltas", from, INDEX_PACK_DEPTH_MAX);
	if (branch->bytes + len > INDEX_PACK_CHAIN_BYTES)
		return err_set(err, ERR_LIMIT, "'%s' sends a chain of deltas "
			       "of more than %llu bytes", from,
			       (unsigned long long)INDEX_PACK_CHAIN_BYTES);
	return 0;
}

/* Make one delta of the last link, and go on from it if others need it. */
static int make_child(struct branch *branch, uint32_t at, struct err *err)
{
	struct index_pack *pack = branch->pack;
	struct link *last = &branch->links[branch->n - 1];
	struct index_entry *entry = &pack->entries[at];
	struct buf content = BUF_INIT(pack->options.limits.object_bytes);
	int rc = index_pack_tick(pack, err);

	if (rc == 0)
		rc = read_entry(branch, at, &branch->delta, err);
	if (rc == 0)
		rc = delta_apply(buf_span(&last->content),
				 buf_span(&branch->delta), &content, err);
	if (rc == 0)
		rc = check_branch(branch, content.len, err);
	if (rc == 0)
		rc = index_pack_name(pack, pack->entries[last->entry].type,
				     buf_span(&content), &entry->id, err);
	if (rc == 0)
		entry->type = pack->entries[last->entry].type;
	if (rc == 0 && has_children(pack, at))
		link_add(branch, at, content);
	else
		buf_release(&content);
	return rc;
}

/* All that is made of one whole object; content changes hands. */
static int make_below(struct branch *branch, uint32_t at, struct buf content,
		      struct err *err)
{
	uint32_t child;
	int rc = 0;

	link_add(branch, at, content);
	while (rc == 0 && branch->n) {
		child = next_child(branch);
		if (child == NO_ENTRY)
			link_drop(branch);
		else
			rc = make_child(branch, child, err);
	}
	while (branch->n)
		link_drop(branch);
	return rc;
}

static int make_sent(struct branch *branch, struct err *err)
{
	struct index_pack *pack = branch->pack;
	uint32_t at;
	int rc = 0;

	for (at = 0; rc == 0 && at < pack->sent_n; at++) {
		struct buf content = BUF_INIT(BUF_NO_LIMIT);

		if (pack->entries[at].is_delta || !has_children(pack, at))
			continue;
		rc = read_entry(branch, at, &content, err);
		if (rc == 0)
			rc = make_below(branch, at, content, err);
		else
			buf_release(&content);
	}
	return rc;
}

/* Write a base behind what was sent, where the trailer was. */
static int write_base(struct branch *branch, struct index_entry *entry,
		      struct span content, struct err *err)
{
	struct index_pack *pack = branch->pack;
	struct buf *raw = &branch->raw;
	int rc = 0;

	if (!branch->deflater)
		rc = deflater_new(&branch->deflater, err);
	if (rc < 0)
		return rc;
	buf_reset(raw);
	entry->offset = pack->at - SHA1_BYTES;
	pack_entry_put(raw, entry->type, content.len);
	entry->head_len = (uint8_t)raw->len;
	deflater_put(branch->deflater, content, raw);
	rc = buf_end(raw, err);
	if (rc == 0 && lseek(pack->file.fd, (off_t)entry->offset,
			     SEEK_SET) < 0)
		rc = err_errno(err, "cannot write a pack");
	if (rc == 0)
		rc = file_write_fd(pack->file.fd, pack->options.folder->path,
				   buf_span(raw), err);
	entry->crc = deflate_crc32(0, buf_span(raw));
	pack->at += raw->len;
	return rc;
}

/* A base that lies outside of the pack, if it does. */
static int take_base(struct branch *branch, const git_oid *id,
		     struct err *err)
{
	struct index_pack *pack = branch->pack;
	struct index_entry entry = { .id = *id, .child = NO_ENTRY,
				     .next = NO_ENTRY };
	struct buf content = BUF_INIT(pack->options.limits.object_bytes);
	git_odb_object *object = NULL;
	int rc;

	if (!pack->options.bases)
		return 0;
	rc = git_odb_read(&object, pack->options.bases, id);
	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return libgit2_error(rc, "cannot read the base of a delta",
				       err);
	entry.type = (uint8_t)git_odb_object_type(object);
	entry.size = (uint32_t)git_odb_object_size(object);
	rc = index_pack_count(pack, git_odb_object_size(object), err);
	if (rc == 0)
		rc = buf_add(&content, git_odb_object_data(object),
			     git_odb_object_size(object), err);
	git_odb_object_free(object);
	if (rc == 0)
		rc = write_base(branch, &entry, buf_span(&content), err);
	if (rc == 0)
		rc = index_pack_add(pack, &entry, err);
	if (rc == 0)
		return make_below(branch, (uint32_t)(pack->n - 1), content,
				  err);
	buf_release(&content);
	return rc;
}

/* Those that are left wait for what is not in the pack. */
static int make_thin(struct branch *branch, struct err *err)
{
	struct index_pack *pack = branch->pack;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < pack->refs_n; i++) {
		if (is_made(&pack->entries[pack->refs[i].entry]) ||
		    (i && git_oid_equal(&pack->refs[i].base,
					&pack->refs[i - 1].base)))
			continue;
		rc = take_base(branch, &pack->refs[i].base, err);
	}
	return rc;
}

int index_pack_resolve(struct index_pack *pack, struct err *err)
{
	struct branch branch = { .pack = pack, .raw = BUF_INIT(BUF_NO_LIMIT),
				 .delta = BUF_INIT(BUF_NO_LIMIT) };
	size_t i;
	int rc = 0;

	branch.links = calloc(INDEX_PACK_DEPTH_MAX + 1,
			      sizeof(*branch.links));
	if (!branch.links)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (pack->refs_n > 1)
		qsort(pack->refs, pack->refs_n, sizeof(*pack->refs),
		      ref_order);
	rc = make_sent(&branch, err);
	if (rc == 0)
		rc = make_thin(&branch, err);
	for (i = 0; rc == 0 && i < pack->n; i++) {
		if (!is_made(&pack->entries[i]))
			rc = index_pack_damaged(pack, "a delta of what is not "
						"there", err);
	}
	deflater_free(branch.deflater);
	buf_release(&branch.raw);
	buf_release(&branch.delta);
	free(branch.links);
	return rc;
}
