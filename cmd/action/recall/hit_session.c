#include "cmd/action/recall/hit.h"

#include <string.h>

#include "cmd/action/result.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "refs/trust/scope.h"

#define FIRST_BYTES 200		/* as lists have it */

void hit_names_release(struct hit_names *names)
{
	buf_release(&names->title);
	buf_release(&names->first);
}

static bool is_session(struct span entity)
{
	return span_begins(entity, "session:");
}

bool hit_is_told(const struct view *view, const char *kind)
{
	return scope_has_kind(view->vault, kind_find(span_str(kind)));
}

static int take_title(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct buf *title = arg;
	struct span value;

	return entity->state.at && jcs_find(entity->state, "title", &value) ?
	       jcs_words(value, title, err) : 0;
}

int hit_find_title(struct view *view, struct span session, struct buf *out,
		   struct err *err)
{
	const struct view_visitor visitor = { take_title, out };

	buf_reset(out);
	return is_session(session) && hit_is_told(view, "session") ?
	       view_one(view, session, &visitor, err) : 0;
}

/* The first of what a person said, else of what was answered. */
struct first {
	struct buf *text;
	bool is_users;
	int64_t index;
};

static bool is_before(const struct first *first, bool is_users, int64_t index)
{
	if (!first->text->len || is_users != first->is_users)
		return !first->text->len || is_users;
	return index < first->index;
}

static int take_first(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct first *first = arg;
	struct spoken spoken = SPOKEN_INIT;
	bool is_users;
	int rc;

	if (!entity->state.at || strcmp(entity->kind->name, "message"))
		return 0;
	rc = spoken_read(entity->entity, entity->kind, entity->state,
			 span_of("", 0), &spoken, err);
	is_users = span_equals(spoken.role, span_str("user"));
	if (rc == 0 && spoken.text.len && spoken_is_visible(&spoken) &&
	    (is_users || span_equals(spoken.role, span_str("assistant"))) &&
	    is_before(first, is_users, spoken.index)) {
		first->is_users = is_users;
		first->index = spoken.index;
		buf_reset(first->text);
		rc = buf_add_span(first->text, buf_span(&spoken.text), err);
	}
	spoken_release(&spoken);
	return rc;
}

int hit_find_first(struct view *view, struct span session, struct buf *out,
		   struct err *err)
{
	struct first first = { .text = out };
	const struct view_visitor visitor = { take_first, &first };

	buf_reset(out);
	return is_session(session) && hit_is_told(view, "message") ?
	       view_home(view, session, &visitor, err) : 0;
}

int hit_find_names(struct view *view, const struct spoken *spoken,
		   struct hit_names *out, struct err *err)
{
	int rc = hit_find_title(view, spoken->session, &out->title, err);

	if (rc == 0 && !out->title.len)
		rc = hit_find_first(view, spoken->session, &out->first, err);
	if (rc == 0 && span_equals(spoken->session, spoken->entity))
		rc = buf_add_span(&out->first, buf_span(&spoken->text), err);
	return rc;
}

void hit_put_names(struct jcs_fields *fields, struct span session,
		   const struct hit_names *names)
{
	struct buf first = BUF_INIT(BUF_NO_LIMIT);

	result_text(fields, "session", is_session(session) ? session :
		    span_of("", 0));
	result_text(fields, "title", buf_span(&names->title));
	if (names->title.len || !names->first.len)
		return;
	buf_put_span(&first, buf_span(&names->first));
	text_one_line(&first, FIRST_BYTES);
	fields_text(fields, "first", buf_span(&first));
	buf_release(&first);
}
