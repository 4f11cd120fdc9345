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

static const struct member_limit *strictest(const struct member_limit *limits,
					    size_t n,
					    const struct index_set *known,
					    const char *construct,
					    enum role needed, bool is_own)
{
	const struct member_limit *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct member_limit *limit = &limits[i];

		if (limit->is_own != is_own || limit->role >= needed ||
		    index_set_has(known, limit->by))
			continue;
		if (!found || is_stricter(limit, found, construct))
			found = limit;
	}
	return found;
}

const struct member_limit *limits_binding(const struct member_limit *limits,
					  size_t n,
					  const struct index_set *known,
					  const char *construct,
					  enum role needed)
{
	const struct member_limit *found =
		strictest(limits, n, known, construct, needed, false);

	return found ? found : strictest(limits, n, known, construct, needed,
					 true);
}
