#include "cmd/action/remote/told_group.h"

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

/* A ref of the report, or a head of ours that the report does not name. */
struct line {
	const char *construct;
	const struct ref_report *ref;
	const git_oid *other;
};

struct lines {
	struct line *at;
	size_t n;
};

static int by_construct(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->construct,
		      ((const struct line *)b)->construct);
}

static int ref_by_name(const void *a, const void *b)
{
	const struct ref_report *one = *(const struct ref_report *const *)a;
	const struct ref_report *two = *(const struct ref_report *const *)b;
	int order = strcmp(one->head.construct, two->head.construct);

	return order ? order : strcmp(one->head.device, two->head.device);
}

static int head_by_name(const void *key, const void *element)
{
	const struct head *head = key;
	const struct ref_report *ref =
		*(const struct ref_report *const *)element;
	int order = strcmp(head->construct, ref->head.construct);

	return order ? order : strcmp(head->device, ref->head.device);
}

/*
 * What came builds on all that is here, named by the remote or not. What
 * is sent builds on what the remote has: the report names all of that.
 */
static int lines_make(const struct sync_report *report,
		      const struct head_list *heads, struct lines *out,
		      struct err *err)
{
	const struct ref_report **refs = calloc(report->n + 1, sizeof(*refs));
	size_t i;

	out->at = calloc(report->n + heads->n + 1, sizeof(*out->at));
	if (!refs || !out->at) {
		free(refs);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < report->n; i++) {
		refs[i] = &report->at[i];
		out->at[out->n++] = (struct line){
			report->at[i].head.construct, &report->at[i], NULL
		};
	}
	qsort(refs, report->n, sizeof(*refs), ref_by_name);
	for (i = 0; i < heads->n; i++) {
		if (!bsearch(&heads->at[i], refs, report->n, sizeof(*refs),
			     head_by_name))
			out->at[out->n++] = (struct line){
				heads->at[i].construct, NULL, &heads->at[i].id
			};
	}
	qsort(out->at, out->n, sizeof(*out->at), by_construct);
	free(refs);
	return 0;
}

/* What these lines say of one construct. ids has room for two of each. */
static void ends_of(const struct line *lines, size_t n, git_oid *ids,
		    struct traffic_ends *out)
{
	git_oid *now = ids + n;
	size_t i;

	*out = (struct traffic_ends){ ids, 0, now, 0 };
	for (i = 0; i < n; i++) {
		const struct ref_report *ref = lines[i].ref;

		if (!ref)
			ids[out->had_n++] = *lines[i].other;
		else if (ref->has_from && !told_is_bad(ref))
			ids[out->had_n++] = ref->from;
		if (ref && ref->has_to && told_is_moved(ref))
			now[out->now_n++] = ref->to;
	}
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

static int group_add(struct vault *vault, const struct line *lines, size_t n,
		     uint64_t *budget, struct told_groups *out,
		     struct err *err)
{
	git_oid *ids = calloc(2 * n + 1, sizeof(*ids));
	struct told_group *group = &out->at[out->n++];
	struct traffic_ends ends;
	int rc = 0;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	ends_of(lines, n, ids, &ends);
	group->construct = lines[0].construct;
	group->is_moved = ends.now_n > 0;
	group->is_new = !ends.had_n;
	out->moved_n += group->is_moved;
	if (group->is_moved)
		rc = count(vault, &ends, budget, group, err);
	free(ids);
	return rc;
}

int told_groups_make(struct vault *vault, const struct told *told,
		     const struct sync_report *report,
		     struct told_groups *out, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct lines lines = { NULL, 0 };
	uint64_t budget = TRAFFIC_BUDGET;
	size_t i, n;
	int rc = 0;

	if (!told->is_sent)
		rc = heads_list(vault->store, HEADS_PREFIX, NULL, &heads, NULL,
				err);
	if (rc == 0)
		rc = lines_make(report, &heads, &lines, err);
	if (rc == 0) {
		out->at = calloc(lines.n + 1, sizeof(*out->at));
		rc = out->at ? 0 : err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; rc == 0 && i < lines.n; i += n) {
		for (n = 1; i + n < lines.n &&
			    !by_construct(&lines.at[i], &lines.at[i + n]);)
			n++;
		/* A construct of which the report says nothing stands. */
		if (n > 1 || lines.at[i].ref)
			rc = group_add(vault, &lines.at[i], n, &budget, out,
				       err);
	}
	free(lines.at);
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
	if (is_vault)
		return;
	sum->has_records &= group->traffic.has_records;
	sum->has_kinds &= group->traffic.has_kinds;
	sum->records += group->traffic.records;
	sum->changes += group->traffic.changes;
	for (i = 0; i < TRAFFIC_KINDS; i++)
		sum->made[i] += group->traffic.made[i];
}
