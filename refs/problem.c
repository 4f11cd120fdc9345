#include "refs/verify.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/text.h"

int problem_list_add(struct problem_list *list, const char *code,
		     const char *object, const char *message, struct err *err)
{
	size_t more = list->cap ? list->cap * 2 : 8;
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	struct problem *problem;
	struct problem *grown;
	int rc;

	if (list->n == list->cap) {
		grown = realloc(list->at, more * sizeof(*grown));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		list->at = grown;
		list->cap = more;
	}
	rc = text_escape(&clean, span_str(message), 0, err);
	if (rc < 0)
		goto out;
	problem = &list->at[list->n++];
	snprintf(problem->code, sizeof(problem->code), "%s", code);
	snprintf(problem->object, sizeof(problem->object), "%s", object);
	snprintf(problem->message, sizeof(problem->message), "%.*s",
		 (int)text_cut(buf_span(&clean),
			       sizeof(problem->message) - 1).len,
		 buf_text(&clean));
out:
	buf_release(&clean);
	return rc < 0 ? rc : 0;
}

void problem_list_release(struct problem_list *list)
{
	free(list->at);
	list->at = NULL;
	list->n = 0;
	list->cap = 0;
}
