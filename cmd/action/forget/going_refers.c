/*
 * What refers to something that goes: what was drawn from it or repeats it goes
 * too. What only names it stays, and is counted.
 */
#include "cmd/action/forget/going.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "refs/forget/copies.h"

struct referring {
	struct going_one *one;
	bool has_grown;
};

bool going_is_named(const struct going_one *one, struct span text)
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
	static const char *const names[] = { "parent", "links" };
	struct span value;
	size_t i;
	size_t k;

	for (i = 0; i < entity->records_n; i++)
		for (k = 0; k < sizeof(names) / sizeof(*names); k++)
			if (jcs_find(entity->records[i].record.data, names[k],
				     &value) && going_is_named(one, value))
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
		is_drawn = going_is_named(one, entity->records[i].record.data);
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
	const struct view_visitor left = { count_left, &referring };
	int rc = 0;

	if (!forgetting_count(one->forgetting))
		return 0;
	while (rc == 0 && referring.has_grown)
		rc = add_once(&referring, err);
	return rc < 0 ? rc : each_home(one, &left, err);
}
