#include "cmd/action/history/range.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/read/ref.h"
#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

#define DOTS ".."

struct head_ids {
	git_oid *at;
	size_t n, cap;
};

void range_release(struct range *range)
{
	view_free(range->from);
	view_free(range->to);
	*range = (struct range)RANGE_INIT;
}

/* Outside of "@{}", where dates may have dots; no name has two of them. */
static const char *find_dots(const char *word)
{
	bool is_date = false;

	for (; *word; word++) {
		if (!strncmp(word, "@{", 2))
			is_date = true;
		else if (*word == '}')
			is_date = false;
		else if (!is_date && !strncmp(word, DOTS, strlen(DOTS)))
			return word;
	}
	return NULL;
}

bool is_range(const char *word)
{
	/* An entity is no range, whatever is in its key. */
	return find_dots(word) && !strchr(word, ':');
}

static int open_both(struct vault *vault, const char *from, const char *to,
		     struct range *out, struct err *err)
{
	int rc = 0;

	if (*from)
		rc = ref_open_view(vault, from, &out->from, err);
	if (rc == 0 && *to)
		rc = ref_open_view(vault, to, &out->to, err);
	if (rc == 0 && !*from && *to)
		rc = view_open_ref(vault, out->to->ref_name, &out->from, err);
	if (rc == 0 && !*to && *from)
		rc = view_open_ref(vault, out->from->ref_name, &out->to, err);
	if (rc == 0 && !*from && !*to)
		rc = err_set(err, ERR_INVALID, "'..' stands between two "
			     "versions, or on one side of one");
	return rc;
}

int range_open(struct vault *vault, const char *word, struct range *out,
	       struct err *err)
{
	const char *dots = find_dots(word);
	struct buf from = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_add_span(&from, span_of(word, (size_t)(dots - word)), err);

	if (rc == 0)
		rc = open_both(vault, buf_text(&from), dots + strlen(DOTS), out,
			       err);
	if (rc == 0 && strcmp(out->from->ref_name, out->to->ref_name))
		rc = err_set(err, ERR_INVALID, "versions of two constructs "
			     "cannot be compared");
	buf_release(&from);
	return rc;
}

/* Parents of the version, or of the last one before it that is not quiet. */
static int add_parents(struct view *view, const git_oid *head, bool steps_over,
		       struct head_ids *ids, struct err *err)
{
	struct store *store = view->vault->store;
	struct version version;
	bool is_quiet = steps_over;
	git_oid id = *head;
	size_t i;
	int rc;

	version_init(&version);
	rc = version_read(store, &id, &version, err);
	while (rc == 0 && is_quiet) {
		rc = history_is_quiet(store, &version, &is_quiet, err);
		if (rc < 0 || !is_quiet)
			break;
		id = version.parents[0];
		rc = version_read(store, &id, &version, err);
	}
	for (i = 0; rc == 0 && i < version.parents_n; i++) {
		rc = array_room(ids, err);
		if (rc == 0)
			ids->at[ids->n++] = version.parents[i];
	}
	version_release(&version);
	return rc;
}

int range_before(struct view *view, bool steps_over, struct view **out,
		 struct err *err)
{
	struct head_ids ids = { NULL, 0, 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < view->heads_n; i++)
		rc = add_parents(view, &view->heads[i], steps_over, &ids,
				 err);
	if (rc == 0 && ids.n)
		rc = history_maximal(view->vault->store, ids.at, &ids.n, err);
	if (rc == 0)
		rc = view_open_versions(view->vault, view->ref_name, ids.at,
					ids.n, out, err);
	free(ids.at);
	return rc;
}
