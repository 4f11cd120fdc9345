#include "cmd/action/read/alternatives.h"

#include <stdlib.h>

#include "lib/json/jcs_scan.h"

static bool is_silent(const struct said *said)
{
	struct span value;

	return jcs_find(buf_span(&said->state), "visibility", &value) &&
	       (jcs_is_text(value, "meta") || jcs_is_text(value, "hidden"));
}

int alternatives_mark(struct transcript *transcript, struct err *err)
{
	const struct branch_node *at = transcript->branches.at;
	size_t root = transcript->said.n;
	size_t i;
	size_t here;

	transcript->speaks = calloc(root + 1, sizeof(*transcript->speaks));
	if (!transcript->speaks)
		return err_set(err, ERR_NOMEM, "out of memory");
	transcript->speaks[root] = true;
	for (i = 0; i < root; i++) {
		if (is_silent(&transcript->said.at[i]))
			continue;
		for (here = i; !transcript->speaks[here];
		     here = at[here].parent)
			transcript->speaks[here] = true;
	}
	return 0;
}

/* The next alternative in which somebody speaks, from this one on. */
static size_t next_speaking(const struct transcript *transcript, size_t child)
{
	while (child != BRANCHES_NONE && !transcript->speaks[child])
		child = transcript->branches.at[child].next;
	return child;
}

size_t alternative_of(const struct transcript *transcript,
			      size_t message, size_t *out_of)
{
	const struct branch_node *at = transcript->branches.at;
	size_t child = next_speaking(transcript,
				     at[at[message].parent].first);
	size_t nth = 0;

	*out_of = 0;
	while (child != BRANCHES_NONE) {
		++*out_of;
		if (child == message)
			nth = *out_of;
		child = next_speaking(transcript, at[child].next);
	}
	return nth;
}

size_t alternatives_below(const struct transcript *transcript, size_t here)
{
	size_t of = 0;

	if (transcript->branches.at[here].first != BRANCHES_NONE)
		alternative_of(transcript,
				       transcript->branches.at[here].first,
				       &of);
	return of;
}

int alternatives_take(struct transcript *transcript, size_t here,
		       uint64_t branch, struct err *err)
{
	struct branch_node *at = transcript->branches.at;
	size_t child;
	size_t nth = 0;

	while (here != BRANCHES_NONE && alternatives_below(transcript, here) < 2)
		here = at[here].chosen;
	if (here == BRANCHES_NONE)
		return err_set(err, ERR_INVALID, "no branch %llu: it does not "
			       "fork there", (unsigned long long)branch);
	child = next_speaking(transcript, at[here].first);
	while (child != BRANCHES_NONE && ++nth != branch)
		child = next_speaking(transcript, at[child].next);
	if (child == BRANCHES_NONE)
		return err_set(err, ERR_INVALID, "no branch %llu: there are "
			       "%zu", (unsigned long long)branch,
			       alternatives_below(transcript, here));
	at[here].chosen = child;
	return 0;
}
