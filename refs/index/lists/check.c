#include <string.h>

#include "refs/index/lists/lists_internal.h"

static bool is_same_row(const struct lists_session *a,
			const struct lists_session *b)
{
	return span_equals(a->entity, b->entity) &&
	       span_equals(a->title, b->title) &&
	       span_equals(a->first, b->first) &&
	       span_equals(a->provider, b->provider) &&
	       span_equals(a->models, b->models) &&
	       span_equals(a->project, b->project) &&
	       span_equals(a->roles, b->roles) &&
	       a->created == b->created && a->updated == b->updated &&
	       a->messages == b->messages && a->branches == b->branches;
}

static size_t count_more(const struct lists_said *said, uint64_t n)
{
	size_t more = 0;
	uint64_t i;

	for (i = 0; i < n; i++)
		more += said[i].flags & LISTS_HAS_MORE;
	return more;
}

static int compare_messages(struct lists *known, struct lists *anew,
			    uint64_t n, bool *is_same, struct err *err)
{
	const struct lists_said *a = NULL;
	const struct lists_said *b = NULL;
	const struct lists_more *a_more = NULL;
	const struct lists_more *b_more = NULL;
	int rc = lists_messages(known, &a, &a_more, err);

	if (rc == 0)
		rc = lists_messages(anew, &b, &b_more, err);
	if (rc == 0 && n)
		*is_same = !memcmp(a, b, n * sizeof(*a));
	if (rc < 0 || !n || !*is_same || !(n = count_more(a, n)))
		return rc;
	*is_same = !memcmp(a_more, b_more, n * sizeof(*a_more));
	return 0;
}

static int compare_rows(struct lists *known, struct lists *anew,
			bool *is_same, struct err *err)
{
	struct lists_session a;
	struct lists_session b;
	bool a_ends = false;
	bool b_ends = false;
	int rc = 0;

	while (rc == 0 && *is_same && !a_ends) {
		rc = lists_next(known, &a, &a_ends, err);
		if (rc == 0)
			rc = lists_next(anew, &b, &b_ends, err);
		if (rc == 0)
			*is_same = a_ends == b_ends &&
				   (a_ends || is_same_row(&a, &b));
		if (rc == 0 && *is_same && !a_ends)
			rc = compare_messages(known, anew, a.messages,
					      is_same, err);
	}
	return rc;
}

static int compare(struct view *view, struct lists *known, bool *is_same,
		   struct err *err)
{
	struct lists *anew = NULL;
	int rc = lists_open_anew(view, &anew, err);

	if (rc < 0)
		return rc;
	*is_same = !memcmp(lists_totals(known), lists_totals(anew),
			   sizeof(struct lists_totals)) &&
		   span_equals(lists_persona(known), lists_persona(anew));
	rc = compare_rows(known, anew, is_same, err);
	lists_free(anew);
	return rc;
}

int lists_check(struct view *view, bool *out_is_true, struct err *err)
{
	struct lists *known = NULL;
	int rc = lists_open(view, UINT64_MAX, &known, err);

	*out_is_true = true;
	if (rc == 0 && lists_has_file(known))
		rc = compare(view, known, out_is_true, err);
	lists_free(known);
	if (rc == 0 && !*out_is_true)
		lists_files_drop(view);
	return rc;
}
