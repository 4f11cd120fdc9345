/*
 * What refers to something that goes: what was drawn from it or repeats it goes
 * too, and so does the file that it came in where its bytes were kept. What only
 * names it stays, and is counted.
 */
#include "cmd/action/forget/going.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"
#include "refs/forget/copies.h"

struct referring {
	struct going_one *one;
	bool has_grown;
};

/* --- what names it --- */

/* Is some string of the text the name of an entity that goes? */
static bool names_it(const struct going_one *one, struct span text)
{
	const struct kind *kind;
	struct span name;
	size_t at = 0;
	const char *end;

	for (; at + 1 < text.len; at++) {
		if (text.at[at] != '"')
			continue;
		name = span_of(text.at + at + 1, text.len - at - 1);
		end = memchr(name.at, '"', name.len);
		if (!end)
			return false;
		name.len = (size_t)(end - name.at);
		for (kind = kind_table; kind->name; kind++) {
			if (span_begins(name, kind->name) &&
			    name.len > strlen(kind->name) &&
			    name.at[strlen(kind->name)] == ':' &&
			    going_has(one, name))
				return true;
		}
	}
	return false;
}

/* The conversation that it is in is named by each message. */
static bool is_left(const struct view_entity *entity,
		    const struct going_one *one)
{
	static const char *const names[] = { "parent", "links", "memories" };
	struct span value;
	size_t i;
	size_t k;

	for (i = 0; i < entity->records_n; i++)
		for (k = 0; k < sizeof(names) / sizeof(*names); k++)
			if (jcs_find(entity->records[i].record.data, names[k],
				     &value) && names_it(one, value))
				return true;
	return false;
}

/* Knowledge that was drawn from it. */
static int look_at_acu(void *arg, const struct view_entity *entity,
		   struct err *err)
{
	struct referring *referring = arg;
	struct going_one *one = referring->one;
	bool is_drawn = false;
	bool is_new = false;
	size_t i;
	int rc = 0;

	if (strcmp(entity->kind->name, "acu") != 0)
		return 0;
	for (i = 0; !is_drawn && i < entity->records_n; i++)
		is_drawn = names_it(one, entity->records[i].record.data);
	if (is_drawn)
		rc = going_add(one, entity, GOING_DRAWN, &is_new, err);
	referring->has_grown |= is_new;
	return rc;
}

static int take_copy(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct referring *referring = arg;
	bool is_new = false;
	int rc = going_add(referring->one, entity, GOING_COPY, &is_new, err);

	referring->has_grown |= is_new;
	return rc;
}

static int look_at_copy(void *arg, struct span entity, struct err *err)
{
	struct referring *referring = arg;
	const struct view_visitor visitor = { take_copy, referring };

	return view_one(referring->one->view, entity, &visitor, err);
}

static int count_left(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct referring *referring = arg;

	(void)err;
	if (!going_has(referring->one, entity->entity) &&
	    is_left(entity, referring->one))
		referring->one->left++;
	return 0;
}

/* --- what holds it --- */

static int blobs_hold(struct referring *referring, struct span data,
		      bool *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	*out = needles_are_in(&referring->one->needles, data);
	while (rc == 0 && !*out && blob_ref_next(data, &pos, digest, &size)) {
		struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
		bool is_there;

		rc = view_blob(referring->one->view, digest, &bytes, &is_there,
			       err);
		*out = rc == 0 && is_there &&
		       needles_are_in(&referring->one->needles, buf_span(&bytes));
		buf_wipe(&bytes);
		buf_release(&bytes);
	}
	return rc;
}

/* A file that was kept goes; a capsule, which is more than its bytes, is
 * named. */
static int look_into(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct referring *referring = arg;
	bool holds = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && !holds && i < entity->records_n; i++)
		if (!forgetting_has(referring->one->forgetting,
				    entity->records[i].id))
			rc = blobs_hold(referring,
					entity->records[i].record.data, &holds,
					err);
	if (rc < 0 || !holds)
		return rc;
	if (!strcmp(entity->kind->name, "source"))
		return going_add(referring->one, entity, GOING_FILE, NULL,
				 err);
	referring->one->capsules++;
	return 0;
}

static int each_home(struct going_one *one, const struct view_visitor *visitor,
		     struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < one->homes.n; i++)
		rc = view_home(one->view, one->homes.at[i], visitor, err);
	return rc;
}

/* Knowledge that was drawn from several things has a folder of its own. */
static int add_once(struct referring *referring, struct err *err)
{
	struct going_one *one = referring->one;
	const struct copies_visitor copies = { look_at_copy, referring };
	const struct view_visitor look = { look_at_acu, referring };
	int rc;

	referring->has_grown = false;
	rc = copies_find(one->view, one->messages.at, one->messages.n,
			 &copies, err);
	if (rc == 0)
		rc = each_home(one, &look, err);
	return rc < 0 ? rc : view_each_home(one->view, "acu", &look, err);
}

int going_add_referring(struct going_one *one, struct err *err)
{
	struct referring referring = { .one = one, .has_grown = true };
	const struct view_visitor into = { look_into, &referring };
	const struct view_visitor left = { count_left, &referring };
	int rc = 0;

	if (!forgetting_count(one->forgetting))
		return 0;
	while (rc == 0 && referring.has_grown)
		rc = add_once(&referring, err);
	if (rc == 0)
		rc = each_home(one, &left, err);
	if (rc == 0)
		rc = view_each_home(one->view, "capsule", &left, err);
	if (rc == 0 && one->needles.n)
		rc = view_each_home(one->view, "source", &into, err);
	if (rc == 0 && one->needles.n)
		rc = view_each_home(one->view, "capsule", &into, err);
	return rc;
}
