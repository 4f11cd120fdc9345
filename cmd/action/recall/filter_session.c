#include "cmd/action/recall/filter.h"

#include <string.h>

#include "cmd/action/read/begins.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"

#define SESSION "session:"

/* A message says which session it is of. */
static int take_session(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct buf *out = arg;
	struct span data = view_newest(entity)->record.data;
	struct span value;

	if (span_begins(entity->entity, SESSION))
		return buf_add_span(out, entity->entity, err);
	if (!jcs_find(data, "session", &value) ||
	    jcs_type_of(value) != JCS_STRING)
		return 0;
	return jcs_string_decode(value, out, err);
}

static int read_ref(struct vault *vault, const char *word, struct buf *out,
		    struct err *err)
{
	const struct view_visitor visitor = { take_session, out };
	struct ref ref = REF_INIT;
	int rc = ref_open(vault, word, NULL, &ref, err);

	if (rc == 0 && ref.entity.len)
		rc = view_one(ref.view, buf_span(&ref.entity), &visitor, err);
	/* A session need not have a record of its own. */
	if (rc == 0 && !out->len &&
	    span_begins(buf_span(&ref.entity), SESSION))
		rc = buf_add_span(out, buf_span(&ref.entity), err);
	if (rc == 0 && !out->len)
		rc = err_set(err, ERR_INVALID, "'%s' is '%s', which is of no "
			     "session", word, ref.entity.len ?
			     buf_text(&ref.entity) : view_title(ref.view));
	ref_release(&ref);
	return rc;
}

static int see(void *arg, const struct view_entity *entity, struct err *err)
{
	bool *is_there = arg;

	(void)entity;
	(void)err;
	*is_there = true;
	return 0;
}

/* Its whole name, which costs no look into lists. */
static int find_whole(const struct view_list *list, const char *word,
		      struct buf *out, struct err *err)
{
	bool is_there = false;
	const struct view_visitor visitor = { see, &is_there };
	struct home home;
	size_t i;
	int rc = 0;

	if (!span_begins(span_str(word), SESSION))
		rc = buf_add_str(out, SESSION, err);
	if (rc == 0)
		rc = buf_add_str(out, word, err);
	/* The begin of one need be none. */
	if (rc == 0 && entity_home(buf_span(out), &home, NULL, NULL) < 0) {
		buf_reset(out);
		return 0;
	}
	for (i = 0; rc == 0 && !is_there && i < list->n; i++)
		rc = view_home(list->at[i], buf_span(out), &visitor, err);
	if (!is_there)
		buf_reset(out);
	return rc;
}

static int find_begin(const struct view_list *list, const char *word,
		      struct buf *out, struct err *err)
{
	struct begins begins = BEGINS_INIT(word);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++)
		rc = begins_look(&begins, list->at[i], err);
	if (rc == 0)
		rc = begins_take(&begins, out, err);
	begins_release(&begins);
	return rc;
}

static bool is_other_entity(const char *word)
{
	struct home home;

	return !span_begins(span_str(word), SESSION) &&
	       entity_home(span_str(word), &home, NULL, NULL) == 0;
}

int filter_settle_session(struct recall_filter *filter, struct vault *vault,
			  const struct view_list *list, struct buf *session,
			  struct err *err)
{
	const char *word = filter->session;
	int rc;

	if (!word)
		return 0;
	if (is_handle(word) || is_other_entity(word)) {
		rc = read_ref(vault, word, session, err);
	} else {
		rc = find_whole(list, word, session, err);
		if (rc == 0 && !session->len)
			rc = find_begin(list, word, session, err);
	}
	filter->session = buf_text(session);
	return rc;
}
