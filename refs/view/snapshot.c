#include "refs/view/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"
#include "refs/view/view_internal.h"

#define MEMORY_OF_CAPSULE "memory:capsule:"

/* Entities are told apart by 128 bits of their hash. */
static void entity_key(struct span entity, unsigned char out[16])
{
	blake2b_of(entity.at, entity.len, NULL, 0, out, 16);
}

/* The newest capsule seen so far. */
struct search {
	struct buf *state;
	struct buf *entity;		/* or NULL */
	bool is_found;
	int64_t time;
	unsigned char id[RECORD_ID_BYTES];
};

int64_t capsule_time(struct span state)
{
	struct span text;
	int64_t time;

	if (!jcs_find_string(state, "timestamp", &text) ||
	    timestamp_parse(text, &time, NULL, NULL) < 0)
		return INT64_MIN;
	return time;
}

static int search_capsule(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct search *search = arg;
	const unsigned char *id;
	int64_t time;

	if (!entity->state.at)
		return 0;
	time = capsule_time(entity->state);
	id = entity->records[entity->records_n - 1].id;
	if (search->is_found &&
	    (time < search->time ||
	     (time == search->time &&
	      memcmp(id, search->id, RECORD_ID_BYTES) < 0)))
		return 0;
	search->is_found = true;
	search->time = time;
	memcpy(search->id, id, RECORD_ID_BYTES);
	buf_reset(search->state);
	if (search->entity) {
		buf_reset(search->entity);
		buf_put_span(search->entity, entity->entity);
	}
	return buf_add_span(search->state, entity->state, err);
}

static int add_memory(void *arg, struct span entity, struct err *err)
{
	struct snapshot *snapshot = arg;
	unsigned char key[16];

	entity_key(entity, key);
	return table_put(&snapshot->memories, key, 0, err);
}

/* The list of memories: in the capsule, or a blob where it is long. */
static int read_list(struct view *view, struct snapshot *snapshot,
		     struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct span list;
	uint64_t size;
	bool is_there;
	int rc;

	if (!snapshot->has_capsule ||
	    !jcs_find(buf_span(&snapshot->state), "memories", &list))
		return 0;
	if (!blob_ref_parse(list, digest, &size))
		return buf_add_span(&snapshot->list, list, err);
	rc = view_blob(view, digest, &snapshot->list, &is_there, err);
	/* Then none of its memories is left out. */
	snapshot->is_listless = !is_there;
	return rc;
}

int view_newest_capsule(struct view *view, struct buf *out,
			struct buf *out_entity, bool *out_is_found,
			struct err *err)
{
	struct search search = { .state = out, .entity = out_entity };
	struct view_visitor visitor = { search_capsule, &search };
	int rc = view_each_in(view, "capsule", NULL, &visitor, err);

	*out_is_found = search.is_found;
	return rc < 0 || !out_entity ? rc : buf_end(out_entity, err);
}

int snapshot_read(struct view *view, struct snapshot *out, struct err *err)
{
	int rc = view_newest_capsule(view, &out->state, NULL,
				     &out->has_capsule, err);

	if (rc == 0)
		rc = read_list(view, out, err);
	return rc < 0 ? rc : snapshot_each(out, add_memory, out, err);
}

int snapshot_each(const struct snapshot *snapshot,
		  int (*each)(void *arg, struct span entity, struct err *err),
		  void *arg, struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(buf_span(&snapshot->list));
	struct span value;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &value)) {
		if (jcs_string_is_plain(value))
			rc = each(arg, jcs_string_inner(value), err);
	}
	return rc;
}

bool snapshot_counts(const struct snapshot *snapshot, struct span entity)
{
	unsigned char key[16];

	if (snapshot->is_listless || !span_begins(entity, MEMORY_OF_CAPSULE))
		return true;
	entity_key(entity, key);
	return table_get(&snapshot->memories, key, NULL);
}

void snapshot_release(struct snapshot *snapshot)
{
	buf_release(&snapshot->state);
	buf_release(&snapshot->list);
	table_release(&snapshot->memories);
	snapshot->has_capsule = false;
}
