#include "cmd/action/mend/moves.h"

#include <stdlib.h>
#include <string.h>

#include "refs/history/history.h"

static bool is_moved(const struct ref_report *ref)
{
	return (ref->result == REF_NEW || ref->result == REF_FORWARD) &&
	       strcmp(ref->head.construct, VAULT_CONSTRUCT) != 0;
}

static int order_heads(const struct head *a, const struct head *b)
{
	int order = strcmp(a->construct, b->construct);

	return order ? order : strcmp(a->device, b->device);
}

static int order_moved(const void *a, const void *b)
{
	return order_heads(&(*(const struct ref_report *const *)a)->head,
			   &(*(const struct ref_report *const *)b)->head);
}

static int find_moved(const void *head, const void *ref)
{
	return order_heads(head,
			   &(*(const struct ref_report *const *)ref)->head);
}

static int find_construct(const void *construct, const void *ref)
{
	return strcmp(construct, (*(const struct ref_report *const *)ref)->
		      head.construct);
}

int moves_make(struct moves *moves, struct vault *vault,
	       const struct sync_report *report, struct err *err)
{
	size_t i;

	moves->at = calloc(report->n + 1, sizeof(*moves->at));
	if (!moves->at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < report->n; i++) {
		if (is_moved(&report->at[i]))
			moves->at[moves->n++] = &report->at[i];
	}
	if (!moves->n)
		return 0;
	qsort(moves->at, moves->n, sizeof(*moves->at), order_moved);
	return heads_list(vault->store, "refs/heads/", NULL, &moves->heads,
			  NULL, err);
}

void moves_release(struct moves *moves)
{
	free(moves->at);
	head_list_release(&moves->heads);
}

bool moves_has(const struct moves *moves, const char *construct)
{
	return bsearch(construct, moves->at, moves->n, sizeof(*moves->at),
		       find_construct) != NULL;
}

/* The version of a head before the fetch; NULL: there was none. */
static const git_oid *before(const struct moves *moves,
			     const struct head *head)
{
	const struct ref_report *const *ref =
		bsearch(head, moves->at, moves->n,
			sizeof(*moves->at), find_moved);

	if (!ref)
		return &head->id;
	return (*ref)->has_from ? &(*ref)->from : NULL;
}

/* The first of its heads. */
static size_t first_head(const struct moves *moves, const char *construct)
{
	size_t low = 0;
	size_t high = moves->heads.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(moves->heads.at[middle].construct, construct) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int moves_before(const struct moves *moves, struct vault *vault,
		 const char *construct, struct view **out, struct err *err)
{
	size_t first = first_head(moves, construct);
	git_oid *ids;
	size_t n = 0;
	size_t i;
	int rc = 0;

	for (i = first; i < moves->heads.n &&
			!strcmp(moves->heads.at[i].construct, construct); i++)
		;
	ids = calloc(i - first + 1, sizeof(*ids));
	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	while (i-- > first) {
		const git_oid *id = before(moves, &moves->heads.at[i]);

		if (id)
			ids[n++] = *id;
	}
	if (n)
		rc = history_maximal(vault->store, ids, &n, err);
	if (rc == 0 && n)
		rc = view_open_versions(vault, construct, ids, n, out, err);
	free(ids);
	return rc;
}
