#include "refs/remote/exchange/exchange_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLD_MAX 10		/* writers that are named */

/* A ref that nobody here has seen, and how many its device has of them. */
struct fresh {
	size_t at;		/* in the list of heads */
	const struct head *head;
	size_t of_device;
	bool is_member;
};

struct flood {
	struct trip *trip;
	struct side *side;
	struct head_list ours;
	struct fresh *fresh;
	size_t n;
};

static bool is_known(const struct flood *flood, const struct head *head)
{
	return head_list_find(&flood->ours, head) ||
	       head_list_find(&flood->side->seen, head) ||
	       head_list_find(&flood->side->held, head) ||
	       head_list_find(&flood->side->refused, head);
}

static bool is_member(const struct flood *flood, const struct head *head)
{
	unsigned char public[DID_KEY_BYTES];

	return did_spelled(span_str(head->device), public) &&
	       vault_state_member(&flood->side->vault->state, public);
}

static int device_order(const void *a, const void *b)
{
	const struct fresh *left = a, *right = b;
	int order = strcmp(left->head->device, right->head->device);

	if (order)
		return order;
	return (left->at > right->at) - (left->at < right->at);
}

static bool is_vault(const struct fresh *fresh)
{
	return !strcmp(fresh->head->construct, VAULT_CONSTRUCT);
}

/*
 * Members first, then `vault`, by which others are judged; among all of them
 * who has few: one who floods comes last.
 */
static int turn_order(const void *a, const void *b)
{
	const struct fresh *left = a, *right = b;

	if (left->is_member != right->is_member)
		return left->is_member ? -1 : 1;
	if (is_vault(left) != is_vault(right))
		return is_vault(left) ? -1 : 1;
	if (left->of_device != right->of_device)
		return left->of_device < right->of_device ? -1 : 1;
	return device_order(a, b);
}

static int fresh_collect(struct flood *flood, const struct head_list *heads,
			 struct err *err)
{
	size_t i, k, first;

	flood->fresh = calloc(heads->n + 1, sizeof(*flood->fresh));
	if (!flood->fresh)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < heads->n; i++) {
		if (!is_known(flood, &heads->at[i]))
			flood->fresh[flood->n++] = (struct fresh){
				i, &heads->at[i], 0, false
			};
	}
	if (flood->n <= flood->trip->limits.refs)
		return 0;
	qsort(flood->fresh, flood->n, sizeof(*flood->fresh), device_order);
	for (first = 0; first < flood->n; first = i) {
		for (i = first; i < flood->n &&
		     !strcmp(flood->fresh[i].head->device,
			     flood->fresh[first].head->device); i++)
			;
		for (k = first; k < i; k++) {
			flood->fresh[k].of_device = i - first;
			flood->fresh[k].is_member =
				is_member(flood, flood->fresh[first].head);
		}
	}
	qsort(flood->fresh, flood->n, sizeof(*flood->fresh), turn_order);
	return 0;
}

static int flood_tell(const struct flood *flood, const struct fresh *fresh,
		      size_t left, struct err *err)
{
	struct trip *trip = flood->trip;
	char message[200], did[DID_TEXT_MAX];

	snprintf(did, sizeof(did), DID_PREFIX "%s", fresh->head->device);
	snprintf(message, sizeof(message), "this device shows %zu new refs; "
		 "%zu were not taken, for a fetch takes %llu new ones "
		 "(--max-refs)", fresh->of_device, left,
		 (unsigned long long)trip->limits.refs);
	return problem_list_add(&trip->report->problems, "too-many-refs", did,
				message, err);
}

/* Who has how many beyond the limit. */
static int tell_all(const struct flood *flood, struct err *err)
{
	size_t first = (size_t)flood->trip->limits.refs;
	unsigned told = 0;
	size_t i;
	int rc = 0;

	for (; rc == 0 && first < flood->n && told < TOLD_MAX; first = i) {
		for (i = first; i < flood->n &&
		     !strcmp(flood->fresh[i].head->device,
			     flood->fresh[first].head->device); i++)
			;
		rc = flood_tell(flood, &flood->fresh[first], i - first, err);
		told++;
	}
	return rc;
}

static void drop(const struct flood *flood, struct head_list *heads)
{
	size_t kept = 0;
	size_t i;

	for (i = (size_t)flood->trip->limits.refs; i < flood->n; i++)
		heads->at[flood->fresh[i].at].construct[0] = '\0';
	for (i = 0; i < heads->n; i++) {
		if (heads->at[i].construct[0])
			heads->at[kept++] = heads->at[i];
	}
	heads->n = kept;
}

int flood_bound(struct trip *trip, struct side *side, struct head_list *heads,
		struct err *err)
{
	struct flood flood = { trip, side, HEAD_LIST_INIT, NULL, 0 };
	int rc = 0;

	if (heads->n <= trip->limits.refs)
		return 0;
	rc = heads_list(side->vault->store, HEADS_PREFIX, NULL, &flood.ours,
			NULL, err);
	if (rc == 0)
		rc = fresh_collect(&flood, heads, err);
	if (rc == 0 && flood.n > trip->limits.refs) {
		trip->report->left_refs = flood.n - (size_t)trip->limits.refs;
		rc = tell_all(&flood, err);
		drop(&flood, heads);
	}
	free(flood.fresh);
	head_list_release(&flood.ours);
	return rc;
}
