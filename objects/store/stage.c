#include "objects/store/store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/id/hash.h"
#include "objects/store/store_internal.h"

#define HEADER_MAX 32

struct staged *staged_find(const struct store *store, const git_oid *id)
{
	uint64_t position;

	if (!store->staged.n || !table_get(&store->by_id, id->id, &position))
		return NULL;
	return &store->staged.at[position];
}

bool store_is_staged(struct store *store, const git_oid *id)
{
	return staged_find(store, id);
}

static int frame(enum object_type type, struct span bytes, struct framed *out,
		 struct err *err)
{
	static const char *const words[] = { "", "commit", "tree", "blob" };
	char header[HEADER_MAX];
	int len = snprintf(header, sizeof(header), "%s %zu", words[type],
			   bytes.len);
	struct sha1 hash;

	assert(len > 0 && len < HEADER_MAX);
	out->type = type;
	out->len = bytes.len;
	out->header_len = (size_t)len + 1;
	out->bytes = malloc(out->header_len + bytes.len);
	if (!out->bytes)
		return err_set(err, ERR_NOMEM, "out of memory (%zu bytes)",
			       bytes.len);
	memcpy(out->bytes, header, out->header_len);
	if (bytes.len)
		memcpy(out->bytes + out->header_len, bytes.at, bytes.len);
	sha1_init(&hash);
	sha1_add(&hash, out->bytes, out->header_len + bytes.len);
	sha1_finish(&hash, out->id.id);
	return 0;
}

static int append(struct store *store, const struct framed *object,
		  struct err *err)
{
	int rc = array_room(&store->staged, err);

	if (rc == 0)
		rc = table_put(&store->by_id, object->id.id, store->staged.n,
			       err);
	if (rc == 0)
		store->staged.at[store->staged.n++] = (struct staged){
			*object, false
		};
	return rc;
}

static int stage(struct store *store, enum object_type type,
		 struct span bytes, bool is_anew, git_oid *out_id,
		 struct err *err)
{
	struct framed object;
	int rc;

	if (bytes.len > STORE_OBJECT_MAX)
		return err_set(err, ERR_LIMIT, "object of %zu bytes is over "
			       "the limit of %zu", bytes.len,
			       STORE_OBJECT_MAX);
	rc = frame(type, bytes, &object, err);
	if (rc < 0)
		return rc;
	if (!staged_find(store, &object.id) &&
	    (is_anew || !store_is_known(store, &object.id))) {
		rc = append(store, &object, err);
		if (rc == 0)
			object.bytes = NULL;
	}
	free(object.bytes);
	if (rc == 0)
		*out_id = object.id;
	return rc;
}

int store_stage(struct store *store, enum object_type type, struct span bytes,
		git_oid *out_id, struct err *err)
{
	return stage(store, type, bytes, false, out_id, err);
}

int store_stage_anew(struct store *store, enum object_type type,
		     struct span bytes, git_oid *out_id, struct err *err)
{
	return stage(store, type, bytes, true, out_id, err);
}

static int list_kept(const struct store *store,
		     const struct framed ***out, struct err *err)
{
	const struct framed **list = malloc(store->kept_n * sizeof(*list));
	size_t n = 0;
	size_t i;

	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < store->staged.n; i++) {
		if (store->staged.at[i].is_kept)
			list[n++] = &store->staged.at[i].object;
	}
	assert(n == store->kept_n);
	*out = list;
	return 0;
}

/* Forget what is kept, or everything; what is left moves up. */
static void forget(struct store *store, bool is_kept_only)
{
	size_t left = 0;
	size_t i;

	for (i = 0; i < store->staged.n; i++) {
		struct staged *staged = &store->staged.at[i];

		if (is_kept_only && !staged->is_kept) {
			store->staged.at[left++] = *staged;
			continue;
		}
		table_remove(&store->by_id, staged->object.id.id);
		free(staged->object.bytes);
	}
	store->staged.n = left;
	store->kept_n = 0;
	store->kept_bytes = 0;
	for (i = 0; i < left; i++) {
		/* The key is there, so nothing is allocated. */
		int rc = table_put(&store->by_id,
				   store->staged.at[i].object.id.id, i, NULL);

		assert(rc == 0);
		(void)rc;
	}
}

/* Write what is kept as one pack, or as loose objects. */
static int write_kept(struct store *store, bool as_pack, struct err *err)
{
	const struct framed **kept = NULL;
	size_t bytes = 0;
	int rc;

	if (!store->kept_n)
		return 0;
	rc = list_kept(store, &kept, err);
	if (rc < 0)
		return rc;
	if (as_pack)
		rc = pack_write(store->objects_path, kept, store->kept_n,
				store->deflater, &bytes, err);
	else
		rc = loose_write(store->objects_path, kept, store->kept_n,
				 store->deflater, &bytes, err);
	free(kept);
	if (rc < 0)
		return rc;
	if (as_pack) {
		pack_sweep(store->objects_path);
		rc = store_refresh(store, err);
	}
	if (rc < 0)
		return rc;
	store->stats.objects += store->kept_n;
	store->stats.bytes += bytes;
	store->stats.packs += as_pack;
	forget(store, true);
	return 0;
}

int store_keep(struct store *store, const git_oid *id, struct err *err)
{
	struct staged *staged = staged_find(store, id);

	if (!staged || staged->is_kept)
		return 0;
	staged->is_kept = true;
	store->kept_n++;
	store->kept_bytes += staged->object.len;
	if (store->kept_bytes <= STORE_PENDING_MAX)
		return 0;
	return write_kept(store, true, err);
}

int store_add(struct store *store, enum object_type type, struct span bytes,
	      git_oid *out_id, struct err *err)
{
	git_oid id;
	int rc = store_stage(store, type, bytes, &id, err);

	if (rc == 0)
		rc = store_keep(store, &id, err);
	if (rc == 0)
		*out_id = id;
	return rc;
}

int store_replace(struct store *store, enum object_type type,
		  struct span bytes, git_oid *out_id, struct err *err)
{
	git_oid id;
	int rc = store_stage_anew(store, type, bytes, &id, err);

	if (rc == 0)
		rc = store_keep(store, &id, err);
	if (rc == 0)
		*out_id = id;
	return rc;
}

int store_flush(struct store *store, struct err *err)
{
	int rc = write_kept(store, store->kept_n > STORE_LOOSE_MAX, err);

	if (rc < 0)
		return rc;
	store_root_settle(store);
	store_discard(store);
	return 0;
}

void store_discard(struct store *store)
{
	forget(store, false);
	store->new_roots.n = 0;
}
