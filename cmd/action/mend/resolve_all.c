#include <string.h>

#include "cmd/action/mend/resolving.h"
#include "cmd/action/result.h"
#include "refs/index/lists/lists.h"

/* All of a construct, on its way to one version. */
struct settling_all {
	struct resolving one;
	struct entry entry;
	struct buf names;	/* of entities, a line each */
	uint64_t entities, settled, left;
};

static int add_name(void *arg, const struct view_entity *entity,
		    struct err *err)
{
	struct settling_all *all = arg;
	int rc = buf_add_span(&all->names, entity->entity, err);

	return rc < 0 ? rc : buf_add_str(&all->names, "\n", err);
}

static int find_names(struct settling_all *all, struct err *err)
{
	const struct view_visitor visitor = { add_name, all };
	struct lists *lists = NULL;
	int rc = lists_open(all->one.view, LISTS_KEEP_FROM, &lists, err);

	if (rc == 0)
		rc = lists_each_disputed(lists, NULL, &visitor, err);
	lists_free(lists);
	return rc;
}

/* Who says several things of a field has not settled it. */
static int take(struct settling_all *all, struct choice *choice,
		struct err *err)
{
	struct resolving *one = &all->one;
	struct err reason = ERR_INIT;
	int rc = choice_take(&one->settling, action_text(one->call, "take"),
			     choice, &reason);

	if (rc < 0 && rc != ERR_INVALID)
		return err_copy(err, rc, &reason);
	one->made += choice->is_made;
	one->deletes |= choice->is_made && choice->deletes;
	return 0;
}

static int settle_entity(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct settling_all *all = arg;
	struct resolving *one = &all->one;
	size_t i;
	int rc = resolving_begin(one, entity, err);

	for (i = 0; rc == 0 && i < one->disputes.n; i++) {
		if (resolving_means(one, one->choices[i].dispute))
			rc = take(all, &one->choices[i], err);
	}
	if (rc == 0 && one->made)
		rc = resolving_queue(one, &all->entry, err);
	all->entities += one->made > 0;
	all->settled += one->deletes ? one->disputes.n : one->made;
	all->left += one->deletes ? 0 : one->disputes.n - one->made;
	resolving_clear(one);
	return rc;
}

static int settle_each(struct settling_all *all, struct err *err)
{
	const struct view_visitor visitor = { settle_entity, all };
	struct span names = buf_span(&all->names);
	int rc = 0;

	while (rc == 0 && names.len) {
		const char *end = memchr(names.at, '\n', names.len);
		size_t len = (size_t)(end - names.at);

		rc = view_one(all->one.view, span_of(names.at, len), &visitor,
			      err);
		names = span_of(end + 1, names.len - len - 1);
	}
	return rc;
}

static int commit(struct settling_all *all, struct err *err)
{
	struct action_call *call = all->one.call;
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf subject = BUF_INIT(256);
	int rc;

	buf_putf(&subject, "resolve: %llu field%s of %llu entit%s",
		 (unsigned long long)all->settled,
		 all->settled == 1 ? "" : "s",
		 (unsigned long long)all->entities,
		 all->entities == 1 ? "y" : "ies");
	rc = buf_end(&subject, err);
	if (rc == 0)
		rc = entry_commit(&all->entry, call, buf_text(&subject),
				  &result, err);
	entry_put(&all->entry, &result, &fields);
	fields_integer(&fields, "entities", (int64_t)all->entities);
	fields_integer(&fields, "settled", (int64_t)all->settled);
	fields_integer(&fields, "left", (int64_t)all->left);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&subject);
	return rc;
}

int resolve_all(struct action_call *call, struct view *view, struct err *err)
{
	struct signers signers = SIGNERS_INIT(view);
	struct settling_all all = {
		.one = RESOLVING_INIT(call, view, &signers),
		.entry = { .vault = call->vault,
			   .construct = view_title(view) },
		.names = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = find_names(&all, err);

	if (rc == 0)
		rc = entry_open(&all.entry, err);
	if (rc == 0)
		rc = settle_each(&all, err);
	if (rc == 0 && all.entities)
		rc = commit(&all, err);
	if (rc == 0 && !all.entities) {
		host_note(call->host, "'%s' says nothing of what is in "
			  "conflict in '%s'", action_text(call, "take"),
			  view_title(view));
		call->is_no = true;
	}
	entry_release(&all.entry);
	buf_release(&all.names);
	signers_release(&signers);
	return rc;
}
