#include <stdlib.h>

#include "refs/index/lists/lists_internal.h"

static int order_answers(const void *a, const void *b)
{
	uint64_t x = ((const struct lists_answer *)a)->self;
	uint64_t y = ((const struct lists_answer *)b)->self;

	return (x > y) - (x < y);
}

static struct lists_answer *find_parent(const struct lists_answers *answers,
				  const struct lists_answer *answer)
{
	const struct lists_answer key = { .self = answer->parent };

	return key.self ? bsearch(&key, answers->at, answers->n,
				  sizeof(key), order_answers) : NULL;
}

/* All that lead to one that is visible go on. */
static void mark_goers(struct lists_answers *answers)
{
	struct lists_answer *parent;
	size_t i;

	for (i = 0; i < answers->n; i++) {
		if (!answers->at[i].is_visible)
			continue;
		parent = find_parent(answers, &answers->at[i]);
		for (; parent && !parent->goes_on;
		     parent = find_parent(answers, parent))
			parent->goes_on = true;
	}
}

uint32_t lists_branches(struct lists_answers *answers)
{
	uint32_t ends = 0;
	uint32_t begins = 0;
	size_t i;

	if (!answers->n)
		return 0;
	qsort(answers->at, answers->n,
	      sizeof(*answers->at), order_answers);
	mark_goers(answers);
	for (i = 0; i < answers->n; i++) {
		const struct lists_answer *answer = &answers->at[i];

		ends += answer->is_visible && !answer->goes_on;
		begins += (answer->is_visible || answer->goes_on) &&
			  !find_parent(answers, answer);
	}
	return ends > begins ? ends - begins + 1 : 1;
}
