#include "cmd/action/recall/views.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/open.h"
#include "lib/base/array.h"

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

/* What is sealed for this device stops nothing else. */
static int open_all(struct action_call *call, struct view_list *list,
		    struct err *err)
{
	struct name_list names = { NULL, 0 };
	struct view *view;
	size_t i;
	int rc = view_constructs(call->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++) {
		struct err reason = ERR_INIT;

		if (!strcmp(names.at[i], VAULT_CONSTRUCT))
			continue;
		view = NULL;
		if (view_open_ref(call->vault, names.at[i], &view,
				  &reason) < 0)
			rc = action_pass_over(call, names.at[i], &reason,
					      err);
		else if (codec_mode(view->codec) == CODEC_BLIND)
			view_free(view);
		else
			rc = keep_view(list, view, err);
	}
	name_list_release(&names);
	return rc;
}

/* Does an expression speak of versions, so that it can be no word? */
static bool is_expression(const char *word)
{
	return strchr(word, '~') || strstr(word, "@{");
}

/* The first of several words may name a version, and then is none of those
 * that are looked for. */
static int open_first(struct action_call *call, const char *first,
		      struct view_list *list, size_t *skipped, struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *view = NULL;

	if (view_open(call->vault, first, &view, &reason) == 0) {
		*skipped = 1;
		return keep_view(list, view, err);
	}
	if (!is_expression(first) && (reason.code == ERR_NOT_FOUND ||
				      reason.code == ERR_INVALID))
		return open_all(call, list, err);
	return err_set(err, (enum err_code)reason.code, "%s", reason.text);
}

int views_open(struct action_call *call, const struct action_value *words,
	       struct view_list *list, size_t *skipped, struct err *err)
{
	const char *construct = action_text(call, "construct");
	struct view *view = NULL;
	int rc;

	*skipped = 0;
	if (!construct)
		return words->n > 1 ? open_first(call, words->texts[0], list,
						 skipped, err) :
		       open_all(call, list, err);
	rc = view_open(call->vault, construct, &view, err);
	return rc < 0 ? rc : keep_view(list, view, err);
}

void views_release(struct view_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		view_free(list->at[i]);
	free(list->at);
}
