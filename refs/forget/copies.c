#include "refs/forget/copies.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "objects/tree/home_filter.h"
#include "objects/tree/segment_verify.h"

/* More are sooner read than asked for one by one. */
#define ASKED_MAX 64

struct copies_search {
	struct view *view;
	const struct span *of;
	size_t n;
	const struct copies_visitor *visitor;
};

static bool is_asked_for(const struct copies_search *search, struct span entity)
{
	size_t i;

	for (i = 0; i < search->n; i++)
		if (span_equals(search->of[i], entity))
			return true;
	return false;
}

static bool may_have(const struct copies_search *search,
		     const struct home_filter *filter)
{
	size_t i;

	if (search->n > ASKED_MAX)
		return home_filter_has(filter, filter_key_repeats());
	for (i = 0; i < search->n; i++)
		if (home_filter_has(filter, filter_key_copies(search->of[i])))
			return true;
	return false;
}

static int look_at_line(const struct copies_search *search, struct span line,
			struct err *err)
{
	struct record record;
	struct span value;
	int rc;

	if (!span_has(line, "\"copy_of\":\""))
		return 0;
	rc = record_parse(line, &record, err);
	if (rc < 0 || !jcs_find_string(record.data, "copy_of", &value) ||
	    !is_asked_for(search, value))
		return rc;
	return search->visitor->copy(search->visitor->arg, record.entity, err);
}

static int read_segment(const struct copies_search *search,
			const struct tree_segment *segment, struct err *err)
{
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	struct span line;
	size_t pos = 0;
	int rc = segment_plain(search->view->vault->store, search->view->codec,
			       segment, &text, err);

	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = look_at_line(search, line, err);
	buf_release(&text);
	return rc;
}

/* *out_is_quiet: cleared where a message may be repeated. */
static int look_at_segment(const struct copies_search *search,
			   const struct tree_segment *segment,
			   bool *out_is_quiet, struct err *err)
{
	struct home_filter filter;
	bool is_known = store_filter_get(search->view->vault->store,
					 segment->digest, &filter);

	if (!is_known || home_filter_has(&filter, filter_key_repeats()))
		*out_is_quiet = false;
	return is_known && !may_have(search, &filter) ? 0 :
	       read_segment(search, segment, err);
}

/* A folder in which no message is repeated is not read again: most are none,
 * and of a large vault few change at a time. */
static int look_below(const struct copies_search *search, const git_oid *tree,
		      const struct place *place, bool *out_is_quiet,
		      struct err *err)
{
	struct store *store = search->view->vault->store;
	struct tree_folder folder;
	struct place child;
	bool is_quiet = true;
	size_t i;
	int rc;

	if (store_quiet_get(store, tree))
		return 0;
	rc = tree_folder_read(store, tree, place, &folder, err);
	if (rc < 0)
		return rc;
	for (i = 0; rc == 0 && i < folder.segments.n; i++)
		rc = look_at_segment(search, &folder.segments.at[i], &is_quiet,
				     err);
	for (i = 0; rc == 0 && i < folder.children_n; i++) {
		place_child(place, folder.children[i].name, &child);
		rc = look_below(search, &folder.children[i].tree, &child,
				&is_quiet, err);
	}
	tree_folder_release(&folder);
	if (rc == 0 && is_quiet)
		store_quiet_put(store, tree);
	*out_is_quiet &= is_quiet;
	return rc;
}

int copies_find(struct view *view, const struct span *of, size_t n,
		const struct copies_visitor *visitor, struct err *err)
{
	struct copies_search search = { view, of, n, visitor };
	char dir[PLACE_NAME_LEN + 1];
	struct tree_folder top;
	struct place place;
	bool is_quiet = true;
	size_t i;
	int rc;

	if (!n)
		return 0;
	codec_dir_name(view->codec, "session", dir);
	rc = tree_folder_read(view->vault->store, &view->tree, NULL, &top,
			      err);
	if (rc < 0)
		return rc;
	place_child(NULL, dir, &place);
	for (i = 0; rc == 0 && i < top.children_n; i++)
		if (!strcmp(top.children[i].name, dir))
			rc = look_below(&search, &top.children[i].tree, &place,
					&is_quiet, err);
	tree_folder_release(&top);
	return rc;
}
