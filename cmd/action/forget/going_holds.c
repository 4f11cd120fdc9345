/*
 * What holds the words of something that goes: the file that it came in, where
 * its bytes were kept, goes too. A capsule, which is more than its bytes, stays,
 * and is counted.
 */
#include "cmd/action/forget/going.h"

#include "cmd/action/construct/picked.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"
#include "refs/forget/blobs.h"

struct holding {
	struct going_one *one;
	struct action_call *call;
	bool holds;		/* what is looked into at the time */
};

static int look_in_blob(void *arg, const unsigned char digest[SHA256_BYTES],
			struct err *err)
{
	struct holding *holding = arg;
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	bool is_there = false;
	int rc = 0;

	if (!holding->holds)
		rc = view_blob(holding->one->view, digest, &bytes, &is_there,
			       err);
	if (rc == 0 && is_there)
		holding->holds = needles_are_in(&holding->one->needles,
						buf_span(&bytes));
	buf_wipe(&bytes);
	return rc;
}

static int look_for_needles(struct holding *holding, struct span data,
			    struct err *err)
{
	const struct blobs_visitor blobs = { look_in_blob, holding };

	holding->holds |= needles_are_in(&holding->one->needles, data);
	return !holding->one->needles.n || holding->holds ? 0 :
	       blobs_each(holding->one->view, data, &blobs, err);
}

/* Did it bring any of what goes? Of what was kept and can be read no more, or
 * in part, its bytes say. */
static int look_in_source(struct holding *holding, struct span data,
			  struct err *err)
{
	struct going_one *one = holding->one;
	struct picked picked = PICKED_INIT(holding->call, one->view);
	bool is_read = false;
	int rc = picked_add_kept(&picked, data, &is_read, err);

	holding->holds |= is_read && picked_has_any(&picked, &one->brought);
	if (rc == 0 && !is_read)
		rc = look_for_needles(holding, data, err);
	picked_release(&picked);
	return rc;
}

static int look_at_source(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct holding *holding = arg;
	struct going_one *one = holding->one;
	size_t i;
	int rc = 0;

	holding->holds = false;
	for (i = 0; rc == 0 && !holding->holds && i < entity->records_n; i++)
		if (!forgetting_has(one->forgetting, entity->records[i].id))
			rc = look_in_source(holding,
					    entity->records[i].record.data,
					    err);
	return rc < 0 || !holding->holds ? rc :
	       going_add(one, entity, GOING_FILE, NULL, err);
}

static int look_at_capsule(void *arg, const struct view_entity *entity,
			   struct err *err)
{
	struct holding *holding = arg;
	struct going_one *one = holding->one;
	struct span memories;
	size_t i;
	int rc = 0;

	holding->holds = false;
	for (i = 0; rc == 0 && !holding->holds && i < entity->records_n;
	     i++) {
		struct span data = entity->records[i].record.data;

		if (forgetting_has(one->forgetting, entity->records[i].id))
			continue;
		holding->holds = jcs_find(data, "memories", &memories) &&
				 going_is_named(one, memories);
		if (!holding->holds)
			rc = look_for_needles(holding, data, err);
	}
	one->capsules += rc == 0 && holding->holds;
	return rc;
}

int going_add_holding(struct going_one *one, struct action_call *call,
		      struct err *err)
{
	struct holding holding = { one, call, false };
	const struct view_visitor source = { look_at_source, &holding };
	const struct view_visitor capsule = { look_at_capsule, &holding };
	int rc = 0;

	if (!forgetting_count(one->forgetting))
		return 0;
	if (one->brought.count)
		rc = view_each_home(one->view, "source", &source, err);
	return rc < 0 ? rc :
	       view_each_home(one->view, "capsule", &capsule, err);
}
