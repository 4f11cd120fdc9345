#include "cmd/action/result.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "refs/index/lists/names.h"

const char *view_title(const struct view *view)
{
	return view->construct[0] ? view->construct : view->ref_name;
}

/* It has its id, whatever hinders from knowing more. */
const char *view_called(struct view *view)
{
	const char *shown = "";

	if (construct_shown(view, &shown, NULL) < 0 || !*shown)
		return view_title(view);
	return shown;
}

static void put_called(struct jcs_fields *fields, const char *id,
		       const char *called)
{
	fields_str(fields, "construct", id);
	if (called && strcmp(called, id) != 0)
		fields_str(fields, "called", called);
}

void result_construct(struct jcs_fields *fields, struct view *view)
{
	put_called(fields, view_title(view), view_called(view));
}

void result_construct_id(struct jcs_fields *fields, struct vault *vault,
			 const char *id)
{
	const char *called = NULL;

	if (names_shown_of_few(vault, id, &called, NULL) < 0)
		called = NULL;
	put_called(fields, id, called);
}

void result_called_list(struct jcs_fields *fields, struct vault *vault,
			struct span ids)
{
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	struct buf id = BUF_INIT(CONSTRUCT_NAME_MAX);
	struct jcs_iter iter;
	struct span value;
	const char *called;
	bool has_any = false;

	buf_put_char(&names, '[');
	iter = jcs_iter_array(ids);
	while (jcs_next(&iter, NULL, &value)) {
		called = NULL;
		buf_reset(&id);
		if (jcs_string_decode(value, &id, NULL) < 0 ||
		    names_shown_of_few(vault, buf_text(&id), &called, NULL) < 0)
			called = NULL;
		has_any |= called != NULL;
		buf_put_str(&names, names.len > 1 ? "," : "");
		if (called)
			buf_putf(&names, "\"%s\"", called);
		else
			buf_put_span(&names, value);
	}
	buf_put_char(&names, ']');
	if (has_any)
		fields_buf(fields, "called", &names);
	buf_release(&names);
	buf_release(&id);
}
