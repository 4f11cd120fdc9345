#include "cmd/action/recall/hidden.h"

#define COUNTED_MAX 20		/* each is read */

static int count_all(struct recall *recall, const struct view_list *views,
		     struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < views->n; i++)
		rc = recall_add(recall, views->at[i], err);
	return rc < 0 ? rc : recall_rank(recall, COUNTED_MAX, err);
}

int hidden_tell(const struct host *host, struct span words,
		const struct recall_filter *filter,
		const struct view_list *views, bool *out_is_told,
		struct err *err)
{
	struct recall_filter all = *filter;
	struct recall *recall = NULL;
	size_t n = 0;
	int rc;

	*out_is_told = false;
	if (filter->with_all)
		return 0;
	all.with_all = true;
	rc = recall_new(words, &all, &recall, err);
	if (rc < 0)
		return rc;
	rc = count_all(recall, views, err);
	if (rc == 0)
		n = recall->hits_n;
	if (n)
		host_note(host, "%s%zu more in tools and hidden messages: "
			  "--all", n == COUNTED_MAX ? "at least " : "", n);
	*out_is_told = n > 0;
	recall_free(recall);
	return rc;
}
