#include "refs/verify/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/text.h"

#define LOOK_BACK 256		/* findings that a new one is compared with */

/* Among the last ones: what is found twice is found soon again. */
static bool is_listed(const struct problem_list *list,
		      const struct problem *problem)
{
	size_t i = list->n;

	while (i > 0 && list->n - i < LOOK_BACK) {
		const struct problem *other = &list->at[--i];

		if (!strcmp(other->code, problem->code) &&
		    !strcmp(other->object, problem->object) &&
		    !strcmp(other->message, problem->message))
			return true;
	}
	return false;
}

int problem_list_add(struct problem_list *list, const char *code,
		     const char *object, const char *message, struct err *err)
{
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	struct problem *problem;
	int rc = array_room(list, err);

	if (rc == 0)
		rc = text_escape(&clean, span_str(message), 0, err);
	if (rc < 0)
		goto out;
	problem = &list->at[list->n];
	snprintf(problem->code, sizeof(problem->code), "%s", code);
	snprintf(problem->object, sizeof(problem->object), "%s", object);
	snprintf(problem->message, sizeof(problem->message), "%.*s",
		 (int)text_cut(buf_span(&clean),
			       sizeof(problem->message) - 1).len,
		 buf_text(&clean));
	list->n += !is_listed(list, problem);
out:
	buf_release(&clean);
	return rc;
}

void problem_list_release(struct problem_list *list)
{
	free(list->at);
	list->at = NULL;
	list->n = 0;
	list->cap = 0;
}
