#include "cmd/action/remote/told_group.h"
#include "cmd/action/remote/told_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refs/history/ref.h"

bool told_is_moved(const struct ref_report *ref)
{
	return ref->result == REF_NEW || ref->result == REF_FORWARD;
}

bool told_is_bad(const struct ref_report *ref)
{
	return !told_is_moved(ref) && ref->result != REF_SAME;
}

/* What groups are made from. */
struct grouping {
	struct vault *vault;
	struct head_list seen;		/* of a remote that has moved on */
	uint64_t budget;
	struct told_groups *out;
};

/* A version that the other side had: of one that is not here, the one that
 * was seen before it. */
static const git_oid *had_of(const struct grouping *grouping,
			     const struct ref_report *ref)
{
	struct store *store = grouping->vault->store;
	const struct head *seen;

	if (store_has(store, &ref->from))
		return &ref->from;
	seen = head_list_find(&grouping->seen, &ref->head);
	return seen && store_has(store, &seen->id) ? &seen->id : NULL;
}

/* What these lines say of one construct. ids has room for two of each. */
static void ends_of(const struct grouping *grouping,
		    const struct told_line *lines, size_t n, git_oid *ids,
		    struct traffic_ends *out)
{
	git_oid *now = ids + n;
	const git_oid *had;
	size_t i;

	*out = (struct traffic_ends){ ids, 0, now, 0 };
	for (i = 0; i < n; i++) {
		const struct ref_report *ref = lines[i].ref;

		if (!ref)
			had = lines[i].other;
		else
			had = ref->has_from && !told_is_bad(ref) ?
			      had_of(grouping, ref) : NULL;
		if (had)
			ids[out->had_n++] = *had;
		if (ref && ref->has_to && told_is_moved(ref))
			now[out->now_n++] = ref->to;
	}
}

/* Has the other side nothing of it? */
static bool is_new(const struct told_line *lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!lines[i].ref || (lines[i].ref->has_from &&
				      !told_is_bad(lines[i].ref)))
			return false;
	}
	return true;
}

/* What cannot be counted has moved all the same. */
static int count(struct vault *vault, const struct traffic_ends *ends,
		 uint64_t *budget, struct told_group *group, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = traffic_count(vault, group->construct, ends, budget,
			       &group->traffic, &reason);

	group->has_traffic = rc == 0;
	return rc == ERR_NOMEM ? err_copy(err, rc, &reason) : 0;
}

static int group_add(struct grouping *grouping, const struct told_line *lines,
		     size_t n, struct err *err)
{
	struct told_groups *out = grouping->out;
	git_oid *ids = calloc(2 * n + 1, sizeof(*ids));
	struct told_group *group = &out->at[out->n++];
	struct traffic_ends ends;
	int rc = 0;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	ends_of(grouping, lines, n, ids, &ends);
	group->construct = lines[0].construct;
	group->is_moved = ends.now_n > 0;
	group->is_new = is_new(lines, n);
	out->moved_n += group->is_moved;
	if (group->is_moved)
		rc = count(grouping->vault, &ends, &grouping->budget, group,
			   err);
	free(ids);
	return rc;
}

/* What this remote was seen with, where it has something that is not here. */
static int seen_read(const struct told *told, const struct sync_report *report,
		     struct grouping *out, struct err *err)
{
	struct store *store = out->vault->store;
	char prefix[REMOTE_NAME_MAX + 16];
	size_t i;

	for (i = 0; told->is_sent && i < report->n; i++) {
		if (!report->at[i].has_from ||
		    store_has(store, &report->at[i].from))
			continue;
		snprintf(prefix, sizeof(prefix), "refs/remotes/%s/",
			 told->remote);
		return heads_list(store, prefix, NULL, &out->seen, NULL, err);
	}
	return 0;
}

int told_groups_make(struct vault *vault, const struct told *told,
		     const struct sync_report *report,
		     struct told_groups *out, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct grouping grouping = { vault, HEAD_LIST_INIT, TRAFFIC_BUDGET,
				     out };
	struct told_lines lines = { NULL, 0 };
	size_t i, n;
	int rc = 0;

	if (!told->is_sent)
		rc = heads_list(vault->store, HEADS_PREFIX, NULL, &heads, NULL,
				err);
	if (rc == 0)
		rc = seen_read(told, report, &grouping, err);
	if (rc == 0)
		rc = told_lines_make(report, &heads, &lines, err);
	if (rc == 0) {
		out->at = calloc(lines.n + 1, sizeof(*out->at));
		rc = out->at ? 0 : err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; rc == 0 && i < lines.n; i += n) {
		for (n = 1; i + n < lines.n &&
			    !told_line_order(&lines.at[i], &lines.at[i + n]);)
			n++;
		/* A construct of which the report says nothing stands. */
		if (n > 1 || lines.at[i].ref)
			rc = group_add(&grouping, &lines.at[i], n, err);
	}
	free(lines.at);
	head_list_release(&grouping.seen);
	head_list_release(&heads);
	return rc;
}

void told_groups_release(struct told_groups *groups)
{
	size_t i;

	for (i = 0; i < groups->n; i++)
		traffic_release(&groups->at[i].traffic);
	free(groups->at);
	groups->at = NULL;
	groups->n = 0;
}

static int group_by_name(const void *key, const void *element)
{
	return strcmp(key, ((const struct told_group *)element)->construct);
}

const struct told_group *told_group_find(const struct told_groups *groups,
					 const struct ref_report *ref)
{
	return bsearch(ref->head.construct, groups->at, groups->n,
		       sizeof(*groups->at), group_by_name);
}

static int by_size(const void *a, const void *b)
{
	const struct told_group *one = a;
	const struct told_group *two = b;
	int is_first = !strcmp(one->construct, VAULT_CONSTRUCT);
	int is_second = !strcmp(two->construct, VAULT_CONSTRUCT);

	if (is_first || is_second)
		return is_second - is_first;
	if (one->traffic.records != two->traffic.records)
		return one->traffic.records < two->traffic.records ? 1 : -1;
	if (one->traffic.versions != two->traffic.versions)
		return one->traffic.versions < two->traffic.versions ? 1 : -1;
	return strcmp(one->traffic.construct, two->traffic.construct);
}

void told_groups_largest(struct told_groups *groups)
{
	qsort(groups->at, groups->n, sizeof(*groups->at), by_size);
}

void told_sum(struct traffic *sum, const struct told_group *group,
	      bool is_vault)
{
	size_t i;

	sum->versions += group->traffic.versions;
	if (!group->has_traffic)
		sum->has_records = sum->has_kinds = false;
	if (is_vault)
		return;
	sum->has_records &= group->traffic.has_records;
	sum->has_kinds &= group->traffic.has_kinds;
	sum->records += group->traffic.records;
	sum->changes += group->traffic.changes;
	for (i = 0; i < TRAFFIC_KINDS; i++)
		sum->made[i] += group->traffic.made[i];
}
