#include "cmd/action/recall/searched.h"

#include <string.h>

#include "cmd/action/result.h"
#include "refs/trust/quarantine.h"

static uint64_t count_held(const struct quarantine_notes *notes,
			   struct view *view)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < notes->n; i++)
		n += !strcmp(notes->at[i].head.construct, view->ref_name);
	return n;
}

static int put_view(struct buf *out, struct view *view,
		    const struct quarantine_notes *notes, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_bool(&fields, "complete", !view->lacks && !view->unsearched.n);
	result_construct(&fields, view);
	fields_integer(&fields, "held", (int64_t)count_held(notes, view));
	result_digest(&fields, "root", view->root);
	result_id(&fields, "version", view->heads_n == 1 ? view->heads : NULL);
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

/* In hundredths, none of which is less than it is. */
static size_t share_of(const struct view *view)
{
	return (100 * view->unsearched.n + view->unsearched.all - 1) /
	       view->unsearched.all;
}

bool searched_tell(struct action_call *call, const struct view_list *list,
		   const struct recall *recall)
{
	bool is_whole = true;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct view *view = list->at[i];

		if (!view->unsearched.n)
			continue;
		is_whole = false;
		if (!recall->is_common)
			host_note(call->host, "%zu %% of '%s' is not looked "
				  "through yet; the same again finds more",
				  share_of(view), view_title(view));
	}
	if (recall->is_common)
		host_note(call->host, "words as common as these are looked "
			  "for in few texts alone, and here are %zu: add one "
			  "that says more; 'vvault grep' finds a line by any "
			  "words", (size_t)recall->texts);
	call->has_lost |= !is_whole;
	return is_whole;
}

int searched_emit(const struct action_call *call,
		  const struct view_list *list, struct err *err)
{
	struct quarantine_notes notes = QUARANTINE_NOTES_INIT;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf views = BUF_INIT(BUF_NO_LIMIT);
	bool is_complete = !call->has_lost;
	size_t i;
	int rc = quarantine_notes_load(call->vault, &notes, err);

	buf_put_char(&views, '[');
	for (i = 0; rc == 0 && i < list->n; i++) {
		buf_put_str(&views, i ? "," : "");
		rc = put_view(&views, list->at[i], &notes, err);
		is_complete &= !list->at[i]->lacks &&
			       !list->at[i]->unsearched.n;
	}
	buf_put_char(&views, ']');
	fields_bool(&fields, "complete", is_complete);
	fields_buf(&fields, "searched", &views);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	quarantine_notes_release(&notes);
	jcs_fields_release(&fields);
	buf_release(&views);
	return rc;
}
