#include "refs/vault/limits.h"

#include <stdlib.h>
#include <string.h>

int cuts_compare(const void *a, const void *b)
{
	const struct member_cut *x = a;
	const struct member_cut *y = b;
	int order = strcmp(x->construct, y->construct);

	if (order)
		return order;
	if (x->seq != y->seq)
		return x->seq > y->seq ? -1 : 1;
	return memcmp(x->digest, y->digest, SHA256_BYTES);
}

void cuts_sort(struct member_cut *cuts, size_t *n)
{
	size_t kept = 0;
	size_t i;

	if (!*n)
		return;
	qsort(cuts, *n, sizeof(*cuts), cuts_compare);
	for (i = 0; i < *n; i++)
		if (!kept || cuts_compare(&cuts[kept - 1], &cuts[i]))
			cuts[kept++] = cuts[i];
	*n = kept;
}

const struct member_cut *limit_cuts(const struct member_limit *limit,
				    const char *construct, size_t *out_n)
{
	size_t low = 0;
	size_t high = limit->cuts_n;
	size_t end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(limit->cuts[middle].construct, construct) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	end = low;
	while (end < limit->cuts_n &&
	       !strcmp(limit->cuts[end].construct, construct))
		end++;
	*out_n = end - low;
	return end > low ? &limit->cuts[low] : NULL;
}

bool limit_names(const struct member_limit *limit, const char *construct,
		 const unsigned char digest[SHA256_BYTES])
{
	const struct member_cut *cuts;
	size_t n;
	size_t i;

	cuts = limit_cuts(limit, construct, &n);
	for (i = 0; i < n; i++)
		if (!memcmp(cuts[i].digest, digest, SHA256_BYTES))
			return true;
	return false;
}

static bool is_stricter(const struct member_limit *a,
			const struct member_limit *b, const char *construct)
{
	const struct member_cut *x;
	const struct member_cut *y;
	size_t n;

	y = limit_cuts(b, construct, &n);
	x = limit_cuts(a, construct, &n);
	if (!x || !y)
		return !x && y;
	return cuts_compare(x, y) > 0;
}

static bool binds(const struct member_limit *limit,
		  const struct limit_case *at)
{
	return limit->role < at->needed &&
	       !index_set_has(at->known, limit->by);
}

/* Of those that others said; NULL: none binds it. */
static const struct member_limit *strictest(const struct member_limit *limits,
					    size_t n,
					    const struct limit_case *at)
{
	const struct member_limit *found = NULL;
	size_t i;

	for (i = 0; i < n; i++)
		if (!limits[i].is_own && binds(&limits[i], at) &&
		    (!found || is_stricter(&limits[i], found, at->construct)))
			found = &limits[i];
	return found;
}

enum limit_verdict limits_judge(const struct member_limit *limits, size_t n,
				const struct limit_case *at)
{
	const struct member_limit *bound = strictest(limits, n, at);
	enum limit_verdict verdict = LIMIT_FREE;
	size_t i;

	if (bound)
		return at->keeps(at->arg, bound) ? LIMIT_KEPT : LIMIT_CUT;
	for (i = 0; i < n && verdict == LIMIT_FREE; i++)
		if (limits[i].is_own && binds(&limits[i], at))
			verdict = LIMIT_CUT;
	for (i = 0; i < n && verdict == LIMIT_CUT; i++)
		if (limits[i].is_own && at->keeps(at->arg, &limits[i]))
			verdict = LIMIT_KEPT;
	return verdict;
}
