/*
 * What versions say of themselves: `remember`, `edit` and `rm` put there how
 * that begins of which they speak, and a signed subject stays as it is.
 */
#include "cmd/action/forget/going.h"

#include "refs/history/history.h"
#include "refs/history/version.h"

static int look_at_subject(void *arg, const struct version *version,
			   struct err *err)
{
	struct going_one *one = arg;
	struct version_note note = VERSION_NOTE_INIT;
	int rc = vault_note_open(one->view->vault, version, &note, err);

	if (rc == ERR_NO_KEY)
		rc = 0;
	else if (rc == 0)
		one->subjects += needles_begin_in(&one->needles,
						  buf_span(&note.subject));
	version_note_release(&note);
	return rc;
}

int going_add_subjects(struct going_one *one, struct err *err)
{
	const struct view *view = one->view;
	const struct history_visitor visitor = { look_at_subject, one, NULL };
	const struct history_range range = { view->heads, view->heads_n, NULL,
					     0 };

	return one->needles.begins.n ?
	       history_walk(view->vault->store, &range, &visitor, err) : 0;
}
