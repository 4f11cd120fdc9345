#include "cmd/action/recall/views.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/recall/sealed.h"
#include "cmd/action/result.h"
#include "lib/base/array.h"
#include "lib/time/dates.h"
#include "lib/time/timestamp.h"
#include "refs/index/lists/names.h"

static int keep_view(struct view_list *list, struct view *view,
		     struct err *err)
{
	int rc = array_room(list, err);

	if (rc < 0)
		view_free(view);
	else
		list->at[list->n++] = view;
	return rc;
}

/* The date that --as-of, or --until with --stored, names; else NULL. */
static const char *as_of_day(const struct action_call *call,
			     struct period *out)
{
	const char *text = action_text(call, "as-of");

	/* What was stored by then is what stood then. */
	if (!text && action_flag(call, "stored"))
		text = action_text(call, "until");
	return text && dates_read(span_str(text), &call->settings.wall,
				  out, NULL) == 0 ? text : NULL;
}

/* In place of a view the same as of that day. What is younger is left out. */
static int keep_as_of(struct action_call *call, const char *expression,
		      struct view *view, struct view_list *list,
		      struct err *err)
{
	char end[TIMESTAMP_TEXT_MAX];
	struct period date;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err reason = ERR_INIT;
	struct view *then = NULL;
	int rc;

	if (!as_of_day(call, &date))
		return keep_view(list, view, err);
	/* By the local clock, as @{} alone would not have it. */
	timestamp_text(date.end, end);
	buf_putf(&text, "%s@{%s}", is_handle(expression) ? view->construct :
		 expression, end);
	view_free(view);
	rc = buf_end(&text, err);
	if (rc == 0) {
		rc = view_open(call->vault, buf_text(&text), &then, &reason);
		if (rc < 0 && rc != ERR_INVALID)
			err_set(err, (enum err_code)rc, "%s", reason.text);
	}
	buf_release(&text);
	if (rc == ERR_INVALID)
		return 0;
	return rc < 0 ? rc : keep_view(list, then, err);
}

/* One of all, where it can be read. */
static int open_one(struct action_call *call, const char *name,
		    struct view_list *list, struct sealed *sealed,
		    struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *view = NULL;
	bool is_merged = false;

	if (names_is_merged(call->vault, name, &is_merged, &reason) < 0 ||
	    (!is_merged &&
	     view_open_ref(call->vault, name, &view, &reason) < 0))
		return action_pass_over(call, name, &reason, err);
	if (is_merged)
		return 0;
	if (codec_mode(view->codec) == CODEC_BLIND) {
		sealed_add(sealed, name);
		view_free(view);
		return 0;
	}
	return keep_as_of(call, view->construct, view, list, err);
}

/* What is sealed for this device stops nothing else. */
static int open_all(struct action_call *call, struct view_list *list,
		    struct err *err)
{
	struct sealed sealed = SEALED_INIT;
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs_proper(call->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++)
		rc = open_one(call, names.at[i], list, &sealed, err);
	if (rc == 0)
		sealed_tell(&sealed, call);
	sealed_release(&sealed);
	name_list_release(&names);
	return rc;
}

/* Does an expression speak of versions, so that it can be no word? */
static bool is_expression(const char *word)
{
	return strpbrk(word, "~^") || strstr(word, "@{") || is_handle(word);
}

/* The first of several words may name a version, and then is none of those
 * that are looked for. That it names none is not asked for in words, as what
 * there is instead takes opening all of it. */
static int open_first(struct action_call *call, const char *first,
		      struct view_list *list, size_t *skipped, struct err *err)
{
	struct view *view = NULL;
	bool may_be_word = !is_expression(first);
	int rc = ref_open_view(call->vault, first, &view,
			       may_be_word ? NULL : err);

	if (may_be_word && (rc == ERR_NOT_FOUND || rc == ERR_INVALID))
		return open_all(call, list, err);
	if (may_be_word && rc < 0)
		rc = ref_open_view(call->vault, first, &view, err);
	if (rc < 0)
		return rc;
	*skipped = 1;
	return keep_as_of(call, first, view, list, err);
}

/* The version that --as-of names, of the construct that is asked for. */
static int open_version(struct action_call *call, const char *version,
			const char *construct, struct view_list *list,
			struct err *err)
{
	struct view *view = NULL;
	int rc = view_open(call->vault, version, &view, err);

	if (rc < 0)
		return rc;
	if (!construct || !strcmp(construct, view_title(view)))
		return keep_view(list, view, err);
	view_free(view);
	return err_set(err, ERR_INVALID, "'%s' is no version of '%s'",
		       version, construct);
}

int views_open(struct action_call *call, const struct action_value *words,
	       struct view_list *list, size_t *skipped, struct err *err)
{
	const char *construct = action_text(call, "construct");
	struct period date;
	bool has_version = action_flag(call, "as-of") &&
			   !as_of_day(call, &date);

	*skipped = 0;
	if (construct || has_version || words->n < 2)
		return views_open_named(call, construct, list, err);
	return open_first(call, words->texts[0], list, skipped, err);
}

static int open_named(struct action_call *call, const char *construct,
		      struct view_list *list, struct err *err)
{
	const char *as_of = action_text(call, "as-of");
	struct period date;
	struct view *view = NULL;
	int rc;

	if (as_of && !as_of_day(call, &date))
		return open_version(call, as_of, construct, list, err);
	if (!construct)
		return open_all(call, list, err);
	rc = ref_open_view(call->vault, construct, &view, err);
	return rc < 0 ? rc : keep_as_of(call, construct, view, list, err);
}

int views_open_named(struct action_call *call, const char *construct,
		     struct view_list *list, struct err *err)
{
	struct period date;
	int rc = open_named(call, construct, list, err);
	const char *day = as_of_day(call, &date);

	if (rc == 0 && !list->n && !call->has_lost && day)
		host_note(call->host, "nothing is as old as '%s'", day);
	return rc;
}

void views_release(struct view_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		view_free(list->at[i]);
	free(list->at);
}
