#include "refs/forget/copies.h"

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
		     const struct tree_segment *segment)
{
	struct home_filter filter;
	size_t i;

	if (search->n > ASKED_MAX ||
	    !store_filter_get(search->view->vault->store, segment->digest,
			      &filter))
		return true;
	for (i = 0; i < search->n; i++)
		if (home_filter_has(&filter, filter_key_copies(search->of[i])))
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

static int look_at_segment(void *arg, const struct tree_segment *segment,
			   struct err *err)
{
	const struct copies_search *search = arg;
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	struct span line;
	size_t pos = 0;
	int rc = 0;

	if (!may_have(search, segment))
		return 0;
	rc = segment_plain(search->view->vault->store, search->view->codec,
			   segment, &text, err);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = look_at_line(search, line, err);
	buf_release(&text);
	return rc;
}

int copies_find(struct view *view, const struct span *of, size_t n,
		const struct copies_visitor *visitor, struct err *err)
{
	struct copies_search search = { view, of, n, visitor };
	const struct tree_visitor segments = { look_at_segment, &search };
	char dir[PLACE_NAME_LEN + 1];

	if (!n)
		return 0;
	codec_dir_name(view->codec, "session", dir);
	return tree_each_in(view->vault->store, &view->tree, dir, &segments,
			    err);
}
