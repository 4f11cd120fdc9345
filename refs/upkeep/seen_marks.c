#include "refs/upkeep/seen_marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refs/history/history.h"

/* What is being compared: the vault's heads and one remote's marks. */
struct marking {
	struct vault *vault;
	const struct head_list *heads;
	const char *remote;
	struct problem_list *problems;
};

static int report(const struct marking *marking, const struct mark *mark,
		  const char *code, const char *what, struct err *err)
{
	char name[CONSTRUCT_NAME_MAX + DID_SHORT_MAX + 1];
	char message[256];

	snprintf(name, sizeof(name), "%s/%s", mark->head.construct,
		 mark->head.device);
	snprintf(message, sizeof(message),
		 "%s: at remote '%s' it was seen at seq %llu", what,
		 marking->remote, (unsigned long long)mark->seq);
	return problem_list_add(marking->problems, code, name, message, err);
}

/* Is it on a line of its device? A fork has several. */
static int find_line(const struct marking *marking, const struct head *seen,
		     bool *out_has_ref, bool *out_is_below, struct err *err)
{
	struct store *store = marking->vault->store;
	const struct head_list *heads = marking->heads;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && !*out_is_below && i < heads->n; i++) {
		if (strcmp(heads->at[i].construct, seen->construct) ||
		    strcmp(heads->at[i].device, seen->device))
			continue;
		*out_has_ref = true;
		if (store_has(store, &seen->id))
			rc = history_is_ancestor(store, &seen->id,
						 &heads->at[i].id,
						 out_is_below, err);
	}
	return rc;
}

/* What was seen once is here, or below what is here. */
static int check_mark(const struct marking *marking, const struct mark *mark,
		      struct err *err)
{
	bool has_ref = false;
	bool is_below = false;
	int rc = find_line(marking, &mark->head, &has_ref, &is_below, err);

	if (rc < 0 || is_below)
		return rc;
	if (!has_ref)
		return report(marking, mark, "lost-ref", "the ref is gone",
			      err);
	if (!store_has(marking->vault->store, &mark->head.id))
		return report(marking, mark, "rolled-back",
			      "the version is gone", err);
	return report(marking, mark, "rolled-back",
		      "the ref stands elsewhere than before", err);
}

int seen_marks_read(struct vault *vault, struct seen_marks *out, struct err *err)
{
	size_t i;
	int rc = remote_list(vault, &out->remotes, err);

	out->marks = calloc(out->remotes.n + 1, sizeof(*out->marks));
	if (rc == 0 && !out->marks)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < out->remotes.n; i++)
		rc = marks_load(vault, out->remotes.at[i].name,
				&out->marks[i], err);
	return rc;
}

void seen_marks_release(struct seen_marks *seen)
{
	size_t i;

	for (i = 0; seen->marks && i < seen->remotes.n; i++)
		marks_release(&seen->marks[i]);
	free(seen->marks);
	remote_list_release(&seen->remotes);
	memset(seen, 0, sizeof(*seen));
}

int seen_marks_check(struct vault *vault, const struct seen_marks *seen,
	       const struct head_list *heads, struct problem_list *problems,
	       struct err *err)
{
	struct marking marking = { vault, heads, NULL, problems };
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < seen->remotes.n; i++) {
		marking.remote = seen->remotes.at[i].name;
		if (seen->marks[i].is_damaged)
			rc = problem_list_add(problems, "damaged-marks",
					      marking.remote, "what is known "
					      "of where its refs stood is lost "
					      "or damaged; fetch, push and "
					      "'vvault verify --repair' make "
					      "it anew", err);
		for (j = 0; rc == 0 && j < seen->marks[i].n; j++)
			rc = check_mark(&marking, &seen->marks[i].at[j], err);
	}
	return rc;
}
